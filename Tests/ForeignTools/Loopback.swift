import Glibc

/// Ports on 127.0.0.1.
public enum Loopback {
    /// There is no such port to be had.
    public struct Failure: Error, CustomStringConvertible {
        public let errno: Int32
        public var description: String { "no port on 127.0.0.1: errno \(errno)" }
    }

    /// A port that nobody listens on at this moment.
    public static func freePort() throws -> UInt16 { try Listener().port }

    /// A socket that listens on a port of the system's choice, or on one that is wanted again.
    public final class Listener: Sendable {
        public let descriptor: Int32
        public let port: UInt16

        public init(port wanted: UInt16 = 0, backlog: Int32 = 4) throws {
            descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
            var on: Int32 = 1
            _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = wanted.bigEndian
            address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            let descriptor = descriptor
            let isListening = unsafe withUnsafeMutablePointer(to: &address) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                    unsafe bind(descriptor, generic, length) == 0 && listen(descriptor, backlog) == 0
                        && getsockname(descriptor, generic, &length) == 0
                }
            }
            port = UInt16(bigEndian: address.sin_port)
            guard isListening else { throw Failure(errno: errno) }
        }

        deinit { close(descriptor) }
    }
}
