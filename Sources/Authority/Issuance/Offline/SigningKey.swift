import AuthorityCryptography
import Crypto
import CryptoExtras
import FoundationEssentials

/// An RSA-2048 private key of an authority.
struct SigningKey: Sendable, CustomStringConvertible {
    private let key: _RSA.Signing.PrivateKey
    let publicKey: CardPublicKey

    static func generate() throws(IssuanceError) -> Self {
        let key: _RSA.Signing.PrivateKey
        do { key = try _RSA.Signing.PrivateKey(keySize: .bits2048) } catch { throw .cryptographyFailed }
        return try Self(key)
    }

    /// Reads what ``encoded`` wrote.
    init(decoding der: [UInt8]) throws(IssuanceError) {
        guard let key = try? _RSA.Signing.PrivateKey(derRepresentation: der) else { throw .malformedAuthority }
        try self.init(key)
    }

    private init(_ key: _RSA.Signing.PrivateKey) throws(IssuanceError) {
        guard let numbers = try? key.publicKey.getKeyPrimitives() else { throw .unusableKey }
        self.key = key
        publicKey = try CardPublicKey(modulus: Array(numbers.modulus), exponent: Array(numbers.publicExponent))
    }

    /// RSAPrivateKey (RFC 8017, A.1.2) in DER: a secret.
    var encoded: [UInt8] { Array(key.derRepresentation) }

    /// Says nothing about the key.
    var description: String { "SigningKey(withheld)" }

    /// sha256WithRSAEncryption over a message (RFC 8017, 8.2).
    func signed(_ message: [UInt8]) throws(IssuanceError) -> [UInt8] {
        do {
            let digest = SHA256.hash(data: message)
            return Array(try key.signature(for: digest, padding: .insecurePKCS1v1_5).rawRepresentation)
        } catch {
            throw .cryptographyFailed
        }
    }

    /// RSASSA-PKCS1-v1_5 around a DigestInfo that the caller made, whatever it says (RFC 8017, 9.2).
    ///
    /// The library has no such call; its blind signature is the bare private operation on one block.
    func signature(aroundDigestInfo digestInfo: [UInt8]) throws(IssuanceError) -> [UInt8] {
        let limit = CardPublicKey.modulusLength - 11
        guard digestInfo.count <= limit else { throw .tooLong(limit: limit) }
        let filler = [UInt8](repeating: 0xFF, count: CardPublicKey.modulusLength - 3 - digestInfo.count)
        do {
            let bare = try _RSA.BlindSigning.PrivateKey<SHA384>(
                derRepresentation: key.derRepresentation,
                parameters: .RSABSSA_SHA384_PSS_Randomized
            )
            return Array(try bare.blindSignature(for: [0x00, 0x01] + filler + [0x00] + digestInfo).rawRepresentation)
        } catch {
            throw .cryptographyFailed
        }
    }

    /// Opens what ``CardPublicKey/encrypt(_:)`` closed.
    func decrypt(_ ciphertext: [UInt8]) throws(IssuanceError) -> [UInt8] {
        do {
            let opener = try _RSA.Encryption.PrivateKey(derRepresentation: key.derRepresentation)
            return Array(try opener.decrypt(ciphertext, padding: .PKCS1_OAEP_SHA256))
        } catch {
            throw .cryptographyFailed
        }
    }
}

extension SigningKey: AuthorityKey {
    var algorithm: SignatureAlgorithm { .rsa2048SHA256 }

    var subjectPublicKeyInfo: [UInt8] { Array(key.publicKey.derRepresentation) }

    func signature(over message: [UInt8]) throws(AuthorityKeyFailure) -> [UInt8] {
        do throws(IssuanceError) { return try signed(message) } catch { throw .refused("RSA") }
    }
}
