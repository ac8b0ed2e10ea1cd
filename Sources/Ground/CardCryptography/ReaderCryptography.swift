/// The cryptography a reader of cards needs, handed in so that the reader itself is free of libraries.
///
/// Implementations wrap a well-kept library; nothing here is to be written by hand.
public protocol ReaderCryptography: Sendable {
    /// Unpredictable bytes from the operating system.
    func randomBytes(_ count: Int) throws(CryptographyFailure) -> [UInt8]
    func sha256(_ message: [UInt8]) throws(CryptographyFailure) -> [UInt8]
    /// AES-128-CBC without padding; `bytes` is a multiple of 16 long.
    func aesCBC(_ direction: CipherDirection, key: [UInt8], iv: [UInt8], _ bytes: [UInt8]) throws(CryptographyFailure)
        -> [UInt8]
    /// What an RSA signature holds once its padding is taken off (RFC 8017, 8.2.2, block type 1).
    ///
    /// Nearly always a DigestInfo; `nil` when the signature is not one by this key, or the key is none.
    func recover(_ signature: [UInt8], modulus: [UInt8], exponent: [UInt8]) -> [UInt8]?
    /// RSAES-OAEP with SHA-256, MGF1-SHA-256 and the empty label (RFC 8017, 7.1.1).
    func encryptOAEP(_ plain: [UInt8], modulus: [UInt8], exponent: [UInt8]) throws(CryptographyFailure) -> [UInt8]
}
