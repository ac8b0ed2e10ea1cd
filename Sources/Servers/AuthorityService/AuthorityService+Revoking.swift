import AuthorityRecords
public import CertificateProfiles
public import EventLog

extension AuthorityService {
    /// What came of revoking one certificate.
    public struct Revoked: Hashable, Sendable {
        public let certificate: CertificateReference
        public let kind: CertificateKind
        public let reason: RevocationReason
        /// Seconds since 1970 UTC.
        public let at: Int64
        /// Whether it had been revoked for the same reason before.
        public let wasAlready: Bool
    }

    /// Which certificates are meant.
    public enum Selection: Hashable, Sendable {
        /// All that are on a card and not revoked.
        case card(String)
        case certificates([CertificateReference])
    }

    /// Revokes or holds: when this returns, no node says `good` of them any more.
    ///
    /// Needs the records alone: neither an authority's key nor a list. Certificates that were not handed over yet are
    /// revoked as `unspecified`. Throws ``AuthorityServiceError/nothingToRevoke``, ``LedgerRefusal``, ``RecordsError``.
    public func revoke(_ selection: Selection, _ reason: RevocationReason, by actor: String) async throws -> [Revoked] {
        let recorded = try await ledger.record(by: actor, .urgent) { transaction -> [Revoked] in
            let records = try Self.records(selection, in: transaction, reason)
            var revoked: [Revoked] = []
            for record in records {
                let event = CertificateRevoked(
                    certificate: record.reference,
                    reason: record.state == .issuedInactive ? .unspecified : reason,
                    at: transaction.now / 1000,
                    partition: record.partition,
                    notAfter: record.notAfter ?? 0
                )
                let appended = try transaction.append(.certificateRevoked(event))
                let isNew = if case .written = appended { true } else { false }
                revoked.append(
                    Revoked(
                        certificate: record.reference,
                        kind: record.kind,
                        reason: event.reason,
                        at: isNew ? event.at : record.revokedAt ?? event.at,
                        wasAlready: !isNew
                    )
                )
            }
            return revoked
        }
        guard !recorded.value.isEmpty else { throw AuthorityServiceError.nothingToRevoke }
        try await confirm(recorded.positions, committed: recorded.committed)
        return recorded.value
    }

    private static func records(
        _ selection: Selection,
        in transaction: borrowing LedgerTransaction,
        _ reason: RevocationReason
    ) throws -> [CertificateRecord] {
        switch selection {
        case .card(let card):
            return try transaction.records.certificates(card: card).filter { record in
                switch record.state {
                case .valid, .issuedInactive: true
                // Told again as it is, so that whoever asks twice gets the same answer.
                case .held, .revoked: record.reason == reason
                case .planned, .abandoned: false
                }
            }
        case .certificates(let references):
            var records: [CertificateRecord] = []
            for reference in references {
                guard let record = try transaction.records.certificate(reference) else {
                    throw LedgerRefusal.unknownCertificate(reference)
                }
                records.append(record)
            }
            return records
        }
    }
}
