public import Problems

/// What came of judging a holder's certificate: every check apart, and one word for all of them.
public struct CertificateVerdict: Hashable, Sendable {
    public let hierarchy: Hierarchy
    public let purpose: CertificatePurpose
    /// `nil` when the bytes could not be read as a certificate.
    public let facts: CertificateFacts?
    /// The authority whose key made the signature; `nil` unless the signature is confirmed.
    public let anchor: TrustAnchor?
    /// One per check, always all of them and in the same order.
    public let findings: [Finding]
    /// What was found about revocation and by which evidence; `nil` where that was not checked.
    public let revocation: RevocationStatus?

    public var conclusion: CertificateConclusion {
        CertificateConclusion(findings, isRevoked: revocation?.isRevoked == true)
    }
}

/// The one word for all checks of a certificate.
public enum CertificateConclusion: String, Hashable, Sendable, CaseIterable {
    /// Every check was made and confirmed.
    case valid
    /// Some check failed that is neither validity nor a revocation.
    case invalid
    /// It is revoked or on hold, and apart from that at most its validity failed.
    case revoked
    /// Only validity failed; what was not checked may still be wrong with it, too.
    case expiredOrNotYetValid = "expired-or-not-yet-valid"
    /// Nothing failed, and something was not checked.
    case undecided

    /// `isRevoked` says that the finding about revocation failed because of a revocation.
    init(_ findings: [Finding], isRevoked: Bool = false) {
        let failed = findings.filter { $0.state == .failed }
        let ended: Set<String> = [
            CertificateCheck.validity.rawValue, isRevoked ? CertificateCheck.revocation.rawValue : "",
        ]
        if failed.contains(where: { !ended.contains($0.check) }) {
            self = .invalid
        } else if isRevoked {
            self = .revoked
        } else if !failed.isEmpty {
            self = .expiredOrNotYetValid
        } else {
            self = findings.allSatisfy { $0.state == .confirmed } ? .valid : .undecided
        }
    }

    public var word: Text {
        switch self {
        case .valid: Text(ja: "有効", en: "valid")
        case .invalid: Text(ja: "無効", en: "invalid")
        case .revoked: Text(ja: "失効", en: "revoked")
        case .expiredOrNotYetValid: Text(ja: "有効期間外", en: "expired or not yet valid")
        case .undecided: Text(ja: "判定できません", en: "undecided")
        }
    }

    /// How a program ends that was asked for this judgement.
    public var outcome: Outcome {
        switch self {
        case .valid: .done
        case .invalid: .invalid
        case .revoked, .expiredOrNotYetValid: .revokedOrExpired
        case .undecided: .undecided
        }
    }
}

/// What came of holding an authority's own certificate, such as one that a card hands out, against the trusted ones.
public struct AuthorityVerdict: Hashable, Sendable {
    public let hierarchy: Hierarchy
    public let facts: CertificateFacts?
    /// The trusted authority whose certificate it is, byte for byte.
    public let anchor: TrustAnchor?
    /// `certificate-form`, `basic-constraints`, `anchor-known`.
    public let findings: [Finding]

    public var conclusion: CertificateConclusion { CertificateConclusion(findings) }
}
