public import CertificateProfiles
public import EventLog

/// What the records say of one certificate.
public struct CertificateRecord: Hashable, Sendable {
    public let reference: CertificateReference
    public let generation: Int
    public let kind: CertificateKind
    /// Which list would tell of its revocation; see ``IssuancePlanned/partition``.
    public let partition: String
    public let request: String
    public let holder: String?
    public let card: String?
    public let replaces: UInt32?
    /// Seconds since 1970 UTC; `nil` for an authority's own certificate.
    public let notBefore: Int64?
    public let notAfter: Int64?
    public let state: CertificateState
    /// What relying parties see; a hold that was made final keeps ``RevocationReason/certificateHold``.
    public let reason: RevocationReason?
    /// When it took effect, in seconds since 1970 UTC: revocationDate.
    public let revokedAt: Int64?
    /// Milliseconds since 1970 UTC of the entry that changed it last.
    public let changedAt: Int64
    /// The entry that changed it last.
    public let changedBy: LogPosition
    /// SHA-256 of the bytes to be signed, hexadecimal; `nil` for an authority's own certificate.
    public let toBeSigned: String?
    /// SHA-256 of the certificate's DER, hexadecimal; `nil` until it was issued.
    public let fingerprint: String?

    static let columns = """
        authority, serial, generation, kind, list_partition, request, holder, card, replaces, not_before, not_after, \
        state, reason, revoked_at, changed_at, changed_by, changed_in, to_be_signed, fingerprint
        """

    /// Reads a row of ``columns``.
    init(_ row: SQLRow) throws(RecordsError) {
        reference = CertificateReference(
            try row.word(0, "authority", as: CertificateAuthority.self),
            try row.integer(1, "serial", as: UInt32.self)
        )
        generation = try row.integer(2, "generation", as: Int.self)
        kind = try row.word(3, "kind", as: CertificateKind.self)
        partition = try row.text(4, "list_partition")
        request = try row.text(5, "request")
        holder = try row.optionalText(6, "holder")
        card = try row.optionalText(7, "card")
        replaces = try row.optionalInteger(8, "replaces").map { UInt32(truncatingIfNeeded: $0) }
        notBefore = try row.optionalInteger(9, "not_before")
        notAfter = try row.optionalInteger(10, "not_after")
        state = try row.word(11, "state", as: CertificateState.self)
        reason = try Self.reason(row, 12)
        revokedAt = try row.optionalInteger(13, "revoked_at")
        changedAt = try row.integer(14, "changed_at")
        changedBy = LogPosition(
            writer: try row.text(15, "changed_by"),
            sequence: try row.integer(16, "changed_in", as: UInt64.self)
        )
        toBeSigned = try row.optionalText(17, "to_be_signed")
        fingerprint = try row.optionalText(18, "fingerprint")
    }

    static func reason(_ row: SQLRow, _ column: Int) throws(RecordsError) -> RevocationReason? {
        guard let number = try row.optionalInteger(column, "reason") else { return nil }
        guard let number = UInt8(exactly: number), let reason = RevocationReason(rawValue: number) else {
            throw .corrupt("reason")
        }
        return reason
    }
}
