import AuthorityRecords
import GRDB

/// One transaction, on the thread it was begun on.
struct SQLiteConnection: SQLConnection {
    private let database: Database

    init(_ database: Database) { self.database = database }

    func execute(_ sql: String, _ arguments: [SQLValue]) throws(RecordsError) -> Int {
        let statement = try prepared(sql)
        try statement.run(arguments) {}
        return database.changesCount
    }

    func rows(_ sql: String, _ arguments: [SQLValue]) throws(RecordsError) -> [[SQLValue]] {
        let statement = try prepared(sql)
        var rows: [[SQLValue]] = []
        try statement.run(arguments) { rows.append(statement.values) }
        return rows
    }

    /// Kept by the library with its connection, so that a statement is prepared once.
    private func prepared(_ sql: String) throws(RecordsError) -> SQLiteStatement {
        do { return SQLiteStatement(try database.cachedStatement(sql: sql)) } catch { throw RecordsError(any: error) }
    }
}

extension RecordsError {
    init(_ error: DatabaseError) { self.init(error.extendedResultCode) }

    /// What SQLite's extended result code means to the records (sqlite.org, result codes).
    init(_ code: ResultCode) {
        switch code.primaryResultCode {
        case .SQLITE_FULL: self = .full
        case .SQLITE_IOERR: self = .storageFailed
        case .SQLITE_BUSY, .SQLITE_LOCKED: self = .conflict
        case .SQLITE_CONSTRAINT:
            switch code {
            case .SQLITE_CONSTRAINT_UNIQUE, .SQLITE_CONSTRAINT_PRIMARYKEY: self = .duplicate
            default: self = .statement("\(code.rawValue)")
            }
        case .SQLITE_CORRUPT: self = .corrupt("database file")
        case .SQLITE_NOTADB: self = .notOurs
        case .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH:
            self = .unavailable("SQLite \(code.rawValue)")
        default: self = .statement("\(code.rawValue)")
        }
    }

    init(any error: any Error) {
        switch error {
        case let error as RecordsError: self = error
        case let error as DatabaseError: self = RecordsError(error)
        default: self = .statement("other")
        }
    }
}
