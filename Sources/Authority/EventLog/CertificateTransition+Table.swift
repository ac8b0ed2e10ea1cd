import CertificateProfiles

extension CertificateTransition {
    /// The life of certificates, line by line (certification practice statements of J-LIS, 4.9; RFC 5280, 5.3.1).
    public static let all: [CertificateTransition] = [
        // An authority's own certificate counts from its generation's beginning.
        line("generation", nil, .begin, .valid, kinds: authorities),

        // Key pair made in the chip, possession proved, number spent; then signed and compared.
        line("K1", nil, .plan, .planned, kinds: holders.union(services)),
        line("K1", .planned, .issue, .issuedInactive, kinds: holders.union(services)),
        // Handed over; at a counter, at once.
        line("K2", .issuedInactive, .release, .valid, kinds: holders.union(services)),
        // Given up or thrown away before it was handed over.
        line("K3", .planned, .abandon, .abandoned, kinds: holders.union(services)),
        line("K3", .issuedInactive, .revoke, .revoked, [.unspecified], kinds: holders.union(services)),

        // Suspended by telephone.
        line("K4", .valid, .revoke, .held, [.certificateHold], kinds: holders),
        // Key leaked, or loss reported in writing.
        line("K5", .valid, .revoke, .revoked, [.keyCompromise], kinds: holders.union(services)),
        // The authority's key: all that its generation issued, and the authority's own certificate.
        line("K6", .valid, .revoke, .revoked, [.cACompromise], kinds: everything),
        // What the certificate says of its holder is no longer so.
        line("K7", .valid, .revoke, .revoked, [.affiliationChanged], kinds: naming),
        // Renewed or issued anew.
        line("K8", .valid, .revoke, .revoked, [.superseded], kinds: everything),
        // No longer needed: applied for, card returned, death.
        line("K9", .valid, .revoke, .revoked, [.cessationOfOperation], kinds: everything),
        // New certificates were issued, or the card was abolished; outside, the hold remains.
        line("K10", .held, .makeFinal, .revoked, kinds: holders),
    ]

    private static let everything = Set(CertificateKind.allCases)
    private static let authorities = everything.filter(\.isSelfSigned)
    private static let holders = everything.filter(\.isForHolder)
    private static let naming = everything.filter(\.tellsOfHolder)
    /// Of responders and other services of the authority.
    private static let services = everything.subtracting(authorities).subtracting(holders)

    private static func line(
        _ rule: String,
        _ from: CertificateState?,
        _ trigger: CertificateTrigger,
        _ to: CertificateState,
        _ reasons: Set<RevocationReason> = [],
        kinds: Set<CertificateKind>
    ) -> CertificateTransition {
        CertificateTransition(rule: rule, from: from, trigger: trigger, to: to, reasons: reasons, kinds: kinds)
    }
}
