import CZlib

/// A greyscale PNG file taken apart by hand, so that the tests do not rest on what wrote it.
///
/// Reads what the module writes: one chunk of image data, no filter.
struct PNGFile {
    struct Malformed: Error {
        let what: String
    }

    let width: Int
    let height: Int
    let bitDepth: Int
    let colourType: Int
    /// 0 black to 255 white, whatever the depth.
    let pixels: [UInt8]

    init(_ bytes: [UInt8]) throws {
        guard bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) else {
            throw Malformed(what: "signature")
        }
        let chunks = try Self.chunks(bytes)
        guard chunks.map(\.name) == ["IHDR", "IDAT", "IEND"], chunks[0].content.count == 13 else {
            throw Malformed(what: "chunks")
        }
        let header = chunks[0].content
        width = Self.number(header[0..<4])
        height = Self.number(header[4..<8])
        bitDepth = Int(header[8])
        colourType = Int(header[9])
        guard header[10...].allSatisfy({ $0 == 0 }) else { throw Malformed(what: "methods") }

        let rows = try Inflate.zlibStream(chunks[1].content)
        let rowLength = 1 + (width * bitDepth + 7) / 8
        guard rows.count == rowLength * height else { throw Malformed(what: "row count") }
        var pixels: [UInt8] = []
        for row in 0..<height {
            let start = row * rowLength
            guard rows[start] == 0 else { throw Malformed(what: "filter") }
            for column in 0..<width {
                let bit = column * bitDepth
                let sample = Int(rows[start + 1 + bit / 8]) >> (8 - bitDepth - bit % 8) & ((1 << bitDepth) - 1)
                pixels.append(UInt8(sample * 255 / ((1 << bitDepth) - 1)))
            }
        }
        self.pixels = pixels
    }

    var hasBlackAndWhite: Bool { pixels.contains(0) && pixels.contains(255) }

    private static func chunks(_ bytes: [UInt8]) throws -> [(name: String, content: [UInt8])] {
        var chunks: [(name: String, content: [UInt8])] = []
        var position = 8
        while position < bytes.count {
            guard position + 12 <= bytes.count else { throw Malformed(what: "chunk") }
            let length = number(bytes[position..<position + 4])
            guard position + 12 + length <= bytes.count else { throw Malformed(what: "chunk length") }
            let content = position + 8..<position + 8 + length
            guard checksum(bytes[position + 4..<content.upperBound]) == number(bytes[content.upperBound...].prefix(4))
            else { throw Malformed(what: "checksum") }
            chunks.append((String(decoding: bytes[position + 4..<position + 8], as: UTF8.self), Array(bytes[content])))
            position = content.upperBound + 4
        }
        return chunks
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> Int {
        bytes.reduce(0) { $0 << 8 | Int($1) }
    }

    /// CRC-32, a bit at a time.
    private static func checksum(_ bytes: ArraySlice<UInt8>) -> Int {
        var remainder = UInt32.max
        for byte in bytes {
            remainder ^= UInt32(byte)
            for _ in 0..<8 { remainder = remainder & 1 == 1 ? remainder >> 1 ^ 0xEDB8_8320 : remainder >> 1 }
        }
        return Int(~remainder)
    }
}

/// Undoes compression with zlib.
private enum Inflate {
    static func zlibStream(_ bytes: [UInt8]) throws -> [UInt8] {
        var length = uLong(4 << 20)
        var out = [UInt8](repeating: 0, count: Int(length))
        let status = unsafe uncompress(&out, &length, bytes, uLong(bytes.count))
        guard status == Z_OK else { throw PNGFile.Malformed(what: "zlib stream") }
        return Array(out.prefix(Int(length)))
    }
}
