import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix

// What an HTTP answer costs at least on this library: a constant body of the size of an OCSP answer, on the same
// pipeline. Prints its port, and serves until it is killed.

final class Constant: ChannelInboundHandler, Sendable {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart
    private let body: ByteBuffer

    init(_ size: Int) { body = ByteBuffer(repeating: 0x30, count: size) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .end = unwrapInboundIn(data) else { return }
        var headers = HTTPHeaders()
        headers.add(name: "content-type", value: "application/ocsp-response")
        headers.add(name: "content-length", value: "\(body.readableBytes)")
        let head = HTTPResponseHead(version: .http1_1, status: .ok, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }
}

let size = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 1800
let group = MultiThreadedEventLoopGroup(numberOfThreads: System.coreCount)
let channel = try await ServerBootstrap(group: group)
    .serverChannelOption(.backlog, value: 1024)
    .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
    .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
            let pipeline = channel.pipeline.syncOperations
            try pipeline.configureHTTPServerPipeline(withPipeliningAssistance: false, withErrorHandling: false)
            try pipeline.addHandler(Constant(size))
        }
    }
    .bind(host: "127.0.0.1", port: 0).get()
print(channel.localAddress?.port ?? 0)
fflush(nil)
try await channel.closeFuture.get()
