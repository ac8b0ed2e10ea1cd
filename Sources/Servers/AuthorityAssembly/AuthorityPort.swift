import AuthorityService
import ControlSocket
import Dispatch
import FoundationEssentials
import Problems
import Synchronization

/// The way to an authority: through the server that runs it, or by running it in this process.
public struct AuthorityPort: Sendable {
    private enum Way: Sendable {
        case server(String)
        case here(AuthorityClerk)
    }

    private let way: Way

    /// Opens the way; a folder without a server is run here until ``close()``.
    public init(_ folder: AuthorityFolder) throws {
        if Self.isServed(folder.controlSocket) {
            way = .server(folder.controlSocket)
            return
        }
        let service = try Waiting.run { try await folder.start(opening: .atFirstUse) }
        do {
            try Waiting.run { try await service.catchUp() }
        } catch {
            Waiting.run { await service.stop() }
            throw error
        }
        way = .here(AuthorityClerk(service, folder))
    }

    /// Whether a server runs it.
    public var isServed: Bool { if case .server = way { true } else { false } }

    /// Gives an order and waits for the answer; a refusal is thrown as ``Problem``.
    public func carryOut(_ order: AuthorityOrder, by actor: String) throws -> AuthorityAnswer {
        let answer: AuthorityAnswer
        switch way {
        case .here(let clerk):
            answer = Waiting.run { await clerk.carryOut(order, by: actor) }
        case .server(let path):
            answer = try Self.ask(path, ControlLine(actor: actor, order: order))
        }
        if case .refused(let refusal) = answer { throw refusal.problem }
        return answer
    }

    /// Lets go of an authority that was run here.
    public func close() {
        guard case .here(let clerk) = way else { return }
        try? clerk.folder.writeSnapshot(of: clerk.service)
        Waiting.run { await clerk.service.stop() }
    }

    private static func isServed(_ path: String) -> Bool {
        do throws(ControlSocketError) {
            _ = try ControlClient.ask(path, "")
            return true
        } catch {
            if case .nobody = error { return false }
            // Somebody is there, whatever they say.
            return true
        }
    }

    private static func ask(_ path: String, _ line: ControlLine) throws -> AuthorityAnswer {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        let text = String(decoding: try encoder.encode(line), as: UTF8.self)
        let answer = try ControlClient.ask(path, text)
        return try JSONDecoder().decode(AuthorityAnswer.self, from: Data(answer.utf8))
    }
}

/// An order as it goes through the socket, with who gave it.
public struct ControlLine: Sendable, Codable {
    public var actor: String
    public var order: AuthorityOrder
}

extension AuthorityClerk {
    /// Answers a line of the control socket; waits on the thread that calls.
    public func answer(_ line: String) -> String {
        guard let order = try? JSONDecoder().decode(ControlLine.self, from: Data(line.utf8)) else { return "{}" }
        let answer = Waiting.run { await carryOut(order.order, by: order.actor) }
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        return (try? encoder.encode(answer)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }
}

/// From threads that may wait to tasks that may not.
public enum Waiting {
    private final class Box<Value: Sendable>: Sendable {
        let value = Mutex<Result<Value, any Error>?>(nil)
    }

    /// Runs a task and waits for it.
    ///
    /// Never to be called from a task.
    public static func run<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) throws -> Value {
        let box = Box<Value>()
        let done = DispatchSemaphore(value: 0)
        Task.detached {
            let result: Result<Value, any Error>
            do { result = .success(try await body()) } catch { result = .failure(error) }
            box.value.withLock { $0 = result }
            done.signal()
        }
        done.wait()
        guard let result = box.value.withLock({ $0 }) else { throw CancellationError() }
        return try result.get()
    }

    public static func run<Value: Sendable>(_ body: @escaping @Sendable () async -> Value) -> Value {
        while true {
            if let value = try? run({ () async throws -> Value in await body() }) { return value }
        }
    }
}
