/// A request for a certificate, signed by the key it is for (RFC 2986, 4).
///
/// All slices are of the bytes it was read from. Nothing is judged: whose key it is, and whether the signature is right,
/// is for whoever knows the algorithms.
public struct CertificationRequest: Hashable, Sendable {
    /// CertificationRequestInfo: what the signature is over.
    public let signed: ArraySlice<UInt8>
    /// Name in DER.
    public let subject: ArraySlice<UInt8>
    public let subjectPublicKeyInfo: ArraySlice<UInt8>
    /// `nil` for algorithms that JPKI does not use.
    public let algorithm: AlgorithmIdentifier?
    public let signature: ArraySlice<UInt8>

    /// Reads one request of version 1 and nothing after it; attributes have to be there, and to be DER, and are left alone.
    public init(parsing der: [UInt8]) throws(PKIXFlaw) {
        var outer = try DERReader.whole(der[...])
        signed = try outer.readElement(DERTag.sequence)
        algorithm = AlgorithmIdentifier(encoded: try outer.readElement(DERTag.sequence))
        signature = try outer.readOctetsOfBits()
        try outer.finish()

        var info = try DERReader.whole(signed)
        guard try info.readNumber() == 0 else { throw .structure }
        subject = try info.readElement(DERTag.sequence)
        subjectPublicKeyInfo = try info.readElement(DERTag.sequence)
        _ = try info.read(DERTag.contextConstructed(0))
        try info.finish()
        guard DERReader.isWellFormed(der[...]) else { throw .notDER }
    }

    /// The subject, if it is one CN and nothing else, as UTF8String or PrintableString; `nil` otherwise.
    public var onlyCommonName: String? {
        guard var names = try? DERReader.whole(subject), var name = try? names.enter(DERTag.set),
            names.isAtEnd, var attribute = try? name.enter(DERTag.sequence), name.isAtEnd,
            let type = try? attribute.readObjectIdentifier(), type.elementsEqual(ObjectIdentifier.commonName),
            let tag = attribute.nextTag, tag == DERTag.utf8String || tag == DERTag.printableString,
            let text = try? attribute.read(tag), attribute.isAtEnd
        else { return nil }
        return String(validating: text, as: UTF8.self)
    }
}
