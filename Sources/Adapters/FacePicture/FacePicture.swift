/// The photograph's form on a card: a greyscale JPEG 2000 picture in a JP2 file (ISO/IEC 15444-1).
public enum FacePicture {
    /// The most pixels a side that are written or read; what a card holds is a tenth of it.
    public static let greatestSide = 4096
    /// The most components that are read: three colours and transparency.
    public static let greatestComponentCount = 4

    /// What every JP2 file begins with: its signature box.
    static let signature: [UInt8] = [
        0x00, 0x00, 0x00, 0x0C, 0x6A, 0x50, 0x20, 0x20, 0x0D, 0x0A, 0x87, 0x0A,
    ]

    /// Compresses a picture, giving up as little of it as it must to stay within `maximumBytes`.
    ///
    /// `pixels` go row by row from the top left, 0 black and 255 white. The result is a JP2 file with one component of
    /// eight bits. Compression is lossy even where there would be room for more.
    public static func encodeJP2(
        width: Int,
        height: Int,
        grey pixels: [UInt8],
        maximumBytes: Int
    ) throws(FacePictureError) -> [UInt8] {
        guard (1...greatestSide).contains(width), (1...greatestSide).contains(height) else {
            throw .unreasonableSize(width: width, height: height)
        }
        guard pixels.count == width * height else {
            throw .wrongPixelCount(expected: width * height, found: pixels.count)
        }

        // The library aims at a size for the codestream only, and not exactly. Where a result is too large, the next
        // aim is lower by what it was over.
        var aim = maximumBytes
        for _ in 0..<attempts where aim > 0 {
            let picture = try CodecImage(width: width, height: height, grey: pixels)
            let file = try compress(picture, ratio: max(Double(pixels.count) / Double(aim), 1))
            if file.count <= maximumBytes { return file }
            aim = min(aim, pixels.count) - (file.count - maximumBytes) - 1
        }
        throw .doesNotFit(maximumBytes: maximumBytes)
    }

    /// Reads a JP2 file as shades of grey.
    ///
    /// Takes any bytes, and no more memory than the greatest picture needs. Colours are weighed into grey as
    /// ITU-R BT.601 does; transparency is left out.
    public static func decode(
        _ jp2: [UInt8]
    ) throws(FacePictureError) -> (width: Int, height: Int, grey: [UInt8]) {
        guard jp2.starts(with: signature) else { throw .notJP2 }
        let picture = try decompress(jp2)
        return (picture.width, picture.height, try picture.grey())
    }

    private static let attempts = 8
}
