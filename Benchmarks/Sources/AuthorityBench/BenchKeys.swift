import AuthorityCryptography
import CAKeys
import Foundation
import Secrets

/// Keys as the embedded default has them: files opened by libcrypto.
enum BenchKeys {
    static func rsa() throws -> any AuthorityKey {
        let path = NSTemporaryDirectory() + "/fuda-bench-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try KeyFile.make(.rsa2048SHA256, at: path, passphrase: SecretBytes(copying: "for this run only"))
    }

    /// Signatures a second of a key, on so many threads.
    static func rawRate(_ key: any AuthorityKey, threads: Int, seconds: Double = 2) -> Double {
        let message = [UInt8](repeating: 7, count: 1000)
        let counts = UnsafeMutablePointer<Int>.allocate(capacity: threads)
        counts.initialize(repeating: 0, count: threads)
        defer { counts.deallocate() }
        nonisolated(unsafe) let shared = counts
        let end = ContinuousClock.now.advanced(by: .milliseconds(Int(seconds * 1000)))
        DispatchQueue.concurrentPerform(iterations: threads) { thread in
            var count = 0
            while ContinuousClock.now < end {
                _ = try? key.signature(over: message)
                count += 1
            }
            shared[thread] = count
        }
        return (0..<threads).reduce(0.0) { $0 + Double(counts[$1]) } / seconds
    }
}
