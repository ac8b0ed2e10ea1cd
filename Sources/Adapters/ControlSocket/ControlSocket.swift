import Glibc

/// A Unix-domain socket beside a file, by which another program of the same user talks to the one that has the file:
/// one line there, one line back.
public enum ControlSocket {
    /// Bytes a path may have, since the address holds no more.
    public static let greatestPath = 107
    /// Bytes a line may have, its end not counted.
    static let greatestLine = 1 << 18

    /// A socket that does not survive exec.
    static func make() throws(ControlSocketError) -> Int32 {
        let socket = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard socket >= 0 else { throw .system(call: "socket", errno: errno) }
        return socket
    }

    /// Calls `bind` or `connect` with the path's address; whether it succeeded.
    static func with(
        _ path: String,
        _ call: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) throws(ControlSocketError) -> Bool {
        guard path.utf8.count <= greatestPath else { throw .pathTooLong(path) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: Array(path.utf8)) }
        return unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                unsafe call(generic, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
    }

    /// Reads up to the first line end or the end of what comes; `nil` when it is too long or stays away.
    ///
    /// Waits for `milliseconds` at a stretch, and no longer than until `wake` can be read.
    static func line(from socket: Int32, wake: Int32 = -1, milliseconds: Int32) -> String? {
        var line: [UInt8] = []
        var byte: UInt8 = 0
        while line.count <= greatestLine {
            guard isReadable(socket, wake: wake, milliseconds: milliseconds) else { return nil }
            let count = unsafe recv(socket, &byte, 1, 0)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { return nil }
            if count == 0 { return line.isEmpty ? nil : String(decoding: line, as: UTF8.self) }
            if byte == 0x0A { return String(decoding: line, as: UTF8.self) }
            line.append(byte)
        }
        return nil
    }

    /// Whoever does not listen is not waited for: sending takes at most so long.
    static func limitSending(to socket: Int32, seconds: Int) {
        var patience = timeval(tv_sec: seconds, tv_usec: 0)
        _ = unsafe setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    }

    /// Writes one line; whether it is on its way.
    static func send(_ line: String, to socket: Int32) -> Bool {
        let bytes = Array((line.filter { $0 != "\n" } + "\n").utf8)
        return unsafe Glibc.send(socket, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
    }

    /// Waits until there is something to read from `socket`; false when `wake` can be read, or after so long.
    static func isReadable(_ socket: Int32, wake: Int32, milliseconds: Int32) -> Bool {
        var descriptors = [
            pollfd(fd: socket, events: Int16(POLLIN), revents: 0), pollfd(fd: wake, events: Int16(POLLIN), revents: 0),
        ]
        while true {
            let count = unsafe poll(&descriptors, 2, milliseconds)
            if count < 0, errno == EINTR { continue }
            return count > 0 && descriptors[1].revents == 0
        }
    }
}

/// Why nothing was said.
public enum ControlSocketError: Error, Hashable, Sendable {
    /// More than the 107 bytes an address holds.
    case pathTooLong(String)
    /// Something that is no socket is there.
    case occupied(String)
    /// Nobody listens there.
    case nobody(String)
    /// Somebody else's.
    case denied(String)
    /// Whoever listens gave no answer, so whether it was obeyed is not known.
    case noAnswer(String)
    case system(call: String, errno: Int32)
}
