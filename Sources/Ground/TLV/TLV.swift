/// Why bytes are not the data objects they were taken for.
public enum TLVError: Error, Hashable, Sendable {
    /// The bytes end inside a tag or a length, `at` bytes from the start.
    case truncated(at: Int)
    /// A length reaches beyond the bytes that are there.
    case lengthBeyondEnd(at: Int)
    /// A length in a form nobody uses: indefinite, or more than three bytes of it.
    case unsupportedLength(at: Int)
    /// The object asked for is not there.
    case missing(tag: UInt32)
}

/// One data object: a tag of one or two bytes and its value (ISO/IEC 7816-4, 5.2; ISO/IEC 8825-1).
public struct DataObject: Hashable, Sendable {
    public let tag: UInt32
    public let value: [UInt8]

    public init(_ tag: UInt32, _ value: [UInt8]) {
        self.tag = tag
        self.value = value
    }
}

/// Reads data objects one after the other, never backwards.
///
/// Lengths longer than they need be are taken, because cards in the field write them (`82 00 0C`). Filler is not this
/// type's business: ask for one object and leave the rest.
public struct TLVReader: Sendable {
    private let bytes: [UInt8]
    public private(set) var position: Int

    public init(_ bytes: [UInt8], from position: Int = 0) {
        self.bytes = bytes
        self.position = position
    }

    public var isAtEnd: Bool { position >= bytes.count }

    public mutating func next() throws(TLVError) -> DataObject {
        let start = position
        let tag = try readTag(from: start)
        let length = try readLength(from: start)
        guard length <= bytes.count - position else { throw .lengthBeyondEnd(at: start) }
        defer { position += length }
        return DataObject(tag, Array(bytes[position..<(position + length)]))
    }

    /// Every object until the end.
    public mutating func all() throws(TLVError) -> [DataObject] {
        var objects: [DataObject] = []
        while !isAtEnd { objects.append(try next()) }
        return objects
    }

    private mutating func readTag(from start: Int) throws(TLVError) -> UInt32 {
        var tag = UInt32(try byte(start))
        guard tag & 0x1F == 0x1F else { return tag }
        // At most three further bytes: no tag of this card has more than one.
        for _ in 0..<3 {
            let following = try byte(start)
            tag = tag << 8 | UInt32(following)
            if following & 0x80 == 0 { return tag }
        }
        throw .unsupportedLength(at: start)
    }

    private mutating func readLength(from start: Int) throws(TLVError) -> Int {
        let first = try byte(start)
        guard first >= 0x80 else { return Int(first) }
        guard (1...3).contains(first & 0x7F) else { throw .unsupportedLength(at: start) }
        var length = 0
        for _ in 0..<(first & 0x7F) { length = length << 8 | Int(try byte(start)) }
        return length
    }

    private mutating func byte(_ start: Int) throws(TLVError) -> UInt8 {
        guard position < bytes.count else { throw .truncated(at: start) }
        defer { position += 1 }
        return bytes[position]
    }
}

extension DataObject {
    /// The objects inside this one.
    public func children() throws(TLVError) -> [DataObject] {
        var reader = TLVReader(value)
        return try reader.all()
    }

    /// The value of the first object inside this one that carries `tag`.
    public func child(_ tag: UInt32) throws(TLVError) -> [UInt8] {
        for object in try children() where object.tag == tag { return object.value }
        throw .missing(tag: tag)
    }
}

/// Writes data objects; nesting in code is nesting in bytes.
///
/// Lengths follow the habit of the card's own files: one byte below 0x80, otherwise always `82 hh ll`, never `81`.
public struct TLVWriter: Sendable {
    public private(set) var bytes: [UInt8] = []

    public init() {}

    public mutating func put(_ tag: UInt32, _ value: [UInt8]) {
        bytes += Self.encoded(tag, value)
    }

    public mutating func put(_ tag: UInt32, _ inside: (inout TLVWriter) -> Void) {
        var writer = TLVWriter()
        inside(&writer)
        put(tag, writer.bytes)
    }

    /// One object by itself.
    public static func encoded(_ tag: UInt32, _ value: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        for shift in [24, 16, 8] where tag >> UInt32(shift) != 0 { out.append(UInt8(tag >> UInt32(shift) & 0xFF)) }
        out.append(UInt8(tag & 0xFF))
        if value.count < 0x80 {
            out.append(UInt8(value.count))
        } else if value.count <= 0xFFFF {
            out += [0x82, UInt8(value.count >> 8), UInt8(value.count & 0xFF)]
        } else {
            out += [0x83, UInt8(value.count >> 16 & 0xFF), UInt8(value.count >> 8 & 0xFF), UInt8(value.count & 0xFF)]
        }
        return out + value
    }
}
