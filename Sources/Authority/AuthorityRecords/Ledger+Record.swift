import EventLog
import Synchronization

extension Ledger {
    /// Carries out an operation with others in one transaction, and returns when it is durable.
    ///
    /// The operation may be carried out more than once before it counts; see ``LedgerTransaction``. The actor is named
    /// in the log's entries, and is never personal data. What the operation throws comes out as it is, after the others
    /// are durable; of ``RecordsError``, ``RecordsError/outcomeUnknown`` alone leaves open whether it was recorded.
    public func record<Value: Sendable>(
        by actor: String,
        _ urgency: Urgency = .ordinary,
        _ operation: @escaping @Sendable (inout LedgerTransaction) throws -> Value
    ) async throws -> Recorded<Value> {
        try await withCheckedThrowingContinuation { continuation in
            let pending = PendingOperation(actor: actor) { transaction in
                let value = try operation(&transaction)
                let position = transaction.head.position
                let positions = transaction.dependencies + (transaction.hasWritten ? [position] : [])
                return { committed in
                    continuation.resume(
                        returning: Recorded(
                            value: value,
                            position: position,
                            positions: positions,
                            committed: committed
                        )
                    )
                }
            } fail: { error in
                continuation.resume(throwing: error)
            }
            submit(pending, urgency)
        }
    }

    private func submit(_ operation: PendingOperation, _ urgency: Urgency) {
        let (refusal, starts) = state.withLock { state -> (RecordsError?, Bool) in
            if state.isClosed { return (.closed, false) }
            if urgency == .ordinary, state.queue.ordinaryCount >= Self.waitingLimit { return (.overloaded, false) }
            state.queue.append(operation, urgency)
            defer { state.isDraining = true }
            return (nil, !state.isDraining)
        }
        if let refusal { operation.fail(refusal) }
        if starts { Task.detached(priority: .high) { await self.drain() } }
    }

    /// Takes no more work, finishes what was accepted, and ends the connections.
    public func close() async {
        await withCheckedContinuation { continuation in
            let isIdle = state.withLock { state in
                state.isClosed = true
                if state.isDraining { state.idle.append(continuation) }
                return !state.isDraining
            }
            if isIdle { continuation.resume() }
        }
        await database.close()
    }

    // MARK: - Draining

    private func drain() async {
        while true {
            let (ends, idle) = state.withLock { state -> (Bool, [CheckedContinuation<Void, Never>]) in
                guard state.queue.isEmpty else { return (false, []) }
                state.isDraining = false
                defer { state.idle = [] }
                return (true, state.idle)
            }
            for continuation in idle { continuation.resume() }
            if ends { return }
            await carryOut(LedgerBatch())
        }
    }

    /// What a batch takes next: all that is urgent, then ordinary work, of which less if there was something urgent.
    private func next(_ taken: Int, _ urgent: Int) -> (operation: PendingOperation, isUrgent: Bool)? {
        guard taken < LedgerBatch.limit else { return nil }
        return state.withLock { state in
            if let operation = state.queue.nextUrgent() { return (operation, true) }
            if urgent > 0, taken - urgent >= LedgerBatch.besideUrgent { return nil }
            return state.queue.nextOrdinary().map { ($0, false) }
        }
    }

    private func carryOut(_ batch: LedgerBatch) async {
        var attempt = 1
        while true {
            do {
                let head = try await knownHead()
                let now = clock()
                let result = try await database.write { connection in
                    try batch.perform(connection, head: head, now: now, next: self.next)
                }
                return succeed(result)
            } catch is LedgerBatch.Again {
                continue
            } catch RecordsError.conflict where attempt < Self.attempts {
                attempt += 1
                state.withLock { $0.head = nil }
            } catch RecordsError.outcomeUnknown {
                state.withLock { $0.head = nil }
                guard await wasRecorded(batch) else { return batch.fail(RecordsError.outcomeUnknown) }
                return
            } catch {
                return batch.fail(error)
            }
        }
    }

    /// Looks, on the writer's own connection, whether a batch took place of which nobody knows: its last entry is there,
    /// or something else is in its place.
    ///
    /// - Returns: whether its callers were answered.
    private func wasRecorded(_ batch: LedgerBatch) async -> Bool {
        guard let result = batch.lastResult, let last = result.entries.last else { return false }
        let there: LogEntry?
        do {
            there = try await database.write { connection in try Records(connection).entry(at: last.position) }
        } catch {
            return false
        }
        guard let found = there else {
            batch.fail(RecordsError.unavailable("not recorded"))
            return true
        }
        guard found == last else { return false }
        succeed(result)
        return true
    }

    private func succeed(_ result: LedgerBatch.Result) {
        let committed = ContinuousClock.now
        let observers = state.withLock { state in
            state.head = result.head
            state.lastInstant = max(state.lastInstant, result.head.instant)
            return state.observers
        }
        if !result.entries.isEmpty { for observer in observers { observer(result.entries) } }
        for completion in result.completions { completion(committed) }
        for (operation, error) in result.failures { operation.fail(error) }
    }

    /// The end of the chain; read on the writer's own connection if it is not sure.
    private func knownHead() async throws -> LogHead {
        if let head = state.withLock({ $0.head }) { return head }
        let node = node
        let head = try await database.write { connection in try Records(connection).head(of: node) }
        state.withLock { $0.head = head }
        return head
    }
}
