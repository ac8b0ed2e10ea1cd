import AuthorityCryptography
import CertificateProfiles
import EventLog

extension LedgerTransaction {
    mutating func planned(_ event: IssuancePlanned) throws -> Appended {
        let reference = event.certificate
        guard event.toBeSigned.utf8.count == 64 else { throw LedgerRefusal.malformed("toBeSigned") }
        guard event.notBefore <= event.notAfter else { throw LedgerRefusal.malformed("notAfter") }
        let line = try line(reference, .plan, from: nil, event.kind)
        try checkSerial(reference)
        let request = Seen.Request(authority: reference.authority, identifier: event.request)
        if seen.free != request, let earlier = try records.certificate(reference.authority, request: event.request) {
            throw LedgerRefusal.requestTaken(earlier.reference)
        }
        seen.free = nil
        try checkGeneration(reference.authority, event.generation)
        let position = try write(.issuancePlanned(event))
        try insert(
            reference,
            generation: event.generation,
            kind: event.kind,
            partition: event.partition,
            request: event.request,
            state: line.to,
            position,
            [
                SQLValue(event.holder), SQLValue(event.card), SQLValue(event.replaces), .integer(event.notBefore),
                .integer(event.notAfter), .text(event.toBeSigned), .null,
            ]
        )
        count(.planned, reference.authority)
        return .written(position)
    }

    /// The names of a partition stand in certificates and lists, so they never change.
    mutating func opened(_ event: PartitionOpened) throws -> Appended {
        let key = Seen.Municipality(authority: event.authority, code: event.code)
        if let standing = try seen.municipalities[key] ?? records.municipality(event.authority, code: event.code) {
            guard standing == event else { throw LedgerRefusal.partitionNamed(event.authority, code: event.code) }
            seen.municipalities[key] = standing
            return .alreadySo(head.position)
        }
        let position = try write(.partitionOpened(event))
        try connection.execute(
            "INSERT INTO municipalities (authority, code, prefecture, municipality) VALUES ($1, $2, $3, $4)",
            [
                .text(event.authority.rawValue), .text(event.code), .text(event.prefecture), .text(event.municipality),
            ]
        )
        return .written(position)
    }

    mutating func began(_ event: GenerationBegan) throws -> Appended {
        let reference = CertificateReference(event.authority, event.serial)
        guard let der = event.der, let fingerprint = event.fingerprint, !der.isEmpty else {
            throw LedgerRefusal.malformed("certificate")
        }
        let line = try line(reference, .begin, from: nil, event.kind)
        try checkSerial(reference)
        let expected = (try records.generations(event.authority).last?.generation ?? 0) + 1
        guard event.generation == expected else {
            throw LedgerRefusal.generationNotNext(event.authority, expected: expected)
        }
        let position = try write(.generationBegan(event))
        try connection.execute(
            """
            INSERT INTO generations (authority, generation, serial, algorithm, certificate, key_name, began_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7)
            """,
            [
                .text(event.authority.rawValue), SQLValue(event.generation), SQLValue(event.serial),
                .text(event.algorithm.rawValue), .bytes(der), .text(event.key), .integer(now),
            ]
        )
        try insert(
            reference,
            generation: event.generation,
            kind: event.kind,
            partition: ListPartition.authorities,
            request: "generation-\(event.generation)",
            state: line.to,
            position,
            [
                .null, .null, .null, .integer(event.notBefore), .integer(event.notAfter), .null, .text(fingerprint),
            ]
        )
        try keep(certificate: der, of: reference)
        count(.began, event.authority)
        return .written(position)
    }

    /// `rest` is holder, card, replaces, notBefore, notAfter, toBeSigned, fingerprint.
    private mutating func insert(
        _ reference: CertificateReference,
        generation: Int,
        kind: CertificateKind,
        partition: String,
        request: String,
        state: CertificateState,
        _ position: LogPosition,
        _ rest: [SQLValue]
    ) throws(RecordsError) {
        try connection.execute(
            """
            INSERT INTO certificates (
                authority, serial, generation, kind, list_partition, request, state, changed_at, changed_by, changed_in,
                holder, card, replaces, not_before, not_after, to_be_signed, fingerprint)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
            """,
            [
                .text(reference.authority.rawValue), SQLValue(reference.serial), SQLValue(generation),
                .text(kind.rawValue), .text(partition), .text(request), .text(state.rawValue), .integer(now),
                .text(position.writer), SQLValue(position.sequence),
            ] + rest
        )
    }

    /// The number is spent, and on nothing else.
    private mutating func checkSerial(_ reference: CertificateReference) throws {
        if seen.spent == reference {
            seen.spent = nil
            return
        }
        let next = try nextSerials[reference.authority] ?? Int64(records.lastSerial(reference.authority)) + 1
        guard reference.serial > 0, Int64(reference.serial) < next else {
            throw LedgerRefusal.serialNotReserved(reference)
        }
        guard try records.certificate(reference) == nil else { throw LedgerRefusal.serialTaken(reference) }
    }

    private mutating func checkGeneration(_ authority: CertificateAuthority, _ generation: Int) throws {
        let key = Seen.Generation(authority: authority, number: generation)
        if seen.generations.contains(key) { return }
        let found = try records.rows(
            "SELECT 1 FROM generations WHERE authority = $1 AND generation = $2",
            [.text(authority.rawValue), SQLValue(generation)]
        )
        guard !found.isEmpty else { throw LedgerRefusal.unknownGeneration(authority, generation) }
        seen.generations.insert(key)
    }
}
