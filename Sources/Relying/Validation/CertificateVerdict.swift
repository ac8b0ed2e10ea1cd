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

    public var conclusion: CertificateConclusion { CertificateConclusion(findings) }
}

/// The one word for all checks of a certificate.
public enum CertificateConclusion: String, Hashable, Sendable, CaseIterable {
    /// Every check was made and confirmed.
    case valid
    /// Some check other than validity failed.
    case invalid
    /// Only validity failed; what was not checked may still be wrong with it, too.
    case expiredOrNotYetValid = "expired-or-not-yet-valid"
    /// Nothing failed, and something was not checked.
    case undecided

    init(_ findings: [Finding]) {
        let failed = findings.filter { $0.state == .failed }
        if failed.contains(where: { $0.check != CertificateCheck.validity.rawValue }) {
            self = .invalid
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
        case .expiredOrNotYetValid: Text(ja: "有効期間外", en: "expired or not yet valid")
        case .undecided: Text(ja: "判定できません", en: "undecided")
        }
    }

    /// How a program ends that was asked for this judgement.
    public var outcome: Outcome {
        switch self {
        case .valid: .done
        case .invalid: .invalid
        case .expiredOrNotYetValid: .revokedOrExpired
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
