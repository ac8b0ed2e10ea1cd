import AuthorityRecords
import Synchronization

/// The verifiers that are admitted now, in memory.
///
/// It is read anew several times a second. Where the records cannot be read any more it is believed for five seconds, so
/// that nobody who was dismissed meanwhile is answered for longer.
final class VerifierRoll: Sendable {
    private struct State {
        /// Names by the fingerprints of client certificates.
        var names: [String: String] = [:]
        var readAt: ContinuousClock.Instant?
    }

    private let state = Mutex(State())

    static let lifetime = Duration.seconds(5)

    /// Reads who is admitted.
    func refresh(from ledger: Ledger) async throws {
        // Before reading: what is dismissed later may be missing.
        let now = ContinuousClock.now
        let verifiers = try await ledger.read { try $0.verifiers() }
        var names: [String: String] = [:]
        for verifier in verifiers where verifier.dismissedAt == nil { names[verifier.fingerprint] = verifier.name }
        state.withLock { $0 = State(names: names, readAt: now) }
    }

    enum Answer: Hashable {
        case admitted(String)
        case unknown
        /// The records were not read for too long.
        case stale
    }

    /// Who has the certificate with this SHA-256.
    func look(up fingerprint: String) -> Answer {
        state.withLock { state in
            guard let readAt = state.readAt, ContinuousClock.now - readAt < Self.lifetime else { return .stale }
            return state.names[fingerprint].map { .admitted($0) } ?? .unknown
        }
    }
}
