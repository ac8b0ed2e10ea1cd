/// Writes DER into one growing buffer.
public struct DERWriter: Sendable {
    public private(set) var bytes: [UInt8] = []

    public init(capacity: Int = 0) {
        bytes.reserveCapacity(capacity)
    }

    /// Bytes that are DER already.
    public mutating func append(_ encoded: some Collection<UInt8>) {
        bytes.append(contentsOf: encoded)
    }

    /// An element with a given content.
    public mutating func append(_ tag: UInt8, _ content: some Collection<UInt8>) {
        bytes.append(tag)
        Self.appendLength(content.count, to: &bytes)
        bytes.append(contentsOf: content)
    }

    /// An element whose content is what `body` writes.
    public mutating func element<Failure: Error>(
        _ tag: UInt8,
        _ body: (inout DERWriter) throws(Failure) -> Void
    ) throws(Failure) {
        bytes.append(tag)
        let start = bytes.count
        bytes.append(0)
        try body(&self)
        let length = bytes.count - start - 1
        if length < 0x80 {
            bytes[start] = UInt8(length)
        } else {
            let octets = Self.lengthOctets(length)
            bytes[start] = 0x80 | UInt8(octets.count)
            bytes.insert(contentsOf: octets, at: start + 1)
        }
    }

    /// A sequence of what `body` writes.
    public mutating func sequence<Failure: Error>(
        _ body: (inout DERWriter) throws(Failure) -> Void
    ) throws(Failure) {
        try element(DERTag.sequence, body)
    }

    public mutating func objectIdentifier(_ content: some Collection<UInt8>) {
        append(DERTag.objectIdentifier, content)
    }

    /// A number from 0 on.
    public mutating func integer(_ number: UInt64) {
        append(DERTag.integer, Self.integerOctets(number))
    }

    /// A number from 0 on, big-endian; leading zeros do not count.
    public mutating func integer(unsigned octets: some Collection<UInt8>) {
        append(DERTag.integer, Self.integerOctets(octets))
    }

    mutating func enumerated(_ value: UInt8) { append(DERTag.enumerated, [value]) }

    mutating func octetString(_ content: some Collection<UInt8>) { append(DERTag.octetString, content) }

    /// A BIT STRING of whole octets.
    public mutating func bitString(_ octets: some Collection<UInt8>) {
        bytes.append(DERTag.bitString)
        Self.appendLength(octets.count + 1, to: &bytes)
        bytes.append(0)
        bytes.append(contentsOf: octets)
    }

    /// TRUE; FALSE is the default wherever it is used here, and not written.
    mutating func flag(_ tag: UInt8, _ value: Bool) {
        if value { append(tag, [0xFF]) }
    }

    // MARK: - Parts

    /// The length octets of an element with so long a content.
    static func appendLength(_ length: Int, to bytes: inout [UInt8]) {
        if length < 0x80 {
            bytes.append(UInt8(length))
        } else {
            let octets = lengthOctets(length)
            bytes.append(0x80 | UInt8(octets.count))
            bytes.append(contentsOf: octets)
        }
    }

    /// How many octets tag and length take before so long a content.
    static func headerSize(_ length: Int) -> Int { length < 0x80 ? 2 : 2 + lengthOctets(length).count }

    private static func lengthOctets(_ length: Int) -> [UInt8] {
        bigEndian(UInt64(length))
    }

    static func integerOctets(_ number: UInt64) -> [UInt8] { integerOctets(bigEndian(number)) }

    static func integerOctets(_ octets: some Collection<UInt8>) -> [UInt8] {
        let number = octets.drop { $0 == 0 }
        guard let first = number.first else { return [0] }
        return first < 0x80 ? Array(number) : [0] + number
    }

    /// In the fewest octets; none for zero.
    private static func bigEndian(_ number: UInt64) -> [UInt8] {
        let count = (64 - number.leadingZeroBitCount + 7) / 8
        return (0..<count).reversed().map { UInt8(truncatingIfNeeded: number >> (8 * UInt64($0))) }
    }
}
