import Foundation

/// Clients on threads of their own: they wait, and nothing else has to wait with them.
enum Threads {
    /// Runs each body on its own thread and waits for all.
    static func all(_ bodies: [@Sendable () -> Void]) {
        let group = start(bodies)
        group.wait()
    }

    /// Runs each body on its own thread; the group is left by each at its end.
    static func start(_ bodies: [@Sendable () -> Void]) -> DispatchGroup {
        let group = DispatchGroup()
        for body in bodies {
            group.enter()
            Thread {
                body()
                group.leave()
            }.start()
        }
        return group
    }
}

/// Asks until it is so, or until half a minute is over.
func eventually(_ condition: () throws -> Bool) rethrows -> Bool {
    let end = ContinuousClock.now + .seconds(30)
    while ContinuousClock.now < end {
        if try condition() { return true }
        usleep(5_000)
    }
    return false
}

/// What several threads write down.
final class Notes<Value: Sendable>: @unchecked Sendable {
    private let lock = NSLock()
    private var value: Value

    init(_ value: Value) { self.value = value }

    @discardableResult
    func change<Result>(_ body: (inout Value) throws -> Result) rethrows -> Result {
        try lock.withLock { try body(&value) }
    }

    var now: Value { lock.withLock { value } }
}

/// Latencies in milliseconds, to be told.
struct Latencies {
    private var all: [Double] = []

    mutating func add(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        all.append(Double(seconds) * 1000 + Double(attoseconds) / 1e15)
    }

    var text: String {
        let sorted = all.sorted()
        guard let greatest = sorted.last else { return "none" }
        func quantile(_ part: Double) -> String {
            String(format: "%.1f", sorted[min(sorted.count - 1, Int(Double(sorted.count) * part))])
        }
        return "p50 \(quantile(0.5)) ms, p99 \(quantile(0.99)) ms, max \(String(format: "%.1f", greatest)) ms"
    }
}
