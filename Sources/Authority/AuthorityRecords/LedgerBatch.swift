import EventLog
import Synchronization

/// The operations that are carried out in one transaction, however often it has to be begun anew.
final class LedgerBatch: Sendable {
    /// The most operations in one transaction.
    static let limit = 256
    /// The most ordinary operations in a transaction that holds urgent ones.
    static let besideUrgent = 16

    private struct State {
        var operations: [PendingOperation] = []
        /// Errors of operations that are left out when the batch is carried out again.
        var excluded: [Int: any Error] = [:]
        /// Operations that failed once after they had written or met what another writer may just have written.
        var suspects: Set<Int> = []
        var urgent = 0
        var lastResult: Result?
    }

    /// What a transaction came to, for use after COMMIT.
    struct Result: Sendable {
        let head: LogHead
        let entries: [LogEntry]
        let completions: [PendingOperation.Completion]
        let failures: [(operation: PendingOperation, error: any Error)]
    }

    /// An operation failed after it had written: the batch is to be carried out again, the second time without it.
    struct Again: Error {}

    private let state = Mutex(State())

    /// What the last attempt wrote; to be looked for if its outcome is unknown.
    var lastResult: Result? { state.withLock { $0.lastResult } }

    /// Carries out everything of an earlier attempt and then what `next` gives.
    func perform(
        _ connection: any SQLConnection,
        head: LogHead,
        now: Int64,
        next: (_ taken: Int, _ urgent: Int) -> (operation: PendingOperation, isUrgent: Bool)?
    ) throws -> Result {
        var transaction = LedgerTransaction(connection, head: head, now: now)
        var completions: [PendingOperation.Completion] = []
        var failures: [(operation: PendingOperation, error: any Error)] = []
        var index = 0
        while let operation = operation(index, next) {
            defer { index += 1 }
            if let error = state.withLock({ $0.excluded[index] }) {
                failures.append((operation, error))
                continue
            }
            transaction.begin(operation.actor)
            do {
                completions.append(try operation.perform(&transaction))
                if let failure = transaction.connection.failure { throw failure }
            } catch {
                if let failure = transaction.connection.failure {
                    switch failure {
                    case .statement: break
                    // It may also be this chain that was continued without this process knowing.
                    case .duplicate where state.withLock({ [index] in $0.suspects.insert(index).inserted }):
                        throw RecordsError.conflict
                    case .duplicate: break
                    default: throw failure
                    }
                } else if let conflict = error as? RecordsError, conflict == .conflict {
                    throw conflict
                } else if !transaction.hasWritten {
                    failures.append((operation, error))
                    continue
                }
                // Since it looked, another writer may have been quicker: it is believed when it fails twice.
                state.withLock { [index] state in
                    if !state.suspects.insert(index).inserted { state.excluded[index] = error }
                }
                throw Again()
            }
        }
        try transaction.finish()
        let result = Result(
            head: transaction.head,
            entries: transaction.entries,
            completions: completions,
            failures: failures
        )
        state.withLock { $0.lastResult = result }
        return result
    }

    /// Takes operations without carrying them out.
    func fill(_ next: (_ taken: Int, _ urgent: Int) -> (operation: PendingOperation, isUrgent: Bool)?) {
        var index = 0
        while operation(index, next) != nil { index += 1 }
    }

    /// Resumes all callers with the same error.
    func fail(_ error: any Error) {
        let (operations, excluded) = state.withLock { ($0.operations, $0.excluded) }
        for (index, operation) in operations.enumerated() { operation.fail(excluded[index] ?? error) }
    }

    private func operation(
        _ index: Int,
        _ next: (_ taken: Int, _ urgent: Int) -> (operation: PendingOperation, isUrgent: Bool)?
    ) -> PendingOperation? {
        let (known, urgent) = state.withLock { state in
            (state.operations.indices.contains(index) ? state.operations[index] : nil, state.urgent)
        }
        if let known { return known }
        guard let (operation, isUrgent) = next(index, urgent) else { return nil }
        state.withLock { state in
            state.operations.append(operation)
            if isUrgent { state.urgent += 1 }
        }
        return operation
    }
}

extension LedgerTransaction {
    /// Before each operation of a batch.
    mutating func begin(_ actor: String) {
        self.actor = actor
        hasWritten = false
        dependencies.removeAll(keepingCapacity: true)
    }
}
