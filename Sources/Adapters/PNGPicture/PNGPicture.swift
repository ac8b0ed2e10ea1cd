internal import CZlib

/// Writes greyscale PNG files (ISO/IEC 15948).
///
/// Cairo has a writer too, but widens one bit a pixel to eight, which is not what the card holds.
public enum PNGPicture {
    /// The most pixels a side that are written.
    public static let greatestSide = 4096

    /// One bit a pixel: the lighter half of the shades white, the darker black.
    ///
    /// `pixels` go row by row from the top left, 0 black and 255 white.
    public static func oneBit(width: Int, height: Int, grey pixels: [UInt8]) throws(PNGError) -> [UInt8] {
        try file(width, height, pixels, bitDepth: 1) { row in
            var packed = [UInt8](repeating: 0, count: (row.count + 7) / 8)
            for (column, pixel) in row.enumerated() where pixel >= 0x80 { packed[column / 8] |= 0x80 >> (column % 8) }
            return packed
        }
    }

    /// Eight bits a pixel; `pixels` as in ``oneBit(width:height:grey:)``.
    public static func eightBit(width: Int, height: Int, grey pixels: [UInt8]) throws(PNGError) -> [UInt8] {
        try file(width, height, pixels, bitDepth: 8) { row in Array(row) }
    }

    private static func file(
        _ width: Int,
        _ height: Int,
        _ pixels: [UInt8],
        bitDepth: UInt8,
        packing: (ArraySlice<UInt8>) -> [UInt8]
    ) throws(PNGError) -> [UInt8] {
        guard (1...greatestSide).contains(width), (1...greatestSide).contains(height) else {
            throw .unreasonableSize(width: width, height: height)
        }
        guard pixels.count == width * height else {
            throw .wrongPixelCount(expected: width * height, found: pixels.count)
        }
        // Each row begins with the number of its filter; 0 leaves the row as it is.
        var rows: [UInt8] = []
        for row in 0..<height { rows += [0] + packing(pixels[row * width..<(row + 1) * width]) }
        // Bit depth, greyscale, and the only methods of compression, filtering and (no) interlacing.
        let header = bigEndian(UInt32(width)) + bigEndian(UInt32(height)) + [bitDepth, 0, 0, 0, 0]
        return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
            + chunk("IHDR", header)
            + chunk("IDAT", try compressed(rows))
            + chunk("IEND", [])
    }

    private static func chunk(_ name: StaticString, _ content: [UInt8]) -> [UInt8] {
        let checked = Array("\(name)".utf8) + content
        return bigEndian(UInt32(content.count)) + checked + bigEndian(cyclicRedundancyCheck(checked))
    }

    private static func bigEndian(_ value: UInt32) -> [UInt8] {
        [UInt8(value >> 24), UInt8(value >> 16 & 0xFF), UInt8(value >> 8 & 0xFF), UInt8(value & 0xFF)]
    }

    /// CRC-32 of the standard's annex D.
    private static func cyclicRedundancyCheck(_ bytes: [UInt8]) -> UInt32 {
        UInt32(truncatingIfNeeded: unsafe crc32(0, bytes, uInt(bytes.count)))
    }

    /// A zlib stream (RFC 1950) at the highest compression.
    private static func compressed(_ bytes: [UInt8]) throws(PNGError) -> [UInt8] {
        var length = compressBound(uLong(bytes.count))
        var out = [UInt8](repeating: 0, count: Int(length))
        let status = unsafe compress2(&out, &length, bytes, uLong(bytes.count), Z_BEST_COMPRESSION)
        guard status == Z_OK else { throw .compressionFailed(status: Int(status)) }
        return Array(out.prefix(Int(length)))
    }
}

/// Why no PNG file could be written.
public enum PNGError: Error, Hashable, Sendable {
    /// The picture has no pixels or more than ``PNGPicture/greatestSide`` on a side.
    case unreasonableSize(width: Int, height: Int)
    /// A picture's width and height do not account for its pixels.
    case wrongPixelCount(expected: Int, found: Int)
    /// zlib refused; it was out of memory.
    case compressionFailed(status: Int)
}
