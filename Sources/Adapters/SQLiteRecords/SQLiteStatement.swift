import AuthorityRecords
import GRDB
import GRDBSQLite

/// A prepared statement, bound and stepped through SQLite's own interface: a batch of issuance carries out hundreds, and
/// the library's values and arguments cost more than the statements themselves.
struct SQLiteStatement {
    private let owner: Statement
    private var statement: OpaquePointer { unsafe owner.sqliteStatement }

    init(_ owner: Statement) { self.owner = owner }

    /// Carries the statement out; `row` is called while it stands on a row it answers.
    func run(_ arguments: [SQLValue], eachRow row: () -> Void) throws(RecordsError) {
        defer {
            unsafe sqlite3_reset(statement)
            unsafe sqlite3_clear_bindings(statement)
        }
        var index: Int32 = 1
        for argument in arguments {
            try check(bind(argument, at: index), is: SQLITE_OK)
            index += 1
        }
        while true {
            let code = unsafe sqlite3_step(statement)
            guard code == SQLITE_ROW else { return try check(code, is: SQLITE_DONE) }
            row()
        }
    }

    private func check(_ code: Int32, is expected: Int32) throws(RecordsError) {
        guard code != expected else { return }
        let extended = unsafe sqlite3_extended_errcode(sqlite3_db_handle(statement))
        throw RecordsError(ResultCode(rawValue: extended & 0xFF == code & 0xFF ? extended : code))
    }

    private func bind(_ value: SQLValue, at index: Int32) -> Int32 {
        switch value {
        case .null: unsafe sqlite3_bind_null(statement, index)
        case .integer(let number): unsafe sqlite3_bind_int64(statement, index, number)
        case .text(var text):
            text.withUTF8 { bytes in
                unsafe bytes.withMemoryRebound(to: CChar.self) { text in
                    guard let start = text.baseAddress else {
                        return unsafe sqlite3_bind_text(statement, index, "", 0, Self.copied)
                    }
                    return unsafe sqlite3_bind_text(statement, index, start, Int32(text.count), Self.copied)
                }
            }
        case .bytes(let bytes):
            // An empty array may have no address, which SQLite would take for NULL.
            unsafe bytes.withUnsafeBytes { buffer in
                if unsafe buffer.isEmpty { return unsafe sqlite3_bind_zeroblob(statement, index, 0) }
                return unsafe sqlite3_bind_blob(
                    statement,
                    index,
                    buffer.baseAddress,
                    Int32(buffer.count),
                    Self.copied
                )
            }
        }
    }

    /// SQLITE_TRANSIENT, a cast that C macros keep from Swift.
    private static var copied: sqlite3_destructor_type {
        unsafe unsafeBitCast(-1, to: sqlite3_destructor_type.self)
    }

    // MARK: - Rows

    /// The row it stands on.
    var values: [SQLValue] {
        let count = unsafe sqlite3_column_count(statement)
        var values: [SQLValue] = []
        values.reserveCapacity(Int(count))
        for column in 0..<count { values.append(value(column)) }
        return values
    }

    private func value(_ column: Int32) -> SQLValue {
        switch unsafe sqlite3_column_type(statement, column) {
        case SQLITE_INTEGER: return .integer(unsafe sqlite3_column_int64(statement, column))
        case SQLITE_TEXT:
            guard let text = unsafe sqlite3_column_text(statement, column) else { return .null }
            let count = Int(unsafe sqlite3_column_bytes(statement, column))
            return .text(unsafe String(decoding: UnsafeBufferPointer(start: text, count: count), as: UTF8.self))
        case SQLITE_BLOB:
            guard let blob = unsafe sqlite3_column_blob(statement, column) else { return .bytes([]) }
            let count = Int(unsafe sqlite3_column_bytes(statement, column))
            return .bytes(unsafe Array(UnsafeRawBufferPointer(start: blob, count: count)))
        // The schema has no other columns; whoever reads it will find the type wrong.
        default: return .null
        }
    }
}
