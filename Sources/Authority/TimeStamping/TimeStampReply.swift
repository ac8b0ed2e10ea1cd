public import PKIX

/// What goes back to whoever asked for a time stamp.
public enum TimeStampReply: Hashable, Sendable {
    /// TimeStampResp in DER with a token.
    case granted([UInt8])
    case refused(TimeStampRefusal)

    public var bytes: [UInt8] {
        switch self {
        case .granted(let bytes): bytes
        case .refused(let refusal): refusal.encoded
        }
    }
}
