/// Why a time-stamping authority refuses (RFC 3161, 2.4.2: PKIFailureInfo); the raw value is the number of the bit.
public enum TimeStampRefusal: Int, Error, Hashable, Sendable, CaseIterable {
    case badAlg = 0
    case badRequest = 2
    case badDataFormat = 5
    case timeNotAvailable = 14
    case unacceptedPolicy = 15
    case unacceptedExtension = 16
    case addInfoNotAvailable = 17
    case systemFailure = 25

    /// The first failure that a PKIFailureInfo names, a BIT STRING; `nil` if it is none of these.
    init?(bits content: ArraySlice<UInt8>) {
        let octets = Array(content.dropFirst())
        for one in Self.allCases where one.rawValue / 8 < octets.count {
            guard octets[one.rawValue / 8] & 0x80 >> UInt8(one.rawValue % 8) != 0 else { continue }
            self = one
            return
        }
        return nil
    }

    /// The whole TimeStampResp in DER: rejection, this failure, and no token.
    public var encoded: [UInt8] {
        var bits = [UInt8](repeating: 0, count: rawValue / 8 + 1)
        bits[rawValue / 8] = 0x80 >> (rawValue % 8)
        var writer = DERWriter()
        writer.sequence { response in
            response.sequence { status in
                status.integer(2)
                // A BIT STRING of named bits ends with its last one (X.690, 11.2.2).
                status.append(DERTag.bitString, [UInt8(7 - rawValue % 8)] + bits)
            }
        }
        return writer.bytes
    }
}
