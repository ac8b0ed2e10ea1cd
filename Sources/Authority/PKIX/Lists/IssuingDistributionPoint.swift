/// Which certificates a list speaks of (RFC 5280, 5.2.5).
public struct IssuingDistributionPoint: Hashable, Sendable {
    /// The kinds of certificate a list may be limited to.
    public enum Kind: Hashable, Sendable {
        case all
        case userCertificates
        case authorityCertificates
    }

    /// The directory names of fullName, each a Name in DER; those of a list and of its certificates must be equal.
    public var names: [[UInt8]]
    public var kind: Kind
    /// Whether it is limited in a way that JPKI does not use: names of another kind, relative names, some reasons only,
    /// other issuers' certificates, attribute certificates.
    public let isOtherwiseLimited: Bool

    /// The partition of one directory name, or the whole authority without one.
    public init(name: [UInt8]?, _ kind: Kind) {
        names = name.map { [$0] } ?? []
        self.kind = kind
        isOtherwiseLimited = false
    }

    /// Reads the value of the extension.
    init(_ value: ArraySlice<UInt8>) throws(PKIXFlaw) {
        var reader = try DERReader.whole(value)
        var isOtherwise = false
        names = []
        if var point = try reader.enterOptional(DERTag.contextConstructed(0)) {
            (names, isOtherwise) = try Self.fullName(&point)
            try point.finish()
        }
        let ofUsers = try reader.readFlag(DERTag.context(1))
        let ofAuthorities = try reader.readFlag(DERTag.context(2))
        if try reader.readOptional(DERTag.context(3)) != nil { isOtherwise = true }
        if try reader.readFlag(DERTag.context(4)) { isOtherwise = true }
        if try reader.readFlag(DERTag.context(5)) { isOtherwise = true }
        try reader.finish()
        guard !(ofUsers && ofAuthorities) else { throw .malformedExtension }
        kind = ofUsers ? .userCertificates : ofAuthorities ? .authorityCertificates : .all
        isOtherwiseLimited = isOtherwise
    }

    /// The directory names of a DistributionPointName, and whether there is anything else in it.
    static func fullName(_ point: inout DERReader) throws(PKIXFlaw) -> (names: [[UInt8]], others: Bool) {
        guard var full = try point.enterOptional(DERTag.contextConstructed(0)) else {
            _ = try point.read(DERTag.contextConstructed(1))
            return ([], true)
        }
        guard !full.isAtEnd else { throw .malformedExtension }
        var (names, others): ([[UInt8]], Bool) = ([], false)
        while !full.isAtEnd {
            if var directory = try full.enterOptional(DERTag.contextConstructed(4)) {
                names.append(Array(try directory.readElement(DERTag.sequence)))
                try directory.finish()
            } else {
                _ = try full.readElement()
                others = true
            }
        }
        return (names, others)
    }

    func write(to writer: inout DERWriter) {
        writer.sequence { inner in
            if !names.isEmpty {
                inner.element(DERTag.contextConstructed(0)) { $0.fullName(names) }
            }
            inner.flag(DERTag.context(1), kind == .userCertificates)
            inner.flag(DERTag.context(2), kind == .authorityCertificates)
        }
    }
}

extension DERWriter {
    /// fullName of a DistributionPointName: directory names, each a Name in DER.
    mutating func fullName(_ names: [[UInt8]]) {
        element(DERTag.contextConstructed(0)) { full in
            for name in names { full.element(DERTag.contextConstructed(4)) { $0.append(name) } }
        }
    }
}
