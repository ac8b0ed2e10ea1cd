/// What an authority or a responder needs of its own certificate, without judging anything of it (RFC 5280, 4.1).
///
/// All slices are of the bytes it was read from.
public struct CertificateOutline: Hashable, Sendable {
    public let encoded: [UInt8]
    /// The content of the INTEGER.
    public let serial: ArraySlice<UInt8>
    /// Names in DER.
    public let issuer: ArraySlice<UInt8>
    public let subject: ArraySlice<UInt8>
    /// Seconds since 1970 UTC; both ends belong to it.
    public let notBefore: Int64
    public let notAfter: Int64
    public let subjectPublicKeyInfo: ArraySlice<UInt8>
    /// The public key without tag, length and unused bits: what key hashes are over (RFC 6960, 4.1.1).
    public let publicKey: ArraySlice<UInt8>

    /// Reads one certificate and nothing after it; what comes after the key is not looked into.
    public init(parsing der: [UInt8]) throws(PKIXFlaw) {
        encoded = der
        var outer = try DERReader.whole(der[...])
        var signed = try outer.enter(DERTag.sequence)
        _ = try signed.readOptional(DERTag.contextConstructed(0))
        serial = try signed.readInteger()
        _ = try signed.read(DERTag.sequence)
        issuer = try signed.readElement(DERTag.sequence)
        var validity = try signed.enter(DERTag.sequence)
        notBefore = try validity.readTime()
        notAfter = try validity.readTime()
        try validity.finish()
        subject = try signed.readElement(DERTag.sequence)
        subjectPublicKeyInfo = try signed.readElement(DERTag.sequence)
        var key = try DERReader.whole(subjectPublicKeyInfo)
        _ = try key.read(DERTag.sequence)
        publicKey = try key.readOctetsOfBits()
        try key.finish()
        _ = try outer.read(DERTag.sequence)
        _ = try outer.readOctetsOfBits()
        try outer.finish()
    }
}
