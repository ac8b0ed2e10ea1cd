import AuthorityRecords
import CertificateProfiles
import EventLog
import Revocation
import Synchronization

extension AuthorityService {
    /// How long a node may answer after it last looked at the records, in milliseconds.
    public static let lease: Int64 = 1000

    /// Reads the log into the responder: from a snapshot, or from the beginning.
    func readStatus(from snapshot: [UInt8]?) async throws {
        var status = StatusState()
        if let snapshot, let stored = try? StatusSnapshot.decoded(snapshot), try await belongs(stored) {
            status = stored
        }
        status = try await caughtUp(status)
        guard try await isComplete(status) else { throw RecordsError.corrupt("totals") }
        responder.load(status)
        state.withLock { $0.isFollowing = true }
        // What was written while the status was being read.
        try await catchUp()
    }

    /// Whether the places in the log that a snapshot stands at are places of this log.
    private func belongs(_ status: StatusState) async throws -> Bool {
        for head in status.heads.values {
            let position = LogPosition(writer: head.writer, sequence: head.sequence)
            guard let entry = try await ledger.read({ try $0.entry(at: position) }), entry.hash == head.hash else {
                return false
            }
        }
        return true
    }

    private func caughtUp(_ start: StatusState) async throws -> StatusState {
        var status = start
        while true {
            let known = status.heads
            let pages = try await ledger.read { records in
                try records.heads().map { head in
                    try records.entries(
                        after: LogPosition(writer: head.writer, sequence: known[head.writer]?.sequence ?? 0),
                        limit: 5_000
                    )
                }
            }
            if pages.allSatisfy(\.isEmpty) { return status }
            for page in pages {
                for entry in page { try status.apply(entry) }
            }
        }
    }

    /// Holds the tables against what the records counted, writer by writer.
    private func isComplete(_ status: StatusState) async throws -> Bool {
        try await ledger.read { records in
            // The records may have gone on since; a status that is behind them is complete as far as it goes.
            for head in try records.heads() where status.heads[head.writer]?.sequence ?? 0 != head.sequence {
                return true
            }
            for authority in [CertificateAuthority.sign, .auth] {
                let totals = try records.totals(authority)
                let counts = status.table(of: authority).counts
                let issued = totals[.began, default: 0] + totals[.planned, default: 0]
                let revoked = totals[.held, default: 0] + totals[.revoked, default: 0] + totals[.abandoned, default: 0]
                guard counts.issued == Int(issued), counts.revoked == Int(revoked) else { return false }
            }
            return true
        }
    }

    /// Takes what this node wrote itself, before whoever asked for it is answered.
    func follow(_ entries: [LogEntry]) {
        guard state.withLock({ $0.isFollowing }) else { return }
        do throws(StatusLogError) {
            try responder.follow(entries)
        } catch {
            // A node that cannot follow must not answer.
            responder.endLease()
            state.withLock { $0.failure = error }
        }
    }

    /// Takes what all writers wrote since; then the node may answer for another second.
    ///
    /// To be called a few times a second. The lease counts from before the records were looked at.
    public func catchUp() async throws {
        let began = clock.sinceBoot
        let known = responder.status.heads
        let entries = try await ledger.read { records in
            try records.heads().flatMap { head in
                try records.entries(
                    after: LogPosition(writer: head.writer, sequence: known[head.writer]?.sequence ?? 0),
                    limit: 10_000
                )
            }
        }
        try responder.follow(entries)
        responder.extendLease(until: began + Self.lease)
        state.withLock { $0.failure = nil }
    }

    /// Waits until every node knows, or can no longer answer without knowing.
    func confirm(_ positions: [LogPosition], committed: ContinuousClock.Instant) async throws {
        // This node knows already: it follows its own records before they are answered.
    }

    /// The status as it is, to start from another time.
    public func snapshot() -> [UInt8] { StatusSnapshot.encoded(responder.status) }
}
