import Dispatch

/// Where signatures are made: threads that may wait for a token, so that nothing else has to.
struct SigningThreads: Sendable {
    private let queue = DispatchQueue(label: "signing", attributes: .concurrent)

    func run<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Swift.Result { try body() }) }
        }
    }

    /// Returns when everything that was begun is over, and what it used let go.
    func finish() async {
        await withCheckedContinuation { continuation in
            queue.async(flags: .barrier) { continuation.resume() }
        }
    }
}
