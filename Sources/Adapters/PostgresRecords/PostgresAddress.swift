import AuthorityRecords
import CPostgres

/// Where a database is: what libpq understands, in pairs of keyword and value.
///
/// Never printed: a value may be a password.
struct PostgresAddress: Sendable {
    private let values: [String: String]

    /// Reads `postgresql://…`, `postgres://…`, `postgres:` before keywords and values, or these alone
    /// (PostgreSQL manual, 34.1.1).
    init(_ text: String) throws(RecordsError) {
        var text = text
        if text.hasPrefix("postgres:"), !text.hasPrefix("postgres://") { text.removeFirst("postgres:".count) }
        var problem: UnsafeMutablePointer<CChar>?
        let options = unsafe PQconninfoParse(text, &problem)
        unsafe PQfreemem(problem)
        guard let options = unsafe options else { throw .unavailable("malformed address") }
        defer { unsafe PQconninfoFree(options) }
        var values: [String: String] = [:]
        var option = unsafe options
        while let keyword = unsafe option.pointee.keyword {
            if let value = unsafe option.pointee.val {
                values[unsafe String(cString: keyword)] = unsafe String(cString: value)
            }
            unsafe option += 1
        }
        self.values = values
    }

    /// What stands in the address, and for the rest what makes a lost server noticed; for a writer, a server that takes
    /// writes.
    func pairs(writes: Bool) -> [(keyword: String, value: String)] {
        var all = [
            "application_name": "fuda", "connect_timeout": "5", "keepalives_idle": "5", "keepalives_interval": "2",
            "keepalives_count": "3", "tcp_user_timeout": "10000",
        ]
        if writes { all["target_session_attrs"] = "read-write" }
        all.merge(values) { $1 }
        all["client_encoding"] = "UTF8"
        return all.map { ($0.key, $0.value) }
    }
}
