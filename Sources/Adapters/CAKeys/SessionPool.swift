import Threads

/// A session and the key's handle in it.
struct PooledSession {
    let session: TokenSession
    let key: UInt
}

/// The sessions of one key: idle ones, and how many are open.
///
/// All belong to one epoch of the module; those of an earlier one are gone with it.
final class SessionPool: Sendable {
    private struct State {
        var epoch = 0
        var idle: [PooledSession] = []
        var open = 0
        var limit: Int
    }

    enum Turn {
        case session(PooledSession)
        /// The caller opens one, and counts as having it.
        case mayOpen
    }

    private let greatest: Int
    private let state: Monitor<State>

    init(limit: Int) {
        greatest = limit
        state = Monitor(State(limit: limit))
    }

    /// Waits for a session; `nil` when none came free in time.
    func take(epoch: Int) -> Turn? {
        state.wait(milliseconds: TokenModule.patience) { [greatest] state -> Turn? in
            if state.epoch != epoch { state = State(epoch: epoch, limit: greatest) }
            if let pooled = state.idle.popLast() { return .session(pooled) }
            guard state.open < state.limit else { return nil }
            state.open += 1
            return .mayOpen
        }
    }

    func adopt(_ pooled: PooledSession, epoch: Int) {
        state.access { [greatest] state in
            state = State(epoch: epoch, idle: [pooled], open: 1, limit: greatest)
        }
    }

    func give(back pooled: PooledSession, epoch: Int) {
        state.access { state in
            if state.epoch == epoch { state.idle.append(pooled) }
        }
    }

    /// A session that was taken is no more, or could not be opened.
    func drop(epoch: Int) {
        state.access { state in
            if state.epoch == epoch { state.open -= 1 }
        }
    }

    /// The token has no further session: makes do with those there are, if there are any.
    func lowerLimit(epoch: Int) -> Bool {
        state.access { state in
            guard state.epoch == epoch, state.open > 1 else { return false }
            state.open -= 1
            state.limit = state.open
            return true
        }
    }

    /// Takes all that are idle away, for closing.
    func empty() -> (epoch: Int, [PooledSession]) {
        state.access { state in
            defer { state.idle = [] }
            return (state.epoch, state.idle)
        }
    }
}
