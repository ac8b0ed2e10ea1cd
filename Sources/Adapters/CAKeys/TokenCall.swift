internal import AuthorityCryptography
import Threads

/// A call into a module on a thread of its own, whose caller may give it up.
///
/// PKCS #11 knows no time limit: a call into a token whose machine stands still comes back when that goes on, or never.
final class TokenCall<Result>: Sendable {
    private struct State {
        var outcome: Swift.Result<Result, AuthorityKeyFailure>?
        var isGivenUp = false
    }

    private let state = Monitor(State())

    /// Starts the work; `late` is called when it ends after it was given up.
    func start(_ work: @escaping () -> Swift.Result<Result, AuthorityKeyFailure>, late: @escaping () -> Void) {
        OwnThread.start { [self] in
            let outcome = work()
            let isLate = state.access { state in
                state.outcome = outcome
                return state.isGivenUp
            }
            if isLate { late() }
        }
    }

    /// Waits for the outcome; `nil` when it has not come within the time.
    func wait(milliseconds: Int) -> Swift.Result<Result, AuthorityKeyFailure>? {
        state.wait(milliseconds: milliseconds) { $0.outcome }
    }

    /// Waits no longer; an outcome that came just now comes back.
    func giveUp() -> Swift.Result<Result, AuthorityKeyFailure>? {
        state.access { state in
            state.isGivenUp = state.outcome == nil
            return state.outcome
        }
    }
}
