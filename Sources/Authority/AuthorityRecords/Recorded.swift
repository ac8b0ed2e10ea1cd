public import EventLog

/// What an operation gave, after it was durable.
public struct Recorded<Value: Sendable>: Sendable {
    public let value: Value
    /// The last entry the operation wrote, or the end of the chain before it if it wrote none.
    public let position: LogPosition
    /// Entries of this and other writers that have to be known everywhere before the outcome is.
    public let positions: [LogPosition]
    /// When COMMIT had come back, on the clock that counts through suspension of the machine.
    public let committed: ContinuousClock.Instant
}

/// Which operations go first.
public enum Urgency: Hashable, Sendable {
    /// Waits for its turn, and is refused if too much is waiting.
    case ordinary
    /// Goes before all that is ordinary and is never refused for load: suspensions and revocations.
    case urgent
}
