/// A time stamp before it is signed (TSTInfo of RFC 3161, 2.4.2).
public struct TimeStampDraft: Hashable, Sendable {
    /// The content octets of the policy's object identifier.
    public var policy: [UInt8]
    /// MessageImprint of the request, whole.
    public var imprint: ArraySlice<UInt8>
    /// A number that no other stamp of this authority has, big-endian.
    public var serial: [UInt8]
    /// Seconds since 1970 UTC.
    public var time: Int64
    /// How far the time may be off, in seconds; `nil` when that is not said.
    public var accuracy: UInt64?
    /// The nonce of the request, given back.
    public var nonce: ArraySlice<UInt8>?

    public init(
        policy: [UInt8],
        imprint: ArraySlice<UInt8>,
        serial: [UInt8],
        time: Int64,
        accuracy: UInt64? = nil,
        nonce: ArraySlice<UInt8>? = nil
    ) {
        self.policy = policy
        self.imprint = imprint
        self.serial = serial
        self.time = time
        self.accuracy = accuracy
        self.nonce = nonce
    }

    /// TSTInfo in DER; throws ``PKIXFlaw/time`` for times outside the years 1 to 9999.
    public func info() throws(PKIXFlaw) -> [UInt8] {
        var writer = DERWriter(capacity: 256)
        try writer.sequence { (info: inout DERWriter) throws(PKIXFlaw) in
            info.integer(1)
            info.objectIdentifier(policy)
            info.append(imprint)
            info.integer(unsigned: serial)
            try info.generalizedTime(time)
            if let accuracy { info.sequence { $0.integer(accuracy) } }
            if let nonce { info.append(DERTag.integer, nonce) }
        }
        return writer.bytes
    }
}
