internal import Crypto
internal import FoundationEssentials
public import Secrets

/// The secrets of two custodians, and the PINs of a token that take both.
///
/// A PIN is HKDF-SHA-256 (RFC 5869) over both secrets, each preceded by its length, with the token's label as salt and
/// the PIN's purpose as info: 16 bytes, written as 26 characters of Base32 (RFC 4648, 6), which every token's limits
/// allow. The secrets are put in the order of their bytes, so that it does not matter who speaks first.
///
/// The security officer's PIN comes from the same two secrets with another purpose. Were it anybody else's, that person
/// could set a new user PIN and use the keys alone.
public struct CustodianSecrets: ~Copyable {
    /// The fewest characters of a secret.
    public static let leastLength = 12

    public enum Purpose: String, Sendable, CaseIterable {
        case user = "fuda key ceremony 1: user PIN"
        case officer = "fuda key ceremony 1: security officer PIN"
    }

    private let first: SecretBytes
    private let second: SecretBytes

    public init(_ one: consuming SecretBytes, _ other: consuming SecretBytes) throws(CeremonyRefusal) {
        try Self.check(one)
        try Self.check(other)
        guard !one.equals(other) else { throw .sameSecrets }
        let isInOrder = Self.precedes(one, other)
        if isInOrder {
            first = one
            second = other
        } else {
            first = other
            second = one
        }
    }

    /// The PIN for a purpose in the token of that label.
    public borrowing func pin(_ purpose: Purpose, token label: String) -> SecretBytes {
        var material: [UInt8] = []
        material.reserveCapacity(first.count + second.count + 8)
        Self.append(first, to: &material)
        Self.append(second, to: &material)
        defer { wipe(&material) }
        let key = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: material),
            salt: Array(label.utf8),
            info: Array(purpose.rawValue.utf8),
            outputByteCount: 16
        )
        var bytes = unsafe key.withUnsafeBytes { unsafe Array($0) }
        defer { wipe(&bytes) }
        return Self.base32(bytes)
    }

    // MARK: - Parts

    private static func check(_ secret: borrowing SecretBytes) throws(CeremonyRefusal) {
        for index in 0..<secret.count {
            guard (0x20...0x7E).contains(secret[index]) else { throw .secretCharacters }
        }
        guard secret.count >= leastLength else { throw .secretTooShort }
    }

    private static func precedes(_ one: borrowing SecretBytes, _ other: borrowing SecretBytes) -> Bool {
        for index in 0..<min(one.count, other.count) where one[index] != other[index] {
            return one[index] < other[index]
        }
        return one.count < other.count
    }

    /// The secret after its length in four bytes, so that no two pairs of secrets give the same bytes.
    private static func append(_ secret: borrowing SecretBytes, to material: inout [UInt8]) {
        for shift in [24, 16, 8, 0] { material.append(UInt8(truncatingIfNeeded: secret.count >> shift)) }
        for index in 0..<secret.count { material.append(secret[index]) }
    }

    private static func base32(_ bytes: [UInt8]) -> SecretBytes {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)
        var text = SecretBytes(capacity: 26)
        var bits = 0
        var count = 0
        for byte in bytes {
            bits = bits << 8 | Int(byte)
            count += 8
            while count >= 5 {
                count -= 5
                text.append(alphabet[bits >> count & 0x1F])
            }
            bits &= 1 << count - 1
        }
        if count > 0 { text.append(alphabet[bits << (5 - count) & 0x1F]) }
        return text
    }
}
