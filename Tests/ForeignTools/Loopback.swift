import Glibc

/// Ports on 127.0.0.1.
enum Loopback {
    /// A port that nobody listens on at this moment.
    static func freePort() throws -> UInt16 {
        let listener = try Listener()
        return listener.port
    }

    /// A socket that listens on a port of the system's choice.
    final class Listener {
        let descriptor: Int32
        let port: UInt16

        init() throws {
            descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_addr = in_addr(s_addr: UInt32(0x7F00_0001).bigEndian)
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            let descriptor = descriptor
            let isListening = unsafe withUnsafeMutablePointer(to: &address) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                    unsafe bind(descriptor, generic, length) == 0 && listen(descriptor, 1) == 0
                        && getsockname(descriptor, generic, &length) == 0
                }
            }
            port = UInt16(bigEndian: address.sin_port)
            guard isListening else { throw ProgramFailure(description: "no port on 127.0.0.1: errno \(errno)") }
        }

        deinit { close(descriptor) }
    }
}
