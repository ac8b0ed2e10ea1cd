public import EventLog
import Synchronization

/// The records of an authority as one node writes them: events in, durable log and state out.
///
/// Operations that wait at the same time are carried out in one transaction and answered after its COMMIT: the cost of
/// making a commit durable is shared. A node has one ledger, and a ledger one writer.
public final class Ledger: Sendable {
    /// The most ordinary operations that may wait; beyond, they are refused with ``RecordsError/overloaded``.
    static let waitingLimit = 20_000
    /// How often a batch that others were in the way of is begun anew.
    static let attempts = 12
    /// How often the database is asked for the outcome of a batch, five times a second.
    static let settlingAttempts = 15

    struct State {
        var queue = LedgerQueue()
        var isDraining = false
        var isClosed = false
        /// The end of the chain as far as observers were told.
        var head: LogHead
        /// Of all writers' entries known.
        var lastInstant: Int64
        var observers: [@Sendable ([LogEntry]) -> Void] = []
        var idle: [CheckedContinuation<Void, Never>] = []
    }

    /// The node's name: the writer of its chain.
    public let node: String
    let database: any SQLDatabase
    let clock: @Sendable () -> Int64
    let state: Mutex<State>
    let watch: ConfirmationWatch

    private final class Observed: Sendable {
        let any = Atomic(false)
    }

    private let observed = Observed()

    private init(_ database: any SQLDatabase, node: String, clock: @escaping @Sendable () -> Int64, heads: [LogHead]) {
        self.database = database
        self.node = node
        self.clock = clock
        let observed = observed
        watch = ConfirmationWatch(database, node: node) { observed.any.load(ordering: .acquiring) }
        let head = heads.first { $0.writer == node } ?? LogHead(of: node)
        state = Mutex(State(head: head, lastInstant: heads.map(\.instant).max() ?? 0))
    }

    /// Takes the node's name for this process, brings the tables up to date, and checks the end of the node's chain.
    ///
    /// The node names the chain: letters, digits, `.`, `-` and `_`, at most 64. The clock gives milliseconds since 1970
    /// UTC. Errors are those of ``RecordsError``.
    public static func open(
        _ database: any SQLDatabase,
        node: String,
        clock: @escaping @Sendable () -> Int64
    ) async throws -> Ledger {
        guard isNodeName(node) else { throw RecordsError.corrupt("node name") }
        try await database.claim(node: node)
        try await repeating { try await database.write { connection in try Schema.migrate(connection) } }
        let heads = try await database.write { connection in
            try connection.execute(
                "INSERT INTO writers (name) VALUES ($1) ON CONFLICT (name) DO NOTHING",
                [.text(node)]
            )
            let records = Records(connection)
            try checkEnd(of: node, records)
            return try records.heads()
        }
        return Ledger(database, node: node, clock: clock, heads: heads)
    }

    /// Whether a node can have this name.
    public static func isNodeName(_ node: String) -> Bool {
        let allowed = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_".utf8)
        return !node.isEmpty && node.utf8.count <= 64 && node.utf8.allSatisfy(allowed.contains)
    }

    /// Two nodes that start at once bring the tables up to date in turn.
    private static func repeating(_ body: () async throws -> Void) async throws {
        for _ in 1..<attempts {
            do { return try await body() } catch RecordsError.conflict, RecordsError.duplicate { continue }
        }
        try await body()
    }

    /// The last entries of the chain, by their hashes and order; the whole chain is for ``LogVerifier``.
    private static func checkEnd(of node: String, _ records: Records) throws {
        let head = try records.head(of: node)
        let start = head.sequence > 1_000 ? head.sequence - 1_000 : 0
        var last: LogEntry?
        for entry in try records.entries(after: LogPosition(writer: node, sequence: start), limit: 1_000) {
            let follows = last.map { LogHead(after: $0) } ?? (start == 0 ? LogHead(of: node) : nil)
            guard entry.hasRightHash, follows.map(entry.follows) ?? true else {
                throw RecordsError.corrupt("log \(node) \(entry.sequence)")
            }
            last = entry
        }
    }

    // MARK: - Asking

    /// One consistent view of everything recorded.
    public func read<R: Sendable>(_ body: @escaping @Sendable (Records) throws -> R) async throws -> R {
        try await database.read { connection in try body(Records(connection)) }
    }

    /// Milliseconds since 1970 UTC of the latest entry known.
    public var lastInstant: Int64 { state.withLock { $0.lastInstant } }

    /// Whether the clock may be believed; to be asked before times are signed.
    public var clockState: ClockState { ClockState(now: clock(), lastInstant: lastInstant) }

    /// Hands over this ledger's entries from now on.
    ///
    /// They come in order, after they are durable and before their callers are answered; the observer returns soon. A
    /// node that answers about certificates in this process applies them in it.
    public func observe(_ observer: @escaping @Sendable ([LogEntry]) -> Void) {
        state.withLock { $0.observers.append(observer) }
        observed.any.store(true, ordering: .releasing)
    }
}
