/// An answer that says only why there is none; nobody signs it (RFC 6960, 2.3).
public enum OCSPRefusal: UInt8, Error, Hashable, Sendable, CaseIterable {
    case malformedRequest = 1
    case internalError = 2
    case tryLater = 3
    case sigRequired = 5
    case unauthorized = 6

    /// The whole OCSPResponse in DER: five bytes.
    public var encoded: [UInt8] { [DERTag.sequence, 3, DERTag.enumerated, 1, rawValue] }

    /// The name in the standard.
    public var name: String { String(describing: self) }
}
