/// What a time stamp says: which hash was there at what time (TSTInfo of RFC 3161, 2.4.2), read strictly.
///
/// All slices are of the bytes it was read from.
public struct TimeStampInfo: Hashable, Sendable {
    /// The content octets of the policy's object identifier.
    public let policy: ArraySlice<UInt8>
    /// MessageImprint whole.
    public let imprint: ArraySlice<UInt8>
    /// `nil` for hashes unknown here.
    public let algorithm: HashAlgorithm?
    public let hash: ArraySlice<UInt8>
    /// The content of the INTEGER, at most 64 octets.
    public let serial: ArraySlice<UInt8>
    /// Seconds since 1970 UTC, a fraction left out.
    public let time: Int64
    /// The fraction of the second, below 1,000,000,000.
    public let nanoseconds: Int
    /// How far the time may be off, in microseconds; `nil` when that is not said.
    public let accuracy: UInt64?
    /// Whether the order of any two stamps of this authority is that of their times.
    public let isOrdered: Bool
    /// The content of the INTEGER, at most 64 octets.
    public let nonce: ArraySlice<UInt8>?
    /// GeneralName of the authority in DER, as a hint.
    public let authority: ArraySlice<UInt8>?
    public let extensions: [PKIXExtension]

    /// Reads one TSTInfo and nothing after it.
    public init(_ der: ArraySlice<UInt8>) throws(PKIXFlaw) {
        var reader = try DERReader.whole(der)
        guard try reader.readNumber() == 1 else { throw .structure }
        policy = try reader.readObjectIdentifier()
        imprint = try reader.readElement(DERTag.sequence)
        (algorithm, hash) = try TimeStampRequest.parts(ofImprint: imprint)
        serial = try reader.readInteger()
        guard serial.count <= 64 else { throw .structure }
        (time, nanoseconds) = try Self.time(try reader.read(DERTag.generalizedTime))
        accuracy = try reader.enterOptional(DERTag.sequence).map(Self.accuracy)
        isOrdered = try reader.readFlag()
        nonce = reader.nextTag == DERTag.integer ? try reader.readInteger() : nil
        if let nonce, nonce.count > 64 { throw .nonce }
        if var tagged = try reader.enterOptional(DERTag.contextConstructed(0)) {
            authority = try tagged.readElement()
            try tagged.finish()
        } else {
            authority = nil
        }
        extensions = try reader.enterOptional(DERTag.contextConstructed(1)).map(PKIXExtension.list) ?? []
        try reader.finish()
    }

    /// GeneralizedTime whose seconds may have a fraction of up to nine digits that does not end in zero.
    private static func time(_ content: ArraySlice<UInt8>) throws(PKIXFlaw) -> (Int64, Int) {
        guard content.count > 15 else { return (try DERTime.generalizedSeconds(content), 0) }
        let digits = content.dropFirst(15).dropLast()
        guard content[content.startIndex + 14] == UInt8(ascii: "."), content.last == UInt8(ascii: "Z"),
            (1...9).contains(digits.count), digits.last != UInt8(ascii: "0"),
            digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { throw .time }
        let whole = Array(content.prefix(14)) + [UInt8(ascii: "Z")]
        let padded = Array(digits) + [UInt8](repeating: UInt8(ascii: "0"), count: 9 - digits.count)
        return (try DERTime.generalizedSeconds(whole[...]), padded.reduce(0) { $0 * 10 + Int($1 - 0x30) })
    }

    /// Accuracy: seconds, and from 1 to 999 milliseconds and microseconds, of which each may be missing.
    private static func accuracy(_ reader: DERReader) throws(PKIXFlaw) -> UInt64 {
        var reader = reader
        var microseconds: UInt64 = 0
        if reader.nextTag == DERTag.integer {
            let seconds = try reader.readNumber()
            // More than a thousand years is no accuracy.
            guard seconds < 1 << 35 else { throw .structure }
            microseconds = seconds * 1_000_000
        }
        for (tag, unit) in [(0, 1_000), (1, 1)] as [(UInt8, UInt64)] {
            guard let octets = try reader.readOptional(DERTag.context(tag)) else { continue }
            guard DERReader.isMinimal(octets), let number = DERReader.number(octets), (1...999).contains(number) else {
                throw .structure
            }
            microseconds += number * unit
        }
        try reader.finish()
        return microseconds
    }
}
