import AuthorityRecords
import CPostgres

/// What the server answered to one statement, values in binary.
@safe final class PostgresResult {
    private let result: OpaquePointer?

    init(_ result: OpaquePointer?) { unsafe self.result = result }

    deinit { unsafe PQclear(result) }

    var isGood: Bool {
        switch unsafe PQresultStatus(result) {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK: true
        default: false
        }
    }

    /// SQLSTATE, five characters; `nil` if there is none.
    var state: String? {
        guard let text = unsafe PQresultErrorField(result, Int32(UInt8(ascii: "C"))) else { return nil }
        return unsafe String(cString: text)
    }

    var tag: String {
        guard let text = unsafe PQcmdStatus(result) else { return "" }
        return unsafe String(cString: text)
    }

    var changedRows: Int {
        guard let text = unsafe PQcmdTuples(result) else { return 0 }
        return Int(unsafe String(cString: text)) ?? 0
    }

    func rows() throws(RecordsError) -> [[SQLValue]] {
        let columns = unsafe PQnfields(result)
        var rows: [[SQLValue]] = []
        rows.reserveCapacity(Int(unsafe PQntuples(result)))
        for row in 0..<(unsafe PQntuples(result)) {
            var values: [SQLValue] = []
            values.reserveCapacity(Int(columns))
            for column in 0..<columns { values.append(try value(row, column)) }
            rows.append(values)
        }
        return rows
    }

    private func value(_ row: Int32, _ column: Int32) throws(RecordsError) -> SQLValue {
        guard unsafe PQgetisnull(result, row, column) == 0 else { return .null }
        let length = Int(unsafe PQgetlength(result, row, column))
        let start = unsafe UnsafeRawPointer(PQgetvalue(result, row, column))
        let bytes = unsafe Array(UnsafeRawBufferPointer(start: start, count: length))
        // The numbers of types are those of pg_type; see its catalog in the manual, 8.
        switch unsafe PQftype(result, column) {
        case 16: return .integer(bytes.first == 1 ? 1 : 0)
        case 20, 21, 23: return .integer(Self.number(bytes))
        case 17: return .bytes(bytes)
        case 18, 19, 25, 1042, 1043: return .text(String(decoding: bytes, as: UTF8.self))
        // void, of functions called for what they do.
        case 2278: return .null
        case let type: throw .corrupt("column of type \(type)")
        }
    }

    /// Two, four or eight bytes, big-endian, in two's complement.
    private static func number(_ bytes: [UInt8]) -> Int64 {
        var number: Int64 = bytes.first.map { $0 >= 0x80 ? -1 : 0 } ?? 0
        for byte in bytes { number = number << 8 | Int64(byte) }
        return number
    }
}
