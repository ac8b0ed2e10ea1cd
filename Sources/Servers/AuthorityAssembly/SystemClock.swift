import Glibc
public import Revocation

/// This machine's clocks.
public struct SystemClock: StatusClock {
    public init() {}

    public var seconds: Int64 { Self.read(CLOCK_REALTIME).seconds }
    public var sinceBoot: Int64 { Self.read(CLOCK_BOOTTIME).milliseconds }
    /// Milliseconds since 1970 UTC.
    public var milliseconds: Int64 { Self.read(CLOCK_REALTIME).milliseconds }

    private static func read(_ clock: clockid_t) -> (seconds: Int64, milliseconds: Int64) {
        var time = timespec()
        _ = unsafe clock_gettime(clock, &time)
        return (Int64(time.tv_sec), Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }
}
