public import EventLog

/// Reads what all writers recorded, for a node that answers about certificates.
///
/// The node registers before it first reads. In a loop it asks for the ``next(limit:)`` entries, applies them, and
/// ``confirm(_:)``s them, which gives it the lease under which it may answer.
public actor LogFollower {
    /// What one reading brought.
    public struct Round: Sendable {
        /// In each writer's order, merged by their instants.
        public let entries: [LogEntry]
        /// Whether there is nothing more.
        public let isComplete: Bool

        let heads: [String: LogHead]
        let lease: StatusLease?
    }

    private let database: any SQLDatabase
    private let node: String
    /// Up to where the node has applied everything, by writer.
    private var heads: [String: LogHead]
    private let clock: @Sendable () -> ContinuousClock.Instant

    /// - Parameters:
    ///   - database: where the log is.
    ///   - node: the node's name; its writer, if it has one, has the same.
    ///   - heads: up to where the node knows everything already, from a snapshot.
    ///   - clock: counts on while the machine is suspended.
    public init(
        _ database: any SQLDatabase,
        node: String,
        after heads: [LogHead] = [],
        clock: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        self.database = database
        self.node = node
        self.heads = Dictionary(heads.map { ($0.writer, $0) }) { $1 }
        self.clock = clock
    }

    /// Up to where everything was confirmed, by the writers' names.
    public var confirmed: [LogHead] { heads.values.sorted { $0.writer < $1.writer } }

    /// From here on writers wait for this node.
    public func register() async throws {
        let node = node
        try await database.write { connection in try NodeRoll.register(node, connection) }
    }

    /// Writers no longer wait for this node; to be called after it gave its last answer.
    public func leave() async throws {
        let node = node
        try await database.write { connection in
            try NodeRoll.change(node, from: .registered, to: .ended, connection)
            try NodeRoll.change(node, from: .lapsed, to: .ended, connection)
        }
    }

    /// Reads on, at most so many entries of each writer.
    ///
    /// - Throws: ``FollowingError`` if an entry is missing or altered; ``RecordsError``.
    public func next(limit: Int = 5_000) async throws -> Round {
        let began = clock()
        let known = heads
        let node = node
        let (pages, standing) = try await database.read { connection in
            let records = Records(connection)
            var pages: [(head: LogHead, entries: [LogEntry])] = []
            for row in try records.rows("SELECT name FROM writers ORDER BY name") {
                let writer = try row.text(0, "name")
                let head = known[writer] ?? LogHead(of: writer)
                pages.append((head, try records.entries(after: head.position, limit: limit)))
            }
            return (pages, try Self.standing(node, records))
        }
        // Registered again, it takes its next lease from the next reading.
        if standing == .lapsed { try await register() }
        var heads = known
        var entries: [LogEntry] = []
        for page in pages {
            var head = page.head
            for entry in page.entries {
                guard entry.sequence == head.sequence + 1 else {
                    throw FollowingError.missing(LogPosition(writer: head.writer, sequence: head.sequence + 1))
                }
                guard entry.follows(head), entry.hasRightHash else { throw FollowingError.altered(entry.position) }
                head = LogHead(after: entry)
            }
            heads[head.writer] = head
            entries += page.entries
        }
        let isComplete = pages.allSatisfy { $0.entries.count < limit }
        entries.sort { ($0.instant, $0.writer, $0.sequence) < ($1.instant, $1.writer, $1.sequence) }
        return Round(
            entries: entries,
            isComplete: isComplete,
            heads: heads,
            lease: isComplete && standing == .registered ? StatusLease(began: began) : nil
        )
    }

    /// Says that everything in a round was applied.
    ///
    /// - Returns: under what the node may answer; `nil` if there is more to read, or it has to register again.
    public func confirm(_ round: Round) async throws -> StatusLease? {
        let news = round.heads.values.filter { $0.sequence > heads[$0.writer]?.sequence ?? 0 }
            .sorted { $0.writer < $1.writer }
        if !news.isEmpty {
            let node = node
            try await database.write { connection in
                for head in news {
                    try connection.execute(
                        """
                        INSERT INTO node_progress (node, writer, sequence) VALUES ($1, $2, $3)
                        ON CONFLICT (node, writer) DO UPDATE SET sequence = excluded.sequence
                        """,
                        [.text(node), .text(head.writer), SQLValue(head.sequence)]
                    )
                }
            }
            heads = round.heads
        }
        return round.lease
    }

    /// `nil` for a node that never registered.
    private static func standing(_ node: String, _ records: Records) throws -> NodeRoll.Standing? {
        guard let row = try records.rows("SELECT standing FROM nodes WHERE name = $1", [.text(node)]).first else {
            return nil
        }
        return try row.word(0, "standing", as: NodeRoll.Standing.self)
    }
}

/// Why a node that follows the log can no longer believe it.
public enum FollowingError: Error, Hashable, Sendable {
    case missing(LogPosition)
    case altered(LogPosition)
}
