import Glibc
import NIOCore
import Synchronization

/// How many connections are open at a time, at most.
final class ConnectionLimit: Sendable {
    private let limit: Int
    private let open = Atomic(0)

    init(_ limit: Int) { self.limit = limit }

    /// Counts a new connection until it ends; whether there is room for it.
    func take(_ channel: any Channel) -> Bool {
        guard open.add(1, ordering: .relaxed).newValue <= limit else {
            open.subtract(1, ordering: .relaxed)
            return false
        }
        channel.closeFuture.whenComplete { [self] _ in open.subtract(1, ordering: .relaxed) }
        return true
    }
}

/// The file descriptors that this process may have.
enum Descriptors {
    /// Raises the limit to the most that the system allows, and gives it.
    static func limit() -> Int {
        var limit = rlimit()
        let files = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard unsafe getrlimit(files, &limit) == 0 else { return 1024 }
        if limit.rlim_cur < limit.rlim_max {
            let raised = rlimit(rlim_cur: limit.rlim_max, rlim_max: limit.rlim_max)
            var wanted = raised
            if unsafe setrlimit(files, &wanted) == 0 { limit = raised }
        }
        return Int(min(limit.rlim_cur, 1 << 20))
    }
}
