import Problems
import Synchronization

/// How many orders are carried out at a time that are no holds: fewer than there are threads for orders, so that a hold
/// always finds one.
final class OrderLane: Sendable {
    static let limit = 192
    private let running = Atomic(0)

    /// Carries out the work; throws when as many are under way already.
    func run<Value: Sendable>(_ body: @Sendable () async throws -> Value) async throws -> Value {
        defer { running.subtract(1, ordering: .relaxed) }
        guard running.add(1, ordering: .relaxed).newValue <= Self.limit else { throw Self.busy }
        return try await body()
    }

    private static let busy = Problem(
        code: "authority-busy",
        outcome: .other,
        whatHappened: Text(ja: "認証局が混み合っています。", en: "The authority has too much to do."),
        whatToDo: Text(ja: "しばらくしてやり直してください。", en: "Try again later.")
    )
}
