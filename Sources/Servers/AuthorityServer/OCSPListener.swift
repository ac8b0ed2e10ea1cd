import CertificateProfiles
import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix
import Revocation

/// Answers OCSP over HTTP (RFC 6960, appendix A; RFC 5019), straight on the event loops.
///
/// What is in memory is answered on the loop. What has to be signed goes to threads of its own, of which so many may
/// wait; beyond that the answer is `tryLater` at once, so that a rush never makes the rest slow.
final class OCSPListener: Sendable {
    private let group: MultiThreadedEventLoopGroup
    private let channels: [any Channel]
    private let signers: NIOThreadPool

    /// As many signatures wait for each thread that signs.
    static let waitingPerThread = 64
    /// File descriptors that connections leave to everything else: records, lists, orders.
    static let descriptorsKept = 320

    init(
        _ responder: OCSPResponder,
        host: String,
        port: Int,
        socket: String,
        gate: VerifierGate,
        meter: UsageMeter,
        counters: ServerCounters,
        threads: Int = System.coreCount
    ) async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: threads)
        let signers = NIOThreadPool(numberOfThreads: threads)
        signers.start()
        let work = OCSPWork(
            responder: responder,
            signers: signers,
            limit: threads * Self.waitingPerThread,
            counters: counters,
            gate: gate,
            meter: meter
        )
        let connections = ConnectionLimit(max(16, Descriptors.limit() - Self.descriptorsKept))
        let onPort = try await Self.bootstrap(group, work, connections, .port)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
            .bind(host: host, port: port).get()
        let onSocket = try await Self.bootstrap(group, work, connections, .socket)
            .bind(unixDomainSocketPath: socket, cleanupExistingSocketFile: true).get()
        try DoorSocket.admitGroup(socket)
        channels = [onPort, onSocket]
        self.group = group
        self.signers = signers
    }

    private static func bootstrap(
        _ group: MultiThreadedEventLoopGroup,
        _ work: OCSPWork,
        _ connections: ConnectionLimit,
        _ door: Door
    ) -> ServerBootstrap {
        ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1024)
            .childChannelOption(.maxMessagesPerRead, value: 16)
            .childChannelInitializer { channel in
                // One too many is hung up on at once: whoever waits for room would keep out those who come after.
                guard connections.take(channel) else { return channel.close() }
                return channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHandlers([
                        ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes)),
                        OCSPHandler(work, door),
                    ])
                }
            }
    }

    var port: Int { channels[0].localAddress?.port ?? 0 }

    func stop() async {
        for channel in channels { try? await channel.close() }
        try? await group.shutdownGracefully()
        try? await signers.shutdownGracefully()
    }
}

/// What all connections share.
final class OCSPWork: Sendable {
    let responder: OCSPResponder
    let counters: ServerCounters
    let gate: VerifierGate
    let meter: UsageMeter
    private let signers: NIOThreadPool
    private let limit: Int

    init(
        responder: OCSPResponder,
        signers: NIOThreadPool,
        limit: Int,
        counters: ServerCounters,
        gate: VerifierGate,
        meter: UsageMeter
    ) {
        self.responder = responder
        self.signers = signers
        self.limit = limit
        self.counters = counters
        self.gate = gate
        self.meter = meter
    }

    /// Has a request answered by a thread that may wait; `nil` when too many wait already.
    func sign(
        _ request: [UInt8],
        for authority: CertificateAuthority,
        on loop: any EventLoop
    ) -> EventLoopFuture<OCSPReply>? {
        guard counters.beginSigning(limit: limit) else { return nil }
        return signers.runIfActive(eventLoop: loop) { [responder, counters] in
            defer { counters.endSigning() }
            return responder.answer(request, for: authority)
        }
    }
}
