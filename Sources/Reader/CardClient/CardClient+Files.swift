public import CardProfiles
import SmartCard

extension CardClient {
    /// Reads the data object a file begins with, header included and filler left out.
    ///
    /// The first block tells how long the object is; the rest follows in blocks of ``CardClient/readLength``, the last
    /// with its exact length. A block shorter than asked for, 6282, and 6B00 or 6A86 beyond the end are all taken as the
    /// end of the file, because cards differ in them.
    public mutating func readObject(_ file: ObjectID) throws(CardError) -> [UInt8] {
        try select(file)
        var bytes = try readBlock(file, offset: 0, count: readLength)
        let total = try Self.objectLength(bytes, file)
        while bytes.count < total {
            onProgress?(ReadProgress(file: file, bytesRead: bytes.count, total: total))
            let asked = min(readLength, total - bytes.count)
            let block = try readBlock(file, offset: bytes.count, count: asked)
            guard block.count >= asked else { throw .malformed(file, .cutOff) }
            bytes += block
        }
        if total > readLength { onProgress?(ReadProgress(file: file, bytesRead: total, total: total)) }
        return Array(bytes.prefix(total))
    }

    /// Reads the first `count` bytes of a file, or all of a shorter one.
    public mutating func readBytes(_ file: ObjectID, count: Int) throws(CardError) -> [UInt8] {
        try select(file)
        var bytes: [UInt8] = []
        while bytes.count < count {
            let asked = min(readLength, count - bytes.count)
            let block = try readBlock(file, offset: bytes.count, count: asked)
            bytes += block
            if block.count < asked { break }
        }
        // A card may name a longer length (6Cxx) than was asked for.
        return Array(bytes.prefix(count))
    }

    /// Reads one record (simple TLV: tag, length, value) and gives its value.
    public mutating func readRecord(_ file: ObjectID, number: UInt8 = 1) throws(CardError) -> [UInt8] {
        try select(file)
        let step = CardStep.read(file)
        let response = try exchange(CommandAPDU(ins: 0xB2, p1: number, p2: 0x04, le: 256), step)
        try expectSuccess(response, step)
        let record = response.data
        guard record.count >= 2 else { throw .malformed(file, .badStructure) }
        let isLong = record[1] == 0xFF
        guard !isLong || record.count >= 4 else { throw .malformed(file, .badStructure) }
        let length = isLong ? Int(record[2]) << 8 | Int(record[3]) : Int(record[1])
        let start = isLong ? 4 : 2
        guard record.count - start >= length else { throw .malformed(file, .cutOff) }
        return Array(record[start..<(start + length)])
    }

    /// GET DATA of the card manager: the object's content, `nil` where the card has no such object.
    ///
    /// Objects may be longer than a short Le reaches, and cards answer 6700 to that instead of 6Cxx: so an extended one
    /// is asked for where `isLong`.
    public mutating func getData(_ tag: UInt16, isLong: Bool = false) throws(CardError) -> [UInt8]? {
        try select(.cardManager)
        let step = CardStep.getData(tag)
        let command = CommandAPDU(
            ins: 0xCA,
            p1: UInt8(tag >> 8),
            p2: UInt8(tag & 0xFF),
            le: isLong ? 65_536 : 256
        )
        let response = try exchange(command, step)
        if [.referencedDataNotFound, .instructionNotSupported].contains(response.status) { return nil }
        try expectSuccess(response, step)
        return response.data
    }

    /// One READ BINARY; an empty answer means the end of the file.
    private mutating func readBlock(_ file: ObjectID, offset: Int, count: Int) throws(CardError) -> [UInt8] {
        let step = CardStep.read(file)
        let command = CommandAPDU(ins: 0xB0, p1: UInt8(offset >> 8 & 0x7F), p2: UInt8(offset & 0xFF), le: count)
        let response = try exchangeSecured(command, step)
        switch response.status {
        case .success, .endOfFile: return response.data
        case .wrongOffset where offset > 0, .wrongParameters where offset > 0: return []
        default: throw CardError(response.status, step)
        }
    }

    /// How long the data object is that these bytes begin with, header included.
    ///
    /// Lengths longer than they need be are taken, for cards have them.
    private static func objectLength(_ bytes: [UInt8], _ file: ObjectID) throws(CardError) -> Int {
        guard let first = bytes.first, !bytes.allSatisfy({ $0 == 0xFF }) else { throw .malformed(file, .empty) }
        var position = 1
        if first & 0x1F == 0x1F {
            while position < bytes.count, bytes[position] & 0x80 != 0 { position += 1 }
            position += 1
        }
        guard position < bytes.count, position <= 4 else { throw .malformed(file, .notADataObject) }
        var length = Int(bytes[position])
        position += 1
        if length >= 0x80 {
            let count = length & 0x7F
            guard (1...3).contains(count), position + count <= bytes.count else {
                throw .malformed(file, .notADataObject)
            }
            length = 0
            for byte in bytes[position..<(position + count)] { length = length << 8 | Int(byte) }
            position += count
        }
        // READ BINARY reaches 32,767 (ISO/IEC 7816-4, 7.2.3, even instruction code).
        guard position + length <= 0x7FFF else { throw .malformed(file, .notADataObject) }
        return position + length
    }
}
