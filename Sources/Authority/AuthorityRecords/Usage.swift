public import CertificateProfiles

/// What verifiers are charged for: how often each asked, by month, way and purpose.
public struct UsageKey: Hashable, Sendable {
    public let verifier: String
    /// `2026-04`, in Japan's time.
    public let month: String
    /// `ocsp`, `crl`, `link` or `tsa`.
    public let method: String
    public let purpose: String
    public let authority: CertificateAuthority

    public init(verifier: String, month: String, method: String, purpose: String, authority: CertificateAuthority) {
        self.verifier = verifier
        self.month = month
        self.method = method
        self.purpose = purpose
        self.authority = authority
    }
}

extension Ledger {
    /// Adds counts gathered in memory; they are no events and are not in the log.
    public func add(usage: [UsageKey: Int]) async throws {
        guard !usage.isEmpty else { return }
        // Always in the same order, so that two nodes never wait for each other.
        let rows = usage.map { key, number in
            [
                SQLValue.text(key.verifier), .text(key.month), .text(key.method), .text(key.purpose),
                .text(key.authority.rawValue), SQLValue(number),
            ]
        }.sorted { "\($0)" < "\($1)" }
        try await database.write { connection in
            for row in rows {
                try connection.execute(
                    """
                    INSERT INTO usage_counts (verifier, month, method, purpose, authority, number)
                    VALUES ($1, $2, $3, $4, $5, $6)
                    ON CONFLICT (verifier, month, method, purpose, authority)
                    DO UPDATE SET number = usage_counts.number + excluded.number
                    """,
                    row
                )
            }
        }
    }
}

extension Records {
    /// What was counted in a month.
    public func usage(month: String) throws(RecordsError) -> [UsageKey: Int] {
        let found = try rows(
            "SELECT verifier, method, purpose, authority, number FROM usage_counts WHERE month = $1",
            [.text(month)]
        )
        var usage: [UsageKey: Int] = [:]
        for row in found {
            let key = UsageKey(
                verifier: try row.text(0, "verifier"),
                month: month,
                method: try row.text(1, "method"),
                purpose: try row.text(2, "purpose"),
                authority: try row.word(3, "authority", as: CertificateAuthority.self)
            )
            usage[key] = try row.integer(4, "number", as: Int.self)
        }
        return usage
    }
}
