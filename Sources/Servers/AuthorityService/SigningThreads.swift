import AuthorityCryptography
import Dispatch
import Threads

/// Where signatures are made and keys are opened, so that nothing else has to wait for a token.
///
/// What needs the processor for long shares few threads. What may have to wait gets a thread of its own: of the shared ones there
/// are as many as processors, and all of a process's tasks run on them, too.
struct SigningThreads: Sendable {
    private let queue = DispatchQueue(label: "signing", attributes: .concurrent)
    private let running = DispatchGroup()

    /// Does what the processor alone is needed for.
    func run<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            queue.async(group: running) { continuation.resume(with: Swift.Result { try body() }) }
        }
    }

    /// Signs with a key, wherever it is.
    func run<Result: Sendable>(
        with key: any AuthorityKey,
        _ body: @escaping @Sendable () throws -> Result
    ) async throws -> Result {
        key.keepsWaiting ? try await waiting(body) : try await run(body)
    }

    /// Does something short with a key: where the caller is, when nothing but the processor is needed for it.
    func briefly<Result: Sendable>(
        with key: any AuthorityKey,
        _ body: @escaping @Sendable () throws -> Result
    ) async throws -> Result {
        if key.keepsWaiting { return try await waiting(body) }
        running.enter()
        defer { running.leave() }
        return try body()
    }

    /// Does what may have to wait.
    func waiting<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            running.enter()
            OwnThread.start { [running] in
                let result = Swift.Result { try body() }
                running.leave()
                continuation.resume(with: result)
            }
        }
    }

    /// Returns when everything that was begun is over, and what it used let go.
    func finish() async {
        await withCheckedContinuation { continuation in
            running.notify(queue: queue) { continuation.resume() }
        }
    }
}
