public import EventLog

extension Ledger {
    /// Signs and keeps the ends of all chains.
    ///
    /// The caller keeps the same elsewhere: that is what it is for.
    ///
    /// - Parameter sign: a signature over the content, by the key of the records' keeper; it may wait.
    /// - Returns: what was kept.
    /// - Throws: what `sign` throws; ``RecordsError/duplicate`` if another node was quicker, which is as good.
    public func checkpoint(
        signing sign: @Sendable (_ content: [UInt8]) async throws -> [UInt8]
    ) async throws -> SignedCheckpoint {
        let (last, heads) = try await read { records in
            (try records.checkpoints(after: nil, limit: 1).last, try records.heads())
        }
        let lastRead = try last.map { try LogCheckpoint(content: $0.content) }
        let checkpoint = LogCheckpoint(after: lastRead, instant: clock(), heads: heads)
        let signed = SignedCheckpoint(content: checkpoint.content, signature: try await sign(checkpoint.content))
        try await database.write { connection in
            _ = try connection.execute(
                "INSERT INTO checkpoints (number, content, signature) VALUES ($1, $2, $3)",
                [SQLValue(checkpoint.number), .bytes(signed.content), .bytes(signed.signature)]
            )
        }
        return signed
    }
}

extension Records {
    /// A page of checkpoints in their order, or, after `nil`, the last.
    public func checkpoints(after number: UInt64?, limit: Int) throws(RecordsError) -> [SignedCheckpoint] {
        let found =
            if let number {
                try rows(
                    "SELECT content, signature FROM checkpoints WHERE number > $1 ORDER BY number LIMIT $2",
                    [SQLValue(number), SQLValue(limit)]
                )
            } else {
                try rows("SELECT content, signature FROM checkpoints ORDER BY number DESC LIMIT 1")
            }
        var checkpoints: [SignedCheckpoint] = []
        for row in found {
            checkpoints.append(
                SignedCheckpoint(content: try row.bytes(0, "content"), signature: try row.bytes(1, "signature"))
            )
        }
        return checkpoints
    }
}
