public import AuthorityRecords
import Synchronization

/// Records in PostgreSQL: for several nodes at once.
///
/// One connection writes and holds the node's lock; a few read. The server's own level of safety is never lowered, and
/// a server without one is refused. A pooler that shares sessions between transactions cannot stand between.
public final class PostgresDatabase: SQLDatabase {
    private let writer: PostgresSession
    private let readers: [PostgresSession]
    /// How many reads each reader has in hand.
    private let load: Mutex<[Int]>

    /// Connects when first needed.
    ///
    /// - Parameters:
    ///   - address: `postgresql://…`, or keywords and values as libpq knows them, with or without `postgres:` before.
    ///   - readers: how many connections read.
    /// - Throws: ``RecordsError/unavailable(_:)`` for an address that cannot be read.
    public init(_ address: String, readers: Int = 4) throws(RecordsError) {
        let address = try PostgresAddress(address)
        writer = try PostgresSession(address, .writer)
        var sessions: [PostgresSession] = []
        for _ in 0..<max(1, readers) { sessions.append(try PostgresSession(address, .reader)) }
        self.readers = sessions
        load = Mutex(Array(repeating: 0, count: sessions.count))
    }

    public func claim(node: String) async throws { try await writer.claim(node) }

    public func write<R: Sendable>(_ body: @escaping @Sendable (any SQLConnection) throws -> R) async throws -> R {
        try await writer.transaction(body)
    }

    public func read<R: Sendable>(_ body: @escaping @Sendable (any SQLConnection) throws -> R) async throws -> R {
        let index = load.withLock { load in
            let index = load.indices.min { load[$0] < load[$1] } ?? 0
            load[index] += 1
            return index
        }
        defer { load.withLock { $0[index] -= 1 } }
        return try await readers[index].transaction(body)
    }

    public func close() async {
        await writer.close()
        for reader in readers { await reader.close() }
    }
}
