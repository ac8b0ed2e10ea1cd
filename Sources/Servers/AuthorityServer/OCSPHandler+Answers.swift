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
        guard case .answer(let bytes, let thisUpdate, let nextUpdate, true) = reply else {
            return write(context, head, .ok, reply.bytes) { response in
                response.add("content-type: application/ocsp-response\r\ncache-control: no-store\r\n")
            }
        }
        let tag = Self.tag(bytes)
        let now = work.responder.seconds
        let isKnown =
            head.method != .POST
            && head.headers.first(name: "if-none-match").map { $0.utf8.elementsEqual(tag) } ?? false
        write(context, head, isKnown ? .notModified : .ok, isKnown ? [] : bytes, at: now) { response in
            let lines = lines(thisUpdate, nextUpdate, now)
            response.add(lines.before)
            response.add(tag)
            response.add(lines.after)
        }
    }

    /// What a verifier is charged for: each certificate that it was told about, also when it had the answer already.
    private func count(_ reply: OCSPReply, _ charge: Charge) {
        guard case .answer(_, _, _, let isAboutOne) = reply else { return }
        let certificates = isAboutOne ? 1 : OCSPResponder.certificates(askedIn: charge.request)
        work.meter.count(charge.asker, .ocsp, charge.authority, certificates: certificates)
    }

    /// An entity tag, different for every answer that was ever signed.
    ///
    /// The signer's certificate follows the signature, so the tail says nothing. What is hashed instead has who signed, about which
    /// certificate, what and when.
    private static func tag(_ bytes: [UInt8]) -> [UInt8] {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        unsafe bytes.withUnsafeBytes { bytes in
            for place in stride(from: 0, through: min(bytes.count, 256) - 8, by: 8) {
                hash = (hash ^ (unsafe bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self))) &* 0x0100_0000_01B3
                hash ^= hash >> 29
            }
        }
        var tag: [UInt8] = []
        tag.reserveCapacity(18)
        tag.append(UInt8(ascii: "\""))
        for shift in stride(from: 60, through: 0, by: -4) {
            let digit = UInt8(truncatingIfNeeded: hash >> UInt64(shift)) & 15
            tag.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
        }
        tag.append(UInt8(ascii: "\""))
        return tag
    }

    func refuse(
        _ context: ChannelHandlerContext,
        _ head: HTTPRequestHead,
        _ status: HTTPResponseStatus,
        hangingUp: Bool = false
    ) {
        write(context, head, status, [], hangingUp: hangingUp) { response in
            if status == .methodNotAllowed { response.add("allow: GET, HEAD, POST\r\n") }
            response.add("cache-control: no-store\r\n")
        }
    }

    private func write(
        _ context: ChannelHandlerContext,
        _ head: HTTPRequestHead,
        _ status: HTTPResponseStatus,
        _ bytes: [UInt8],
        hangingUp: Bool = false,
        at seconds: Int64? = nil,
        _ headers: (inout OCSPHead) -> Void
    ) {
        var response = OCSPHead(head, status, room: bytes.count, context.channel.allocator)
        headers(&response)
        response.add("date: ")
        response.add(date(at: seconds ?? work.responder.seconds))
        response.endLine()
        if status != .notModified {
            response.add("content-length: ")
            response.add(decimal: bytes.count)
            response.endLine()
        }
        let keepsAlive = head.isKeepAlive && !hangingUp
        if !keepsAlive {
            response.add("connection: close\r\n")
        } else if head.version == .http1_0 {
            response.add("connection: keep-alive\r\n")
        }
        let done: EventLoopPromise<Void>? = keepsAlive ? nil : context.eventLoop.makePromise()
        if let done {
            let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
            done.futureResult.whenComplete { _ in bound.value.close(promise: nil) }
        }
        context.writeAndFlush(wrapOutboundOut(response.whole(head.method == .HEAD ? [] : bytes)), promise: done)
    }
}
