/// Objects in textual armour (RFC 7468), or in DER as they are: whoever is handed a file takes either.
public enum PEMText {
    /// The first object with this label, such as `CERTIFICATE`, or the whole if it is DER; `nil` when it is neither.
    public static func first(_ label: String, in bytes: [UInt8]) -> [UInt8]? {
        if bytes.first == DERTag.sequence { return bytes }
        return object(label, in: bytes[...])?.der
    }

    /// The same, where more than one object is as wrong as none.
    public static func only(_ label: String, in bytes: [UInt8]) -> [UInt8]? {
        if bytes.first == DERTag.sequence { return bytes }
        guard let found = object(label, in: bytes[...]), found.rest.firstRange(of: begin(label)) == nil else {
            return nil
        }
        return found.der
    }

    private static func begin(_ label: String) -> [UInt8] { Array("-----BEGIN \(label)-----".utf8) }

    private static func object(
        _ label: String,
        in text: ArraySlice<UInt8>
    ) -> (der: [UInt8], rest: ArraySlice<UInt8>)? {
        guard let start = text.firstRange(of: begin(label)) else { return nil }
        let after = text[start.upperBound...]
        guard let end = after.firstRange(of: Array("-----END \(label)-----".utf8)),
            let der = decoded(after[..<end.lowerBound])
        else { return nil }
        return (der, after[end.upperBound...])
    }

    /// Base64 (RFC 4648, 4) with white space anywhere; padded, and with nothing in the bits that stand for no octet.
    private static func decoded(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        var digits: [UInt8] = []
        digits.reserveCapacity(text.count)
        var padding = 0
        for byte in text {
            switch byte {
            case 0x20, 0x09, 0x0A, 0x0B, 0x0C, 0x0D: continue
            case UInt8(ascii: "="): padding += 1
            default:
                guard padding == 0, let digit = digit(byte) else { return nil }
                digits.append(digit)
            }
        }
        guard padding <= 2, (digits.count + padding) % 4 == 0 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(digits.count * 3 / 4)
        var (bits, count): (UInt32, Int) = (0, 0)
        for digit in digits {
            bits = bits << 6 | UInt32(digit)
            count += 6
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
                bits &= (1 << UInt32(count)) - 1
            }
        }
        return bits == 0 ? bytes : nil
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): byte - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0") + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
