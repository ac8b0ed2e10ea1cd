/// A greyscale PNG file taken apart by hand, so that the tests do not rest on what wrote it.
///
/// Reads what the module writes: one chunk of image data, no filter, blocks with the fixed table.
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

/// Undoes compression with the fixed table (RFC 1951, 3.2.6), from the tables as the document prints them.
private struct Inflate {
    private let input: [UInt8]
    private var position = 16

    private static let lengths = [
        3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227,
        258,
    ]
    private static let lengthBits = [
        0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
    ]
    private static let distances = [
        1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097,
        6145,
        8193, 12289, 16385, 24577,
    ]

    static func zlibStream(_ stream: [UInt8]) throws -> [UInt8] {
        guard stream.count > 6, stream[0] & 0x0F == 8, (Int(stream[0]) << 8 | Int(stream[1])) % 31 == 0 else {
            throw PNGFile.Malformed(what: "zlib header")
        }
        var inflate = Inflate(input: Array(stream.dropLast(4)))
        let output = try inflate.block()
        var (low, high) = (1, 0)
        for byte in output {
            low = (low + Int(byte)) % 65_521
            high = (high + low) % 65_521
        }
        guard stream.suffix(4).reduce(0, { $0 << 8 | Int($1) }) == high << 16 | low else {
            throw PNGFile.Malformed(what: "Adler-32")
        }
        return output
    }

    private mutating func block() throws -> [UInt8] {
        guard try bits(3) == 0b011 else { throw PNGFile.Malformed(what: "block kind") }
        var output: [UInt8] = []
        while true {
            let symbol = try symbol()
            if symbol == 256 { return output }
            guard symbol > 256 else {
                output.append(UInt8(symbol))
                continue
            }
            guard symbol < 286 else { throw PNGFile.Malformed(what: "length") }
            let length = Self.lengths[symbol - 257] + (try bits(Self.lengthBits[symbol - 257]))
            let code = try code(5)
            guard code < 30 else { throw PNGFile.Malformed(what: "distance") }
            let distance = Self.distances[code] + (try bits(max(code / 2 - 1, 0)))
            guard distance <= output.count else { throw PNGFile.Malformed(what: "distance") }
            for _ in 0..<length { output.append(output[output.count - distance]) }
        }
    }

    private mutating func symbol() throws -> Int {
        let seven = try code(7)
        if seven < 0b001_1000 { return 256 + seven }
        let eight = seven << 1 | (try bits(1))
        if eight < 0b1100_0000 { return eight - 0b0011_0000 }
        if eight < 0b1100_1000 { return 280 + eight - 0b1100_0000 }
        return 144 + (eight << 1 | (try bits(1))) - 0b1_1001_0000
    }

    private mutating func code(_ count: Int) throws -> Int {
        var value = 0
        for _ in 0..<count { value = value << 1 | (try bits(1)) }
        return value
    }

    private mutating func bits(_ count: Int) throws -> Int {
        var value = 0
        for place in 0..<count {
            guard position / 8 < input.count else { throw PNGFile.Malformed(what: "end of data") }
            value |= (Int(input[position / 8]) >> (position % 8) & 1) << place
            position += 1
        }
        return value
    }

    private init(input: [UInt8]) {
        self.input = input
    }
}
