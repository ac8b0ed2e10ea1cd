/// What a time-stamping authority answers, read strictly (RFC 3161, 2.4.2).
///
/// Nothing of it is judged, its signature neither.
public enum TimeStampResponse: Hashable, Sendable {
    case granted(TimeStampToken)
    /// There is no token; `nil` where the reason is not said, or is none of those.
    case refused(TimeStampRefusal?)

    /// The longest response that is read, in bytes.
    public static let sizeLimit = 256 * 1024

    /// Reads one response and nothing after it.
    public init(parsing der: [UInt8]) throws(PKIXFlaw) {
        guard der.count <= Self.sizeLimit else { throw .tooLarge }
        var reader = try DERReader.whole(der[...])
        var info = try reader.enter(DERTag.sequence)
        let status = try info.readNumber()
        // Text for people.
        if let text = try info.readOptional(DERTag.sequence) {
            guard DERReader.isWellFormed(text) else { throw .notDER }
        }
        var refusal: TimeStampRefusal?
        if let bits = try info.readOptional(DERTag.bitString) {
            guard let unused = bits.first, unused < 8, bits.count > 1 || unused == 0 else { throw .notDER }
            refusal = TimeStampRefusal(bits: bits)
        }
        try info.finish()
        switch status {
        case 0, 1:
            self = .granted(try TimeStampToken(try reader.readElement(DERTag.sequence)))
            try reader.finish()
        case 2...5:
            // Where it is refused there is no token.
            try reader.finish()
            self = .refused(refusal)
        default:
            throw .structure
        }
    }
}
