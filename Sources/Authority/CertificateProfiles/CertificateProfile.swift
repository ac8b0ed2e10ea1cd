public import SwiftASN1
public import X509

/// The kinds of certificate the public certification service knows.
public enum CertificateKind: String, Hashable, Sendable, CaseIterable, Codable {
    /// The self-signed certificate of the authority for signatures.
    case signCA = "sign-ca"
    /// The self-signed certificate of the authority for user authentication.
    case authCA = "auth-ca"
    /// 署名用電子証明書 on a card.
    case sign
    /// 利用者証明用電子証明書 on a card.
    case auth
    /// 署名用電子証明書 on a telephone.
    case mobileSign = "mobile-sign"
    /// 利用者証明用電子証明書 on a telephone.
    case mobileAuth = "mobile-auth"
    /// An old and a new key of the authority for signatures, one signed by the other (RFC 4210, 4.4).
    case signLink = "sign-link"
    /// The same of the authority for user authentication.
    case authLink = "auth-link"
    /// Of the responder that answers for the authority for signatures (RFC 6960, 4.2.2.2).
    case signResponder = "sign-ocsp"
    /// Of the responder that answers for the authority for user authentication.
    case authResponder = "auth-ocsp"
    /// Of the time-stamping authority (RFC 3161, 2.3).
    case timeStamping = "time-stamping"

    /// Whether it is about a person, and so on a list by municipality.
    public var isForHolder: Bool {
        switch self {
        case .sign, .auth, .mobileSign, .mobileAuth: true
        default: false
        }
    }

    /// Whether it is about an authority's key, and so on the list of authorities.
    public var isForAuthority: Bool {
        switch self {
        case .signCA, .authCA, .signLink, .authLink: true
        default: false
        }
    }
}

/// What a certificate's subject is made of.
public enum SubjectForm: Hashable, Sendable {
    /// The authority's own name.
    case authority
    /// `C`, then prefecture and municipality each as an `L`, then the identifier as `CN`.
    case localitiesAndIdentifier
    /// `C` and the identifier as `CN`.
    case identifier
    /// `C`, `O` and the first `OU` of the authority, then the service's name as `CN`.
    case service
}

/// What a certificate's subjectAltName holds.
public enum AlternativeNameForm: Hashable, Sendable {
    /// The authority's Japanese name as directoryName.
    case authority
    /// Six otherNames about the holder.
    case holder
}

/// One extension of a profile; its place in the list is its place in the certificate.
public struct ExtensionRule: Hashable, Sendable {
    public let kind: ExtensionKind
    public let isCritical: Bool

    static func critical(_ kind: ExtensionKind) -> Self { Self(kind: kind, isCritical: true) }
    static func plain(_ kind: ExtensionKind) -> Self { Self(kind: kind, isCritical: false) }
}

/// The extensions in use, whatever the profile.
public enum ExtensionKind: Hashable, Sendable, CaseIterable {
    case keyUsage, extendedKeyUsage, subjectAlternativeName, certificatePolicies, issuerAlternativeName
    case basicConstraints, crlDistributionPoints, authorityInformationAccess
    case authorityKeyIdentifier, subjectKeyIdentifier
    /// id-pkix-ocsp-nocheck (RFC 6960, 4.2.2.2.1).
    case ocspNoCheck

    public var oid: ASN1ObjectIdentifier {
        switch self {
        case .keyUsage: .X509ExtensionID.keyUsage
        case .extendedKeyUsage: .X509ExtensionID.extendedKeyUsage
        case .subjectAlternativeName: .X509ExtensionID.subjectAlternativeName
        case .certificatePolicies: StandardObjectIdentifier.certificatePolicies
        case .issuerAlternativeName: StandardObjectIdentifier.issuerAlternativeName
        case .basicConstraints: .X509ExtensionID.basicConstraints
        case .crlDistributionPoints: StandardObjectIdentifier.crlDistributionPoints
        case .authorityInformationAccess: .X509ExtensionID.authorityInformationAccess
        case .authorityKeyIdentifier: .X509ExtensionID.authorityKeyIdentifier
        case .subjectKeyIdentifier: .X509ExtensionID.subjectKeyIdentifier
        case .ocspNoCheck: StandardObjectIdentifier.ocspNoCheck
        }
    }
}

/// The profile of one kind of certificate: everything about it that does not depend on whom it is for.
///
/// Follows the published authority certificates and readings of test cards. Common to all: version 3, both times as
/// UTCTime, and the algorithms of the authority's generation: RSA-2048 with SHA-256, or P-384 with SHA-384.
public struct CertificateProfile: Hashable, Sendable {
    public let kind: CertificateKind
    /// Who issues it; an authority's own certificate it issues itself.
    public let issuer: CertificateAuthority
    public let subject: SubjectForm
    public let keyUsage: KeyUsage
    public let extendedKeyUsage: [ExtendedKeyUsage.Usage]
    public let policy: ASN1ObjectIdentifier?
    public let alternativeName: AlternativeNameForm?
    public let extensions: [ExtensionRule]
}
