import ForeignTools
import Glibc

/// The reader's end of the vpcd wire, quick, and with bad manners on demand: what is sent is bytes, not frames.
final class ReaderEnd {
    private let listener: Loopback.Listener
    var port: UInt16 { listener.port }
    private var socket: Int32 = -1
    private var buffer: [UInt8] = []
    private var start = 0

    enum Failure: Error, CustomStringConvertible {
        case system(String, errno: Int32)
        /// The card did not answer, or did not come, within a minute, which a busy machine may need.
        case silence
        /// The card closed the connection.
        case closed

        var description: String {
            switch self {
            case .system(let call, let errno): "\(call): errno \(errno)"
            case .silence: "silence"
            case .closed: "the connection was closed"
            }
        }
    }

    init() throws { listener = try Loopback.Listener() }

    deinit { leave() }

    /// Waits for the card to come.
    func accept() throws(Failure) {
        var waiting = pollfd(fd: listener.descriptor, events: Int16(POLLIN), revents: 0)
        guard unsafe poll(&waiting, 1, 60_000) == 1 else { throw .silence }
        socket = Glibc.accept(listener.descriptor, nil, nil)
        guard socket >= 0 else { throw .system("accept", errno: errno) }
        _ = fcntl(socket, F_SETFD, FD_CLOEXEC)
        buffer = []
        start = 0
        var on: Int32 = 1
        var patience = timeval(tv_sec: 60, tv_usec: 0)
        let size = socklen_t(MemoryLayout<Int32>.size)
        _ = unsafe setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &on, size)
        _ = unsafe setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    }

    /// Closes the connection; with `abruptly`, by a reset in the middle of whatever is under way.
    func leave(abruptly: Bool = false) {
        guard socket >= 0 else { return }
        if abruptly {
            var now = linger(l_onoff: 1, l_linger: 0)
            _ = unsafe setsockopt(socket, SOL_SOCKET, SO_LINGER, &now, socklen_t(MemoryLayout<linger>.size))
        }
        // A process that another test starts meanwhile may hold the socket, too, for a moment.
        if !abruptly { shutdown(socket, Int32(SHUT_RDWR)) }
        close(socket)
        socket = -1
    }

    /// Sends bytes in one call.
    func send(_ bytes: ArraySlice<UInt8>) throws(Failure) {
        var rest = bytes
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes {
                unsafe Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                if errno == EPIPE || errno == ECONNRESET { throw .closed }
                throw .system("send", errno: errno)
            }
            rest = rest.dropFirst(count)
        }
    }

    /// One whole frame.
    func receive() throws(Failure) -> [UInt8] {
        while true {
            if buffer.count - start >= 2 {
                let end = start + 2 + Int(buffer[start]) << 8 + Int(buffer[start + 1])
                if buffer.count >= end {
                    defer { start = end }
                    return Array(buffer[(start + 2)..<end])
                }
            }
            try receiveMore()
        }
    }

    /// Whether bytes are there that nobody asked for.
    var hasSurplus: Bool {
        var waiting = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
        let isReadable = unsafe poll(&waiting, 1, 0) == 1
        return isReadable || start < buffer.count
    }

    private func receiveMore() throws(Failure) {
        if start == buffer.count {
            buffer.removeAll(keepingCapacity: true)
            start = 0
        }
        var on: Int32 = 1
        _ = unsafe setsockopt(socket, Int32(IPPROTO_TCP), TCP_QUICKACK, &on, socklen_t(MemoryLayout<Int32>.size))
        let descriptor = socket
        var failure: Failure?
        let piece = unsafe [UInt8](unsafeUninitializedCapacity: 16_384) { room, count in
            let got = unsafe recv(descriptor, room.baseAddress, room.count, 0)
            switch (got, errno) {
            case (1..., _): count = got
            case (..<0, EINTR): break
            case (..<0, EAGAIN): failure = .silence
            case (0, _), (..<0, ECONNRESET): failure = .closed
            default: failure = .system("recv", errno: errno)
            }
        }
        if let failure { throw failure }
        buffer += piece
    }
}
