import Foundation
import Glibc
import PlainHTTP
import Synchronization

/// Listens on a free port of this machine, answers one request with given bytes, and remembers what was asked.
final class LoopbackServer: Sendable {
    let port: UInt16
    private let listener: Int32
    private let received = Mutex<[UInt8]>([])

    struct Failed: Error {}

    init() throws {
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = listener
        let isBound = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe bind(descriptor, $0, size) == 0 && listen(descriptor, 4) == 0
                    && getsockname(descriptor, $0, &size) == 0
            }
        }
        guard isBound else { throw Failed() }
        port = UInt16(bigEndian: address.sin_port)
    }

    deinit { close(listener) }

    var address: PlainHTTPAddress? { PlainHTTPAddress("http://127.0.0.1:\(port)/ask") }
    var asked: String { received.withLock { String(decoding: $0, as: UTF8.self) } }

    /// Answers the next connection on a thread of its own: reads until `marker` came, sends, and hangs up if told so.
    func answer(_ bytes: [UInt8], after marker: String, hangsUp: Bool = true) {
        let listener = listener
        Thread.detachNewThread { [self] in
            let peer = accept(listener, nil, nil)
            var block = [UInt8](repeating: 0, count: 4096)
            while !asked.hasSuffix(marker) {
                let count = unsafe recv(peer, &block, block.count, 0)
                guard count > 0 else { break }
                received.withLock { $0 += block.prefix(count) }
            }
            _ = unsafe bytes.withUnsafeBytes { unsafe send(peer, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            if !hangsUp { _ = unsafe recv(peer, &block, block.count, 0) }
            close(peer)
        }
    }
}
