internal import COpenSSL
public import CardCryptography
import Synchronization

/// An RSA-2048 private key inside libcrypto.
///
/// libcrypto blinds the operation and checks the result against the public key before giving it out, so that a fault in
/// the computation yields no factor of the modulus.
// The pointer is only read after initialisation, and libcrypto allows concurrent use of one EVP_PKEY; private operations
// are made one after the other, as on a chip.
@safe public final class OpenSSLKey: CardKey, @unchecked Sendable {
    private let key: OpaquePointer
    public let modulus: [UInt8]
    /// Set up for the private operation with the first one: that takes libcrypto a hundredth of the operation itself.
    private let operation = Mutex<KeyContext?>(nil)

    private init(owning key: OpaquePointer) throws(CryptographyFailure) {
        unsafe self.key = key
        var number: OpaquePointer?
        guard unsafe EVP_PKEY_get_bn_param(key, "n", &number) == 1 else {
            unsafe EVP_PKEY_free(key)
            throw CryptographyFailure("EVP_PKEY_get_bn_param")
        }
        defer { unsafe BN_free(number) }
        var bytes = [UInt8](repeating: 0, count: 256)
        guard unsafe BN_num_bits(number) == 2048, unsafe BN_bn2binpad(number, &bytes, 256) == 256 else {
            unsafe EVP_PKEY_free(key)
            throw CryptographyFailure("not an RSA-2048 key")
        }
        modulus = bytes
    }

    deinit { unsafe EVP_PKEY_free(key) }

    static func generate() throws(CryptographyFailure) -> OpenSSLKey {
        let context = try KeyContext(named: "RSA")
        var key: OpaquePointer?
        guard unsafe EVP_PKEY_keygen_init(context.context) == 1,
            unsafe EVP_PKEY_CTX_set_rsa_keygen_bits(context.context, 2048) == 1,
            unsafe EVP_PKEY_generate(context.context, &key) == 1, let key = unsafe key
        else { throw CryptographyFailure("EVP_PKEY_generate") }
        return try unsafe OpenSSLKey(owning: key)
    }

    convenience init(decoding bytes: [UInt8]) throws(CryptographyFailure) {
        let key = unsafe bytes.withUnsafeBufferPointer { buffer in
            var cursor = buffer.baseAddress
            return unsafe d2i_AutoPrivateKey(nil, &cursor, buffer.count)
        }
        guard let key = unsafe key else { throw CryptographyFailure("d2i_AutoPrivateKey") }
        try unsafe self.init(owning: key)
    }

    /// DER of RSAPrivateKey (RFC 8017, A.1.2).
    public func encoded() throws(CryptographyFailure) -> [UInt8] {
        let length = unsafe i2d_PrivateKey(key, nil)
        guard length > 0 else { throw CryptographyFailure("i2d_PrivateKey") }
        var bytes = [UInt8](repeating: 0, count: Int(length))
        let written = unsafe bytes.withUnsafeMutableBufferPointer { buffer in
            var cursor = buffer.baseAddress
            return unsafe i2d_PrivateKey(key, &cursor)
        }
        guard written == length else { throw CryptographyFailure("i2d_PrivateKey") }
        return bytes
    }

    public func privateOperation(_ block: [UInt8]) throws(CryptographyFailure) -> [UInt8] {
        try operation.withLock { operation throws(CryptographyFailure) in
            if operation == nil { operation = try rawOperation() }
            do throws(CryptographyFailure) {
                return try operation?.sign(block) ?? []
            } catch {
                operation = nil
                throw error
            }
        }
    }

    private func rawOperation() throws(CryptographyFailure) -> KeyContext {
        let context = try unsafe KeyContext(for: key)
        guard unsafe EVP_PKEY_sign_init(context.context) == 1,
            unsafe EVP_PKEY_CTX_set_rsa_padding(context.context, RSA_NO_PADDING) == 1
        else { throw CryptographyFailure("EVP_PKEY_sign_init") }
        return context
    }

    public func signPSS(digest: [UInt8]) throws(CryptographyFailure) -> [UInt8] {
        let context = try unsafe KeyContext(for: key)
        guard unsafe EVP_PKEY_sign_init(context.context) == 1,
            unsafe EVP_PKEY_CTX_set_rsa_padding(context.context, RSA_PKCS1_PSS_PADDING) == 1,
            unsafe EVP_PKEY_CTX_set_signature_md(context.context, EVP_sha256()) == 1,
            unsafe EVP_PKEY_CTX_set_rsa_mgf1_md(context.context, EVP_sha256()) == 1,
            unsafe EVP_PKEY_CTX_set_rsa_pss_saltlen(context.context, 32) == 1
        else { throw CryptographyFailure("EVP_PKEY_sign_init") }
        return try context.sign(digest)
    }

    public func decryptOAEP(_ ciphertext: [UInt8], length: Int) throws(CryptographyFailure) -> OpenedText {
        let context = try unsafe KeyContext(for: key)
        guard unsafe EVP_PKEY_decrypt_init(context.context) == 1,
            unsafe EVP_PKEY_CTX_set_rsa_padding(context.context, RSA_PKCS1_OAEP_PADDING) == 1,
            unsafe EVP_PKEY_CTX_set_rsa_oaep_md(context.context, EVP_sha256()) == 1,
            unsafe EVP_PKEY_CTX_set_rsa_mgf1_md(context.context, EVP_sha256()) == 1
        else { throw CryptographyFailure("EVP_PKEY_decrypt_init") }
        var plain = [UInt8](repeating: 0, count: 256)
        defer { unsafe OPENSSL_cleanse(&plain, plain.count) }
        var found = plain.count
        let status = unsafe EVP_PKEY_decrypt(context.context, &plain, &found, ciphertext, ciphertext.count)
        // The same steps whether the padding was right or wrong.
        ERR_clear_error()
        let isWrong = (Int(status) ^ 1) | (found ^ length)
        return OpenedText(bytes: Array(plain.prefix(length)), isRight: isWrong == 0)
    }
}

/// One EVP_PKEY_CTX, freed with its owner.
@safe struct KeyContext: ~Copyable {
    let context: OpaquePointer

    init(named algorithm: String) throws(CryptographyFailure) {
        guard let context = unsafe EVP_PKEY_CTX_new_from_name(nil, algorithm, nil) else {
            throw CryptographyFailure("EVP_PKEY_CTX_new_from_name")
        }
        unsafe self.context = context
    }

    @unsafe init(for key: OpaquePointer) throws(CryptographyFailure) {
        guard let context = unsafe EVP_PKEY_CTX_new(key, nil) else { throw CryptographyFailure("EVP_PKEY_CTX_new") }
        unsafe self.context = context
    }

    deinit { unsafe EVP_PKEY_CTX_free(context) }

    borrowing func sign(_ input: [UInt8]) throws(CryptographyFailure) -> [UInt8] {
        var signature = [UInt8](repeating: 0, count: 256)
        var length = signature.count
        guard unsafe EVP_PKEY_sign(context, &signature, &length, input, input.count) == 1, length == 256 else {
            ERR_clear_error()
            throw CryptographyFailure("EVP_PKEY_sign")
        }
        return signature
    }
}
