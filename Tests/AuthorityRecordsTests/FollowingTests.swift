import AuthorityRecords
import CertificateProfiles
import EventLog
import Testing

@Suite("Following the log")
struct FollowingTests {
    @Test("a follower reads what all writers wrote, and confirms it", arguments: Engine.allCases)
    func following(engine: Engine) async throws {
        let place = try engine.place()
        let ledger = try await place.ledger()
        let follower = LogFollower(try place.database(), node: "status")
        try await follower.register()
        try await ledger.begin()
        let reference = try await ledger.certify(.auth, request: "r1")
        var entries: [LogEntry] = []
        var lease: StatusLease?
        repeat {
            let round = try await follower.next(limit: 2)
            entries += round.entries
            lease = try await follower.confirm(round)
        } while lease == nil
        #expect(entries.map(\.sequence) == Array(1...5))
        var state = AuthorityState()
        for entry in entries { state.take(entry) }
        #expect(state.certificates[reference]?.state == .valid)
        #expect(await follower.confirmed == [LogHead(after: try #require(entries.last))])
        await ledger.close()
    }

    @Test("a node that never registered gets no lease", arguments: Engine.allCases)
    func unregistered(engine: Engine) async throws {
        let place = try engine.place()
        let ledger = try await place.ledger()
        let follower = LogFollower(try place.database(), node: "status")
        #expect(try await follower.confirm(follower.next()) == nil)
        await ledger.close()
    }

    @Test(
        "what a node confirmed is acknowledged; what it does not confirm, after its lease",
        arguments: Engine.allCases
    )
    func acknowledgement(engine: Engine) async throws {
        let place = try engine.place()
        let ledger = try await place.ledger()
        try await ledger.begin()
        let follower = LogFollower(try place.database(), node: "status")
        try await follower.register()
        let first = try await ledger.certify(.auth, request: "r1")
        let recorded = try await ledger.record(by: "desk", .urgent) {
            try $0.append(Examples.revoke(first, .certificateHold))
        }
        // Nobody confirms: every lease begun before the commit has to run out.
        await ledger.confirmEverywhere(recorded)
        #expect(ContinuousClock.now >= recorded.committed + StatusLease.length)

        // The node let the writer wait: it holds no lease until it has registered again and read.
        let round = try await follower.next()
        #expect(try await follower.confirm(round) == nil)
        let lease = try await follower.confirm(follower.next())
        #expect(lease != nil)

        // It confirms while the writer waits: the writer returns though the lease has not run out.
        let second = try await ledger.certify(.auth, request: "r2")
        let held = try await ledger.record(by: "desk", .urgent) {
            try $0.append(Examples.revoke(second, .certificateHold))
        }
        async let waiting: Void = ledger.confirmEverywhere(held)
        var last = try await follower.confirm(follower.next())
        await waiting
        // On a machine so busy that the node came too late, it lapsed once more and registers again.
        for _ in 0..<3 where last == nil { last = try await follower.confirm(follower.next()) }
        #expect(last != nil)
        let known = try #require(await follower.confirmed.first)
        #expect(known.sequence >= held.position.sequence)

        // A node that left is not waited for.
        try await follower.leave()
        let third = try await ledger.certify(.auth, request: "r3")
        let late = try await ledger.record(by: "desk", .urgent) {
            try $0.append(Examples.revoke(third, .certificateHold))
        }
        await ledger.confirmEverywhere(late)
        #expect(await follower.confirmed.first?.sequence == known.sequence)
        await ledger.close()
    }

    @Test("a node that applies entries as they are recorded needs no waiting", arguments: Engine.allCases)
    func inProcess(engine: Engine) async throws {
        let place = try engine.place()
        let ledger = try await place.ledger()
        try await ledger.begin()
        let applied = Shared(AppliedEntries())
        ledger.observe { applied.value.add($0) }
        let follower = LogFollower(try place.database(), node: "one")
        try await follower.register()
        let reference = try await ledger.certify(.auth, request: "r1")
        let held = try await ledger.record(by: "desk", .urgent) {
            try $0.append(Examples.revoke(reference, .certificateHold))
        }
        #expect(applied.value.last == held.position)
        await ledger.confirmEverywhere(held)
        await ledger.close()
    }

    @Test("a missing and an altered entry stop the follower", arguments: Engine.allCases)
    func faults(engine: Engine) async throws {
        let place = try engine.place()
        let ledger = try await place.ledger()
        try await ledger.begin()
        _ = try await ledger.certify(.auth, request: "r1")
        await ledger.close()
        let database = try place.database()
        try await database.write { connection in
            _ = try connection.execute("UPDATE log SET actor = $1 WHERE sequence = 4", [.text("x")])
        }
        let follower = LogFollower(database, node: "status")
        await #expect(throws: FollowingError.altered(LogPosition(writer: "one", sequence: 4))) {
            _ = try await follower.next()
        }
        try await database.write { connection in
            _ = try connection.execute("DELETE FROM log WHERE sequence = 3", [])
        }
        await #expect(throws: FollowingError.missing(LogPosition(writer: "one", sequence: 3))) {
            _ = try await follower.next()
        }
        await database.close()
    }
}
