/// How long a status node may answer from what it knows, without asking again.
///
/// Counted on the clock that runs on while the machine is suspended (CLOCK_BOOTTIME), from before the node began to
/// read: what was committed before the lease began is known to the node. So when a writer has waited for the length of a
/// lease after a commit, no lease is left under which a node could answer without knowing of it.
public struct StatusLease: Hashable, Sendable {
    public static let length: Duration = .seconds(1)
    /// What two machines' clocks may differ by in the length of a lease, and more.
    public static let margin: Duration = .milliseconds(100)

    /// Taken before the node began to read.
    public let began: ContinuousClock.Instant

    public init(began: ContinuousClock.Instant) { self.began = began }

    /// Whether the node may answer; to be asked after an answer was signed, before it is sent.
    public func isGood(at now: ContinuousClock.Instant) -> Bool {
        now >= began && now < began.advanced(by: Self.length)
    }

    /// When no lease is left that began before an instant.
    public static func end(ofAllBegunBefore instant: ContinuousClock.Instant) -> ContinuousClock.Instant {
        instant.advanced(by: length + margin)
    }
}
