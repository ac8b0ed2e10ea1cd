import AuthorityCryptography
import Dispatch
import Foundation
import Testing

@testable import AuthorityService

/// Keys of a node, opened by whoever needs one first.
@Suite struct `A ring of keys` {
    private struct NoKey: AuthorityKey {
        let number: Int
        let algorithm = SignatureAlgorithm.p384SHA384
        var subjectPublicKeyInfo: [UInt8] { [UInt8(truncatingIfNeeded: number)] }

        func signature(over message: [UInt8]) throws(AuthorityKeyFailure) -> [UInt8] { throw .refused("no key") }
    }

    /// Numbers the keys in the order in which they were opened or made; one that waits is opened when it is let.
    private final class Opener: AuthorityKeyOpener, @unchecked Sendable {
        private let lock = NSLock()
        private var opened = 0
        private var failures: [AuthorityKeyFailure]
        private let gate: DispatchSemaphore?

        init(failing failures: [AuthorityKeyFailure] = [], gate: DispatchSemaphore? = nil) {
            self.failures = failures
            self.gate = gate
        }

        var count: Int { lock.withLock { opened } }

        func open(_ locator: String) throws -> any AuthorityKey {
            if locator == "file:slow" { gate?.wait() }
            return try lock.withLock {
                if !failures.isEmpty { throw failures.removeFirst() }
                opened += 1
                return NoKey(number: opened)
            }
        }

        func make(_ name: String, _ algorithm: SignatureAlgorithm) throws -> (locator: String, key: any AuthorityKey) {
            lock.withLock {
                opened += 1
                return ("file:" + name, NoKey(number: 100 + opened))
            }
        }
    }

    @Test func `opens a key once, however many need it at once`() throws {
        let gate = DispatchSemaphore(value: 0)
        let opener = Opener(gate: gate)
        let ring = KeyRing(opener)
        let group = DispatchGroup()
        let lock = NSLock()
        nonisolated(unsafe) var seen: [[UInt8]] = []
        for _ in 0..<16 {
            group.enter()
            Thread.detachNewThread {
                let key = try? ring.key("file:slow").subjectPublicKeyInfo
                lock.withLock { unsafe seen.append(key ?? []) }
                group.leave()
            }
        }
        // Whoever needs another key does not wait for that one.
        #expect(try ring.key("file:other").subjectPublicKeyInfo == [1])
        gate.signal()
        group.wait()
        let all = lock.withLock { unsafe seen }
        #expect(all == Array(repeating: [2], count: 16) && opener.count == 2)
    }

    @Test func `tries one again that could not be opened`() throws {
        let opener = Opener(failing: [.unavailable("away"), .refused("wrong")])
        let ring = KeyRing(opener)
        #expect(throws: AuthorityKeyFailure.unavailable("away")) { _ = try ring.key("file:a") }
        #expect(throws: AuthorityKeyFailure.refused("wrong")) { _ = try ring.key("file:a") }
        #expect(try ring.key("file:a").subjectPublicKeyInfo == [1])
        #expect(try ring.key("file:a").subjectPublicKeyInfo == [1] && opener.count == 1)
    }

    @Test func `makes a key of the node's own where there is none, and never over one that is refused`() throws {
        let missing = KeyRing(Opener(failing: [.unavailable("missing")]))
        #expect(try missing.own("a", .p384SHA384).subjectPublicKeyInfo == [101])
        #expect(try missing.key("file:a").subjectPublicKeyInfo == [101], "it is the one from then on")
        let opener = Opener(failing: [.refused("wrong")])
        let refused = KeyRing(opener)
        #expect(throws: AuthorityKeyFailure.refused("wrong")) { _ = try refused.own("a", .p384SHA384) }
        #expect(opener.count == 0)
    }
}
