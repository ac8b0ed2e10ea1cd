import AuthorityRecords
import CertificateProfiles
import EventLog
import Revocation
import Synchronization

extension AuthorityService {
    /// How long a node may answer after it last looked at the records, in milliseconds.
    static let lease = StatusLease.length / .milliseconds(1)

    /// Reads the log into the responder: from a snapshot, or from the beginning.
    ///
    /// The node registers first, so that whoever writes meanwhile waits for it.
    func readStatus(from snapshot: [UInt8]?) async throws {
        var status = StatusState()
        if let snapshot, let stored = try? StatusSnapshot.decoded(snapshot), try await belongs(stored) {
            status = stored
        }
        let follower = LogFollower(database, node: ledger.node, after: Array(status.heads.values))
        try await follower.register()
        while true {
            let round = try await follower.next()
            for entry in round.entries { try status.apply(entry) }
            _ = try await follower.confirm(round)
            if round.isComplete { break }
        }
        guard try await isComplete(status) else { throw RecordsError.corrupt("totals") }
        responder.load(status)
        state.withLock { state in
            state.follower = follower
            state.isFollowing = true
        }
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
            state.withLock { $0.isFollowing = false }
        }
    }

    /// Takes what all writers wrote since; then the node may answer for another second.
    ///
    /// To be called a few times a second. The lease counts from before the records were looked at.
    public func catchUp() async throws {
        guard let follower = state.withLock(\.follower) else { return }
        while true {
            let began = clock.sinceBoot
            let round = try await follower.next()
            // From here on no older generation issues, whether the key of the new one is here or not.
            if round.entries.contains(where: \.beginsGeneration) { try await readGenerations() }
            try responder.follow(round.entries)
            let lease = try await follower.confirm(round)
            if lease != nil {
                responder.extendLease(until: began + Int64(Self.lease))
                state.withLock { $0.isFollowing = true }
            }
            if round.isComplete { return }
        }
    }

    /// Waits until every node knows, or can no longer answer without knowing.
    func confirm(_ positions: [LogPosition], committed: ContinuousClock.Instant) async throws {
        await ledger.confirmEverywhere(positions, committed: committed)
    }

    /// The status as it is, to start from another time.
    public func snapshot() -> [UInt8] { StatusSnapshot.encoded(responder.status) }
}
