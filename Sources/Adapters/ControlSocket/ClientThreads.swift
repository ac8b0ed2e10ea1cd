import Threads

/// Threads with one client each, of which there are only so many at a time.
final class ClientThreads: Sendable {
    private let limit: Int
    private let running = Monitor(0)

    init(limit: Int) { self.limit = limit }

    /// Runs `body` on a thread of its own, as soon as there is one to be had; here, if the system gives none.
    func begin(_ body: @escaping @Sendable () -> Void) {
        running.wait { [limit] running -> Void? in
            guard running < limit else { return nil }
            running += 1
            return ()
        }
        OwnThread.start { [running] in
            body()
            running.access { $0 -= 1 }
        }
    }

    /// Returns when all have ended.
    func wait() { running.wait { $0 == 0 ? () : nil } }
}
