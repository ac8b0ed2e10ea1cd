import CertificateProfiles

/// What the URL of an OCSP request says: the authority, and for GET the request itself (RFC 6960, A.1).
struct OCSPTarget {
    let authority: CertificateAuthority
    /// What follows the authority's name in the path, with its slash.
    private let rest: Range<Int>
    private let uri: String

    private static let prefixes = CertificateAuthority.allCases.map { ($0, Array("/ocsp/\($0.rawValue)".utf8)) }
    private static let slash = UInt8(ascii: "/")

    /// `/ocsp/sign` and `/ocsp/auth`, with what follows; `nil` for other paths.
    init?(_ uri: String) {
        let bytes = uri.utf8.span
        var end = 0
        while end < bytes.count, bytes[end] != UInt8(ascii: "?") { end += 1 }
        for (authority, prefix) in Self.prefixes {
            guard end >= prefix.count, prefix.indices.allSatisfy({ bytes[$0] == prefix[$0] }) else { continue }
            guard end == prefix.count || bytes[prefix.count] == Self.slash else { continue }
            self.authority = authority
            rest = prefix.count..<end
            self.uri = uri
            return
        }
        return nil
    }

    /// Whether nothing follows the authority's name, as with POST.
    var isBare: Bool { rest.isEmpty || rest.count == 1 }

    /// The request that follows in Base64, its characters escaped or not; `nil` where that cannot be read.
    func request() -> [UInt8]? {
        let bytes = uri.utf8.span
        var place = rest.lowerBound + 1
        guard place < rest.upperBound else { return nil }
        var decoded: [UInt8] = []
        decoded.reserveCapacity((rest.upperBound - place) * 3 / 4)
        var (word, digits, padding) = (UInt32(0), 0, 0)
        while place < rest.upperBound {
            var byte = bytes[place]
            place += 1
            if byte == UInt8(ascii: "%") {
                guard place + 2 <= rest.upperBound, let high = Self.nibble(bytes[place]),
                    let low = Self.nibble(bytes[place + 1])
                else { return nil }
                byte = high << 4 | low
                place += 2
            }
            if byte == UInt8(ascii: "=") {
                padding += 1
                continue
            }
            let digit = Self.digits[Int(byte)]
            guard digit < 64, padding == 0 else { return nil }
            word = word << 6 | UInt32(digit)
            digits += 1
            if digits & 3 == 0 {
                decoded.append(UInt8(truncatingIfNeeded: word >> 16))
                decoded.append(UInt8(truncatingIfNeeded: word >> 8))
                decoded.append(UInt8(truncatingIfNeeded: word))
            }
        }
        // Groups of four characters, of which the last may have one or two for padding (RFC 4648, 4).
        switch (digits & 3, padding) {
        case (0, 0): break
        case (2, 2): decoded.append(UInt8(truncatingIfNeeded: word >> 4))
        case (3, 1):
            decoded.append(UInt8(truncatingIfNeeded: word >> 10))
            decoded.append(UInt8(truncatingIfNeeded: word >> 2))
        default: return nil
        }
        return decoded
    }

    private static func nibble(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        default: nil
        }
    }

    /// The value of each character of Base64; 255 of others.
    private static let digits: [UInt8] = {
        var digits = [UInt8](repeating: 255, count: 256)
        let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        for (value, character) in alphabet.utf8.enumerated() { digits[Int(character)] = UInt8(value) }
        return digits
    }()
}
