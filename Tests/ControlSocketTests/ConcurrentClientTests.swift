import ControlSocket
import Dispatch
import Foundation
import Synchronization
import Testing

@Suite struct `A control socket with a thread for each client` {
    /// Asks on a thread of its own.
    private static func ask(_ path: String, _ line: String, _ heard: Heard) -> DispatchSemaphore {
        let end = DispatchSemaphore(value: 0)
        Thread.detachNewThread {
            let answer = (try? ControlClient.ask(path, line)) ?? "none"
            heard.add(answer)
            end.signal()
        }
        return end
    }

    @Test func `answers one while another waits, and ends when all that were taken are answered`() throws {
        let path = "/tmp/fuda-control-\(String(UInt32.random(in: 0...UInt32.max), radix: 36))"
        let server = try ControlServer(path)
        let (taken, gate, ended) = (
            DispatchSemaphore(value: 0), DispatchSemaphore(value: 0), DispatchSemaphore(value: 0)
        )
        Thread.detachNewThread {
            server.runConcurrently(limit: 4) { line in
                if line == "slow" {
                    taken.signal()
                    gate.wait()
                }
                return "you said \(line)"
            }
            ended.signal()
        }
        let heard = Heard()
        let slow = Self.ask(path, "slow", heard)
        taken.wait()
        for number in 0..<20 {
            #expect(try ControlClient.ask(path, "\(number)") == "you said \(number)")
        }
        server.stop()
        #expect(throws: ControlSocketError.nobody(path)) { try ControlClient.ask(path, "late") }
        #expect(ended.wait(timeout: .now() + .milliseconds(200)) == .timedOut, "somebody is still being answered")
        gate.signal()
        ended.wait()
        slow.wait()
        #expect(heard.lines == ["you said slow"])
    }

    @Test func `takes no more than its limit at a time, and loses nobody`() throws {
        let path = "/tmp/fuda-control-\(String(UInt32.random(in: 0...UInt32.max), radix: 36))"
        let server = try ControlServer(path)
        let ended = DispatchSemaphore(value: 0)
        let counts = Counts()
        Thread.detachNewThread {
            server.runConcurrently(limit: 3) { line in
                counts.enter()
                defer { counts.leave() }
                return line
            }
            ended.signal()
        }
        let heard = Heard()
        let clients = (0..<40).map { Self.ask(path, "\($0)", heard) }
        for client in clients { client.wait() }
        server.stop()
        ended.wait()
        #expect(Set(heard.lines) == Set((0..<40).map(String.init)))
        #expect((1...3).contains(counts.greatest))
    }
}

/// What came back, to all threads.
private final class Heard: Sendable {
    private let all = Mutex<[String]>([])
    var lines: [String] { all.withLock { $0 } }
    func add(_ line: String) { all.withLock { $0.append(line) } }
}

/// How many are being answered at a time.
private final class Counts: Sendable {
    private let state = Mutex((inside: 0, greatest: 0))
    var greatest: Int { state.withLock { $0.greatest } }

    func enter() {
        state.withLock { state in
            state.inside += 1
            state.greatest = max(state.greatest, state.inside)
        }
    }

    func leave() { state.withLock { $0.inside -= 1 } }
}
