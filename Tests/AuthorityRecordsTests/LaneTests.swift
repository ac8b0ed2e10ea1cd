import Dispatch
import EventLog
import Synchronization
import Testing

@testable import AuthorityRecords

@Suite("Lanes of the ledger", .serialized)
struct LaneTests {
    /// On SQLite: PostgreSQL ends a transaction that stands idle as long as this one may on a busy machine.
    @Test("a suspension goes before all that waits, and ordinary work goes on beside it")
    func urgent() async throws {
        let place = try Engine.sqlite.place()
        let ledger = try await place.ledger()
        let gate = DispatchSemaphore(value: 0)
        let blocking = Task {
            try await ledger.record(by: "blocking") { transaction in
                gate.wait()
                try transaction.append(.serviceStopped)
            }
        }
        let bulk = Task {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<300 {
                    group.addTask { _ = try await ledger.record(by: "bulk") { try $0.append(.serviceStopped) } }
                }
                try await group.waitForAll()
            }
        }
        try await ServerTests.until { ledger.state.withLock { $0.queue.ordinaryCount } >= 299 }
        let urgent = (0..<40).map { _ in
            Task { try await ledger.record(by: "desk", .urgent) { try $0.append(.serviceStopped) } }
        }
        try await ServerTests.until { ledger.state.withLock { $0.queue.urgentCount } == 40 }
        gate.signal()
        for task in urgent { _ = try await task.value }
        _ = try await blocking.value
        try await bulk.value
        let entries = try await ledger.read {
            try $0.entries(after: LogPosition(writer: "one", sequence: 0), limit: 999)
        }
        #expect(entries.count == 341)
        let last = try #require(entries.lastIndex { $0.actor == "desk" })
        // What ran already, and what each transaction takes beside urgent work.
        let before = entries[..<last].count { $0.actor == "bulk" }
        #expect(before <= LedgerBatch.besideUrgent + 1)
        await ledger.close()
    }

    @Test("too much ordinary work is refused, a suspension never")
    func overload() async throws {
        let place = try Engine.sqlite.place()
        let ledger = try await place.ledger()
        let gate = DispatchSemaphore(value: 0)
        let blocking = Task {
            try await ledger.record(by: "blocking") { _ in gate.wait() }
        }
        let bulk = Task {
            await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<(Ledger.waitingLimit + 200) {
                    group.addTask {
                        do {
                            _ = try await ledger.record(by: "bulk") { _ in }
                            return true
                        } catch {
                            return false
                        }
                    }
                }
                return await group.reduce(into: 0) { $0 += $1 ? 0 : 1 }
            }
        }
        try await ServerTests.until { ledger.state.withLock { $0.queue.ordinaryCount } == Ledger.waitingLimit }
        let urgent = Task { try await ledger.record(by: "desk", .urgent) { try $0.append(.serviceStopped) } }
        try await ServerTests.until { ledger.state.withLock { $0.queue.urgentCount } == 1 }
        await #expect(throws: RecordsError.overloaded) { _ = try await ledger.record(by: "bulk") { _ in } }
        gate.signal()
        _ = try await urgent.value
        _ = try await blocking.value
        #expect(await bulk.value >= 100)
        await ledger.close()
    }
}
