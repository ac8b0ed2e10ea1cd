/// The cryptography a card needs, handed in so that the card itself is free of libraries.
///
/// Implementations wrap a well-kept library; nothing here is to be written by hand.
public protocol CardCryptography: Sendable {
    associatedtype Key: CardKey

    /// Makes an RSA-2048 key pair with exponent 65,537.
    func generateKey() throws(CryptographyFailure) -> Key
    /// Takes back a key from the bytes of ``CardKey/encoded()``.
    func key(decoding bytes: [UInt8]) throws(CryptographyFailure) -> Key
    /// Unpredictable bytes from the operating system.
    func randomBytes(_ count: Int) throws(CryptographyFailure) -> [UInt8]
    func sha256(_ message: [UInt8]) throws(CryptographyFailure) -> [UInt8]
    func hmacSHA256(key: [UInt8], _ message: [UInt8]) throws(CryptographyFailure) -> [UInt8]
    /// AES-128-CBC without padding; `bytes` is a multiple of 16 long.
    func aesCBC(_ direction: CipherDirection, key: [UInt8], iv: [UInt8], _ bytes: [UInt8]) throws(CryptographyFailure)
        -> [UInt8]
    /// Whether `signature` is sha256WithRSAEncryption by the key with this modulus and exponent 65,537.
    func isValidSignature(_ signature: [UInt8], of message: [UInt8], modulus: [UInt8]) -> Bool
}

public enum CipherDirection: Sendable {
    case encrypt
    case decrypt
}

/// A private RSA key.
///
/// It never leaves the card but as ``encoded()``, for the card's own sealed storage.
public protocol CardKey: Sendable {
    /// 256 bytes, big-endian.
    var modulus: [UInt8] { get }
    /// The private operation on one block as long as the modulus (RFC 8017, 5.2.1).
    func privateOperation(_ block: [UInt8]) throws(CryptographyFailure) -> [UInt8]
    /// RSASSA-PSS with SHA-256, MGF1-SHA-256 and 32 bytes of salt over a digest (RFC 8017, 8.1).
    func signPSS(digest: [UInt8]) throws(CryptographyFailure) -> [UInt8]
    /// RSAES-OAEP with SHA-256, MGF1-SHA-256 and the empty label, of a text of so many bytes, at most 190.
    ///
    /// It takes the same steps whether the bytes are such a ciphertext or not (RFC 8017, 7.1.2, note).
    func decryptOAEP(_ ciphertext: [UInt8], length: Int) throws(CryptographyFailure) -> OpenedText
    /// The key's secret bytes, for sealing. Wipe them after use.
    func encoded() throws(CryptographyFailure) -> [UInt8]
}

/// What a ciphertext was opened to, right or wrong.
public struct OpenedText: Sendable {
    /// As many bytes as were asked for, whatever came out; to be wiped after use.
    public var bytes: [UInt8]
    /// Whether it was padded as it should be, and as long.
    public let isRight: Bool

    public init(bytes: [UInt8], isRight: Bool) {
        self.bytes = bytes
        self.isRight = isRight
    }

    /// The text, if it is right: for those whose time may tell.
    public var text: [UInt8]? { isRight ? bytes : nil }
}

/// The library refused or failed; the card answers 6F00 and changes nothing.
public struct CryptographyFailure: Error, Hashable, Sendable {
    public let operation: String
    public init(_ operation: String) { self.operation = operation }
}
