/// Operations that wait for a batch, urgent ones first.
struct LedgerQueue: Sendable {
    private var urgent: [PendingOperation] = []
    private var ordinary: [PendingOperation] = []
    private var urgentStart = 0
    private var ordinaryStart = 0

    var isEmpty: Bool { urgentStart == urgent.count && ordinaryStart == ordinary.count }
    var urgentCount: Int { urgent.count - urgentStart }
    var ordinaryCount: Int { ordinary.count - ordinaryStart }

    mutating func append(_ operation: PendingOperation, _ urgency: Urgency) {
        switch urgency {
        case .urgent: urgent.append(operation)
        case .ordinary: ordinary.append(operation)
        }
    }

    mutating func nextUrgent() -> PendingOperation? { Self.next(&urgent, &urgentStart) }
    mutating func nextOrdinary() -> PendingOperation? { Self.next(&ordinary, &ordinaryStart) }

    private static func next(_ waiting: inout [PendingOperation], _ start: inout Int) -> PendingOperation? {
        guard start < waiting.count else { return nil }
        let operation = waiting[start]
        start += 1
        if start == waiting.count {
            waiting.removeAll(keepingCapacity: true)
            start = 0
        } else if start > 4_096 {
            waiting.removeFirst(start)
            start = 0
        }
        return operation
    }
}

/// One operation with the caller that waits for it.
struct PendingOperation: Sendable {
    /// Resumes the caller with what the operation gave.
    typealias Completion = @Sendable (ContinuousClock.Instant) -> Void

    let actor: String
    let perform: @Sendable (inout LedgerTransaction) throws -> Completion
    let fail: @Sendable (any Error) -> Void
}
