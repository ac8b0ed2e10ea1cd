import EventLog

/// Which status nodes there are, and how far each has read.
struct NodeRoll: Sendable {
    /// How the writers count with a node.
    enum Standing: String {
        /// May hold a lease.
        case registered
        /// Let a writer wait for a whole lease. Holds none that began after that until it registers again.
        case lapsed
        /// Said that it answers no more.
        case ended
    }

    /// From one registration of a node to the next.
    struct Term: Hashable {
        let node: String
        let number: Int64
    }

    var nodes: [(term: Term, standing: Standing)] = []
    /// The last entry each node confirmed, by writer.
    var progress: [String: [String: UInt64]] = [:]

    static func read(_ records: Records) throws(RecordsError) -> NodeRoll {
        var roll = NodeRoll()
        for row in try records.rows("SELECT name, term, standing FROM nodes WHERE standing <> 'ended'") {
            let term = Term(node: try row.text(0, "name"), number: try row.integer(1, "term"))
            roll.nodes.append((term, try row.word(2, "standing", as: Standing.self)))
        }
        guard !roll.nodes.isEmpty else { return roll }
        for row in try records.rows("SELECT node, writer, sequence FROM node_progress") {
            let node = try row.text(0, "node")
            roll.progress[node, default: [:]][try row.text(1, "writer")] = try row.integer(
                2,
                "sequence",
                as: UInt64.self
            )
        }
        return roll
    }

    static func register(_ node: String, _ connection: any SQLConnection) throws(RecordsError) {
        try connection.execute(
            """
            INSERT INTO nodes (name, term, standing) VALUES ($1, 1, 'registered')
            ON CONFLICT (name) DO UPDATE SET term = nodes.term + 1, standing = excluded.standing
            """,
            [.text(node)]
        )
    }

    /// Changes nothing if the node's standing is another by now.
    static func change(
        _ node: String,
        from old: Standing,
        to new: Standing,
        _ connection: any SQLConnection
    ) throws(RecordsError) {
        try connection.execute(
            "UPDATE nodes SET standing = $1 WHERE name = $2 AND standing = $3",
            [.text(new.rawValue), .text(node), .text(old.rawValue)]
        )
    }

    func hasConfirmed(_ node: String, _ position: LogPosition) -> Bool {
        (progress[node]?[position.writer] ?? 0) >= position.sequence
    }
}
