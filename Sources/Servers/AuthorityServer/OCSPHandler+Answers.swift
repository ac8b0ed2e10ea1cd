import NIOCore
import NIOHTTP1
import Revocation

extension OCSPHandler {
    func send(
        _ context: ChannelHandlerContext,
        _ head: HTTPRequestHead,
        _ reply: OCSPReply,
        _ charge: Charge?,
        wasShed: Bool = false
    ) {
        if head.method != .HEAD, let charge { count(reply, charge) }
        work.counters.answered(reply, wasShed: wasShed)
        var headers = HTTPHeaders()
        headers.reserveCapacity(8)
        headers.add(name: "content-type", value: "application/ocsp-response")
        switch reply {
        case .answer(let bytes, let thisUpdate, let nextUpdate, true):
            let tag = "\"" + Self.tag(bytes) + "\""
            headers.add(name: "last-modified", value: HTTPDate.text(thisUpdate))
            headers.add(name: "expires", value: HTTPDate.text(nextUpdate))
            headers.add(name: "etag", value: tag)
            let age = max(0, nextUpdate - work.responder.seconds)
            headers.add(name: "cache-control", value: "max-age=\(age), public, no-transform, must-revalidate")
            if head.method != .POST, head.headers.first(name: "if-none-match") == tag {
                return write(context, head, .notModified, headers, [])
            }
            write(context, head, .ok, headers, bytes)
        case .answer, .refusal:
            headers.add(name: "cache-control", value: "no-store")
            write(context, head, .ok, headers, reply.bytes)
        }
    }

    /// What a verifier is charged for: each certificate that it was told about, also when it had the answer already.
    private func count(_ reply: OCSPReply, _ charge: Charge) {
        guard case .answer(_, _, _, let isAboutOne) = reply else { return }
        let certificates = isAboutOne ? 1 : OCSPResponder.certificates(askedIn: charge.request)
        work.meter.count(charge.asker, .ocsp, charge.authority, certificates: certificates)
    }

    /// The end of the signature: different for every answer that was ever signed.
    private static func tag(_ bytes: [UInt8]) -> String {
        // The signer's certificate follows the signature, so the tail says nothing; hash what was signed instead.
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in bytes.prefix(512) { hash = (hash ^ UInt64(byte)) &* 0x0100_0000_01B3 }
        return String(hash, radix: 16)
    }

    func refuse(
        _ context: ChannelHandlerContext,
        _ head: HTTPRequestHead,
        _ status: HTTPResponseStatus,
        hangingUp: Bool = false
    ) {
        var headers = HTTPHeaders()
        if status == .methodNotAllowed { headers.add(name: "allow", value: "GET, HEAD, POST") }
        headers.add(name: "cache-control", value: "no-store")
        write(context, head, status, headers, [], hangingUp: hangingUp)
    }

    private func write(
        _ context: ChannelHandlerContext,
        _ head: HTTPRequestHead,
        _ status: HTTPResponseStatus,
        _ headers: HTTPHeaders,
        _ bytes: [UInt8],
        hangingUp: Bool = false
    ) {
        var headers = headers
        headers.add(name: "date", value: dateNow())
        if status != .notModified { headers.add(name: "content-length", value: "\(bytes.count)") }
        let keepsAlive = head.isKeepAlive && !hangingUp
        if !keepsAlive { headers.add(name: "connection", value: "close") }
        let response = HTTPResponseHead(version: head.version, status: status, headers: headers)
        context.write(wrapOutboundOut(.head(response)), promise: nil)
        if head.method != .HEAD, !bytes.isEmpty {
            let buffer = context.channel.allocator.buffer(bytes: bytes)
            context.write(wrapOutboundOut(.body(.byteBuffer(buffer))), promise: nil)
        }
        let done: EventLoopPromise<Void>? = keepsAlive ? nil : context.eventLoop.makePromise()
        if let done {
            let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
            done.futureResult.whenComplete { _ in bound.value.close(promise: nil) }
        }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: done)
    }
}
