public import AuthorityRecords
import FoundationEssentials
import GRDB
import Synchronization
import Threads

/// Records in one SQLite file: the embedded default, for one process.
///
/// WAL with `synchronous=FULL`, set after the file was opened and read back: the library that opens it lowers the level
/// itself when it turns WAL on.
public final class SQLiteDatabase: SQLDatabase {
    /// `FUDA` in ASCII, at its place in the header of the file (sqlite.org, database file format, 1.3.17).
    static let applicationID: Int32 = 0x4655_4441
    /// Changed rows after which the write-ahead log is worked into the file beside the writer.
    static let checkpointInterval = 4_000
    /// Changed rows after which the writer waits for that, so that the log begins anew: beside a writer that never rests
    /// it would grow for ever.
    static let restartInterval = 40_000

    private struct State {
        /// The storage failed, so that nothing it says can be believed until the file is opened anew.
        var hasFailed = false
        var isClosed = false
        var changes = 0
        var changesSinceRestart = 0
        var isCheckpointing = false
        var lock: LockFile?
    }

    private let path: String
    private let pool: DatabasePool
    /// Works the write-ahead log into the file while others write.
    private let checkpointer: DatabaseQueue
    private let state = Mutex(State())
    private let thread: ThreadExecutor

    public var writingThread: (any TaskExecutor)? { thread }

    /// Opens the file, or makes it, readable by its owner alone.
    ///
    /// - Throws: ``RecordsError/notOurs`` for a file of another program, which is not touched;
    ///   ``RecordsError/notDurable`` if the level of safety could not be set; ``RecordsError/unavailable(_:)``.
    public init(path: String) throws {
        self.path = path
        guard let thread = ThreadExecutor() else { throw RecordsError.unavailable("no more threads") }
        self.thread = thread
        do {
            try Self.checkOwner(path)
            var configuration = Configuration()
            configuration.label = "records"
            configuration.busyMode = .timeout(10)
            configuration.foreignKeysEnabled = true
            configuration.maximumReaderCount = 8
            pool = try DatabasePool(path: path, configuration: configuration)
            checkpointer = try DatabaseQueue(path: path, configuration: configuration)
            try checkpointer.writeWithoutTransaction(Self.makeDurable)
            try pool.writeWithoutTransaction { database in
                try Self.makeDurable(database)
                if try Int32.fetchOne(database, sql: "PRAGMA application_id") != Self.applicationID {
                    try database.execute(sql: "PRAGMA application_id=\(Self.applicationID)")
                }
            }
        } catch let error as DatabaseError {
            throw RecordsError(error)
        }
    }

    private static func makeDurable(_ database: Database) throws {
        try database.execute(sql: "PRAGMA synchronous=FULL")
        // Done by this class instead, where a failure is noticed.
        try database.execute(sql: "PRAGMA wal_autocheckpoint=0")
        guard try Int.fetchOne(database, sql: "PRAGMA synchronous") == 2,
            try String.fetchOne(database, sql: "PRAGMA journal_mode") == "wal"
        else { throw RecordsError.notDurable }
    }

    /// A file that is there has to be ours before anything is written to it; one that is not is made for its owner.
    private static func checkOwner(_ path: String) throws {
        let isNew = try LockFile.create(path)
        if isNew { return }
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(10)
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        defer { try? queue.close() }
        let (identifier, tables) = try queue.read { database in
            (
                try Int32.fetchOne(database, sql: "PRAGMA application_id") ?? 0,
                try Int.fetchOne(database, sql: "SELECT COUNT(*) FROM sqlite_master") ?? 0
            )
        }
        guard identifier == applicationID || (identifier == 0 && tables == 0) else { throw RecordsError.notOurs }
    }

    deinit { thread.stop() }

    /// One process writes to the file, whatever its node is called; the lock is a file beside it.
    public func claim(node: String) async throws {
        guard let lock = try LockFile(path + ".lock") else { throw RecordsError.nodeTaken(node) }
        state.withLock { $0.lock = lock }
    }

    public func write<R: Sendable>(_ body: @escaping @Sendable (any SQLConnection) throws -> R) async throws -> R {
        try checkUsable()
        return try await withTaskExecutorPreference(thread) { try self.writeHere(body) }
    }

    /// Waits for the disk on the thread it is called on; a caller who gives up does not leave it half-way.
    private func writeHere<R>(_ body: (any SQLConnection) throws -> R) throws -> R {
        try pool.writeWithoutTransaction { database in try transaction(database, body) }
    }

    private func transaction<R>(_ database: Database, _ body: (any SQLConnection) throws -> R) throws -> R {
        do { try database.beginTransaction(.immediate) } catch { throw noted(error) }
        let before = database.totalChangesCount
        let value: R
        do {
            value = try body(SQLiteConnection(database))
        } catch {
            // A failure may have ended the transaction already.
            if database.isInsideTransaction { try? database.rollback() }
            throw noted(error)
        }
        do {
            try database.commit()
        } catch {
            if database.isInsideTransaction { try? database.rollback() }
            let error = noted(error)
            // The write-ahead log may hold the whole transaction though it was not made durable.
            throw error as? RecordsError == .storageFailed ? RecordsError.outcomeUnknown : error
        }
        checkpoint(database, database.totalChangesCount - before)
        return value
    }

    /// Works the write-ahead log into the file now and then.
    ///
    /// What was committed is durable before and after; if the storage fails here, nothing more is written.
    private func checkpoint(_ database: Database, _ changes: Int) {
        let (restarts, isDue) = state.withLock { state -> (Bool, Bool) in
            state.changes += changes
            state.changesSinceRestart += changes
            guard state.changes >= Self.checkpointInterval else { return (false, false) }
            state.changes = 0
            if state.changesSinceRestart >= Self.restartInterval {
                state.changesSinceRestart = 0
                return (true, false)
            }
            defer { state.isCheckpointing = true }
            return (false, !state.isCheckpointing)
        }
        if restarts {
            do { _ = try database.checkpoint(.passive) } catch { _ = noted(error) }
        } else if isDue {
            checkpointer.asyncWriteWithoutTransaction { [self] database in
                do { _ = try database.checkpoint(.passive) } catch { _ = noted(error) }
                state.withLock { $0.isCheckpointing = false }
            }
        }
    }

    public func read<R: Sendable>(_ body: @escaping @Sendable (any SQLConnection) throws -> R) async throws -> R {
        guard !state.withLock({ $0.isClosed }) else { throw RecordsError.closed }
        do {
            return try await pool.read { database in try body(SQLiteConnection(database)) }
        } catch let error as DatabaseError {
            throw RecordsError(error)
        }
    }

    public func close() async {
        let wasClosed = state.withLock { state in
            defer { state.isClosed = true }
            return state.isClosed
        }
        guard !wasClosed else { return }
        try? checkpointer.close()
        try? pool.close()
        state.withLock { $0.lock = nil }
    }

    private func checkUsable() throws {
        try state.withLock { state in
            if state.isClosed { throw RecordsError.closed }
            if state.hasFailed { throw RecordsError.storageFailed }
        }
    }

    /// The error in the records' own terms; a failure of the storage is remembered.
    private func noted(_ error: any Error) -> any Error {
        let own = (error as? DatabaseError).map { RecordsError($0) } ?? error
        if own as? RecordsError == .storageFailed { state.withLock { $0.hasFailed = true } }
        return own
    }
}
