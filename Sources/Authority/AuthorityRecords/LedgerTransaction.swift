public import CertificateProfiles
public import EventLog

/// What one operation may do: look at the records, spend serial numbers, append events.
///
/// Check first and write later: an operation that throws before it wrote anything costs nothing; one that throws after
/// has the whole batch carried out again without it. An operation may be carried out more than once before it counts,
/// so it has no effect outside.
public struct LedgerTransaction: ~Copyable {
    /// Milliseconds since 1970 UTC; the same for all that is recorded together.
    public let now: Int64
    /// What is recorded, with all that this and earlier operations of the batch wrote.
    public let records: Records

    let connection: NotingConnection
    /// Who is named in the entries of the operation that runs.
    var actor = ""
    /// The end of the chain with everything appended so far.
    var head: LogHead
    /// Everything appended so far.
    var entries: [LogEntry] = []
    /// What the running operation relies on though another wrote it.
    var dependencies: [LogPosition] = []
    /// Whether the running operation has written anything.
    var hasWritten = false
    /// What was looked up or written in this transaction, so that a batch asks once.
    var seen = Seen()
    /// The next serial number of each authority this batch has locked.
    var nextSerials: [CertificateAuthority: Int64] = [:]
    var totals: [TotalKey: Int64] = [:]

    init(_ connection: any SQLConnection, head: LogHead, now: Int64) {
        self.connection = NotingConnection(connection)
        records = Records(self.connection)
        self.head = head
        self.now = max(now, head.instant)
    }

    /// Spends the next serial number of an authority: they run from 1, over all generations, and none comes twice.
    public mutating func nextSerial(_ authority: CertificateAuthority) throws(RecordsError) -> UInt32 {
        if nextSerials.isEmpty {
            // All counters, always in this order, so that two writers never wait for each other.
            for authority in [CertificateAuthority.sign, .auth] {
                let locked = try records.rows(
                    "UPDATE counters SET next = next WHERE name = $1 RETURNING next",
                    [.text(authority.rawValue)]
                )
                guard let row = locked.first else { throw .corrupt("counters") }
                nextSerials[authority] = try row.integer(0, "next")
            }
        }
        guard let next = nextSerials[authority], let serial = UInt32(exactly: next) else { throw .corrupt("counters") }
        nextSerials[authority] = next + 1
        seen.spent = CertificateReference(authority, serial)
        hasWritten = true
        return serial
    }

    /// What an earlier request came to.
    public mutating func certificate(
        _ authority: CertificateAuthority,
        request: String
    ) throws(RecordsError) -> CertificateRecord? {
        let found = try records.certificate(authority, request: request)
        seen.free = found == nil ? Seen.Request(authority: authority, identifier: request) : nil
        return found
    }

    /// Keeps the bytes that will be signed, in the transaction that plans them.
    public mutating func keep(toBeSigned bytes: [UInt8], of reference: CertificateReference) throws(RecordsError) {
        hasWritten = true
        try connection.execute(
            "INSERT INTO certificate_bodies (authority, serial, to_be_signed) VALUES ($1, $2, $3)",
            [.text(reference.authority.rawValue), SQLValue(reference.serial), .bytes(bytes)]
        )
    }

    /// Keeps the certificate in DER, in the transaction that records its issue; it takes the place of the bytes that were
    /// to be signed, which it holds.
    public mutating func keep(certificate bytes: [UInt8], of reference: CertificateReference) throws(RecordsError) {
        hasWritten = true
        try connection.execute(
            """
            INSERT INTO certificate_bodies (authority, serial, certificate) VALUES ($1, $2, $3)
            ON CONFLICT (authority, serial) DO UPDATE SET certificate = excluded.certificate, to_be_signed = NULL
            """,
            [.text(reference.authority.rawValue), SQLValue(reference.serial), .bytes(bytes)]
        )
    }

    /// Writes what was gathered for the whole batch.
    mutating func finish() throws(RecordsError) {
        for authority in CertificateAuthority.allCases {
            guard let next = nextSerials[authority] else { continue }
            try connection.execute(
                "UPDATE counters SET next = $1 WHERE name = $2",
                [.integer(next), .text(authority.rawValue)]
            )
        }
        for (key, number) in totals.sorted(by: { $0.key < $1.key }) {
            try connection.execute(
                """
                INSERT INTO totals (writer, authority, happening, number) VALUES ($1, $2, $3, $4)
                ON CONFLICT (writer, authority, happening) DO UPDATE SET number = totals.number + excluded.number
                """,
                [
                    .text(head.writer), .text(key.authority.rawValue), .text(key.happening.rawValue), .integer(number),
                ]
            )
        }
    }
}

/// What a transaction knows of the records without asking again; the tables' own constraints hold all the same.
struct Seen {
    struct Request: Hashable {
        let authority: CertificateAuthority
        let identifier: String
    }

    struct Generation: Hashable {
        let authority: CertificateAuthority
        let number: Int
    }

    struct Municipality: Hashable {
        let authority: CertificateAuthority
        let code: String
    }

    /// The number that was spent last and stands for nothing yet.
    var spent: CertificateReference?
    /// The request that was looked for last and not found.
    var free: Request?
    var generations: Set<Generation> = []
    var municipalities: [Municipality: PartitionOpened] = [:]
}

struct TotalKey: Hashable, Comparable {
    let authority: CertificateAuthority
    let happening: Happening

    static func < (one: Self, other: Self) -> Bool {
        (one.authority.rawValue, one.happening.rawValue) < (other.authority.rawValue, other.happening.rawValue)
    }
}

/// Passes statements on and remembers the first failure: after one, a database may refuse the rest of its transaction,
/// whatever the operation makes of the error.
final class NotingConnection: SQLConnection {
    private let base: any SQLConnection
    private(set) var failure: RecordsError?

    init(_ base: any SQLConnection) { self.base = base }

    @discardableResult
    func execute(_ sql: String, _ arguments: [SQLValue]) throws(RecordsError) -> Int {
        do throws(RecordsError) { return try base.execute(sql, arguments) } catch { throw note(error) }
    }

    func rows(_ sql: String, _ arguments: [SQLValue]) throws(RecordsError) -> [[SQLValue]] {
        do throws(RecordsError) { return try base.rows(sql, arguments) } catch { throw note(error) }
    }

    private func note(_ error: RecordsError) -> RecordsError {
        failure = failure ?? error
        return error
    }
}
