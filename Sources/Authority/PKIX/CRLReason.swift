/// Why a certificate was revoked (RFC 5280, 5.3.1).
public enum CRLReason: UInt8, Hashable, Sendable, CaseIterable {
    case unspecified = 0
    case keyCompromise = 1
    case cACompromise = 2
    case affiliationChanged = 3
    case superseded = 4
    case cessationOfOperation = 5
    /// Suspended; with JPKI a hold is never lifted.
    case certificateHold = 6
    /// Only in delta lists: what the base says of the certificate holds no more.
    case removeFromCRL = 8
    case privilegeWithdrawn = 9
    case aACompromise = 10

    /// The name in the standard.
    public var name: String { String(describing: self) }
}
