/// Why bytes are not the object of X.509 they were taken for, or why an object cannot be written.
///
/// No case carries anything of the bytes.
public enum PKIXFlaw: Error, Hashable, Sendable, CaseIterable {
    /// Longer than such an object may be here.
    case tooLarge
    /// More elements of one kind than are accepted: certificates asked about, extensions.
    case tooMany
    /// Not one DER object from the first byte to the last: cut short, lengthened, or encoded otherwise (X.690, 10).
    case notDER
    /// DER, and not the structure that the standard gives the object.
    case structure
    /// A time is not written as the standard demands, there is no such time, or it lies outside the years 0 to 9999.
    case time
    /// An extension stands there twice (RFC 5280, 4.2).
    case duplicateExtension
    /// A known extension does not hold what its identifier says.
    case malformedExtension
    /// The nonce is no OCTET STRING of 1 to 128 octets (RFC 9654, 2.1).
    case nonce
    /// The algorithm beside the signature is not the one under it (RFC 5280, 5.1.1.2).
    case algorithmsDiffer
    /// A revocation list names a certificate twice.
    case duplicateEntry
}

extension PKIXFlaw: CustomStringConvertible {
    public var description: String {
        switch self {
        case .tooLarge: "it is longer than is accepted here"
        case .tooMany: "it has more elements of one kind than are accepted here"
        case .notDER: "it is not one DER object: cut short, lengthened or damaged"
        case .structure: "it does not have the structure that the standard gives it"
        case .time: "a time in it is not written as the standard demands"
        case .duplicateExtension: "it has an extension twice"
        case .malformedExtension: "an extension does not hold what its identifier says"
        case .nonce: "its nonce is not of 1 to 128 octets"
        case .algorithmsDiffer: "the signature algorithm inside is not the one outside"
        case .duplicateEntry: "it names a certificate twice"
        }
    }
}
