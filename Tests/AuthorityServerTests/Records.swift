import ForeignTools
import Foundation
import Testing

/// The authority's records, read by the sqlite3 of others beside the running server.
struct Records {
    private let authority: RunningAuthority

    init(_ authority: RunningAuthority) { self.authority = authority }

    /// Rows of one column.
    func column(_ query: String) throws -> [String] {
        let answer = try ForeignProgram.run("sqlite3", ["-readonly", authority.path("D/authority.sqlite"), query])
        try #require(answer.status == 0, "\(answer.notes)")
        return answer.text.split(separator: "\n").map(String.init)
    }

    /// Rows of one column that holds bytes; the query asks for `hex(…)`.
    func bytes(_ query: String) throws -> [[UInt8]] {
        try column(query).map { text in
            let digits = Array(text.utf8)
            return stride(from: 0, to: digits.count - 1, by: 2).compactMap {
                UInt8(String(decoding: digits[$0...($0 + 1)], as: UTF8.self), radix: 16)
            }
        }
    }

    /// A certificate in DER.
    func certificate(_ authority: String, _ serial: Int) throws -> [UInt8] {
        try #require(
            try bytes(
                """
                SELECT hex(certificate) FROM certificate_bodies WHERE authority = '\(authority)' AND serial = \(serial)
                """
            ).first
        )
    }
}
