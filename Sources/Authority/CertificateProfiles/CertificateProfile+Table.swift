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
}
