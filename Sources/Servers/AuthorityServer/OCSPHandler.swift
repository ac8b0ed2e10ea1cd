import CertificateProfiles
import NIOCore
import NIOHTTP1
import Revocation

/// One connection's requests, one after the other: answers leave in the order in which questions came.
final class OCSPHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// The longest request that is read, in bytes.
    static let limit = 64 * 1024

    /// A request that was read as far as is needed to answer it.
    private struct Question {
        let head: HTTPRequestHead
        var body: [UInt8] = []
        /// Why it is not read any further; the connection ends with its answer.
        var flaw: HTTPResponseStatus?
    }

    let work: OCSPWork
    private let door: Door
    private var head: HTTPRequestHead?
    private var body: [UInt8] = []
    /// Whether an answer is being signed on another thread.
    private var isSigning = false
    /// What came while an answer was being signed.
    private var waiting: [Question] = []
    /// Whether the loop would like to read, and may as soon as nothing waits.
    private var wantsToRead = false
    /// Whether nothing more is read, since the connection ends with what is being answered or waits.
    private var isEnding = false
    /// The date of the second in which it was last needed.
    private var date: (seconds: Int64, text: [UInt8]) = (0, [])
    /// What comes before and after the entity tag of the answer that was given last; many answers have the same.
    private var lines = OCSPCachingLines(thisUpdate: 0, nextUpdate: 0, now: 0)
    /// How often nothing had come between two looks; so many looks, 60 s to 75 s, and whoever says nothing is hung up on.
    private var quietLooks = 0
    private var idleWatch: RepeatedTask?
    private static let look = TimeAmount.seconds(15)
    private static let looks = 4

    init(_ work: OCSPWork, _ door: Door) {
        self.work = work
        self.door = door
    }

    /// To whom an answer is counted, and for what.
    struct Charge {
        let asker: Asker
        let authority: CertificateAuthority
        let request: [UInt8]
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isEnding else { return }
        quietLooks = 0
        switch unwrapInboundIn(data) {
        case .head(let head):
            if let length = head.headers.first(name: "content-length").flatMap({ Int($0) }), length > Self.limit {
                return end(context, head, .payloadTooLarge)
            }
            self.head = head
            body.removeAll(keepingCapacity: true)
        case .body(let part):
            guard let head else { return }
            if body.count + part.readableBytes > Self.limit { return end(context, head, .payloadTooLarge) }
            body += part.readableBytesView
        case .end:
            guard let head else { return }
            self.head = nil
            take(context, Question(head: head, body: body))
        }
    }

    /// Nothing more is taken in while something waits: whoever asks without listening is not listened to.
    func read(context: ChannelHandlerContext) {
        if waiting.isEmpty { context.read() } else { wantsToRead = true }
    }

    func handlerAdded(context: ChannelHandlerContext) { watch(context) }

    func handlerRemoved(context: ChannelHandlerContext) { idleWatch?.cancel() }

    func channelInactive(context: ChannelHandlerContext) {
        idleWatch?.cancel()
        isEnding = true
        waiting.removeAll()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? HTTPParserError, !isEnding else { return context.close(promise: nil) }
        let head = self.head ?? HTTPRequestHead(version: .http1_1, method: .GET, uri: "/")
        end(context, head, error == .headerOverflow ? .requestHeaderFieldsTooLarge : .badRequest)
    }

    /// A look once in a while costs a question less than noting when each came.
    private func watch(_ context: ChannelHandlerContext) {
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        idleWatch = context.eventLoop.scheduleRepeatedTask(initialDelay: Self.look, delay: Self.look) { task in
            let (handler, context) = bound.value
            handler.quietLooks += 1
            guard handler.quietLooks > Self.looks else { return }
            task.cancel()
            context.close(promise: nil)
        }
    }

    /// Refuses what cannot be read, in its turn, and hangs up.
    private func end(_ context: ChannelHandlerContext, _ head: HTTPRequestHead, _ flaw: HTTPResponseStatus) {
        isEnding = true
        self.head = nil
        body = []
        take(context, Question(head: head, flaw: flaw))
    }

    private func take(_ context: ChannelHandlerContext, _ question: Question) {
        if isSigning { waiting.append(question) } else { answer(context, question) }
    }

    private func answer(_ context: ChannelHandlerContext, _ question: Question) {
        let head = question.head
        if let flaw = question.flaw { return refuse(context, head, flaw, hangingUp: true) }
        let asker: Asker?
        switch work.gate.admit(door, { head.headers[$0] }) {
        case .anybody: asker = nil
        case .verifier(let verifier): asker = verifier
        case .refused(.forbidden): return refuse(context, head, .forbidden)
        case .refused(.badRequest): return refuse(context, head, .badRequest)
        case .refused(.unavailable): return refuse(context, head, .serviceUnavailable)
        }
        guard let target = OCSPTarget(head.uri) else { return refuse(context, head, .notFound) }
        let authority = target.authority
        let request: [UInt8]
        switch head.method {
        case .POST:
            guard target.isBare else { return refuse(context, head, .notFound) }
            request = question.body
        case .GET, .HEAD:
            guard head.uri.utf8.count <= Self.limit, let decoded = target.request() else {
                return refuse(context, head, .badRequest)
            }
            request = decoded
        default:
            return refuse(context, head, .methodNotAllowed)
        }
        let charge = asker.map { Charge(asker: $0, authority: authority, request: request) }
        if let reply = work.responder.answerAtOnce(request, for: authority) {
            return send(context, head, reply, charge)
        }
        guard let signed = work.sign(request, for: authority, on: context.eventLoop) else {
            return send(context, head, .refusal(.tryLater), nil, wasShed: true)
        }
        isSigning = true
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        signed.whenComplete { result in
            let (handler, context) = bound.value
            handler.signed(context, head, (try? result.get()) ?? .refusal(.tryLater), charge)
        }
    }

    private func signed(
        _ context: ChannelHandlerContext,
        _ head: HTTPRequestHead,
        _ reply: OCSPReply,
        _ charge: Charge?
    ) {
        isSigning = false
        guard context.channel.isActive else { return }
        send(context, head, reply, charge)
        while !isSigning, !waiting.isEmpty { answer(context, waiting.removeFirst()) }
        if waiting.isEmpty, wantsToRead {
            wantsToRead = false
            context.read()
        }
    }

    func lines(_ thisUpdate: Int64, _ nextUpdate: Int64, _ now: Int64) -> OCSPCachingLines {
        if !lines.isOf(thisUpdate, nextUpdate, now) {
            lines = OCSPCachingLines(thisUpdate: thisUpdate, nextUpdate: nextUpdate, now: now)
        }
        return lines
    }

    /// Every answer of a server with a clock has its date (RFC 9110, 6.6.1); caches reckon its age from it.
    func date(at seconds: Int64) -> [UInt8] {
        if date.seconds != seconds { date = (seconds, HTTPDate.bytes(seconds)) }
        return date.text
    }
}
