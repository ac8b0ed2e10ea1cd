import AuthorityCryptography
import AuthorityRecords
import CertificateProfiles
public import EventLog
public import Issuance

extension AuthorityService {
    /// A certificate that was issued, or had been issued for the same request before.
    public struct Issued: Hashable, Sendable {
        public let certificate: CertificateReference
        public let der: [UInt8]
    }

    /// Issues a certificate: checks, records what will be signed, signs, compares, records.
    ///
    /// It is not good before ``release(_:by:)``. Asking again under the same identifier for the same key gives the same
    /// certificate. Throws ``IssuanceError``, ``AuthorityServiceError``, ``LedgerRefusal`` or ``RecordsError``.
    public func issue(_ request: IssuanceRequest, by actor: String) async throws -> Issued {
        try requireClock()
        let issuer = try issuer(CertificateProfile(request.kind).issuer)
        return try await issue(request, from: issuer, by: actor)
    }

    func issue(
        _ request: IssuanceRequest,
        from issuer: Issuer,
        by actor: String,
        release: Bool = false
    ) async throws -> Issued {
        let checked = try issuer.check(request)
        let outcome = try await ledger.record(by: actor) { transaction in
            try Self.plan(checked, issuer.authority, in: &transaction)
        }.value
        guard case .planned(let plan) = outcome else { return try await finished(outcome, checked) }
        do {
            let issued = try await work.briefly(with: issuer.signingKey) {
                try IssuancePermit(plan, recordedAs: plan.event).sign(with: issuer)
            }
            _ = try await ledger.record(by: actor) { transaction in
                try transaction.append(.certificateIssued(issued.event))
                try transaction.keep(certificate: issued.der, of: plan.event.certificate)
                if release { try transaction.append(.certificateReleased(plan.event.certificate)) }
            }
            return Issued(certificate: plan.event.certificate, der: issued.der)
        } catch {
            // Signed or not, the number is spent; what cannot be recorded now is set right at the next start.
            if !(error is RecordsError) { try? await abandon(plan.event, by: actor) }
            throw error
        }
    }

    /// The certificates were handed over: from the moment this returns they are good everywhere.
    public func release(_ certificates: [CertificateReference], by actor: String) async throws {
        let recorded = try await ledger.record(by: actor) { transaction in
            for certificate in certificates {
                let record = try transaction.records.certificate(certificate)
                if record?.state != .valid { try transaction.append(.certificateReleased(certificate)) }
            }
        }
        try await confirm(recorded.positions, committed: recorded.committed)
    }

    // MARK: - Steps

    private enum Planned: Sendable {
        case planned(IssuancePlan)
        case before(CertificateRecord)
    }

    private static func plan(
        _ checked: CheckedRequest,
        _ authority: CertificateAuthority,
        in transaction: inout LedgerTransaction
    ) throws -> Planned {
        let request = checked.request
        if let before = try transaction.certificate(authority, request: request.identifier) {
            return .before(before)
        }
        if case .holder(let holder) = request.subject {
            let opened = PartitionOpened(
                authority: authority,
                code: holder.municipalityCode,
                prefecture: holder.prefecture,
                municipality: holder.municipality
            )
            try transaction.append(.partitionOpened(opened))
        }
        let plan = try checked.plan(serial: try transaction.nextSerial(authority))
        try transaction.append(.issuancePlanned(plan.event))
        try transaction.keep(toBeSigned: plan.toBeSigned, of: plan.event.certificate)
        return .planned(plan)
    }

    /// What an earlier request under the same identifier came to.
    private func finished(_ outcome: Planned, _ checked: CheckedRequest) async throws -> Issued {
        guard case .before(let record) = outcome else { throw AuthorityServiceError.nothingToRevoke }
        guard record.fingerprint != nil,
            let der = try await ledger.read({ try $0.body(of: record.reference) })
        else { throw AuthorityServiceError.requestUnfinished(record.reference) }
        guard record.kind == checked.request.kind, checked.isAnswered(by: der) else {
            throw AuthorityServiceError.requestDiffers(record.reference)
        }
        return Issued(certificate: record.reference, der: der)
    }

    func abandon(_ plan: IssuancePlanned, by actor: String) async throws {
        _ = try await ledger.record(by: actor, .urgent) { transaction in
            try transaction.append(
                .issuanceAbandoned(
                    IssuanceAbandoned(
                        certificate: plan.certificate,
                        at: transaction.now / 1000,
                        partition: plan.partition,
                        notAfter: plan.notAfter
                    )
                )
            )
        }
    }

    /// Plans that this node wrote and never finished: whoever asked was not answered.
    func abandonUnfinished() async throws {
        let node = ledger.node
        let unfinished = try await ledger.read { try $0.unfinished(of: node) }
        for record in unfinished {
            guard let notAfter = record.notAfter else { continue }
            _ = try await ledger.record(by: "service", .urgent) { transaction in
                try transaction.append(
                    .issuanceAbandoned(
                        IssuanceAbandoned(
                            certificate: record.reference,
                            at: transaction.now / 1000,
                            partition: record.partition,
                            notAfter: notAfter
                        )
                    )
                )
            }
        }
    }
}
