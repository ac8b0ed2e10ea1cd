import SwiftASN1

extension String {
    /// The same text with everything that a terminal obeys or hides written out as `\u{…}`.
    ///
    /// Whoever forges a certificate chooses its texts; escape sequences and marks of direction must not reach a screen.
    var withControlsShown: String {
        if unicodeScalars.allSatisfy(\.isPlainlyVisible) { return self }
        return unicodeScalars.reduce(into: "") { text, scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .surrogate, .privateUse, .lineSeparator, .paragraphSeparator:
                text += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
            default:
                text.unicodeScalars.append(scalar)
            }
        }
    }
}

extension Unicode.Scalar {
    /// Printable ASCII, the ideographic space, kana, the usual kanji and full-width forms: nearly all there is in a
    /// certificate, known without a look into the tables of Unicode.
    fileprivate var isPlainlyVisible: Bool {
        switch value {
        case 0x20...0x7E, 0x3000, 0x3041...0x3096, 0x30A1...0x30FE, 0x4E00...0x9FFF, 0xFF01...0xFF60: true
        default: false
        }
    }
}

/// Upper-case hexadecimal without separators.
func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
}

/// A big-endian number in decimal; meant for serial numbers, which have at most 20 octets.
func decimal(_ bytes: some Sequence<UInt8>) -> String {
    var digits = [0]
    for byte in bytes {
        var carry = Int(byte)
        for place in digits.indices {
            let value = digits[place] * 256 + carry
            digits[place] = value % 10
            carry = value / 10
        }
        while carry > 0 {
            digits.append(carry % 10)
            carry /= 10
        }
    }
    return digits.reversed().map(String.init).joined()
}

extension ASN1ObjectIdentifier {
    /// Dotted, such as `1.2.392`.
    var dotted: String {
        let components = oidComponents
        guard let first = components.first, let second = components.dropFirst().first else { return "" }
        // X.690, 8.19.4: under 2 the second component may exceed 39, which a plain division by 40 does not undo.
        let root = Swift.min(first, 2)
        return ([root, second + (first - root) * 40] + components.dropFirst(2)).map(String.init).joined(separator: ".")
    }
}
