import Glibc

/// One request of HTTP/1.1 to a server on this machine, and its answer (RFC 9112).
public enum PlainHTTP {
    /// Sends a body and waits for the whole answer.
    ///
    /// `seconds` is the time for everything together, `limit` the longest answer in bytes, head included.
    public static func post(
        _ body: [UInt8],
        type: String,
        to address: PlainHTTPAddress,
        seconds: Int = 10,
        limit: Int = 1 << 20
    ) throws(PlainHTTPFailure) -> PlainHTTPAnswer {
        try exchange(
            "POST",
            ["Content-Type: \(type)", "Content-Length: \(body.count)"],
            body,
            address,
            seconds: seconds,
            limit: limit
        )
    }

    /// Asks for what is at an address, and waits for the whole answer; time and length as above.
    public static func get(
        _ address: PlainHTTPAddress,
        seconds: Int = 10,
        limit: Int = 1 << 20
    ) throws(PlainHTTPFailure) -> PlainHTTPAnswer {
        try exchange("GET", [], [], address, seconds: seconds, limit: limit)
    }

    private static func exchange(
        _ method: String,
        _ fields: [String],
        _ body: [UInt8],
        _ address: PlainHTTPAddress,
        seconds: Int,
        limit: Int
    ) throws(PlainHTTPFailure) -> PlainHTTPAnswer {
        let host = address.host == "::1" ? "[::1]" : address.host
        let head =
            ["\(method) \(address.path) HTTP/1.1", "Host: \(host):\(address.port)"] + fields
            + ["Connection: close", "", ""]
        let connection = try Connection(to: address, seconds: seconds)
        defer { connection.end() }
        try connection.send(Array(head.joined(separator: "\r\n").utf8) + body)
        return try HTTPAnswerReader.answer(try connection.receiveAll(limit: limit))
    }
}

/// A TCP connection with one deadline for all that is done over it.
private struct Connection {
    private let descriptor: Int32
    /// In milliseconds of the monotonic clock.
    private let deadline: Int64

    init(to address: PlainHTTPAddress, seconds: Int) throws(PlainHTTPFailure) {
        deadline = Self.now + Int64(max(seconds, 0)) * 1000
        let isSix = address.host == "::1"
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        descriptor = socket(isSix ? AF_INET6 : AF_INET, kind, 0)
        guard descriptor >= 0 else { throw .unreachable(errno: errno) }
        do throws(PlainHTTPFailure) {
            try connect(port: address.port, isSix: isSix)
        } catch {
            close(descriptor)
            throw error
        }
    }

    func end() { close(descriptor) }

    private func connect(port: UInt16, isSix: Bool) throws(PlainHTTPFailure) {
        let result = isSix ? Self.connectSix(descriptor, port) : Self.connectFour(descriptor, port)
        if result == 0 { return }
        guard errno == EINPROGRESS || errno == EINTR else { throw .unreachable(errno: errno) }
        try wait(for: POLLOUT)
        var number: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        guard unsafe getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &number, &size) == 0, number == 0 else {
            throw .unreachable(errno: number)
        }
    }

    private static func connectFour(_ descriptor: Int32, _ port: UInt16) -> Int32 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    private static func connectSix(_ descriptor: Int32, _ port: UInt16) -> Int32 {
        var address = sockaddr_in6()
        address.sin6_family = sa_family_t(AF_INET6)
        address.sin6_port = port.bigEndian
        address.sin6_addr = in6addr_loopback
        return unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in6>.size))
            }
        }
    }

    func send(_ bytes: [UInt8]) throws(PlainHTTPFailure) {
        var done = 0
        while done < bytes.count {
            let count = unsafe bytes[done...].withUnsafeBytes { buffer in
                unsafe Glibc.send(descriptor, buffer.baseAddress, buffer.count, Int32(MSG_NOSIGNAL))
            }
            if count > 0 {
                done += count
            } else if count < 0, errno == EAGAIN {
                try wait(for: POLLOUT)
            } else if count < 0, errno != EINTR {
                // A server may answer before it has read everything, and hang up: that answer is worth reading.
                if errno == EPIPE || errno == ECONNRESET { return }
                throw .unreachable(errno: errno)
            }
        }
    }

    /// Everything until the other side hangs up.
    func receiveAll(limit: Int) throws(PlainHTTPFailure) -> [UInt8] {
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = unsafe recv(descriptor, &block, block.count, 0)
            if count > 0 {
                guard bytes.count + count <= limit else { throw .tooLong }
                bytes += block.prefix(count)
                // Servers that keep the connection in spite of `close` are not waited for.
                if HTTPAnswerReader.isWhole(bytes) { return bytes }
            } else if count == 0 {
                return bytes
            } else if errno == EAGAIN {
                try wait(for: POLLIN)
            } else if errno == ECONNRESET {
                return bytes
            } else if errno != EINTR {
                throw .unreachable(errno: errno)
            }
        }
    }

    private func wait(for event: Int32) throws(PlainHTTPFailure) {
        while true {
            let left = deadline - Self.now
            guard left > 0 else { throw .late }
            var request = pollfd(fd: descriptor, events: Int16(event), revents: 0)
            let count = unsafe poll(&request, 1, Int32(clamping: left))
            if count > 0 { return }
            if count < 0, errno != EINTR { throw .unreachable(errno: errno) }
        }
    }

    private static var now: Int64 {
        var time = timespec()
        _ = unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}
