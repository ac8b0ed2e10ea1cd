import AuthorityService
import NIOCore
import NIOPosix
import PKIX
import TimeStamping

/// Where time stamps are signed: threads of their own, fewer than the processor has, so that a rush of requests keeps
/// neither answers about certificates nor orders waiting.
final class TimeStampDesk: Sendable {
    private let service: AuthorityService
    private let counters: ServerCounters
    private let signers: NIOThreadPool

    /// As many time stamps are waited for, whatever the number of threads: fewer than there may be connections.
    static let waiting = 64

    init(_ service: AuthorityService, _ counters: ServerCounters, threads: Int = max(1, System.coreCount / 2)) {
        self.service = service
        self.counters = counters
        signers = NIOThreadPool(numberOfThreads: threads)
        signers.start()
    }

    /// Has a request answered by a thread that may wait; `nil` when too many wait already.
    func answer(_ request: [UInt8]) async -> TimeStampReply? {
        guard counters.beginStamping(limit: Self.waiting) else { return nil }
        defer { counters.endStamping() }
        // It fails only where the threads have ended, with the server.
        let reply =
            (try? await signers.runIfActive { [service] in service.timeStamp(request) }) ?? .refused(.systemFailure)
        counters.stamped(reply)
        return reply
    }

    func stop() async { try? await signers.shutdownGracefully() }
}
