import Crypto
import CryptoExtras
import FoundationEssentials
import TLV

/// An RSA-2048 public key with exponent 65537, the only kind on the card and in its certificates.
public struct CardPublicKey: Hashable, Sendable {
    /// 256 bytes, the first bit of them set.
    public let modulus: [UInt8]
    /// `01 00 01`.
    public let exponent: [UInt8]

    static let modulusLength = 256

    /// Takes numbers with or without leading zeros.
    public init(modulus: [UInt8], exponent: [UInt8]) throws(IssuanceError) {
        let modulus = Array(modulus.drop { $0 == 0 })
        let bits = modulus.count * 8 - (modulus.first?.leadingZeroBitCount ?? 0)
        guard bits == Self.modulusLength * 8 else { throw .modulusNot2048Bit(bits: bits) }
        let exponent = Array(exponent.drop { $0 == 0 })
        guard exponent == [0x01, 0x00, 0x01] else { throw .exponentNot65537 }
        self.modulus = modulus
        self.exponent = exponent
    }

    /// How the card's files hold it, 265 bytes: `90 03 010001`, then `91 82 0100` and the modulus.
    public var encoded: [UInt8] { TLVWriter.encoded(0x90, exponent) + TLVWriter.encoded(0x91, modulus) }

    /// Whether `signature` is sha256WithRSAEncryption over `message` by this key (RFC 8017, 8.2).
    public func verifies(_ signature: [UInt8], over message: [UInt8]) -> Bool {
        guard let key = try? libraryKey() else { return false }
        return key.isValidSignature(
            _RSA.Signing.RSASignature(rawRepresentation: signature),
            for: SHA256.hash(data: message),
            padding: .insecurePKCS1v1_5
        )
    }

    /// RSAES-OAEP with SHA-256 and an empty label (RFC 8017, 7.1).
    func encrypt(_ message: [UInt8]) throws(IssuanceError) -> [UInt8] {
        let limit = Self.modulusLength - 2 * 32 - 2
        guard message.count <= limit else { throw .tooLong(limit: limit) }
        do {
            let key = try _RSA.Encryption.PublicKey(n: modulus, e: exponent)
            return Array(try key.encrypt(message, padding: .PKCS1_OAEP_SHA256))
        } catch {
            throw .cryptographyFailed
        }
    }

    func libraryKey() throws(IssuanceError) -> _RSA.Signing.PublicKey {
        do { return try _RSA.Signing.PublicKey(n: modulus, e: exponent) } catch { throw .unusableKey }
    }
}
