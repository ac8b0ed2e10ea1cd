public import AuthorityCryptography
public import CertificateProfiles
public import EventLog

/// One generation of an authority, as its beginning was recorded.
public struct GenerationRecord: Hashable, Sendable {
    public let authority: CertificateAuthority
    public let generation: Int
    public let serial: UInt32
    public let algorithm: SignatureAlgorithm
    /// DER.
    public let certificate: [UInt8]
    /// Where the key is; see ``GenerationBegan/key``.
    public let key: String
    /// Milliseconds since 1970 UTC.
    public let beganAt: Int64
}

/// The latest list of one partition.
public struct ListRecord: Hashable, Sendable {
    public let authority: CertificateAuthority
    public let partition: String
    /// cRLNumber of the latest list, full or delta.
    public let number: UInt64
    /// cRLNumber of the latest full list; `nil` before the first.
    public let fullNumber: UInt64?
    /// thisUpdate of the latest full list, in seconds since 1970 UTC.
    public let fullThisUpdate: Int64?
    /// Seconds since 1970 UTC, of the latest list.
    public let thisUpdate: Int64
    public let nextUpdate: Int64
    public let entries: Int
    public let fingerprint: String
}

/// A verifier with an account.
public struct VerifierRecord: Hashable, Sendable {
    public let name: String
    /// SHA-256 of its client certificate's DER, hexadecimal.
    public let fingerprint: String
    /// Milliseconds since 1970 UTC.
    public let admittedAt: Int64
    /// `nil` while it is admitted.
    public let dismissedAt: Int64?
}

extension Records {
    /// Oldest first; the last is the one that issues.
    public func generations(_ authority: CertificateAuthority) throws(RecordsError) -> [GenerationRecord] {
        let found = try rows(
            """
            SELECT generation, serial, algorithm, certificate, key_name, began_at FROM generations
            WHERE authority = $1 ORDER BY generation
            """,
            [.text(authority.rawValue)]
        )
        var generations: [GenerationRecord] = []
        for row in found {
            generations.append(
                GenerationRecord(
                    authority: authority,
                    generation: try row.integer(0, "generation", as: Int.self),
                    serial: try row.integer(1, "serial", as: UInt32.self),
                    algorithm: try row.word(2, "algorithm", as: SignatureAlgorithm.self),
                    certificate: try row.bytes(3, "certificate"),
                    key: try row.text(4, "key_name"),
                    beganAt: try row.integer(5, "began_at")
                )
            )
        }
        return generations
    }

    /// The municipality with a list of its own, by its five digits.
    public func municipality(
        _ authority: CertificateAuthority,
        code: String
    ) throws(RecordsError) -> PartitionOpened? {
        let found = try rows(
            "SELECT prefecture, municipality FROM municipalities WHERE authority = $1 AND code = $2",
            [.text(authority.rawValue), .text(code)]
        )
        guard let row = found.first else { return nil }
        return PartitionOpened(
            authority: authority,
            code: code,
            prefecture: try row.text(0, "prefecture"),
            municipality: try row.text(1, "municipality")
        )
    }

    /// The latest list of each partition that has one.
    public func lists(_ authority: CertificateAuthority) throws(RecordsError) -> [ListRecord] {
        try lists(authority, "", [])
    }

    public func list(_ authority: CertificateAuthority, partition: String) throws(RecordsError) -> ListRecord? {
        try lists(authority, "AND list_partition = $2", [.text(partition)]).first
    }

    private func lists(
        _ authority: CertificateAuthority,
        _ condition: String,
        _ arguments: [SQLValue]
    ) throws(RecordsError) -> [ListRecord] {
        let found = try rows(
            """
            SELECT list_partition, number, full_number, this_update, next_update, entries, fingerprint, full_update
            FROM lists
            WHERE authority = $1 \(condition) ORDER BY list_partition
            """,
            [.text(authority.rawValue)] + arguments
        )
        var lists: [ListRecord] = []
        for row in found {
            lists.append(
                ListRecord(
                    authority: authority,
                    partition: try row.text(0, "list_partition"),
                    number: try row.integer(1, "number", as: UInt64.self),
                    fullNumber: try row.optionalInteger(2, "full_number").map { UInt64(bitPattern: $0) },
                    fullThisUpdate: try row.optionalInteger(7, "full_update"),
                    thisUpdate: try row.integer(3, "this_update"),
                    nextUpdate: try row.integer(4, "next_update"),
                    entries: try row.integer(5, "entries", as: Int.self),
                    fingerprint: try row.text(6, "fingerprint")
                )
            )
        }
        return lists
    }

    /// The last serial number spent; 0 before the first.
    public func lastSerial(_ authority: CertificateAuthority) throws(RecordsError) -> UInt32 {
        guard let row = try rows("SELECT next FROM counters WHERE name = $1", [.text(authority.rawValue)]).first else {
            throw .corrupt("counters")
        }
        guard let last = UInt32(exactly: try row.integer(0, "next") - 1) else { throw .corrupt("counters") }
        return last
    }

    public func verifiers() throws(RecordsError) -> [VerifierRecord] {
        var verifiers: [VerifierRecord] = []
        for row in try rows("SELECT name, fingerprint, admitted_at, dismissed_at FROM verifiers ORDER BY name") {
            verifiers.append(
                VerifierRecord(
                    name: try row.text(0, "name"),
                    fingerprint: try row.text(1, "fingerprint"),
                    admittedAt: try row.integer(2, "admitted_at"),
                    dismissedAt: try row.optionalInteger(3, "dismissed_at")
                )
            )
        }
        return verifiers
    }

    /// How often each thing happened to certificates of an authority, over all writers.
    public func totals(_ authority: CertificateAuthority) throws(RecordsError) -> [Happening: Int64] {
        let found = try rows(
            """
            SELECT happening, CAST(SUM(number) AS BIGINT) FROM totals WHERE authority = $1 GROUP BY happening
            """,
            [.text(authority.rawValue)]
        )
        var totals: [Happening: Int64] = [:]
        for row in found {
            totals[try row.word(0, "happening", as: Happening.self)] = try row.integer(1, "number")
        }
        return totals
    }
}

/// What is counted for each writer and authority, so that a status node can check that it read everything.
public enum Happening: String, Hashable, Sendable, CaseIterable {
    case began, planned, issued, abandoned, released, held, revoked
    case madeFinal = "made-final"
}
