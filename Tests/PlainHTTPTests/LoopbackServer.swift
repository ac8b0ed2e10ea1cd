import ForeignTools
import Foundation
import Glibc
import PlainHTTP
import Synchronization

/// Listens on a free port of this machine, answers one request with given bytes, and remembers what was asked.
final class LoopbackServer: Sendable {
    private let listener: Loopback.Listener
    var port: UInt16 { listener.port }
    private let received = Mutex<[UInt8]>([])

    init() throws { listener = try Loopback.Listener() }

    var address: PlainHTTPAddress? { PlainHTTPAddress("http://127.0.0.1:\(port)/ask") }
    var asked: String { received.withLock { String(decoding: $0, as: UTF8.self) } }

    /// Answers the next connection on a thread of its own: reads until `marker` came, sends, and hangs up if told so.
    func answer(_ bytes: [UInt8], after marker: String, hangsUp: Bool = true) {
        let listener = listener
        Thread.detachNewThread { [self] in
            let peer = accept(listener.descriptor, nil, nil)
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
