/// Writes greyscale PNG files (ISO/IEC 15948).
///
/// Cairo has a writer too, but widens one bit a pixel to eight, which is not what the card holds.
enum PNG {
    /// One bit a pixel: the lighter half of the shades white, the darker black.
    static func oneBit(_ picture: GreyPicture) throws(ArtworkError) -> [UInt8] {
        try file(picture, bitDepth: 1) { row in
            var packed = [UInt8](repeating: 0, count: (row.count + 7) / 8)
            for (column, pixel) in row.enumerated() where pixel >= 0x80 { packed[column / 8] |= 0x80 >> (column % 8) }
            return packed
        }
    }

    static func eightBit(_ picture: GreyPicture) throws(ArtworkError) -> [UInt8] {
        try file(picture, bitDepth: 8) { row in Array(row) }
    }

    private static func file(
        _ picture: GreyPicture,
        bitDepth: UInt8,
        packing: (ArraySlice<UInt8>) -> [UInt8]
    ) throws(ArtworkError) -> [UInt8] {
        let (width, height) = (picture.width, picture.height)
        guard (1...Canvas.greatestSide).contains(width), (1...Canvas.greatestSide).contains(height) else {
            throw .unreasonableSize(width: width, height: height)
        }
        guard picture.pixels.count == width * height else {
            throw .wrongPixelCount(expected: width * height, found: picture.pixels.count)
        }
        // Each row begins with the number of its filter; 0 leaves the row as it is.
        var rows: [UInt8] = []
        for row in 0..<height { rows += [0] + packing(picture.pixels[row * width..<(row + 1) * width]) }
        // Bit depth, greyscale, and the only methods of compression, filtering and (no) interlacing.
        let header = bigEndian(UInt32(width)) + bigEndian(UInt32(height)) + [bitDepth, 0, 0, 0, 0]
        return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
            + chunk("IHDR", header)
            + chunk("IDAT", Deflate.zlibStream(rows, rowLength: rows.count / height))
            + chunk("IEND", [])
    }

    private static func chunk(_ name: StaticString, _ content: [UInt8]) -> [UInt8] {
        let checked = Array("\(name)".utf8) + content
        return bigEndian(UInt32(content.count)) + checked + bigEndian(cyclicRedundancyCheck(checked))
    }

    private static func bigEndian(_ value: UInt32) -> [UInt8] {
        [UInt8(value >> 24), UInt8(value >> 16 & 0xFF), UInt8(value >> 8 & 0xFF), UInt8(value & 0xFF)]
    }

    private static func cyclicRedundancyCheck(_ bytes: [UInt8]) -> UInt32 {
        var remainder = UInt32.max
        for byte in bytes {
            remainder = remainder >> 8 ^ remainders[Int(UInt8(truncatingIfNeeded: remainder) ^ byte)]
        }
        return ~remainder
    }

    /// What each byte leaves when divided by the polynomial of the standard's annex D.
    private static let remainders: [UInt32] = (0..<256).map { byte in
        (0..<8).reduce(UInt32(byte)) { remainder, _ in
            remainder & 1 == 0 ? remainder >> 1 : 0xEDB8_8320 ^ remainder >> 1
        }
    }
}

/// Compresses rows of a picture into a zlib stream (RFC 1950, RFC 1951).
///
/// Looks for repetitions of the byte before and of the row above only, and codes with the fixed table. For black on
/// white that is most of what there is to gain; what a full search would add is not worth its length.
private struct Deflate {
    private var bytes: [UInt8] = []
    private var pending: UInt32 = 0
    private var pendingBits: UInt32 = 0

    static func zlibStream(_ input: [UInt8], rowLength: Int) -> [UInt8] {
        var deflate = Deflate()
        deflate.put(bits: 0b011, count: 3)  // The last block, with the fixed table.
        var position = 0
        while position < input.count {
            let candidates = [1, rowLength].map {
                (distance: $0, length: repetition(in: input, at: position, after: $0))
            }
            if let best = candidates.max(by: { $0.length < $1.length }), best.length >= shortestRepetition {
                deflate.putRepetition(length: best.length, distance: best.distance)
                position += best.length
            } else {
                deflate.put(symbol: Int(input[position]))
                position += 1
            }
        }
        deflate.put(symbol: 256)
        deflate.put(bits: 0, count: 7)  // Completes the last byte.
        return [0x78, 0x01] + deflate.bytes + checksum(input)
    }

    private static let shortestRepetition = 3
    private static let longestRepetition = 258
    private static let greatestDistance = 32_768

    private static func repetition(in input: [UInt8], at position: Int, after distance: Int) -> Int {
        guard distance <= min(position, greatestDistance) else { return 0 }
        let limit = min(longestRepetition, input.count - position)
        var length = 0
        while length < limit, input[position + length] == input[position + length - distance] { length += 1 }
        return length
    }

    /// Adler-32 of what was compressed.
    private static func checksum(_ input: [UInt8]) -> [UInt8] {
        var (sum, sumOfSums): (UInt32, UInt32) = (1, 0)
        for byte in input {
            sum = (sum + UInt32(byte)) % 65_521
            sumOfSums = (sumOfSums + sum) % 65_521
        }
        return [sumOfSums >> 8, sumOfSums & 0xFF, sum >> 8, sum & 0xFF].map { UInt8($0) }
    }

    private mutating func putRepetition(length: Int, distance: Int) {
        // The longest has a symbol of its own, which would otherwise belong to the last range.
        if length == Self.longestRepetition {
            put(symbol: 285)
        } else {
            let range = Self.range(of: length - Self.shortestRepetition, symbolsPerDoubling: 4)
            put(symbol: 257 + range.symbol)
            put(bits: UInt32(range.rest), count: range.bits)
        }
        let range = Self.range(of: distance - 1, symbolsPerDoubling: 2)
        put(code: UInt32(range.symbol), count: 5)
        put(bits: UInt32(range.rest), count: range.bits)
    }

    /// Which range of lengths or distances a value falls into, and where in it: ranges grow by a bit after every
    /// `symbolsPerDoubling` symbols (RFC 1951, 3.2.5).
    private static func range(of value: Int, symbolsPerDoubling: Int) -> (symbol: Int, bits: UInt32, rest: Int) {
        var bits = 0
        while value >> bits >= 2 * symbolsPerDoubling { bits += 1 }
        return (bits * symbolsPerDoubling + value >> bits, UInt32(bits), value & ((1 << bits) - 1))
    }

    /// Puts a literal, a length or the end, as the fixed table codes it (RFC 1951, 3.2.6).
    private mutating func put(symbol: Int) {
        switch symbol {
        case ..<144: put(code: UInt32(0x30 + symbol), count: 8)
        case ..<256: put(code: UInt32(0x190 + symbol - 144), count: 9)
        case ..<280: put(code: UInt32(symbol - 256), count: 7)
        default: put(code: UInt32(0xC0 + symbol - 280), count: 8)
        }
    }

    /// Codes go in from their highest bit, everything else from its lowest.
    private mutating func put(code: UInt32, count: UInt32) {
        for bit in (0..<count).reversed() { put(bits: code >> bit & 1, count: 1) }
    }

    private mutating func put(bits: UInt32, count: UInt32) {
        pending |= bits << pendingBits
        pendingBits += count
        while pendingBits >= 8 {
            bytes.append(UInt8(pending & 0xFF))
            pending >>= 8
            pendingBits -= 8
        }
    }
}
