import EventLog
import Synchronization

/// Waits, for all callers at once, until every status node knows of what they recorded or can no longer answer.
final class ConfirmationWatch: Sendable {
    private struct Waiting {
        let positions: [LogPosition]
        let deadline: ContinuousClock.Instant
        let continuation: CheckedContinuation<Void, Never>
    }

    private struct State {
        var waiting: [Waiting] = []
        var isRunning = false
        /// Since when a node is known to have lapsed.
        var lapses: [NodeRoll.Term: ContinuousClock.Instant] = [:]
    }

    private let database: any SQLDatabase
    private let node: String
    private let state = Mutex(State())
    /// Whether entries of this process's own chain are applied here before callers are answered.
    private let appliesOwn: @Sendable () -> Bool

    init(_ database: any SQLDatabase, node: String, appliesOwn: @escaping @Sendable () -> Bool) {
        self.database = database
        self.node = node
        self.appliesOwn = appliesOwn
    }

    /// Returns when no node answers without knowing what was recorded; COMMIT had come back at `committed`.
    func wait(for positions: [LogPosition], committed: ContinuousClock.Instant) async {
        await withCheckedContinuation { continuation in
            let starts = state.withLock { state in
                state.waiting.append(
                    Waiting(
                        positions: positions,
                        deadline: StatusLease.end(ofAllBegunBefore: committed),
                        continuation: continuation
                    )
                )
                defer { state.isRunning = true }
                return !state.isRunning
            }
            if starts { Task.detached(priority: .high) { await self.run() } }
        }
    }

    private func run() async {
        var pause = 2
        while true {
            // The list of nodes is read after the commits of all who wait by now.
            let waiting = state.withLock { state in
                defer { state.waiting = [] }
                if state.waiting.isEmpty { state.isRunning = false }
                return state.waiting
            }
            if waiting.isEmpty { return }
            let roll = try? await database.read { connection in try NodeRoll.read(Records(connection)) }
            let now = ContinuousClock.now
            if let roll { note(roll, now) }
            var remaining: [Waiting] = []
            var overdue: [Waiting] = []
            var late: Set<String> = []
            for one in waiting {
                let missing = roll.map { unknowing(of: one.positions, $0, now) }
                if missing?.isEmpty ?? false {
                    one.continuation.resume()
                } else if now >= one.deadline {
                    late.formUnion(missing ?? [])
                    overdue.append(one)
                } else {
                    remaining.append(one)
                }
            }
            if !late.isEmpty { await lapse(late) }
            for one in overdue { one.continuation.resume() }
            state.withLock { $0.waiting += remaining }
            if remaining.isEmpty { continue }
            try? await Task.sleep(for: .milliseconds(pause))
            pause = min(pause * 2, 16)
        }
    }

    /// Nodes that may answer without knowing.
    private func unknowing(of positions: [LogPosition], _ roll: NodeRoll, _ now: ContinuousClock.Instant) -> [String] {
        let lapses = state.withLock { $0.lapses }
        return roll.nodes.filter { term, standing in
            if standing == .lapsed, let since = lapses[term], now >= StatusLease.end(ofAllBegunBefore: since) {
                return false
            }
            return positions.contains { position in
                if term.node == node, position.writer == node, appliesOwn() { return false }
                return !roll.hasConfirmed(term.node, position)
            }
        }.map(\.term.node)
    }

    /// A node's last lease began before it was first seen lapsed, for it takes none while it reads that it has lapsed.
    private func note(_ roll: NodeRoll, _ now: ContinuousClock.Instant) {
        let lapsed = roll.nodes.filter { $0.standing == .lapsed }.map(\.term)
        state.withLock { state in
            state.lapses = Dictionary(uniqueKeysWithValues: lapsed.map { ($0, state.lapses[$0] ?? now) })
        }
    }

    private func lapse(_ nodes: Set<String>) async {
        // If this fails, the next caller waits as long as this one.
        try? await database.write { connection in
            for node in nodes.sorted() {
                try NodeRoll.change(node, from: .registered, to: .lapsed, connection)
            }
        }
    }
}
