import CertificateProfiles
import EventLog

extension LedgerTransaction {
    /// Compare and set: the number has to be greater than the one that stands, whoever built either list.
    mutating func published(_ event: ListPublished) throws -> Appended {
        guard let number = Int64(exactly: event.number), number > 0 else { throw LedgerRefusal.malformed("number") }
        guard event.base.map({ $0 < event.number }) ?? true else { throw LedgerRefusal.malformed("base") }
        if let stored = try records.list(event.authority, partition: event.partition), stored.number >= event.number {
            throw LedgerRefusal.listNumber(event.authority, partition: event.partition, published: stored.number)
        }
        let position = try write(.listPublished(event))
        let changed = try connection.execute(
            """
            INSERT INTO lists (
                authority, list_partition, number, base, this_update, next_update, entries, fingerprint, full_number,
                full_update)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            ON CONFLICT (authority, list_partition) DO UPDATE SET
                number = excluded.number, base = excluded.base, this_update = excluded.this_update,
                next_update = excluded.next_update, entries = excluded.entries, fingerprint = excluded.fingerprint,
                full_number = COALESCE(excluded.full_number, lists.full_number),
                full_update = COALESCE(excluded.full_update, lists.full_update)
            WHERE lists.number < excluded.number
            """,
            [
                .text(event.authority.rawValue), .text(event.partition), .integer(number),
                event.base.map { SQLValue($0) } ?? .null, .integer(event.thisUpdate), .integer(event.nextUpdate),
                SQLValue(event.entries), .text(event.fingerprint), event.base == nil ? .integer(number) : .null,
                event.base == nil ? .integer(event.thisUpdate) : .null,
            ]
        )
        guard changed == 1 else { throw RecordsError.conflict }
        return .written(position)
    }

    mutating func admitted(_ event: VerifierAdmitted) throws -> Appended {
        let standing = try verifier(event.name)
        if let standing, standing.dismissedAt == nil, standing.fingerprint == event.fingerprint {
            return .alreadySo(head.position)
        }
        let position = try write(.verifierAdmitted(event))
        try connection.execute(
            """
            INSERT INTO verifiers (name, fingerprint, admitted_at, dismissed_at) VALUES ($1, $2, $3, NULL)
            ON CONFLICT (name) DO UPDATE SET
                fingerprint = excluded.fingerprint, admitted_at = excluded.admitted_at, dismissed_at = NULL
            """,
            [.text(event.name), .text(event.fingerprint), .integer(now)]
        )
        return .written(position)
    }

    mutating func dismissed(_ event: VerifierDismissed) throws -> Appended {
        guard let standing = try verifier(event.name) else { throw LedgerRefusal.unknownVerifier(event.name) }
        guard standing.dismissedAt == nil else { return .alreadySo(head.position) }
        let position = try write(.verifierDismissed(event))
        try connection.execute(
            "UPDATE verifiers SET dismissed_at = $1 WHERE name = $2",
            [.integer(now), .text(event.name)]
        )
        return .written(position)
    }

    private func verifier(_ name: String) throws -> VerifierRecord? {
        try records.verifiers().first { $0.name == name }
    }
}
