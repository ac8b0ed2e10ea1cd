import CertificateProfiles
import FoundationEssentials
import NIOCore
import NIOHTTP1
import Revocation

/// One connection's requests, one after the other.
final class OCSPHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    /// The longest request that is read, in bytes.
    static let limit = 64 * 1024

    private let work: OCSPWork
    private var head: HTTPRequestHead?
    private var body: [UInt8] = []
    private var isTooLong = false
    /// The date header of the second in which it was last needed.
    private var date: (seconds: Int64, text: String) = (0, "")

    init(_ work: OCSPWork) { self.work = work }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            body.removeAll(keepingCapacity: true)
            isTooLong = false
        case .body(let part):
            if body.count + part.readableBytes > Self.limit { isTooLong = true } else { body += part.readableBytesView }
        case .end:
            guard let head else { return }
            self.head = nil
            answer(context, head)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // Whoever says nothing for a minute is hung up on.
        if event is IdleStateHandler.IdleStateEvent { context.close(promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }

    private func answer(_ context: ChannelHandlerContext, _ head: HTTPRequestHead) {
        guard let (authority, rest) = Self.route(head.uri) else {
            return refuse(context, head, .notFound)
        }
        let request: [UInt8]
        switch head.method {
        case .POST:
            if isTooLong { return refuse(context, head, .payloadTooLarge) }
            guard rest.isEmpty || rest == "/" else { return refuse(context, head, .notFound) }
            request = body
        case .GET, .HEAD:
            guard let decoded = Self.decoded(rest) else { return refuse(context, head, .badRequest) }
            request = decoded
        default:
            return refuse(context, head, .methodNotAllowed)
        }
        if let reply = work.responder.answerAtOnce(request, for: authority) { return send(context, head, reply) }
        guard let signed = work.sign(request, for: authority, on: context.eventLoop) else {
            return send(context, head, .refusal(.tryLater), wasShed: true)
        }
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        signed.whenComplete { result in
            let (handler, context) = bound.value
            handler.send(context, head, (try? result.get()) ?? .refusal(.tryLater))
        }
    }

    // MARK: - Requests

    /// `/sign` and `/auth`, with what follows.
    private static func route(_ uri: String) -> (CertificateAuthority, Substring)? {
        let path = uri.utf8.firstIndex(of: UInt8(ascii: "?")).map { uri[..<$0] } ?? uri[...]
        for authority in CertificateAuthority.allCases {
            let prefix = "/ocsp/" + authority.rawValue
            guard path.hasPrefix(prefix) else { continue }
            let rest = path.dropFirst(prefix.count)
            if rest.isEmpty || rest.hasPrefix("/") { return (authority, rest) }
        }
        return nil
    }

    /// Base64 in the path, its characters escaped or not (RFC 6960, A.1).
    private static func decoded(_ rest: Substring) -> [UInt8]? {
        let text = String(rest.dropFirst())
        guard !text.isEmpty, text.utf8.count <= limit, let plain = unescaped(text),
            let data = Data(base64Encoded: plain)
        else { return nil }
        return Array(data)
    }

    /// Text with `%2B` and the like turned into what they stand for (RFC 3986, 2.1); `nil` for a broken escape.
    private static func unescaped(_ text: String) -> String? {
        guard text.utf8.contains(UInt8(ascii: "%")) else { return text }
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard rest.count >= 2, let value = UInt8(String(rest.prefix(2)) ?? "", radix: 16) else { return nil }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    // MARK: - Responses

    private func send(
        _ context: ChannelHandlerContext,
        _ head: HTTPRequestHead,
        _ reply: OCSPReply,
        wasShed: Bool = false
    ) {
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

    /// The end of the signature: different for every answer that was ever signed.
    private static func tag(_ bytes: [UInt8]) -> String {
        // The signer's certificate follows the signature, so the tail says nothing; hash what was signed instead.
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in bytes.prefix(512) { hash = (hash ^ UInt64(byte)) &* 0x0100_0000_01B3 }
        return String(hash, radix: 16)
    }

    private func refuse(_ context: ChannelHandlerContext, _ head: HTTPRequestHead, _ status: HTTPResponseStatus) {
        var headers = HTTPHeaders()
        if status == .methodNotAllowed { headers.add(name: "allow", value: "GET, HEAD, POST") }
        headers.add(name: "cache-control", value: "no-store")
        write(context, head, status, headers, [])
    }

    /// Every answer of a server with a clock has its date (RFC 9110, 6.6.1); caches reckon its age from it.
    private func dateNow() -> String {
        let seconds = work.responder.seconds
        if date.seconds != seconds { date = (seconds, HTTPDate.text(seconds)) }
        return date.text
    }

    private func write(
        _ context: ChannelHandlerContext,
        _ head: HTTPRequestHead,
        _ status: HTTPResponseStatus,
        _ headers: HTTPHeaders,
        _ bytes: [UInt8]
    ) {
        var headers = headers
        headers.add(name: "date", value: dateNow())
        if status != .notModified { headers.add(name: "content-length", value: "\(bytes.count)") }
        let keepsAlive = head.isKeepAlive && !isTooLong
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
