public import CertificateProfiles
public import EventLog

/// Everything that can be asked of the records, within one transaction or one view.
public struct Records {
    let connection: any SQLConnection

    public init(_ connection: any SQLConnection) { self.connection = connection }

    func rows(_ sql: String, _ arguments: [SQLValue] = []) throws(RecordsError) -> [SQLRow] {
        try connection.rows(sql, arguments).map(SQLRow.init(values:))
    }

    // MARK: - Certificates

    public func certificate(_ reference: CertificateReference) throws(RecordsError) -> CertificateRecord? {
        try certificates(
            "authority = $1 AND serial = $2",
            [.text(reference.authority.rawValue), SQLValue(reference.serial)]
        ).first
    }

    /// What an earlier request came to.
    public func certificate(
        _ authority: CertificateAuthority,
        request: String
    ) throws(RecordsError) -> CertificateRecord? {
        try certificates("authority = $1 AND request = $2", [.text(authority.rawValue), .text(request)]).first
    }

    /// State and kind alone.
    func standing(
        of reference: CertificateReference
    ) throws(RecordsError) -> (state: CertificateState, kind: CertificateKind)? {
        let found = try rows(
            "SELECT state, kind FROM certificates WHERE authority = $1 AND serial = $2",
            [.text(reference.authority.rawValue), SQLValue(reference.serial)]
        )
        guard let row = found.first else { return nil }
        return (
            try row.word(0, "state", as: CertificateState.self), try row.word(1, "kind", as: CertificateKind.self)
        )
    }

    /// By SHA-256 of the certificate's DER, hexadecimal.
    public func certificate(fingerprint: String) throws(RecordsError) -> CertificateRecord? {
        try certificates("fingerprint = $1", [.text(fingerprint)]).first
    }

    /// All there ever were on a card, oldest first within each authority.
    public func certificates(card: String) throws(RecordsError) -> [CertificateRecord] {
        try certificates("card = $1", [.text(card)])
    }

    /// All there ever were of a holder, oldest first within each authority.
    public func certificates(holder: String) throws(RecordsError) -> [CertificateRecord] {
        try certificates("holder = $1", [.text(holder)])
    }

    /// A page of all certificates of an authority in the order of their numbers.
    public func certificates(
        _ authority: CertificateAuthority,
        after serial: UInt32,
        limit: Int
    ) throws(RecordsError) -> [CertificateRecord] {
        try certificates(
            "authority = $1 AND serial > $2",
            [.text(authority.rawValue), SQLValue(serial), SQLValue(limit)],
            limited: "LIMIT $3"
        )
    }

    /// A page of those that relying parties see as revoked or held, in the order of their numbers.
    ///
    /// A list is made of them. Without a partition: of the whole authority.
    public func revoked(
        _ authority: CertificateAuthority,
        partition: String?,
        after serial: UInt32,
        limit: Int
    ) throws(RecordsError) -> [CertificateRecord] {
        guard let partition else {
            return try certificates(
                "authority = $1 AND reason IS NOT NULL AND serial > $2",
                [.text(authority.rawValue), SQLValue(serial), SQLValue(limit)],
                limited: "LIMIT $3"
            )
        }
        return try certificates(
            "authority = $1 AND list_partition = $2 AND reason IS NOT NULL AND serial > $3",
            [.text(authority.rawValue), .text(partition), SQLValue(serial), SQLValue(limit)],
            limited: "LIMIT $4"
        )
    }

    private func certificates(
        _ condition: String,
        _ arguments: [SQLValue],
        limited: String = ""
    ) throws(RecordsError) -> [CertificateRecord] {
        let found = try rows(
            "SELECT \(CertificateRecord.columns) FROM certificates WHERE \(condition) ORDER BY authority, serial \(limited)",
            arguments
        )
        var records: [CertificateRecord] = []
        records.reserveCapacity(found.count)
        for row in found { records.append(try CertificateRecord(row)) }
        return records
    }

    /// Plans of a node that came to no certificate: it was stopped before.
    public func unfinished(of node: String) throws(RecordsError) -> [CertificateRecord] {
        try certificates(
            "state = $1 AND changed_by = $2",
            [.text(CertificateState.planned.rawValue), .text(node)]
        )
    }

    /// The newest certificate of a kind that a generation issued to a holder.
    public func latest(
        _ kind: CertificateKind,
        _ authority: CertificateAuthority,
        generation: Int,
        holder: String
    ) throws(RecordsError) -> CertificateRecord? {
        try certificates(
            "holder = $1 AND authority = $2 AND kind = $3 AND generation = $4 AND state = $5",
            [
                .text(holder), .text(authority.rawValue), .text(kind.rawValue), SQLValue(generation),
                .text(CertificateState.valid.rawValue),
            ]
        ).last
    }

    // MARK: - Bodies

    /// The bytes that were decided to be signed, until the certificate that holds them is kept.
    public func toBeSigned(of reference: CertificateReference) throws(RecordsError) -> [UInt8]? {
        try body("to_be_signed", of: reference)
    }

    /// The certificate in DER.
    public func body(of reference: CertificateReference) throws(RecordsError) -> [UInt8]? {
        try body("certificate", of: reference)
    }

    private func body(_ column: String, of reference: CertificateReference) throws(RecordsError) -> [UInt8]? {
        guard
            let row = try rows(
                "SELECT \(column) FROM certificate_bodies WHERE authority = $1 AND serial = $2",
                [.text(reference.authority.rawValue), SQLValue(reference.serial)]
            ).first, row.values != [.null]
        else { return nil }
        return try row.bytes(0, column)
    }
}
