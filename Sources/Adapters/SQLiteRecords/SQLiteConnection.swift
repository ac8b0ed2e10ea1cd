import AuthorityRecords
import FoundationEssentials
import GRDB

/// One transaction, on the thread it was begun on.
struct SQLiteConnection: SQLConnection {
    private let database: Database

    init(_ database: Database) { self.database = database }

    func execute(_ sql: String, _ arguments: [SQLValue]) throws(RecordsError) -> Int {
        do {
            let statement = try database.cachedStatement(sql: sql)
            try statement.execute(arguments: StatementArguments(arguments.map(Self.value)))
            return database.changesCount
        } catch {
            throw RecordsError(any: error)
        }
    }

    func rows(_ sql: String, _ arguments: [SQLValue]) throws(RecordsError) -> [[SQLValue]] {
        do {
            let statement = try database.cachedStatement(sql: sql)
            let cursor = try Row.fetchCursor(statement, arguments: StatementArguments(arguments.map(Self.value)))
            var rows: [[SQLValue]] = []
            while let row = try cursor.next() { rows.append(row.databaseValues.map(Self.value)) }
            return rows
        } catch {
            throw RecordsError(any: error)
        }
    }

    private static func value(_ value: SQLValue) -> DatabaseValue {
        switch value {
        case .null: .null
        case .integer(let number): number.databaseValue
        case .text(let text): text.databaseValue
        case .bytes(let bytes): Data(bytes).databaseValue
        }
    }

    private static func value(_ value: DatabaseValue) -> SQLValue {
        switch value.storage {
        case .null: .null
        case .int64(let number): .integer(number)
        // The schema has no such columns; whoever reads it will find the type wrong.
        case .double: .null
        case .string(let text): .text(text)
        case .blob(let bytes): .bytes(Array(bytes))
        }
    }
}

extension RecordsError {
    init(_ error: DatabaseError) {
        switch error.resultCode {
        case .SQLITE_FULL: self = .full
        case .SQLITE_IOERR: self = .storageFailed
        case .SQLITE_BUSY, .SQLITE_LOCKED: self = .conflict
        case .SQLITE_CONSTRAINT:
            switch error.extendedResultCode {
            case .SQLITE_CONSTRAINT_UNIQUE, .SQLITE_CONSTRAINT_PRIMARYKEY: self = .duplicate
            default: self = .statement("\(error.extendedResultCode.rawValue)")
            }
        case .SQLITE_CORRUPT: self = .corrupt("database file")
        case .SQLITE_NOTADB: self = .notOurs
        case .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH:
            self = .unavailable("SQLite \(error.extendedResultCode.rawValue)")
        default: self = .statement("\(error.extendedResultCode.rawValue)")
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
