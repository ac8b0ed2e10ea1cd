import Glibc
import Synchronization

/// A card as the virtual reader sees it.
public protocol VPCDCard: AnyObject {
    var answerToReset: [UInt8] { get }
    func powerOn()
    func powerOff()
    func reset()
    /// Says what the reader meets after a command, whatever that is.
    func respond(to command: [UInt8]) -> VPCDReply
}

/// What a card does about a command.
public enum VPCDReply: Hashable, Sendable {
    /// Answers. What is shorter than a status, or longer than a frame, leaves the card as 6F00.
    case answer([UInt8])
    /// Sends bytes that are no answer, as they are: for a card that is meant to misbehave.
    case garbage([UInt8])
    /// Leaves the reader without an answer and stays out until ``VPCDClient/putBack()``.
    case tornOut
    /// Does so after a time in milliseconds; ``VPCDClient/stop()`` does not wait for it.
    indirect case late(milliseconds: Int32, VPCDReply)
}

/// What happens between a card and its reader, for a log.
public enum VPCDEvent: Hashable, Sendable {
    /// Nobody listens there (yet); it is tried again.
    case waiting(errno: Int32)
    case connected
    /// Connected for a second without a word: another card is in this slot.
    case silent
    case disconnected
    /// The card left by itself and is put in again only when told so.
    case tornOut
}

/// Puts a card into a slot of the virtual reader and keeps it there until ``stop()``.
///
/// The driver listens, the card connects. When the reader goes away, the card is powered off and put in again as soon as
/// the reader is back. A socket is one card in one slot; run several clients for several.
///
/// Debian 12's driver sends length and body apart and waits for an acknowledgement in between, which Linux delays by
/// 40 ms; so whatever is received and not answered is acknowledged at once (vsmartcard commit 76e2679 mends the driver).
public final class VPCDClient: Sendable {
    private let host: String
    private let port: UInt16
    private let state = Mutex(State())
    /// Written to once to wake a client that waits.
    private let wake: (read: Int32, write: Int32)
    /// Written to once for every time the card is put back.
    private let back: (read: Int32, write: Int32)

    private struct State {
        var socket: Int32 = -1
        var isStopping = false
        var isOut = false
    }

    /// Fails with the number of the system's error when no pipe can be made.
    public init(host: String, port: UInt16) throws(VPCDFault) {
        self.host = host
        self.port = port
        wake = try Self.pipe()
        do throws(VPCDFault) {
            back = try Self.pipe()
        } catch {
            close(wake.read)
            close(wake.write)
            throw error
        }
    }

    deinit {
        for end in [wake.read, wake.write, back.read, back.write] { close(end) }
    }

    private static func pipe() throws(VPCDFault) -> (read: Int32, write: Int32) {
        var ends: [Int32] = [0, 0]
        guard unsafe Glibc.pipe(&ends) == 0 else { throw VPCDFault(call: "pipe", errno: errno) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }

    /// Takes the card out: an answer on its way is still sent, then ``run(_:report:)`` returns.
    ///
    /// May be called from any thread, more than once.
    public func stop() {
        state.withLock { state in
            state.isStopping = true
            if state.socket >= 0 { shutdown(state.socket, Int32(SHUT_RD)) }
        }
        var byte: UInt8 = 1
        _ = unsafe write(wake.write, &byte, 1)
    }

    /// Whether the card left by itself and has not been put back.
    public var isOut: Bool { state.withLock { $0.isOut } }

    /// Lets a card that left by itself go to its reader again; whether it was out.
    ///
    /// May be called from any thread.
    @discardableResult
    public func putBack() -> Bool {
        let wasOut = state.withLock { state in
            defer { state.isOut = false }
            return state.isOut
        }
        guard wasOut else { return false }
        var byte: UInt8 = 1
        _ = unsafe write(back.write, &byte, 1)
        return true
    }

    /// Serves the card on this thread until ``stop()``.
    public func run(_ card: any VPCDCard, report: (VPCDEvent) -> Void) {
        var pause: Int32 = 50
        while !isStopping {
            let socket = connectToReader()
            if socket >= 0 {
                report(.connected)
                pause = 50
                let isTornOut = serve(card, socket, report)
                card.powerOff()
                release(socket, isTornOut: isTornOut)
                if isTornOut {
                    report(.tornOut)
                    waitUntilPutBack()
                    continue
                }
                if !isStopping { report(.disconnected) }
            } else {
                report(.waiting(errno: -socket))
                pause = min(pause * 2, 500)
            }
            if !isStopping { wait(milliseconds: pause) }
        }
    }

    private var isStopping: Bool { state.withLock { $0.isStopping } }

    // MARK: - Connecting

    /// A connected socket, or the system's error negated.
    private func connectToReader() -> Int32 {
        var hints = unsafe addrinfo()
        unsafe hints.ai_family = AF_UNSPEC
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard unsafe getaddrinfo(host, String(port), &hints, &list) == 0 else { return -EHOSTUNREACH }
        defer { unsafe freeaddrinfo(list) }
        var failure = ECONNREFUSED
        var candidate = unsafe list
        while let info = unsafe candidate {
            let socket = unsafe Glibc.socket(
                info.pointee.ai_family,
                info.pointee.ai_socktype | Int32(SOCK_CLOEXEC.rawValue),
                info.pointee.ai_protocol
            )
            if socket >= 0 {
                failure = unsafe connect(socket, to: info.pointee)
                if failure == 0 {
                    if adopt(socket) { return socket }
                    failure = ECANCELED
                }
                close(socket)
            }
            unsafe candidate = info.pointee.ai_next
        }
        return -failure
    }

    /// Connects without blocking, so that ``stop()`` ends it; 0, or the system's error.
    @unsafe private func connect(_ socket: Int32, to address: addrinfo) -> Int32 {
        let flags = fcntl(socket, F_GETFL)
        _ = fcntl(socket, F_SETFL, flags | O_NONBLOCK)
        defer { _ = fcntl(socket, F_SETFL, flags) }
        if unsafe Glibc.connect(socket, address.ai_addr, address.ai_addrlen) == 0 { return 0 }
        guard errno == EINPROGRESS else { return errno }
        var descriptors = [
            pollfd(fd: socket, events: Int16(POLLOUT), revents: 0),
            pollfd(fd: wake.read, events: Int16(POLLIN), revents: 0),
        ]
        while unsafe poll(&descriptors, 2, -1) < 0, errno == EINTR {}
        if descriptors[1].revents != 0 { return ECANCELED }
        var failure: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        return unsafe getsockopt(socket, SOL_SOCKET, SO_ERROR, &failure, &length) == 0 ? failure : errno
    }

    /// Makes the socket the one that ``stop()`` shuts; false when stopping has begun.
    private func adopt(_ socket: Int32) -> Bool {
        var on: Int32 = 1
        _ = unsafe setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        return state.withLock { state in
            guard !state.isStopping else { return false }
            state.socket = socket
            return true
        }
    }

    /// The card counts as out before the reader can know.
    private func release(_ socket: Int32, isTornOut: Bool) {
        state.withLock { state in
            state.socket = -1
            state.isOut = isTornOut
        }
        if isTornOut { breakOff(socket) }
        close(socket)
    }

    /// Lets closing the socket reset the connection in the middle of an answer.
    ///
    /// That is what the driver (vsmartcard 3.3) reports as a card that did not answer. A connection that ends before the
    /// answer, however it does, it reports as an empty answer, as no reader would.
    private func breakOff(_ socket: Int32) {
        _ = send([0x00, 0x02], to: socket)
        var reset = linger(l_onoff: 1, l_linger: 0)
        _ = unsafe setsockopt(socket, SOL_SOCKET, SO_LINGER, &reset, socklen_t(MemoryLayout<linger>.size))
    }

    private func waitUntilPutBack() {
        var descriptors = [
            pollfd(fd: back.read, events: Int16(POLLIN), revents: 0),
            pollfd(fd: wake.read, events: Int16(POLLIN), revents: 0),
        ]
        while unsafe poll(&descriptors, 2, -1) < 0, errno == EINTR {}
        var byte: UInt8 = 0
        if descriptors[0].revents != 0 { _ = unsafe read(back.read, &byte, 1) }
    }

    private func wait(milliseconds: Int32) {
        var descriptor = pollfd(fd: wake.read, events: Int16(POLLIN), revents: 0)
        _ = unsafe poll(&descriptor, 1, milliseconds)
    }

    // MARK: - Serving

    /// Serves until one side leaves; whether it was the card.
    private func serve(_ card: any VPCDCard, _ socket: Int32, _ report: (VPCDEvent) -> Void) -> Bool {
        var decoder = VPCDDecoder()
        var buffer = [UInt8](repeating: 0, count: 65_537)
        if hasNothingToSay(socket) { report(.silent) }
        while true {
            let count = receive(socket, into: &buffer)
            guard count > 0 else { return false }
            decoder.append(buffer[..<count])
            var hasAnswered = false
            while let message = decoder.next() {
                guard let reply = reply(to: message, card) else { continue }
                guard let answer = bytes(of: reply) else { return true }
                guard send(VPCDDecoder.frame(answer), to: socket) else { return false }
                hasAnswered = true
            }
            if !hasAnswered { acknowledge(socket) }
        }
    }

    private func reply(to message: VPCDMessage, _ card: any VPCDCard) -> VPCDReply? {
        switch message {
        case .powerOff: card.powerOff()
        case .powerOn: card.powerOn()
        case .reset: card.reset()
        case .answerToReset: return .answer(card.answerToReset)
        case .command(let command): return card.respond(to: command)
        }
        return nil
    }

    /// What is sent, when its time has come; `nil` when the card leaves instead.
    private func bytes(of reply: VPCDReply) -> [UInt8]? {
        switch reply {
        // A shorter answer, or a longer one than a frame can hold, would hang the reader for good.
        case .answer(let answer): return (2...65_535).contains(answer.count) ? answer : [0x6F, 0x00]
        case .garbage(let bytes): return (1...65_535).contains(bytes.count) ? bytes : [0x6F, 0x00]
        case .tornOut: return nil
        case .late(let milliseconds, let reply):
            wait(milliseconds: max(0, milliseconds))
            return bytes(of: reply)
        }
    }

    private func hasNothingToSay(_ socket: Int32) -> Bool {
        var descriptor = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
        return unsafe poll(&descriptor, 1, 1000) == 0
    }

    /// Acknowledges what was received, which an answer would do besides.
    ///
    /// An even value does so once and leaves the connection one of question and answer, whose acknowledgements go with the
    /// answers (Linux, `__tcp_sock_set_quickack`); any value but zero is right, and costs an acknowledgement more.
    private func acknowledge(_ socket: Int32) {
        var once: Int32 = 2
        _ = unsafe setsockopt(socket, Int32(IPPROTO_TCP), TCP_QUICKACK, &once, socklen_t(MemoryLayout<Int32>.size))
    }

    private func receive(_ socket: Int32, into buffer: inout [UInt8]) -> Int {
        while true {
            let count = unsafe recv(socket, &buffer, buffer.count, 0)
            if count < 0, errno == EINTR { continue }
            return count
        }
    }

    private func send(_ frame: [UInt8], to socket: Int32) -> Bool {
        var done = 0
        while done < frame.count {
            let count = unsafe frame.withUnsafeBytes { bytes in
                unsafe Glibc.send(
                    socket,
                    bytes.baseAddress?.advanced(by: done),
                    bytes.count - done,
                    Int32(MSG_NOSIGNAL)
                )
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            done += count
        }
        return true
    }
}

/// A system call failed.
public struct VPCDFault: Error, Hashable, Sendable {
    public let call: String
    public let errno: Int32
}
