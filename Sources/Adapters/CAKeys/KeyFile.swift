public import AuthorityCryptography
internal import COpenSSL
public import Secrets

/// An authority's key in a file: PKCS #8 EncryptedPrivateKeyInfo (RFC 5958) in PEM, encrypted by PBES2 (RFC 8018) with
/// scrypt (RFC 7914) and AES-256-CBC.
///
/// The key is open in this process's memory from ``init(opening:passphrase:)`` on, and signs at libcrypto's own rate.
public final class KeyFile: AuthorityKey {
    private let key: PrivateKey

    public var algorithm: SignatureAlgorithm { key.algorithm }
    public var subjectPublicKeyInfo: [UInt8] { key.subjectPublicKeyInfo }

    private init(_ key: PrivateKey) { self.key = key }

    /// Opens the key file at `path`, which nobody but its owner may be able to read.
    ///
    /// AES-CBC does not notice changes, so the key's numbers are held against each other: an altered file never gives
    /// another key, nor one whose signatures tell about its primes.
    public convenience init(opening path: String, passphrase: borrowing SecretBytes) throws(AuthorityKeyFailure) {
        self.init(try EncryptedKey.decrypt(try PrivateFile.read(path, limit: 64 << 10), passphrase: passphrase))
    }

    /// Makes a key and its file: mode 0600, durable before it has its name.
    ///
    /// A file that is there is never overwritten.
    public static func make(
        _ algorithm: SignatureAlgorithm,
        at path: String,
        passphrase: borrowing SecretBytes
    ) throws(AuthorityKeyFailure) -> KeyFile {
        let key = try PrivateKey.generate(algorithm)
        try PrivateFile.write(try EncryptedKey.encrypt(key, passphrase: passphrase), to: path)
        return KeyFile(key)
    }

    public func signature(over message: [UInt8]) throws(AuthorityKeyFailure) -> [UInt8] {
        try key.signature(over: message)
    }
}
