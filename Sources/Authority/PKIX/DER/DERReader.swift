/// Reads DER elements one after the other, strictly: definite lengths in the fewest octets, and nothing out of bounds
/// (X.690, 10.1).
///
/// Descends only where it is told to, so depth of nesting costs nothing. Elements are slices of the bytes handed in.
public struct DERReader: Sendable {
    private let bytes: ArraySlice<UInt8>
    private var position: Int

    public init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        position = bytes.startIndex
    }

    public init(_ bytes: [UInt8]) {
        self.init(bytes[...])
    }

    public var isAtEnd: Bool { position == bytes.endIndex }

    /// What has not been read yet.
    public var rest: ArraySlice<UInt8> { bytes[position...] }

    /// The identifier octet of the next element; `nil` at the end.
    public var nextTag: UInt8? { position < bytes.endIndex ? bytes[position] : nil }

    /// Throws ``PKIXFlaw/structure`` unless everything was read.
    public func finish() throws(PKIXFlaw) {
        guard isAtEnd else { throw .structure }
    }

    /// The content of the next element, which must have this tag.
    ///
    /// Throws ``PKIXFlaw/structure`` when it has another or is missing, ``PKIXFlaw/notDER`` when its length is wrong.
    public mutating func read(_ tag: UInt8) throws(PKIXFlaw) -> ArraySlice<UInt8> {
        guard nextTag == tag else { throw .structure }
        return bytes[try advance()]
    }

    /// The content of the next element, if it has this tag; otherwise `nil` and nothing is read.
    public mutating func readOptional(_ tag: UInt8) throws(PKIXFlaw) -> ArraySlice<UInt8>? {
        guard nextTag == tag else { return nil }
        return bytes[try advance()]
    }

    /// A reader of the content of the next element, which must have this tag.
    public mutating func enter(_ tag: UInt8) throws(PKIXFlaw) -> DERReader { DERReader(try read(tag)) }

    /// A reader of the content of the next element, if it has this tag.
    public mutating func enterOptional(_ tag: UInt8) throws(PKIXFlaw) -> DERReader? {
        try readOptional(tag).map(DERReader.init)
    }

    /// The next element whole, with tag and length, whatever it is.
    public mutating func readElement() throws(PKIXFlaw) -> ArraySlice<UInt8> {
        guard !isAtEnd else { throw .structure }
        let start = position
        let content = try advance()
        return bytes[start..<content.upperBound]
    }

    /// The next element whole, which must have this tag.
    public mutating func readElement(_ tag: UInt8) throws(PKIXFlaw) -> ArraySlice<UInt8> {
        guard nextTag == tag else { throw .structure }
        return try readElement()
    }

    /// Moves behind the element at `position` and tells where its content is.
    private mutating func advance() throws(PKIXFlaw) -> Range<Int> {
        let content = try Self.content(at: position, in: bytes)
        position = content.upperBound
        return content
    }

    /// Where the content of the element at `start` is; throws ``PKIXFlaw/notDER`` unless it lies within `bytes`.
    @inline(__always)
    static func content(at start: Int, in bytes: ArraySlice<UInt8>) throws(PKIXFlaw) -> Range<Int> {
        let end = bytes.endIndex
        // Tag numbers from 31 on take several octets; no object here has one.
        guard end - start >= 2, bytes[start] & 0x1F != 0x1F else { throw .notDER }
        let first = bytes[start + 1]
        guard first >= 0x80 else {
            guard Int(first) <= end - start - 2 else { throw .notDER }
            return start + 2..<start + 2 + Int(first)
        }
        let octets = Int(first & 0x7F)
        guard (1...4).contains(octets), end - start >= 2 + octets else { throw .notDER }
        var length = 0
        for place in start + 2..<start + 2 + octets { length = length << 8 | Int(bytes[place]) }
        let begin = start + 2 + octets
        guard length >= 0x80, length >> (8 * (octets - 1)) != 0, length <= end - begin else { throw .notDER }
        return begin..<begin + length
    }
}

// MARK: - Whole objects

extension DERReader {
    /// Whether bytes are DER elements one after the other, and so are the contents of all constructed ones.
    ///
    /// For objects that are not descended into element by element; nesting deeper than 32 is refused.
    public static func isWellFormed(_ bytes: ArraySlice<UInt8>) -> Bool { isWellFormed(bytes, depth: 32) }

    private static func isWellFormed(_ bytes: ArraySlice<UInt8>, depth: Int) -> Bool {
        guard depth > 0 else { return false }
        var position = bytes.startIndex
        while position < bytes.endIndex {
            guard let content = try? content(at: position, in: bytes) else { return false }
            if bytes[position] & 0x20 != 0, !isWellFormed(bytes[content], depth: depth - 1) { return false }
            position = content.upperBound
        }
        return true
    }
}

// MARK: - Values

extension DERReader {
    /// A sequence of its own, and nothing after it.
    static func whole(_ bytes: ArraySlice<UInt8>, _ tag: UInt8 = DERTag.sequence) throws(PKIXFlaw) -> DERReader {
        var outer = DERReader(bytes)
        guard outer.nextTag == tag else { throw bytes.isEmpty ? .notDER : .structure }
        let inner = try outer.enter(tag)
        guard outer.isAtEnd else { throw .notDER }
        return inner
    }

    /// An INTEGER in the fewest octets, as two's complement.
    public mutating func readInteger() throws(PKIXFlaw) -> ArraySlice<UInt8> {
        let octets = try read(DERTag.integer)
        guard Self.isMinimal(octets) else { throw .notDER }
        return octets
    }

    /// A number from 0 on that fits 64 bits.
    public mutating func readNumber() throws(PKIXFlaw) -> UInt64 {
        guard let number = Self.number(try readInteger()) else { throw .structure }
        return number
    }

    /// An ENUMERATED of one octet.
    mutating func readEnumerated() throws(PKIXFlaw) -> UInt8 {
        let octets = try read(DERTag.enumerated)
        guard octets.count == 1, let value = octets.first, value < 0x80 else { throw .structure }
        return value
    }

    /// A BOOLEAN DEFAULT FALSE: absent, or true; DER does not write the default (X.690, 11.5).
    mutating func readFlag(_ tag: UInt8 = DERTag.boolean) throws(PKIXFlaw) -> Bool {
        guard let octets = try readOptional(tag) else { return false }
        guard octets.count == 1, octets.first == 0xFF else { throw .notDER }
        return true
    }

    /// An OBJECT IDENTIFIER: the octets of its content.
    public mutating func readObjectIdentifier() throws(PKIXFlaw) -> ArraySlice<UInt8> {
        let octets = try read(DERTag.objectIdentifier)
        guard let last = octets.last, last < 0x80 else { throw .notDER }
        var begins = true
        for octet in octets {
            // A component does not begin with a septet of zeros (X.690, 8.19.2).
            guard !begins || octet != 0x80 else { throw .notDER }
            begins = octet < 0x80
        }
        return octets
    }

    /// A BIT STRING of whole octets.
    public mutating func readOctetsOfBits() throws(PKIXFlaw) -> ArraySlice<UInt8> {
        let content = try read(DERTag.bitString)
        guard content.first == 0 else { throw .structure }
        return content.dropFirst()
    }

    static func isMinimal(_ octets: ArraySlice<UInt8>) -> Bool {
        guard let first = octets.first else { return false }
        guard octets.count > 1 else { return true }
        let second = octets[octets.startIndex + 1]
        return !(first == 0x00 && second < 0x80) && !(first == 0xFF && second >= 0x80)
    }

    /// The number that an INTEGER's octets are; `nil` when it is negative or does not fit.
    static func number(_ octets: ArraySlice<UInt8>) -> UInt64? {
        guard let first = octets.first, first < 0x80 else { return nil }
        guard octets.count <= (first == 0 ? 9 : 8) else { return nil }
        return octets.reduce(0) { $0 << 8 | UInt64($1) }
    }
}
