/// The two clocks that an answer depends on, handed in.
public protocol StatusClock: Sendable {
    /// Seconds since 1970 UTC: what relying parties see. Can be set, and so can jump.
    var seconds: Int64 { get }
    /// Milliseconds since the machine started, suspended time included (CLOCK_BOOTTIME): never goes back.
    var sinceBoot: Int64 { get }
}

/// Whether the clock that relying parties see may be believed.
///
/// It is held against the clock that cannot be set, and against the last record of the log.
public struct ClockGuard: Hashable, Sendable {
    /// By how many seconds the two clocks may come apart, and the clock may be behind the last record.
    public static let tolerance: Int64 = 2

    private var origin: (seconds: Int64, sinceBoot: Int64)
    /// Seconds since 1970 UTC of the last record.
    private var lastRecord: Int64 = 0
    /// Whether the clock was too far ahead when it was first looked at.
    private var isDoubted = false

    public init(_ clock: some StatusClock) {
        origin = (clock.seconds, clock.sinceBoot)
    }

    /// A record was written or read.
    public mutating func saw(recordAt milliseconds: Int64) { lastRecord = max(lastRecord, milliseconds / 1000) }

    /// Does not believe the clock, which nothing here can check, until an operator vouches for it.
    public mutating func doubt() { isDoubted = true }

    /// Takes the clock as it is now for right: an operator says that it was set on purpose.
    public mutating func trust(_ clock: some StatusClock) {
        origin = (clock.seconds, clock.sinceBoot)
        isDoubted = false
    }

    public func judge(_ clock: some StatusClock) -> ClockVerdict {
        let seconds = clock.seconds
        if seconds < lastRecord - Self.tolerance { return .behindLastRecord(by: lastRecord - seconds) }
        if isDoubted { return .aheadOfLastRecord(by: seconds - lastRecord) }
        let expected = origin.seconds + (clock.sinceBoot - origin.sinceBoot) / 1000
        let difference = seconds - expected
        return abs(difference) > Self.tolerance ? .jumped(by: difference) : .right
    }

    public static func == (left: Self, right: Self) -> Bool {
        left.origin == right.origin && left.lastRecord == right.lastRecord && left.isDoubted == right.isDoubted
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(origin.seconds)
        hasher.combine(origin.sinceBoot)
        hasher.combine(lastRecord)
        hasher.combine(isDoubted)
    }
}

/// Nothing is signed unless the clock is right.
public enum ClockVerdict: Hashable, Sendable {
    case right
    /// Seconds; signing now would put a certificate or list before what is recorded already.
    case behindLastRecord(by: Int64)
    /// Seconds, forwards or back, that the clock moved by itself.
    case jumped(by: Int64)
    /// Seconds; so much time has passed since the last record, or somebody set the clock meanwhile.
    case aheadOfLastRecord(by: Int64)
}
