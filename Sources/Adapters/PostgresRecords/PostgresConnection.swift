import AuthorityRecords
import CPostgres

/// One connection to a server, used by one thread.
@safe final class PostgresConnection: SQLConnection {
    private let connection: OpaquePointer
    /// How many warnings the server sent, counted from C.
    private let warnings: UnsafeMutablePointer<Int32>
    /// Statements this session knows by name.
    private var prepared: [String: String] = [:]

    /// Waits until the server answered.
    init(_ address: PostgresAddress, writes: Bool) throws(RecordsError) {
        let pairs = address.pairs(writes: writes)
        let connection = unsafe Self.withCStrings(pairs.map(\.keyword)) { keywords in
            unsafe Self.withCStrings(pairs.map(\.value)) { values in unsafe PQconnectdbParams(keywords, values, 0) }
        }
        guard let connection = unsafe connection else { throw .unavailable("out of memory") }
        unsafe self.connection = connection
        unsafe warnings = UnsafeMutablePointer.allocate(capacity: 1)
        unsafe warnings.initialize(to: 0)
        unsafe fuda_count_notices(connection, warnings)
        guard isAlive else { throw .unavailable("no connection") }
    }

    deinit {
        unsafe PQfinish(connection)
        unsafe warnings.deallocate()
    }

    var isAlive: Bool { unsafe PQstatus(connection) == CONNECTION_OK }
    var warningCount: Int32 { unsafe warnings.pointee }

    @discardableResult
    func execute(_ sql: String, _ arguments: [SQLValue]) throws(RecordsError) -> Int {
        let result = try run(sql, arguments)
        return result.changedRows
    }

    func rows(_ sql: String, _ arguments: [SQLValue]) throws(RecordsError) -> [[SQLValue]] {
        try run(sql, arguments).rows()
    }

    /// A statement without parameters that is not worth a name: BEGIN, COMMIT, ROLLBACK, SET.
    ///
    /// - Returns: the command's tag, such as `COMMIT`.
    @discardableResult
    func command(_ sql: String) throws(RecordsError) -> String {
        let result = unsafe PostgresResult(PQexec(connection, sql))
        try check(result)
        return result.tag
    }

    private func run(_ sql: String, _ arguments: [SQLValue]) throws(RecordsError) -> PostgresResult {
        let name = try prepare(sql)
        let parameters = PostgresParameters(arguments)
        let result = unsafe parameters.withPointers { values, lengths, formats in
            unsafe PostgresResult(
                PQexecPrepared(connection, name, Int32(arguments.count), values, lengths, formats, 1)
            )
        }
        try check(result)
        return result
    }

    private func prepare(_ sql: String) throws(RecordsError) -> String {
        if let name = prepared[sql] { return name }
        let name = "s\(prepared.count)"
        try check(unsafe PostgresResult(PQprepare(connection, name, sql, 0, nil)))
        prepared[sql] = name
        return name
    }

    private func check(_ result: PostgresResult) throws(RecordsError) {
        guard result.isGood else { throw RecordsError(state: result.state, isAlive: isAlive) }
    }

    private static func withCStrings<R>(
        _ texts: [String],
        _ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> R
    ) -> R {
        let bytes = texts.flatMap { Array($0.utf8CString) }
        return unsafe bytes.withUnsafeBufferPointer { buffer in
            var pointers: [UnsafePointer<CChar>?] = unsafe []
            var start = 0
            for text in texts {
                unsafe pointers.append(buffer.baseAddress.map { unsafe $0 + start })
                start += text.utf8.count + 1
            }
            unsafe pointers.append(nil)
            return unsafe pointers.withUnsafeBufferPointer { unsafe body($0.baseAddress) }
        }
    }
}

extension RecordsError {
    /// By SQLSTATE (PostgreSQL manual, appendix A); messages are not looked at, for they may hold values.
    init(state: String?, isAlive: Bool) {
        guard isAlive else {
            self = .unavailable("connection lost")
            return
        }
        switch state ?? "" {
        // Serialization failure, deadlock, a lock not had in time.
        case "40001", "40P01", "55P03", "40003": self = .conflict
        case "23505": self = .duplicate
        case "53100": self = .full
        case "58030", "XX001", "XX002": self = .storageFailed
        // Shutting down, starting up, read-only standby, too many connections.
        case "57P01", "57P02", "57P03", "25006", "53300": self = .unavailable("server not ready")
        // Made at the same time by another node.
        case "42P07", "42710": self = .conflict
        case "": self = .unavailable("no answer")
        case let state: self = .statement(state)
        }
    }
}
