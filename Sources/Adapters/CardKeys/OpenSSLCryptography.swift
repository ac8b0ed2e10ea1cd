internal import COpenSSL
public import CardCryptography

/// The card's cryptography by libcrypto (OpenSSL 3).
///
/// RSA signatures of libcrypto are about twice as fast here as the other library at hand; figures stand in
/// docs/decisions/.
public struct OpenSSLCryptography: CardCryptography {
    public init() {}

    public func generateKey() throws(CryptographyFailure) -> OpenSSLKey {
        try OpenSSLKey.generate()
    }

    public func key(decoding bytes: [UInt8]) throws(CryptographyFailure) -> OpenSSLKey {
        try OpenSSLKey(decoding: bytes)
    }

    public func randomBytes(_ count: Int) throws(CryptographyFailure) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let status = unsafe bytes.withUnsafeMutableBufferPointer { buffer in
            unsafe RAND_bytes(buffer.baseAddress, Int32(buffer.count))
        }
        guard count == 0 || status == 1 else { throw CryptographyFailure("RAND_bytes") }
        return bytes
    }

    public func sha256(_ message: [UInt8]) throws(CryptographyFailure) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 32)
        var length: UInt32 = 0
        guard unsafe EVP_Digest(message, message.count, &digest, &length, EVP_sha256(), nil) == 1, length == 32 else {
            throw CryptographyFailure("EVP_Digest")
        }
        return digest
    }

    public func hmacSHA256(key: [UInt8], _ message: [UInt8]) throws(CryptographyFailure) -> [UInt8] {
        var code = [UInt8](repeating: 0, count: 32)
        var length: UInt32 = 0
        let result = unsafe HMAC(EVP_sha256(), key, Int32(key.count), message, message.count, &code, &length)
        guard unsafe result != nil, length == 32 else { throw CryptographyFailure("HMAC") }
        return code
    }

    public func aesCBC(
        _ direction: CipherDirection,
        key: [UInt8],
        iv: [UInt8],
        _ bytes: [UInt8]
    ) throws(CryptographyFailure) -> [UInt8] {
        guard key.count == 16, iv.count == 16, bytes.count.isMultiple(of: 16) else {
            throw CryptographyFailure("AES-CBC lengths")
        }
        let cipher = try CipherContext()
        return try unsafe cipher.run(EVP_aes_128_cbc(), direction, key: key, iv: iv, bytes)
    }

    public func isValidSignature(_ signature: [UInt8], of message: [UInt8], modulus: [UInt8]) -> Bool {
        do throws(CryptographyFailure) {
            return try OpenSSLPublicKey(modulus: modulus).verifies(signature, of: message)
        } catch {
            return false
        }
    }
}

/// One EVP_CIPHER_CTX, freed with its owner.
@safe struct CipherContext: ~Copyable {
    let context: OpaquePointer

    init() throws(CryptographyFailure) {
        guard let context = unsafe EVP_CIPHER_CTX_new() else { throw CryptographyFailure("EVP_CIPHER_CTX_new") }
        unsafe self.context = context
    }

    deinit { unsafe EVP_CIPHER_CTX_free(context) }

    /// A cipher without padding over a whole number of blocks; the caller vouches for the cipher's pointer.
    @unsafe borrowing func run(
        _ cipher: OpaquePointer?,
        _ direction: CipherDirection,
        key: [UInt8],
        iv: [UInt8],
        _ bytes: [UInt8]
    ) throws(CryptographyFailure) -> [UInt8] {
        let encrypts: Int32 = direction == .encrypt ? 1 : 0
        var out = [UInt8](repeating: 0, count: bytes.count + 16)
        var length: Int32 = 0
        guard unsafe EVP_CipherInit_ex(context, cipher, nil, key, iv, encrypts) == 1,
            unsafe EVP_CIPHER_CTX_set_padding(context, 0) == 1,
            unsafe EVP_CipherUpdate(context, &out, &length, bytes, Int32(bytes.count)) == 1
        else { throw CryptographyFailure("EVP_Cipher") }
        return Array(out.prefix(Int(length)))
    }
}
