public import CertificateProfiles

/// One line of the life of certificates: from one state to another, by one trigger, under one rule.
///
/// The lines are all there are: what is in none of them is refused. Numbers K1 to K11 are those of the certificate
/// states in docs/authority/records.md; K11, expiry, is no event and has no line.
public struct CertificateTransition: Hashable, Sendable {
    /// `K2`, or a word where the rule is of this system alone.
    public let rule: String
    /// `nil` where there was no certificate before.
    public let from: CertificateState?
    public let trigger: CertificateTrigger
    public let to: CertificateState
    /// CRLReason given with the trigger; empty where the trigger carries none.
    public let reasons: Set<RevocationReason>
    public let kinds: Set<CertificateKind>

    /// The line that allows a trigger, and nothing but that: whoever asks changes nothing yet.
    ///
    /// - Throws: ``TransitionRefusal``, naming the rule that stands against it.
    public static func allowing(
        _ trigger: CertificateTrigger,
        reason: RevocationReason? = nil,
        from state: CertificateState?,
        kind: CertificateKind
    ) throws(TransitionRefusal) -> CertificateTransition {
        let lines = all.filter { $0.trigger == trigger && $0.from == state }
        guard !lines.isEmpty else {
            if trigger == .revoke, state == .held { throw .holdIsFinalised(reason) }
            if state == .revoked || state == .abandoned { throw .final(state ?? .revoked, trigger) }
            throw .notFrom(state, trigger)
        }
        let matching = lines.filter { reason.map($0.reasons.contains) ?? $0.reasons.isEmpty }
        guard !matching.isEmpty else { throw .reason(reason, from: state, rules: lines.map(\.rule)) }
        guard let line = matching.first(where: { $0.kinds.contains(kind) }) else {
            throw .kind(kind, rules: matching.map(\.rule))
        }
        return line
    }
}

/// Why an event may not befall a certificate.
public enum TransitionRefusal: Error, Hashable, Sendable {
    /// No line leads from this state by this trigger.
    case notFrom(CertificateState?, CertificateTrigger)
    /// Nothing befalls it any more.
    case final(CertificateState, CertificateTrigger)
    /// K10: a held certificate ends by ``CertificateTrigger/makeFinal`` and keeps its reason outside.
    case holdIsFinalised(RevocationReason?)
    /// The reason is not one of those the rules of this state give.
    case reason(RevocationReason?, from: CertificateState?, rules: [String])
    /// The rule is not for this kind of certificate.
    case kind(CertificateKind, rules: [String])

    /// The rule that stands against it; several where each would have to allow it.
    public var rules: [String] {
        switch self {
        case .notFrom(let state, let trigger):
            CertificateTransition.all.filter { $0.trigger == trigger || $0.from == state }.map(\.rule)
        case .final: ["final"]
        case .holdIsFinalised: ["K10"]
        case .reason(_, _, let rules), .kind(_, let rules): rules
        }
    }
}
