/// Writes greyscale JPEG files (ISO/IEC 10918-1, in the JFIF form of ITU-T T.871).
public enum JPEGPicture {
    /// The most pixels a side that are written.
    public static let greatestSide = 4096

    /// A file with one component of eight bits.
    ///
    /// `pixels` go row by row from the top left, 0 black and 255 white. `quality` goes from 1 to 100; compression is
    /// lossy even at 100. The same picture gives the same file.
    public static func grey(
        width: Int,
        height: Int,
        grey pixels: [UInt8],
        quality: Int = 92
    ) throws(JPEGError) -> [UInt8] {
        guard (1...greatestSide).contains(width), (1...greatestSide).contains(height) else {
            throw .unreasonableSize(width: width, height: height)
        }
        guard pixels.count == width * height else {
            throw .wrongPixelCount(expected: width * height, found: pixels.count)
        }
        guard (1...100).contains(quality) else { throw .unreasonableQuality(quality) }
        return try Compressor().compress(width: width, height: height, grey: pixels, quality: quality)
    }
}

/// Why no JPEG file could be written.
public enum JPEGError: Error, Hashable, Sendable {
    /// The picture has no pixels or more than ``JPEGPicture/greatestSide`` on a side.
    case unreasonableSize(width: Int, height: Int)
    /// A picture's width and height do not account for its pixels.
    case wrongPixelCount(expected: Int, found: Int)
    /// The quality is not one of 1 to 100.
    case unreasonableQuality(Int)
    /// A call of the compression library failed; it was out of memory.
    case compressionFailed(call: String)
}
