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
        if starts {
            Task.detached(executorPreference: database.writingThread, priority: .high) { await self.drain() }
        }
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
                let (head, now) = (state.withLock { $0.head }, clock())
                let result = try await database.write { connection in
                    try Self.check(head, Records(connection))
                    return try batch.perform(connection, head: head, now: now, next: self.next)
                }
                return succeed(result)
            } catch is LedgerBatch.Again {
                continue
            } catch RecordsError.conflict where attempt < Self.attempts {
                attempt += 1
            } catch is Continued where attempt < Self.attempts {
                attempt += 1
                // If it fails, the next attempt tells why.
                try? await catchUp()
            } catch RecordsError.outcomeUnknown {
                if await !settled(batch) { batch.fail(RecordsError.outcomeUnknown) }
                return
            } catch {
                // Without a transaction the batch holds nothing yet.
                batch.fill(next)
                return batch.fail(error is Continued ? RecordsError.conflict : error)
            }
        }
    }

    /// The chain has entries of which this process does not know that they were recorded.
    private struct Continued: Error {}

    /// The chain has to end where it ended before: a database that was put back to an earlier state is not written to.
    private static func check(_ head: LogHead, _ records: Records) throws {
        let found = try records.head(of: head.writer)
        if found.sequence > head.sequence { throw Continued() }
        guard found == head else { throw RecordsError.corrupt("log \(head.writer) ends too early") }
    }

    /// Looks whether a batch took place of which nobody knows, and answers its callers if that can be told.
    ///
    /// The writer's connection is made anew only after the lost one has ended with all it had begun: then the batch's
    /// last entry is there, or it never will be.
    private func settled(_ batch: LedgerBatch) async -> Bool {
        guard let result = batch.lastResult, let last = result.entries.last else { return false }
        for attempt in 0..<Self.settlingAttempts {
            if attempt > 0 { try? await Task.sleep(for: .milliseconds(200)) }
            do {
                let found = try await database.write { connection in
                    try Records(connection).entry(at: last.position)
                }
                if found == last {
                    succeed(result)
                } else {
                    batch.fail(RecordsError.unavailable("not recorded"))
                }
                return true
            } catch RecordsError.unavailable {
                continue
            } catch {
                return false
            }
        }
        return false
    }

    private func succeed(_ result: LedgerBatch.Result) {
        let committed = ContinuousClock.now
        deliver(result.entries)
        for completion in result.completions { completion(committed) }
        for (operation, error) in result.failures { operation.fail(error) }
    }

    /// Hands entries that are durable to the observers, in order and without gaps.
    private func deliver(_ entries: [LogEntry]) {
        guard let last = entries.last else { return }
        let observers = state.withLock { state in
            state.head = LogHead(after: last)
            state.lastInstant = max(state.lastInstant, last.instant)
            return state.observers
        }
        for observer in observers { observer(entries) }
    }

    /// Hands the observers what was recorded without anybody knowing.
    private func catchUp() async throws {
        let head = state.withLock { $0.head }
        deliver(
            try await database.write { connection in
                try Records(connection).entries(after: head.position, limit: LedgerBatch.limit * 16)
            }
        )
    }
}
