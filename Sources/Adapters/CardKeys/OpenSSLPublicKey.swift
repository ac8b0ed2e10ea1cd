internal import COpenSSL
public import CardCryptography

/// An RSA public key inside libcrypto: owns the library's handle.
@safe struct OpenSSLPublicKey: ~Copyable {
    private let key: OpaquePointer

    /// Numbers are big-endian; whether they make a sensible key shows when it is used.
    init(modulus: [UInt8], exponent: [UInt8] = [0x01, 0x00, 0x01]) throws(CryptographyFailure) {
        let failure = CryptographyFailure("EVP_PKEY_fromdata")
        guard let builder = unsafe OSSL_PARAM_BLD_new() else { throw failure }
        defer { unsafe OSSL_PARAM_BLD_free(builder) }
        let number = unsafe BN_bin2bn(modulus, Int32(modulus.count), nil)
        defer { unsafe BN_free(number) }
        let power = unsafe BN_bin2bn(exponent, Int32(exponent.count), nil)
        defer { unsafe BN_free(power) }
        guard unsafe fuda_push_rsa_public(builder, number, power) == 1,
            let parameters = unsafe OSSL_PARAM_BLD_to_param(builder)
        else { throw failure }
        defer { unsafe OSSL_PARAM_free(parameters) }
        let context = try KeyContext(named: "RSA")
        var key: OpaquePointer?
        let selection = Int32(OSSL_KEYMGMT_SELECT_ALL_PARAMETERS | OSSL_KEYMGMT_SELECT_PUBLIC_KEY)
        guard unsafe EVP_PKEY_fromdata_init(context.context) == 1,
            unsafe EVP_PKEY_fromdata(context.context, &key, selection, parameters) == 1, let key = unsafe key
        else { throw failure }
        unsafe self.key = key
    }

    deinit { unsafe EVP_PKEY_free(key) }

    /// Whether `signature` is sha256WithRSAEncryption over `message` by this key.
    borrowing func verifies(_ signature: [UInt8], of message: [UInt8]) throws(CryptographyFailure) -> Bool {
        guard let digest = unsafe EVP_MD_CTX_new() else { throw CryptographyFailure("EVP_MD_CTX_new") }
        defer { unsafe EVP_MD_CTX_free(digest) }
        guard unsafe EVP_DigestVerifyInit(digest, nil, EVP_sha256(), nil, key) == 1 else {
            throw CryptographyFailure("EVP_DigestVerifyInit")
        }
        let verdict = unsafe EVP_DigestVerify(digest, signature, signature.count, message, message.count)
        ERR_clear_error()
        return verdict == 1
    }

    /// What a signature holds inside its PKCS #1 v1.5 padding; `nil` when it is none by this key.
    borrowing func recover(_ signature: [UInt8]) throws(CryptographyFailure) -> [UInt8]? {
        let context = try unsafe KeyContext(for: key)
        guard unsafe EVP_PKEY_verify_recover_init(context.context) == 1,
            unsafe EVP_PKEY_CTX_set_rsa_padding(context.context, RSA_PKCS1_PADDING) == 1
        else { throw CryptographyFailure("EVP_PKEY_verify_recover_init") }
        var held = [UInt8](repeating: 0, count: Int(unsafe EVP_PKEY_get_size(key)))
        var length = held.count
        guard unsafe EVP_PKEY_verify_recover(context.context, &held, &length, signature, signature.count) == 1 else {
            ERR_clear_error()
            return nil
        }
        return Array(held.prefix(length))
    }

    /// RSAES-OAEP with SHA-256, MGF1-SHA-256 and the empty label.
    borrowing func encryptOAEP(_ plain: [UInt8]) throws(CryptographyFailure) -> [UInt8] {
        let context = try unsafe KeyContext(for: key)
        guard unsafe EVP_PKEY_encrypt_init(context.context) == 1,
            unsafe EVP_PKEY_CTX_set_rsa_padding(context.context, RSA_PKCS1_OAEP_PADDING) == 1,
            unsafe EVP_PKEY_CTX_set_rsa_oaep_md(context.context, EVP_sha256()) == 1,
            unsafe EVP_PKEY_CTX_set_rsa_mgf1_md(context.context, EVP_sha256()) == 1
        else { throw CryptographyFailure("EVP_PKEY_encrypt_init") }
        var cipher = [UInt8](repeating: 0, count: Int(unsafe EVP_PKEY_get_size(key)))
        var length = cipher.count
        guard unsafe EVP_PKEY_encrypt(context.context, &cipher, &length, plain, plain.count) == 1 else {
            ERR_clear_error()
            throw CryptographyFailure("EVP_PKEY_encrypt")
        }
        return Array(cipher.prefix(length))
    }
}

extension OpenSSLCryptography: ReaderCryptography {
    public func recover(_ signature: [UInt8], modulus: [UInt8], exponent: [UInt8]) -> [UInt8]? {
        do throws(CryptographyFailure) {
            return try OpenSSLPublicKey(modulus: modulus, exponent: exponent).recover(signature)
        } catch {
            return nil
        }
    }

    public func encryptOAEP(
        _ plain: [UInt8],
        modulus: [UInt8],
        exponent: [UInt8]
    ) throws(CryptographyFailure) -> [UInt8] {
        try OpenSSLPublicKey(modulus: modulus, exponent: exponent).encryptOAEP(plain)
    }
}
