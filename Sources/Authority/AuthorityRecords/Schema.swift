/// The tables, as numbered steps: a step that was once published is never changed, only followed by another.
public enum Schema {
    /// Brings a database up to the last step, in the caller's transaction.
    ///
    /// - Throws: ``RecordsError/newer(found:known:)`` if it is further than this program knows.
    public static func migrate(_ connection: any SQLConnection) throws(RecordsError) {
        try connection.execute("CREATE TABLE IF NOT EXISTS fuda_migrations (number INTEGER PRIMARY KEY)", [])
        let found = try version(connection)
        guard found <= steps.count else { throw .newer(found: found, known: steps.count) }
        for number in found..<steps.count {
            for statement in steps[number] { try connection.execute(statement, []) }
            try connection.execute("INSERT INTO fuda_migrations (number) VALUES ($1)", [SQLValue(number + 1)])
        }
    }

    /// The last step taken; 0 in an empty database.
    private static func version(_ connection: any SQLConnection) throws(RecordsError) -> Int {
        let rows = try connection.rows("SELECT COALESCE(MAX(number), 0) FROM fuda_migrations", [])
        return try SQLRow(values: rows.first ?? []).integer(0, "number", as: Int.self)
    }

    static let steps: [[String]] = [
        [
            """
            CREATE TABLE log (
                writer TEXT NOT NULL, sequence BIGINT NOT NULL, instant BIGINT NOT NULL, actor TEXT NOT NULL,
                body BYTEA NOT NULL, previous BYTEA NOT NULL, hash BYTEA NOT NULL,
                PRIMARY KEY (writer, sequence))
            """,
            "CREATE TABLE writers (name TEXT PRIMARY KEY)",
            """
            CREATE TABLE generations (
                authority TEXT NOT NULL, generation INTEGER NOT NULL, serial BIGINT NOT NULL, algorithm TEXT NOT NULL,
                certificate BYTEA NOT NULL, key_name TEXT NOT NULL, began_at BIGINT NOT NULL,
                PRIMARY KEY (authority, generation))
            """,
            """
            CREATE TABLE certificates (
                authority TEXT NOT NULL, serial BIGINT NOT NULL, generation INTEGER NOT NULL, kind TEXT NOT NULL,
                list_partition TEXT NOT NULL, request TEXT NOT NULL, holder TEXT, card TEXT, replaces BIGINT,
                not_before BIGINT, not_after BIGINT, state TEXT NOT NULL, reason INTEGER, revoked_at BIGINT,
                changed_at BIGINT NOT NULL, changed_by TEXT NOT NULL, changed_in BIGINT NOT NULL,
                to_be_signed TEXT, fingerprint TEXT,
                PRIMARY KEY (authority, serial), UNIQUE (authority, request),
                FOREIGN KEY (authority, generation) REFERENCES generations (authority, generation))
            """,
            "CREATE INDEX certificates_of_holder ON certificates (holder) WHERE holder IS NOT NULL",
            "CREATE INDEX certificates_of_card ON certificates (card) WHERE card IS NOT NULL",
            "CREATE INDEX certificates_by_fingerprint ON certificates (fingerprint) WHERE fingerprint IS NOT NULL",
            "CREATE INDEX certificates_unfinished ON certificates (changed_by) WHERE state = 'planned'",
            """
            CREATE INDEX certificates_revoked ON certificates (authority, list_partition, serial)
                WHERE reason IS NOT NULL
            """,
            """
            CREATE TABLE certificate_bodies (
                authority TEXT NOT NULL, serial BIGINT NOT NULL, to_be_signed BYTEA, certificate BYTEA,
                PRIMARY KEY (authority, serial))
            """,
            """
            CREATE TABLE municipalities (
                authority TEXT NOT NULL, code TEXT NOT NULL, prefecture TEXT NOT NULL, municipality TEXT NOT NULL,
                PRIMARY KEY (authority, code))
            """,
            """
            CREATE TABLE lists (
                authority TEXT NOT NULL, list_partition TEXT NOT NULL, number BIGINT NOT NULL, base BIGINT,
                this_update BIGINT NOT NULL, next_update BIGINT NOT NULL, entries BIGINT NOT NULL,
                fingerprint TEXT NOT NULL, full_number BIGINT, full_update BIGINT,
                PRIMARY KEY (authority, list_partition))
            """,
            """
            CREATE TABLE verifiers (
                name TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, admitted_at BIGINT NOT NULL, dismissed_at BIGINT)
            """,
            "CREATE TABLE counters (name TEXT PRIMARY KEY, next BIGINT NOT NULL)",
            "INSERT INTO counters (name, next) VALUES ('sign', 1), ('auth', 1)",
            """
            CREATE TABLE totals (
                writer TEXT NOT NULL, authority TEXT NOT NULL, happening TEXT NOT NULL, number BIGINT NOT NULL,
                PRIMARY KEY (writer, authority, happening))
            """,
            """
            CREATE TABLE usage_counts (
                verifier TEXT NOT NULL, month TEXT NOT NULL, method TEXT NOT NULL, purpose TEXT NOT NULL,
                authority TEXT NOT NULL, number BIGINT NOT NULL,
                PRIMARY KEY (verifier, month, method, purpose, authority))
            """,
            "CREATE TABLE nodes (name TEXT PRIMARY KEY, term BIGINT NOT NULL, standing TEXT NOT NULL)",
            """
            CREATE TABLE node_progress (
                node TEXT NOT NULL, writer TEXT NOT NULL, sequence BIGINT NOT NULL, PRIMARY KEY (node, writer))
            """,
            "CREATE TABLE checkpoints (number BIGINT PRIMARY KEY, content BYTEA NOT NULL, signature BYTEA NOT NULL)",
        ]
    ]
}
