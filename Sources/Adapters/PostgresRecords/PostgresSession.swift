import AuthorityRecords
import Threads

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// One connection with a thread of its own; made when it is first needed, and again after it was lost.
actor PostgresSession {
    /// What a session is for.
    enum Role: Sendable {
        case writer, reader
    }

    private let address: PostgresAddress
    private let role: Role
    private let thread: SerialThread
    private var connection: PostgresConnection?
    /// Whose lock the session holds and takes again after the connection was lost.
    private var node: String?
    private var isClosed = false

    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe thread.asUnownedSerialExecutor() }

    init(_ address: PostgresAddress, _ role: Role) throws(RecordsError) {
        guard let thread = SerialThread() else { throw .unavailable("no more threads") }
        self.address = address
        self.role = role
        self.thread = thread
    }

    deinit { thread.stop() }

    func close() {
        isClosed = true
        connection = nil
    }

    // MARK: - Transactions

    func transaction<R: Sendable>(_ body: @Sendable (any SQLConnection) throws -> R) throws -> R {
        guard !isClosed else { throw RecordsError.closed }
        let connection = try begin()
        let value: R
        do {
            value = try body(connection)
        } catch {
            rollBack(connection)
            throw error
        }
        try commit(connection)
        return value
    }

    /// A connection that was lost since it was last used is made anew: nothing was asked of it yet.
    private func begin() throws(RecordsError) -> PostgresConnection {
        let statement =
            role == .writer
            ? "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE" : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
        if let connection {
            do throws(RecordsError) {
                try connection.command(statement)
                return connection
            } catch {
                self.connection = nil
            }
        }
        let connection = try connect()
        try connection.command(statement)
        return connection
    }

    private func rollBack(_ connection: PostgresConnection) {
        do throws(RecordsError) { try connection.command("ROLLBACK") } catch { self.connection = nil }
    }

    private func commit(_ connection: PostgresConnection) throws(RecordsError) {
        let warnings = connection.warningCount
        let tag: String
        do throws(RecordsError) {
            tag = try connection.command("COMMIT")
        } catch {
            if !connection.isAlive {
                self.connection = nil
                // A reader's transaction has nothing that could be half-way.
                throw role == .writer ? .outcomeUnknown : error
            }
            // An error the server lives to tell of is one that rolled the transaction back.
            rollBack(connection)
            throw error
        }
        guard tag == "COMMIT" else { throw .conflict }
        // The server warns if it stopped waiting for its replicas: the transaction is there, but perhaps here alone.
        if role == .writer, connection.warningCount != warnings { throw .notReplicated }
    }

    // MARK: - Connections

    /// Takes the node's lock on this very connection: while another session holds it, that session's transactions may
    /// still be on their way.
    func claim(_ node: String) throws(RecordsError) {
        let connection = try connect()
        guard try lock(connection, node, patience: 2_000) else { throw .nodeTaken(node) }
        self.node = node
    }

    private func connect() throws(RecordsError) -> PostgresConnection {
        if let connection, connection.isAlive { return connection }
        connection = nil
        let made = try PostgresConnection(address, writes: role == .writer)
        if role == .writer {
            try checkDurability(made)
            // A node that stands still with locks in its hand is cut off, and one that waits for it tries again.
            try made.command("SET idle_in_transaction_session_timeout = '5s'")
            try made.command("SET lock_timeout = '500ms'")
            if let node {
                guard try lock(made, node, patience: 8_000) else { throw .unavailable("node is taken") }
            }
        }
        connection = made
        return made
    }

    private func checkDurability(_ connection: PostgresConnection) throws(RecordsError) {
        let settings = try connection.rows(
            """
            SELECT current_setting('fsync'), current_setting('full_page_writes'), current_setting('synchronous_commit')
            """,
            []
        )
        guard let row = settings.first, row.count == 3, row[0] == .text("on"), row[1] == .text("on"),
            row[2] != .text("off")
        else { throw .notDurable }
    }

    /// Asks again and again for as many milliseconds: a session whose process died takes a moment to end.
    private func lock(_ connection: PostgresConnection, _ node: String, patience: Int) throws(RecordsError) -> Bool {
        for attempt in 0...(patience / 50) {
            if attempt > 0 { usleep(50_000) }
            let answer = try connection.rows(
                "SELECT pg_try_advisory_lock(hashtextextended($1, 0))",
                [.text("fuda node \(node)")]
            )
            if answer == [[.integer(1)]] { return true }
        }
        return false
    }
}
