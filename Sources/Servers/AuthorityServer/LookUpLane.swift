import AuthorityRecords
import Synchronization

/// How many look-ups wait for the records at a time: fewer than there are connections for pages, so that lists and health
/// are reached while the records are not.
final class LookUpLane: Sendable {
    static let limit = AuthorityServer.pageConnections / 4
    private let running = Atomic(0)

    /// Carries out the work; throws ``RecordsError/overloaded`` when as much is under way already.
    func run<Value: Sendable>(_ body: () async throws -> Value) async throws -> Value {
        defer { running.subtract(1, ordering: .relaxed) }
        guard running.add(1, ordering: .relaxed).newValue <= Self.limit else { throw RecordsError.overloaded }
        return try await body()
    }
}
