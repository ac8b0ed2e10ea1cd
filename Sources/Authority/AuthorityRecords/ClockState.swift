/// How the clock stands to what was recorded last.
public struct ClockState: Hashable, Sendable {
    /// Milliseconds by which the clock is behind the latest entry; 0 if it is not.
    public let behind: Int64

    public init(now: Int64, lastInstant: Int64) { behind = max(0, lastInstant - now) }

    /// Whether times may be put into what is signed.
    ///
    /// More than a second behind, the clock has been set back, and what is signed would claim to be older than it is.
    public var isTrustworthy: Bool { behind <= 1_000 }
}
