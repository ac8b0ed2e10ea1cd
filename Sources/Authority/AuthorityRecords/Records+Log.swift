public import EventLog

extension Records {
    /// The end of a writer's chain.
    public func head(of writer: String) throws(RecordsError) -> LogHead {
        guard let last = try entries("writer = $1 ORDER BY sequence DESC LIMIT 1", [.text(writer)]).first else {
            return LogHead(of: writer)
        }
        return LogHead(after: last)
    }

    /// The ends of all chains, by the writers' names; empty ones among them.
    public func heads() throws(RecordsError) -> [LogHead] {
        var heads: [LogHead] = []
        for row in try rows("SELECT name FROM writers ORDER BY name") {
            heads.append(try head(of: try row.text(0, "name")))
        }
        return heads
    }

    public func entry(at position: LogPosition) throws(RecordsError) -> LogEntry? {
        try entries("writer = $1 AND sequence = $2", [.text(position.writer), SQLValue(position.sequence)]).first
    }

    /// A page of one writer's chain.
    public func entries(after position: LogPosition, limit: Int) throws(RecordsError) -> [LogEntry] {
        try entries(
            "writer = $1 AND sequence > $2 ORDER BY sequence LIMIT $3",
            [.text(position.writer), SQLValue(position.sequence), SQLValue(limit)]
        )
    }

    private func entries(_ condition: String, _ arguments: [SQLValue]) throws(RecordsError) -> [LogEntry] {
        let found = try rows(
            "SELECT writer, sequence, instant, actor, body, previous, hash FROM log WHERE \(condition)",
            arguments
        )
        var entries: [LogEntry] = []
        entries.reserveCapacity(found.count)
        for row in found {
            entries.append(
                LogEntry(
                    writer: try row.text(0, "writer"),
                    sequence: try row.integer(1, "sequence", as: UInt64.self),
                    instant: try row.integer(2, "instant"),
                    actor: try row.text(3, "actor"),
                    body: try row.bytes(4, "body"),
                    previous: try row.bytes(5, "previous"),
                    hash: try row.bytes(6, "hash")
                )
            )
        }
        return entries
    }
}
