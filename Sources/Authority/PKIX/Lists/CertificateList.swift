/// A revocation list, complete or delta, read strictly and kept as the bytes it came in (RFC 5280, 5).
///
/// Entries are checked one by one and not kept apart: an index of 12 bytes each finds a serial number among a million as
/// quickly as among ten. Nothing of the list is judged, its signature neither.
public struct CertificateList: Sendable {
    /// The bytes it was read from.
    public let encoded: [UInt8]
    /// TBSCertList, which the signature is over.
    public let toBeSigned: ArraySlice<UInt8>
    /// `nil` for algorithms that JPKI does not use.
    public let algorithm: AlgorithmIdentifier?
    public let signature: ArraySlice<UInt8>
    /// The issuer's Name in DER.
    public let issuer: ArraySlice<UInt8>
    /// Seconds since 1970 UTC.
    public let thisUpdate: Int64
    /// `nil` when the list does not say; lists of JPKI always do (RFC 5280, 5.1.2.5).
    public let nextUpdate: Int64?
    /// Which key of the issuer signed.
    public let authorityKeyIdentifier: ArraySlice<UInt8>?
    /// CRLNumber; `nil` when it is absent, or longer than 64 bits.
    public let number: UInt64?
    /// The number of the complete list that this one adds to; `nil` for a complete list.
    public let deltaBase: UInt64?
    /// Whether it is a delta list, also where the number of its base is too long to be told.
    public let isDelta: Bool
    /// IssuingDistributionPoint; it and the mark of a delta list must be critical (RFC 5280, 5.2.4 and 5.2.5).
    public let scope: IssuingDistributionPoint?
    /// Dotted identifiers of critical extensions, of the list or of an entry, that are not understood here; a list that
    /// has any must not be used to decide (RFC 5280, 5.2 and 5.3).
    public let unknownCritical: [String]

    private let index: EntryIndex

    /// As long as a list may be.
    static let limit = 1 << 30

    /// How many certificates are on it.
    public var count: Int { index.count }

    /// Reads one list and nothing after it; takes time in proportion to its length.
    public init(parsing der: [UInt8]) throws(PKIXFlaw) {
        guard der.count <= Self.limit else { throw .tooLarge }
        encoded = der
        var outer = try DERReader.whole(der[...])
        toBeSigned = try outer.readElement(DERTag.sequence)
        let outside = try outer.readElement(DERTag.sequence)
        signature = try outer.readOctetsOfBits()
        try outer.finish()

        var reader = try DERReader.whole(toBeSigned)
        guard try reader.readNumber() == 1 else { throw .structure }
        let inside = try reader.readElement(DERTag.sequence)
        guard inside == outside else { throw .algorithmsDiffer }
        algorithm = AlgorithmIdentifier(encoded: inside)
        issuer = try reader.readElement(DERTag.sequence)
        thisUpdate = try reader.readTime()
        let hasNext = reader.nextTag == DERTag.utcTime || reader.nextTag == DERTag.generalizedTime
        nextUpdate = hasNext ? try reader.readTime() : nil
        let entries = try reader.readOptional(DERTag.sequence)
        var found = ListExtensions()
        if var tagged = try reader.enterOptional(DERTag.contextConstructed(0)) {
            try found.read(try tagged.enter(DERTag.sequence))
            try tagged.finish()
        }
        try reader.finish()
        // An empty list has no revokedCertificates at all (RFC 5280, 5.1.2.6).
        guard entries?.isEmpty != true else { throw .structure }
        index = try EntryIndex(entries ?? [], unknownCritical: &found.unknownCritical)
        authorityKeyIdentifier = found.authorityKeyIdentifier
        number = found.number
        deltaBase = found.deltaBase
        isDelta = found.isDelta
        scope = found.scope
        unknownCritical = found.unknownCritical.sorted()
    }

    /// What the list says of a certificate, whose serial number is given big-endian; `nil` when it is not on it.
    public func entry(serial: some Collection<UInt8>) -> RevokedCertificate? { index.entry(serial) }
}

/// One entry of a revocation list.
public struct RevokedCertificate: Hashable, Sendable {
    /// Seconds since 1970 UTC.
    public let revokedAt: Int64
    /// `nil` when the entry gives none, which means unspecified.
    public let reason: CRLReason?
    /// Since when the key is thought to have been unsafe; seconds since 1970 UTC.
    public let invalidSince: Int64?

    public init(revokedAt: Int64, reason: CRLReason?, invalidSince: Int64? = nil) {
        self.revokedAt = revokedAt
        self.reason = reason
        self.invalidSince = invalidSince
    }
}

/// The extensions of a list as far as they are understood.
private struct ListExtensions {
    var authorityKeyIdentifier: ArraySlice<UInt8>?
    var number: UInt64?
    var deltaBase: UInt64?
    var isDelta = false
    var scope: IssuingDistributionPoint?
    var unknownCritical: Set<String> = []

    mutating func read(_ reader: DERReader) throws(PKIXFlaw) {
        for one in try PKIXExtension.list(reader) {
            if one.isNamed(ObjectIdentifier.authorityKeyIdentifier) {
                var value = try DERReader.whole(one.value)
                authorityKeyIdentifier = try value.readOptional(DERTag.context(0))
            } else if one.isNamed(ObjectIdentifier.crlNumber) {
                number = try Self.number(one.value)
            } else if one.isNamed(ObjectIdentifier.deltaCRLIndicator) {
                guard one.isCritical else { throw .malformedExtension }
                deltaBase = try Self.number(one.value)
                isDelta = true
            } else if one.isNamed(ObjectIdentifier.issuingDistributionPoint) {
                guard one.isCritical else { throw .malformedExtension }
                scope = try IssuingDistributionPoint(one.value)
            } else if one.isCritical {
                unknownCritical.insert(ObjectIdentifier.dotted(one.identifier))
            }
        }
    }

    /// `nil` for numbers of more than 64 bits, which may have up to 20 octets (RFC 5280, 5.2.3).
    private static func number(_ value: ArraySlice<UInt8>) throws(PKIXFlaw) -> UInt64? {
        var reader = DERReader(value)
        let octets = try reader.readInteger()
        try reader.finish()
        guard let first = octets.first, first < 0x80, octets.count <= 20 else { throw .malformedExtension }
        return DERReader.number(octets)
    }
}
