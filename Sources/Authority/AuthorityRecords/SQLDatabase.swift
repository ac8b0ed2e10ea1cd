/// One transaction of a database, used by one thread until its body returns.
///
/// Statements are written in the subset that SQLite and PostgreSQL share; parameters are `$1`, `$2`, … in the order of
/// their first use.
public protocol SQLConnection {
    /// Carries out a statement that answers no rows.
    ///
    /// - Returns: how many rows it changed.
    @discardableResult
    func execute(_ sql: String, _ arguments: [SQLValue]) throws(RecordsError) -> Int
    /// Carries out a statement and fetches all rows it answers.
    func rows(_ sql: String, _ arguments: [SQLValue]) throws(RecordsError) -> [[SQLValue]]
}

/// A database that keeps the records of an authority.
public protocol SQLDatabase: Sendable {
    /// Makes this process the only one that writes as `node`, until ``close()`` or its end.
    ///
    /// - Throws: ``RecordsError/nodeTaken(_:)`` if another process is that node.
    func claim(node: String) async throws
    /// One transaction, durable when this returns. Writers wait for one another.
    ///
    /// The body may run on any thread, may wait, and is rolled back if it throws; what it throws comes out as it is.
    ///
    /// - Throws: ``RecordsError``; of these ``RecordsError/outcomeUnknown`` alone leaves open whether the transaction
    ///   took place.
    func write<R: Sendable>(_ body: @escaping @Sendable (any SQLConnection) throws -> R) async throws -> R
    /// One view of all that was committed before; never waits for a writer.
    func read<R: Sendable>(_ body: @escaping @Sendable (any SQLConnection) throws -> R) async throws -> R
    /// Ends all connections, and with them the claim.
    func close() async
    /// The thread on which ``write(_:)`` waits, if it has one of its own: who writes much is best there already. `nil`
    /// unless said.
    var writingThread: (any TaskExecutor)? { get }
}

extension SQLDatabase {
    public var writingThread: (any TaskExecutor)? { nil }
}
