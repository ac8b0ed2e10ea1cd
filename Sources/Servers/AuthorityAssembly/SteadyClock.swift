import Revocation
import Synchronization

/// The time of records: the time of day, as long as nobody sets it by more than a little.
///
/// A hold is recorded whatever the clock says. If it was recorded under a clock that somebody set a day ahead, nothing
/// could be signed for that day once the clock is right again, since times in the log never fall. So while the time of
/// day and the time since the machine started have come apart, records take the time that the latter gives.
final class SteadyClock: Sendable {
    /// Milliseconds.
    private static let tolerance = ClockGuard.tolerance * 1000

    private let clock = SystemClock()
    /// The time of day, less the time since the machine started, in milliseconds.
    private let difference: Mutex<Int64>

    init() { difference = Mutex(clock.milliseconds - clock.sinceBoot) }

    /// Milliseconds since 1970 UTC.
    var milliseconds: Int64 {
        let now = clock.milliseconds
        let expected = clock.sinceBoot + difference.withLock { $0 }
        return abs(now - expected) <= Self.tolerance ? now : expected
    }

    /// Takes the last record's time for that of the start: nothing is recorded in the future of a clock that may be ahead.
    func doubt(since lastRecord: Int64) { difference.withLock { $0 = lastRecord - clock.sinceBoot } }

    /// Takes the time of day as it is now for right, for as long as `body` does not throw.
    ///
    /// `body` is told the time by the clock as it was believed before, and as it is believed now; while it runs, records
    /// take the latter.
    func trust(_ body: (_ before: Int64, _ after: Int64) async throws -> Void) async throws {
        let sinceBoot = clock.sinceBoot
        let after = clock.milliseconds
        let old = difference.withLock { difference in
            defer { difference = after - sinceBoot }
            return difference
        }
        do {
            try await body(old + sinceBoot, after)
        } catch {
            difference.withLock { $0 = old }
            throw error
        }
    }
}
