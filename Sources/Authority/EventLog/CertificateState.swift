public import CertificateProfiles

/// Where a certificate stands with its authority.
///
/// Expiry is no state: it follows from the certificate's own end and the clock.
public enum CertificateState: String, Hashable, Sendable, Codable, CaseIterable {
    /// Decided, its number spent; whether it was signed is not known.
    case planned
    /// Signed, and its card not yet handed over.
    case issuedInactive = "issued-inactive"
    case valid
    /// Suspended; there is no way back.
    case held
    case revoked
    /// The plan was given up. It may have been signed, so it counts as revoked.
    case abandoned

    /// What relying parties are told of a certificate in this state.
    public var toldOutside: ToldStatus {
        switch self {
        case .planned, .issuedInactive: .unknown
        case .valid: .good
        case .held, .revoked, .abandoned: .revoked
        }
    }
}

/// CertStatus of an OCSP answer (RFC 6960, 4.2.1), before expiry is looked at.
public enum ToldStatus: Hashable, Sendable, CaseIterable {
    case good, revoked, unknown
}

/// What can befall a certificate: each stands for one event of the log.
public enum CertificateTrigger: String, Hashable, Sendable, CaseIterable {
    /// ``AuthorityEvent/generationBegan(_:)``: an authority's own certificate.
    case begin
    /// ``AuthorityEvent/issuancePlanned(_:)``
    case plan
    /// ``AuthorityEvent/certificateIssued(_:)``
    case issue
    /// ``AuthorityEvent/issuanceAbandoned(_:)``
    case abandon
    /// ``AuthorityEvent/certificateReleased(_:)``
    case release
    /// ``AuthorityEvent/certificateRevoked(_:)``
    case revoke
    /// ``AuthorityEvent/holdMadeFinal(_:)``
    case makeFinal = "make-final"
}

extension CertificateKind {
    /// The self-signed certificate of a generation of an authority.
    public var isSelfSigned: Bool { self == .signCA || self == .authCA }

    /// Names its holder, and so ends when what it says of the holder changes.
    public var tellsOfHolder: Bool { self == .sign || self == .mobileSign }
}
