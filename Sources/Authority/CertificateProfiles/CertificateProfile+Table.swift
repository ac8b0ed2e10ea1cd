import SwiftASN1
import X509

extension CertificateProfile {
    /// The profile of a kind of certificate.
    public init(_ kind: CertificateKind) {
        self =
            switch kind {
            case .signCA: .authority(kind, .sign)
            case .authCA: .authority(kind, .auth)
            case .sign: .signature(kind, policy: JPKIObjectIdentifier.signaturePolicy)
            case .mobileSign: .signature(kind, policy: JPKIObjectIdentifier.mobileSignaturePolicy)
            case .auth: .authentication(kind, policy: JPKIObjectIdentifier.authenticationPolicy)
            case .mobileAuth: .authentication(kind, policy: JPKIObjectIdentifier.mobileAuthenticationPolicy)
            case .signLink: .link(kind, .sign)
            case .authLink: .link(kind, .auth)
            case .signResponder: .responder(kind, .sign)
            case .authResponder: .responder(kind, .auth)
            case .timeStamping: .timeStamping
            }
    }

    private static func authority(_ kind: CertificateKind, _ authority: CertificateAuthority) -> Self {
        Self(
            kind: kind,
            issuer: authority,
            subject: .authority,
            keyUsage: KeyUsage(keyCertSign: true, cRLSign: true),
            extendedKeyUsage: [],
            policy: nil,
            alternativeName: .authority,
            extensions: [
                .critical(.keyUsage),
                .plain(.subjectAlternativeName),
                .critical(.basicConstraints),
                .plain(.crlDistributionPoints),
                .plain(.subjectKeyIdentifier),
            ]
        )
    }

    private static func signature(_ kind: CertificateKind, policy: ASN1ObjectIdentifier) -> Self {
        Self(
            kind: kind,
            issuer: .sign,
            subject: .localitiesAndIdentifier,
            keyUsage: KeyUsage(digitalSignature: true, nonRepudiation: true),
            extendedKeyUsage: [],
            policy: policy,
            alternativeName: .holder,
            extensions: [
                .critical(.keyUsage),
                .plain(.subjectAlternativeName),
                .critical(.certificatePolicies),
                .plain(.issuerAlternativeName),
                .plain(.crlDistributionPoints),
                .plain(.authorityKeyIdentifier),
                .plain(.subjectKeyIdentifier),
            ]
        )
    }

    private static func authentication(_ kind: CertificateKind, policy: ASN1ObjectIdentifier) -> Self {
        Self(
            kind: kind,
            issuer: .auth,
            subject: .identifier,
            keyUsage: KeyUsage(digitalSignature: true),
            extendedKeyUsage: [.clientAuth],
            policy: policy,
            alternativeName: nil,
            extensions: [
                .critical(.keyUsage),
                .plain(.extendedKeyUsage),
                .critical(.certificatePolicies),
                .plain(.issuerAlternativeName),
                .plain(.crlDistributionPoints),
                .plain(.authorityInformationAccess),
                .plain(.authorityKeyIdentifier),
                .plain(.subjectKeyIdentifier),
            ]
        )
    }

    /// The same as an authority's own certificate, but that the issuer's key is not the subject's.
    private static func link(_ kind: CertificateKind, _ authority: CertificateAuthority) -> Self {
        Self(
            kind: kind,
            issuer: authority,
            subject: .authority,
            keyUsage: KeyUsage(keyCertSign: true, cRLSign: true),
            extendedKeyUsage: [],
            policy: nil,
            alternativeName: .authority,
            extensions: [
                .critical(.keyUsage),
                .plain(.subjectAlternativeName),
                .critical(.basicConstraints),
                .plain(.crlDistributionPoints),
                .plain(.authorityKeyIdentifier),
                .plain(.subjectKeyIdentifier),
            ]
        )
    }

    /// Short-lived, so that nobody has to ask whether it was revoked itself (RFC 6960, 4.2.2.2.1).
    private static func responder(_ kind: CertificateKind, _ authority: CertificateAuthority) -> Self {
        Self(
            kind: kind,
            issuer: authority,
            subject: .service,
            keyUsage: KeyUsage(digitalSignature: true),
            extendedKeyUsage: [.ocspSigning],
            policy: nil,
            alternativeName: nil,
            extensions: [
                .critical(.keyUsage),
                .plain(.extendedKeyUsage),
                .plain(.ocspNoCheck),
                .plain(.authorityKeyIdentifier),
                .plain(.subjectKeyIdentifier),
            ]
        )
    }

    /// Its one purpose is critical (RFC 3161, 2.3).
    ///
    /// That the authority for signatures issues it is a choice of this project; a real one has an authority of its own.
    private static var timeStamping: Self {
        Self(
            kind: .timeStamping,
            issuer: .sign,
            subject: .service,
            keyUsage: KeyUsage(digitalSignature: true),
            extendedKeyUsage: [.timeStamping],
            policy: nil,
            alternativeName: nil,
            extensions: [
                .critical(.keyUsage),
                .critical(.extendedKeyUsage),
                .plain(.crlDistributionPoints),
                .plain(.authorityKeyIdentifier),
                .plain(.subjectKeyIdentifier),
            ]
        )
    }
}
