/// One extension as it stands in an object: its identifier, and its value unread.
public struct PKIXExtension: Hashable, Sendable {
    /// The content octets of the object identifier.
    public let identifier: ArraySlice<UInt8>
    public let isCritical: Bool
    /// The content of the OCTET STRING.
    public let value: ArraySlice<UInt8>

    /// As many as an object may have here; the profiles know of no more than seven.
    static let limit = 32

    /// Reads a SEQUENCE OF Extension from its content: at least one, none twice (RFC 5280, 4.1.2.9 and 4.2).
    static func list(_ reader: DERReader) throws(PKIXFlaw) -> [PKIXExtension] {
        var reader = reader
        var list: [PKIXExtension] = []
        while !reader.isAtEnd {
            var one = try reader.enter(DERTag.sequence)
            let identifier = try one.readObjectIdentifier()
            let isCritical = try one.readFlag()
            let value = try one.read(DERTag.octetString)
            try one.finish()
            guard list.count < limit else { throw .tooMany }
            guard !list.contains(where: { $0.identifier == identifier }) else { throw .duplicateExtension }
            list.append(PKIXExtension(identifier: identifier, isCritical: isCritical, value: value))
        }
        guard !list.isEmpty else { throw .structure }
        return list
    }

    func isNamed(_ identifier: [UInt8]) -> Bool { self.identifier.elementsEqual(identifier) }
}

extension DERWriter {
    /// An extension whose value is what `body` writes.
    public mutating func pkixExtension<Failure: Error>(
        _ identifier: [UInt8],
        critical: Bool = false,
        _ body: (inout DERWriter) throws(Failure) -> Void
    ) throws(Failure) {
        try sequence { (one: inout DERWriter) throws(Failure) in
            one.objectIdentifier(identifier)
            one.flag(DERTag.boolean, critical)
            try one.element(DERTag.octetString, body)
        }
    }
}
