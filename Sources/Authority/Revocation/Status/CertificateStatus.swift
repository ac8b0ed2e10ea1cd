public import EventLog

/// What the authority says of a serial number.
public enum CertificateStatus: Hashable, Sendable {
    /// No certificate with this number was issued.
    case neverIssued
    /// Issued and not handed over yet, or still being issued: relying parties are told that it is unknown.
    case inactive
    case good
    case revoked(Revocation)
}

/// One revocation, as lists and answers tell it.
public struct Revocation: Hashable, Sendable {
    public let reason: RevocationReason
    /// Seconds since 1970 UTC, from 1970 to 2106.
    public let at: Int64
    /// The certificate's place among the lists: a municipality's five digits, `authorities` or `services`.
    public let partition: String
    /// Last second of the certificate, since 1970 UTC; it leaves the list after that.
    public let notAfter: Int64

    public init(reason: RevocationReason, at: Int64, partition: String, notAfter: Int64) {
        self.reason = reason
        self.at = at
        self.partition = partition
        self.notAfter = notAfter
    }
}
