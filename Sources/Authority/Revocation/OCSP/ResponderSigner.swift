public import AuthorityCryptography
public import CertificateProfiles
import PKIX

/// A key that signs answers for one generation of an authority, and the certificate by which the authority says so.
public struct ResponderSigner: Sendable {
    public let authority: CertificateAuthority
    public let generation: Int
    /// Of the responder, in DER; it goes into every answer.
    public let certificate: [UInt8]
    /// Last second of that certificate, since 1970 UTC.
    public let notAfter: Int64
    let key: any AuthorityKey
    let keyHash: [UInt8]

    /// Throws ``ResponderError/malformedCertificate`` when the certificate cannot be read.
    public init(
        authority: CertificateAuthority,
        generation: Int,
        certificate: [UInt8],
        key: any AuthorityKey
    ) throws(ResponderError) {
        guard let outline = try? CertificateOutline(parsing: certificate) else { throw .malformedCertificate }
        self.authority = authority
        self.generation = generation
        self.certificate = certificate
        notAfter = outline.notAfter
        self.key = key
        keyHash = outline.keyIdentifier
    }
}

public enum ResponderError: Error, Hashable, Sendable {
    case malformedCertificate
}
