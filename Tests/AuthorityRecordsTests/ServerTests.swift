import AuthorityRecords
import CertificateProfiles
import EventLog
import ForeignTools
import PostgresRecords
import Synchronization
import Testing

@Suite("A server that comes and goes", .serialized)
struct ServerTests {
    @Test(
        "a server that is stopped and started: callers are told, nothing acknowledged is missing",
        arguments: ["fast", "immediate"]
    )
    func restart(mode: String) async throws {
        let server = try PostgresServer()
        let address = try server.database()
        let ledger = try await Ledger.open(PostgresDatabase(address), node: "one", clock: Place.clock)
        try await ledger.begin()
        let log = AppliedEntries()
        ledger.observe { log.add($0) }
        let stop = Shared(Atomic(false))
        let acknowledged = Task {
            await withTaskGroup(of: [CertificateReference].self) { group in
                for caller in 0..<16 {
                    group.addTask {
                        var done: [CertificateReference] = []
                        var number = 0
                        while !stop.value.load(ordering: .relaxed) {
                            number += 1
                            do {
                                done.append(try await ledger.certify(.auth, request: "\(caller)-\(number)"))
                            } catch {
                                try? await Task.sleep(for: .milliseconds(20))
                            }
                        }
                        return done
                    }
                }
                return await group.reduce(into: [CertificateReference]()) { $0 += $1 }
            }
        }
        try await Self.until { log.all.count > 100 }
        for _ in 0..<3 {
            try server.stop(mode)
            try server.start()
            let before = log.all.count
            // The connections come back by themselves.
            try await Self.until { log.all.count > before + 100 }
        }
        stop.value.store(true, ordering: .relaxed)
        let done = await acknowledged.value
        #expect(Set(done).count == done.count)
        for reference in done {
            let record = try await ledger.read { try $0.certificate(reference) }
            #expect(record?.state == .valid, "\(reference)")
        }
        let (verifier, state) = try await AuditTests.examine(ledger)
        #expect(verifier.faults.isEmpty && state.impossible.isEmpty)
        #expect(try await ledger.read { try $0.differences(from: state) } == [])
        // Observers were told of everything, also of what nobody knew to be recorded.
        let entries = try await ledger.read {
            try $0.entries(after: LogPosition(writer: "one", sequence: 2), limit: .max)
        }
        #expect(log.all == entries)
        await ledger.close()
    }

    @Test("a connection cut during COMMIT: the outcome is found out, and told right")
    func cutConnections() async throws {
        let server = try PostgresServer()
        let address = try server.database()
        let ledger = try await Ledger.open(PostgresDatabase(address), node: "one", clock: Place.clock)
        try await ledger.begin()
        let done = Shared(Atomic(false))
        let cutter = Task {
            while !done.value.load(ordering: .relaxed) {
                _ = try? server.query(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'fuda'"
                )
            }
        }
        var acknowledged: [CertificateReference] = []
        var refused: [String] = []
        var failures = 0
        var number = 0
        while failures < 10, number < 5_000 {
            number += 1
            do {
                acknowledged.append(try await ledger.certify(.auth, request: "r\(number)"))
            } catch let error as RecordsError where error == .outcomeUnknown {
                failures += 1
            } catch is RecordsError {
                failures += 1
                refused.append("r\(number)")
            }
        }
        done.value.store(true, ordering: .relaxed)
        await cutter.value
        // Anything but an unknown outcome says that it did not take place.
        for request in refused {
            #expect(try await ledger.read { try $0.certificate(.auth, request: request) } == nil)
        }
        for reference in acknowledged {
            #expect(try await ledger.read { try $0.certificate(reference) }?.state == .valid)
        }
        let (verifier, state) = try await AuditTests.examine(ledger)
        #expect(verifier.faults.isEmpty && state.impossible.isEmpty)
        await ledger.close()
    }

    @Test("a server that does not keep what it acknowledges is refused", arguments: ["synchronous_commit=off"])
    func notDurable(setting: String) async throws {
        let place = try Engine.postgres.place()
        let database = try PostgresDatabase(place.address + " options='-c \(setting)'")
        await #expect(throws: RecordsError.notDurable) {
            _ = try await Ledger.open(database, node: "one", clock: Place.clock)
        }
    }

    @Test("an address that cannot be read, or where nobody listens, is told without its password")
    func addresses() async throws {
        #expect(throws: RecordsError.unavailable("malformed address")) {
            _ = try PostgresDatabase("postgres:nonsense=1 password=geheim")
        }
        let database = try PostgresDatabase("postgresql://fuda:geheim@/x?host=/nonexistent")
        do {
            _ = try await Ledger.open(database, node: "one", clock: Place.clock)
            Issue.record("opened")
        } catch {
            #expect(error as? RecordsError == .unavailable("no connection"))
            #expect(!"\(error)".contains("geheim"))
        }
    }

    /// Waits for a condition, and fails if it does not come about.
    static func until(_ condition: () async throws -> Bool) async throws {
        let end = ContinuousClock.now + .seconds(60)
        while try await !condition() {
            guard ContinuousClock.now < end else { throw Late() }
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    struct Late: Error {}
}
