import CertificateProfiles
public import EventLog

extension LedgerTransaction {
    /// Appends an event to the log and changes the records as it says, from the event alone.
    ///
    /// What is recorded already is told as such, and nothing is written: the same revocation twice, the same verifier
    /// twice.
    ///
    /// - Throws: ``LedgerRefusal`` before anything is written; ``RecordsError``.
    @discardableResult
    public mutating func append(_ event: AuthorityEvent) throws -> Appended {
        switch event {
        case .generationBegan(let event): try began(event)
        case .partitionOpened(let event): try opened(event)
        case .issuancePlanned(let event): try planned(event)
        case .certificateIssued(let event): try issued(event)
        case .issuanceAbandoned(let abandoned): try self.abandoned(abandoned)
        case .certificateReleased(let reference): try change(reference, .release, event, .released)
        case .certificateRevoked(let event): try revoked(event)
        case .holdMadeFinal(let reference): try change(reference, .makeFinal, event, .madeFinal)
        case .listPublished(let event): try published(event)
        case .verifierAdmitted(let event): try admitted(event)
        case .verifierDismissed(let event): try dismissed(event)
        case .serviceStarted, .serviceStopped, .clockTrusted, .certificateLookedUp: .written(try write(event))
        }
    }

    /// The entry alone.
    mutating func write(_ event: AuthorityEvent) throws -> LogPosition {
        let entry = LogEntry(after: head, instant: now, actor: actor, event: event, body: try event.encoded())
        hasWritten = true
        try connection.execute(
            """
            INSERT INTO log (writer, sequence, instant, actor, body, previous, hash)
            VALUES ($1, $2, $3, $4, $5, $6, $7)
            """,
            [
                .text(entry.writer), SQLValue(entry.sequence), .integer(entry.instant), .text(entry.actor),
                .bytes(entry.body), .bytes(entry.previous), .bytes(entry.hash),
            ]
        )
        head = LogHead(after: entry)
        entries.append(entry)
        return entry.position
    }

    mutating func count(_ happening: Happening, _ authority: CertificateAuthority) {
        totals[TotalKey(authority: authority, happening: happening), default: 0] += 1
    }

    // MARK: - From state to state

    func existing(_ reference: CertificateReference) throws -> CertificateRecord {
        guard let record = try records.certificate(reference) else {
            throw LedgerRefusal.unknownCertificate(reference)
        }
        return record
    }

    func line(
        _ reference: CertificateReference,
        _ trigger: CertificateTrigger,
        _ reason: RevocationReason? = nil,
        from state: CertificateState?,
        _ kind: CertificateKind
    ) throws -> CertificateTransition {
        do {
            return try CertificateTransition.allowing(trigger, reason: reason, from: state, kind: kind)
        } catch {
            throw LedgerRefusal.transition(reference, error)
        }
    }

    /// Changes the state and what goes with it outside.
    private mutating func change(
        _ reference: CertificateReference,
        _ trigger: CertificateTrigger,
        _ event: AuthorityEvent,
        _ happening: Happening
    ) throws -> Appended {
        let record = try existing(reference)
        let line = try line(reference, trigger, from: record.state, record.kind)
        let position = try write(event)
        try update(record, to: line.to, reason: record.reason, at: record.revokedAt, position)
        count(happening, reference.authority)
        return .written(position)
    }

    private mutating func abandoned(_ event: IssuanceAbandoned) throws -> Appended {
        let record = try existing(event.certificate)
        try check(record, partition: event.partition, notAfter: event.notAfter)
        let line = try line(event.certificate, .abandon, from: record.state, record.kind)
        let position = try write(.issuanceAbandoned(event))
        try update(record, to: line.to, reason: .unspecified, at: event.at, position)
        count(.abandoned, event.certificate.authority)
        return .written(position)
    }

    /// What an event repeats of the plan has to be as it was planned.
    private func check(_ record: CertificateRecord, partition: String, notAfter: Int64) throws {
        guard record.partition == partition else { throw LedgerRefusal.malformed("partition") }
        guard record.notAfter == notAfter else { throw LedgerRefusal.malformed("notAfter") }
    }

    private mutating func issued(_ event: CertificateIssued) throws -> Appended {
        guard event.fingerprint.utf8.count == 64 else { throw LedgerRefusal.malformed("fingerprint") }
        guard let (state, kind) = try records.standing(of: event.certificate) else {
            throw LedgerRefusal.unknownCertificate(event.certificate)
        }
        let line = try line(event.certificate, .issue, from: state, kind)
        let position = try write(.certificateIssued(event))
        let changed = try connection.execute(
            """
            UPDATE certificates SET state = $1, fingerprint = $2, changed_at = $3, changed_by = $4, changed_in = $5
            WHERE authority = $6 AND serial = $7 AND state = $8
            """,
            [
                .text(line.to.rawValue), .text(event.fingerprint), .integer(now), .text(position.writer),
                SQLValue(position.sequence), .text(event.certificate.authority.rawValue),
                SQLValue(event.certificate.serial), .text(state.rawValue),
            ]
        )
        guard changed == 1 else { throw RecordsError.conflict }
        count(.issued, event.certificate.authority)
        return .written(position)
    }

    private mutating func revoked(_ event: CertificateRevoked) throws -> Appended {
        let record = try existing(event.certificate)
        if record.reason == event.reason, record.state == .held || record.state == .revoked {
            dependencies.append(record.changedBy)
            return .alreadySo(record.changedBy)
        }
        try check(record, partition: event.partition, notAfter: event.notAfter)
        let line = try line(event.certificate, .revoke, event.reason, from: record.state, record.kind)
        let position = try write(.certificateRevoked(event))
        try update(record, to: line.to, reason: event.reason, at: event.at, position)
        count(line.to == .held ? .held : .revoked, event.certificate.authority)
        return .written(position)
    }

    /// Another writer may have been quicker since the record was read: then nothing changes here, and all begins anew.
    private mutating func update(
        _ record: CertificateRecord,
        to state: CertificateState,
        reason: RevocationReason?,
        at instant: Int64?,
        _ position: LogPosition
    ) throws {
        let changed = try connection.execute(
            """
            UPDATE certificates
            SET state = $1, reason = $2, revoked_at = $3, changed_at = $4, changed_by = $5, changed_in = $6
            WHERE authority = $7 AND serial = $8 AND state = $9
            """,
            [
                .text(state.rawValue), reason.map { SQLValue($0.rawValue) } ?? .null,
                instant.map(SQLValue.integer) ?? .null, .integer(now), .text(position.writer),
                SQLValue(position.sequence), .text(record.reference.authority.rawValue),
                SQLValue(record.reference.serial), .text(record.state.rawValue),
            ]
        )
        guard changed == 1 else { throw RecordsError.conflict }
    }
}
