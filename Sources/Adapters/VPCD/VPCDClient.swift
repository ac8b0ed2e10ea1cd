import Glibc
import Synchronization

/// A card as the virtual reader sees it.
public protocol VPCDCard: AnyObject {
    var answerToReset: [UInt8] { get }
    func powerOn()
    func powerOff()
    func reset()
    /// Answers a command with at least two bytes, whatever it is.
    func respond(to command: [UInt8]) -> [UInt8]
}

/// What happens between a card and its reader, for a log.
public enum VPCDEvent: Hashable, Sendable {
    /// Nobody listens there (yet); it is tried again.
    case waiting(errno: Int32)
    case connected
    /// Connected for a second without a word: another card is in this slot.
    case silent
    case disconnected
}

/// Puts a card into a slot of the virtual reader and keeps it there until ``stop()``.
///
/// The driver listens, the card connects. When the reader goes away, the card is powered off and put in again as soon as
/// the reader is back. A socket is one card in one slot; run several clients for several.
///
/// Debian 12's driver sends length and body apart and waits for an acknowledgement in between, which Linux delays by
/// 40 ms; so quick acknowledgement is asked for before every receive (vsmartcard commit 76e2679 mends the driver).
public final class VPCDClient: Sendable {
    private let host: String
    private let port: UInt16
    private let state = Mutex(State())
    /// Written to once to wake a client that waits.
    private let wake: (read: Int32, write: Int32)

    private struct State {
        var socket: Int32 = -1
        var isStopping = false
    }

    /// Fails with the number of the system's error when no pipe can be made.
    public init(host: String, port: UInt16) throws(VPCDFault) {
        self.host = host
        self.port = port
        var ends: [Int32] = [0, 0]
        guard unsafe pipe(&ends) == 0 else { throw VPCDFault(call: "pipe", errno: errno) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        wake = (ends[0], ends[1])
    }

    deinit {
        close(wake.read)
        close(wake.write)
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

    /// Serves the card on this thread until ``stop()``.
    public func run(_ card: any VPCDCard, report: (VPCDEvent) -> Void) {
        var pause: Int32 = 50
        while !isStopping {
            let socket = connectToReader()
            if socket >= 0 {
                report(.connected)
                pause = 50
                serve(card, socket, report)
                card.powerOff()
                release(socket)
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

    private func release(_ socket: Int32) {
        state.withLock { $0.socket = -1 }
        close(socket)
    }

    private func wait(milliseconds: Int32) {
        var descriptor = pollfd(fd: wake.read, events: Int16(POLLIN), revents: 0)
        _ = unsafe poll(&descriptor, 1, milliseconds)
    }

    // MARK: - Serving

    private func serve(_ card: any VPCDCard, _ socket: Int32, _ report: (VPCDEvent) -> Void) {
        var decoder = VPCDDecoder()
        var buffer = [UInt8](repeating: 0, count: 65_537)
        if hasNothingToSay(socket) { report(.silent) }
        while true {
            let count = receive(socket, into: &buffer)
            guard count > 0 else { return }
            decoder.append(buffer[..<count])
            while let message = decoder.next() {
                guard let answer = answer(message, card) else { continue }
                guard send(VPCDDecoder.frame(answer), to: socket) else { return }
            }
        }
    }

    private func answer(_ message: VPCDMessage, _ card: any VPCDCard) -> [UInt8]? {
        switch message {
        case .powerOff: card.powerOff()
        case .powerOn: card.powerOn()
        case .reset: card.reset()
        case .answerToReset: return card.answerToReset
        case .command(let command):
            let answer = card.respond(to: command)
            // A shorter answer, or a longer one than a frame can hold, would hang the reader for good.
            return (2...65_535).contains(answer.count) ? answer : [0x6F, 0x00]
        }
        return nil
    }

    private func hasNothingToSay(_ socket: Int32) -> Bool {
        var descriptor = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
        return unsafe poll(&descriptor, 1, 1000) == 0
    }

    private func receive(_ socket: Int32, into buffer: inout [UInt8]) -> Int {
        while true {
            var on: Int32 = 1
            _ = unsafe setsockopt(socket, Int32(IPPROTO_TCP), TCP_QUICKACK, &on, socklen_t(MemoryLayout<Int32>.size))
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
