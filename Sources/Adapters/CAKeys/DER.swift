/// The few DER values (X.690) that tokens leave to their callers.
enum DER {
    /// AlgorithmIdentifier of rsaEncryption (RFC 3279, 2.3.1).
    static let rsaEncryption: [UInt8] = [
        0x30, 0x0D, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01, 0x05, 0x00,
    ]
    /// OBJECT IDENTIFIER secp384r1 (RFC 5480, 2.1.1.1).
    static let secp384r1: [UInt8] = [0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x22]
    /// AlgorithmIdentifier of id-ecPublicKey on P-384.
    static let ecPublicKeyOnP384 = sequence([0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01] + secp384r1)
    /// What stands before a SHA-256 digest in DigestInfo (RFC 8017, 9.2, note 1).
    static let sha256DigestInfo: [UInt8] = [
        0x30, 0x31, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04,
        0x20,
    ]

    static func value(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        let length = content.count
        if length < 0x80 { return [tag, UInt8(length)] + content }
        if length < 0x100 { return [tag, 0x81, UInt8(length)] + content }
        return [tag, 0x82, UInt8(truncatingIfNeeded: length >> 8), UInt8(truncatingIfNeeded: length)] + content
    }

    static func sequence(_ content: [UInt8]) -> [UInt8] { value(0x30, content) }
    static func bitString(_ content: [UInt8]) -> [UInt8] { value(0x03, [0x00] + content) }

    /// A number that is not negative, most significant byte first, in as few bytes as there are.
    static func integer(_ number: [UInt8]) -> [UInt8] {
        let digits = Array(number.drop { $0 == 0 })
        guard let first = digits.first else { return value(0x02, [0x00]) }
        return value(0x02, first & 0x80 == 0 ? digits : [0x00] + digits)
    }

    /// Ecdsa-Sig-Value (RFC 3279, 2.2.3) of r and s, side by side in halves of equal length.
    static func ecdsaSignature(_ raw: [UInt8]) -> [UInt8] {
        let half = raw.count / 2
        return sequence(integer(Array(raw.prefix(half))) + integer(Array(raw.suffix(half))))
    }

    /// What is in an OCTET STRING of at most 255 bytes; `nil` where it is none.
    static func octetString(_ bytes: [UInt8]) -> [UInt8]? {
        guard bytes.count >= 2, bytes[0] == 0x04 else { return nil }
        if bytes[1] < 0x80, bytes.count == 2 + Int(bytes[1]) { return Array(bytes[2...]) }
        if bytes[1] == 0x81, bytes.count >= 3, bytes.count == 3 + Int(bytes[2]) { return Array(bytes[3...]) }
        return nil
    }
}
