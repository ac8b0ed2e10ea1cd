/// Entries of a revocation list, already written as DER and in their order.
///
/// Entries go straight into one buffer, about 36 bytes each; a partition whose entries did not change hands the same
/// value to the next list, and nothing but the head of the list is written again.
public struct EncodedEntries: Hashable, Sendable {
    public private(set) var bytes: [UInt8] = []
    public private(set) var count = 0

    public init() {}

    /// Makes room for so many entries to come.
    public mutating func reserve(_ entries: Int) {
        bytes.reserveCapacity(bytes.count + entries * 37)
    }

    /// Adds a certificate; `revokedAt` is in seconds since 1970 UTC.
    ///
    /// The reason is not critical and stands there also when it is `unspecified`; `nil` leaves it out. Whether the
    /// certificate is on the list already is not looked at.
    public mutating func append(serial: UInt32, revokedAt: Int64, reason: CRLReason?) throws(PKIXFlaw) {
        let octets = 4 - serial.leadingZeroBitCount / 8
        let hasZero = serial == 0 || serial << (8 * UInt32(4 - octets)) >= 0x8000_0000
        let length = octets + (hasZero ? 1 : 0)
        try entry(serialLength: length, revokedAt: revokedAt, reason: reason) { bytes in
            if hasZero { bytes.append(0) }
            for place in (0..<octets).reversed() { bytes.append(UInt8(truncatingIfNeeded: serial >> (8 * place))) }
        }
    }

    /// Adds a certificate whose serial number is given big-endian; leading zeros do not count.
    public mutating func append(serial: [UInt8], revokedAt: Int64, reason: CRLReason?) throws(PKIXFlaw) {
        let octets = DERWriter.integerOctets(serial)
        guard octets.count <= 21 else { throw .tooLarge }
        try entry(serialLength: octets.count, revokedAt: revokedAt, reason: reason) { $0.append(contentsOf: octets) }
    }

    @inline(__always)
    private mutating func entry(
        serialLength: Int,
        revokedAt: Int64,
        reason: CRLReason?,
        _ appendSerial: (inout [UInt8]) -> Void
    ) throws(PKIXFlaw) {
        let start = bytes.count
        bytes.append(DERTag.sequence)
        bytes.append(0)
        bytes.append(DERTag.integer)
        bytes.append(UInt8(serialLength))
        appendSerial(&bytes)
        do {
            try DERTime.append(revokedAt, to: &bytes)
        } catch {
            bytes.removeSubrange(start...)
            throw error
        }
        if let reason {
            bytes.append(contentsOf: Self.reasonExtensions)
            bytes.append(reason.rawValue)
        }
        bytes[start + 1] = UInt8(bytes.count - start - 2)
        count += 1
    }

    /// crlEntryExtensions with reasonCode alone, up to the code itself.
    static let reasonExtensions: [UInt8] = [
        0x30, 0x0C, 0x30, 0x0A, 0x06, 0x03, 0x55, 0x1D, 0x15, 0x04, 0x03, 0x0A, 0x01,
    ]
}
