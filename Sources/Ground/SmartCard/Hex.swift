/// Bytes written the way card specifications write them: pairs of hexadecimal digits, spaces where they help.
///
/// Meant for constants in source. A literal that is not hexadecimal is a programming mistake, so it traps; text that
/// arrives at run time goes through ``init(parsing:)`` instead.
public struct Hex: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    public let bytes: [UInt8]

    public init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Reads pairs of hexadecimal digits; `nil` when the text holds anything but digits and spaces, or half a pair.
    public init?(parsing text: String) {
        var bytes: [UInt8] = []
        var high: UInt8?
        for character in text.utf8 {
            if character == 0x20 || character == 0x0A || character == 0x09 { continue }
            guard let digit = Self.value(of: character) else { return nil }
            if let first = high {
                bytes.append(first << 4 | digit)
                high = nil
            } else {
                high = digit
            }
        }
        guard high == nil else { return nil }
        self.bytes = bytes
    }

    public init(stringLiteral value: String) {
        guard let parsed = Hex(parsing: value) else { preconditionFailure("a Hex literal is not hexadecimal") }
        self = parsed
    }

    public var description: String {
        var text = ""
        text.reserveCapacity(bytes.count * 2)
        for byte in bytes {
            text.append(Self.digit(byte >> 4))
            text.append(Self.digit(byte & 0x0F))
        }
        return text
    }

    private static func value(of character: UInt8) -> UInt8? {
        switch character {
        case 0x30...0x39: character - 0x30
        case 0x41...0x46: character - 0x41 + 10
        case 0x61...0x66: character - 0x61 + 10
        default: nil
        }
    }

    private static func digit(_ value: UInt8) -> Character {
        Character(Unicode.Scalar(value < 10 ? 0x30 + value : 0x41 + value - 10))
    }
}
