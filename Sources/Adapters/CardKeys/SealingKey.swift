internal import COpenSSL
public import CardCryptography

/// A key that seals what is kept on disk: AES-256-GCM, a fresh random nonce for every box.
public struct SealingKey: Sendable {
    private let bytes: [UInt8]

    /// Length of a nonce and of a tag, in bytes.
    public static let nonceLength = 12
    public static let tagLength = 16

    /// The key of one file: HKDF-SHA-256 (RFC 5869) of a storage key with the file's own salt.
    public init(storageKey: [UInt8], salt: [UInt8], purpose: String) throws(CryptographyFailure) {
        guard storageKey.count >= 32 else { throw CryptographyFailure("storage key shorter than 32 bytes") }
        bytes = try Self.hkdf(storageKey, salt: salt, info: Array(purpose.utf8))
    }

    /// The storage key behind a passphrase: scrypt (RFC 7914) with N = 2^15, r = 8, p = 1.
    public static func storageKey(passphrase: [UInt8], salt: [UInt8]) throws(CryptographyFailure) -> [UInt8] {
        var key = [UInt8](repeating: 0, count: 32)
        let status = unsafe passphrase.withUnsafeBytes { pass in
            unsafe EVP_PBE_scrypt(
                pass.assumingMemoryBound(to: CChar.self).baseAddress,
                pass.count,
                salt,
                salt.count,
                1 << 15,
                8,
                1,
                64 << 20,
                &key,
                key.count
            )
        }
        guard status == 1 else { throw CryptographyFailure("EVP_PBE_scrypt") }
        return key
    }

    /// Enciphers and authenticates `plain`, and authenticates `context` with it.
    public func seal(_ plain: [UInt8], context: [UInt8]) throws(CryptographyFailure) -> SealedBox {
        let nonce = try OpenSSLCryptography().randomBytes(Self.nonceLength)
        let cipher = try CipherContext()
        let failure = CryptographyFailure("AES-256-GCM")
        var out = [UInt8](repeating: 0, count: plain.count + 16)
        var tag = [UInt8](repeating: 0, count: Self.tagLength)
        var length: Int32 = 0
        var ignored: Int32 = 0
        guard unsafe EVP_EncryptInit_ex(cipher.context, EVP_aes_256_gcm(), nil, bytes, nonce) == 1,
            unsafe EVP_EncryptUpdate(cipher.context, nil, &ignored, context, Int32(context.count)) == 1,
            unsafe EVP_EncryptUpdate(cipher.context, &out, &length, plain, Int32(plain.count)) == 1,
            unsafe EVP_EncryptFinal_ex(cipher.context, nil, &ignored) == 1,
            unsafe EVP_CIPHER_CTX_ctrl(cipher.context, EVP_CTRL_AEAD_GET_TAG, Int32(Self.tagLength), &tag) == 1
        else { throw failure }
        return SealedBox(nonce: nonce, ciphertext: Array(out.prefix(Int(length))), tag: tag)
    }

    /// The plain bytes; `nil` when box, context or key are not those it was sealed with.
    public func open(_ box: SealedBox, context: [UInt8]) throws(CryptographyFailure) -> [UInt8]? {
        guard box.nonce.count == Self.nonceLength, box.tag.count == Self.tagLength else { return nil }
        let cipher = try CipherContext()
        var out = [UInt8](repeating: 0, count: box.ciphertext.count + 16)
        var tag = box.tag
        var length: Int32 = 0
        var ignored: Int32 = 0
        guard unsafe EVP_DecryptInit_ex(cipher.context, EVP_aes_256_gcm(), nil, bytes, box.nonce) == 1,
            unsafe EVP_DecryptUpdate(cipher.context, nil, &ignored, context, Int32(context.count)) == 1,
            unsafe EVP_DecryptUpdate(cipher.context, &out, &length, box.ciphertext, Int32(box.ciphertext.count)) == 1,
            unsafe EVP_CIPHER_CTX_ctrl(cipher.context, EVP_CTRL_AEAD_SET_TAG, Int32(Self.tagLength), &tag) == 1
        else { throw CryptographyFailure("AES-256-GCM") }
        guard unsafe EVP_DecryptFinal_ex(cipher.context, nil, &ignored) == 1 else {
            ERR_clear_error()
            return nil
        }
        return Array(out.prefix(Int(length)))
    }

    private static func hkdf(_ key: [UInt8], salt: [UInt8], info: [UInt8]) throws(CryptographyFailure) -> [UInt8] {
        let context = try KeyContext(named: "HKDF")
        var out = [UInt8](repeating: 0, count: 32)
        var length = out.count
        guard unsafe EVP_PKEY_derive_init(context.context) == 1,
            unsafe EVP_PKEY_CTX_set_hkdf_md(context.context, EVP_sha256()) == 1,
            unsafe EVP_PKEY_CTX_set1_hkdf_key(context.context, key, Int32(key.count)) == 1,
            unsafe EVP_PKEY_CTX_set1_hkdf_salt(context.context, salt, Int32(salt.count)) == 1,
            unsafe EVP_PKEY_CTX_add1_hkdf_info(context.context, info, Int32(info.count)) == 1,
            unsafe EVP_PKEY_derive(context.context, &out, &length) == 1, length == 32
        else { throw CryptographyFailure("HKDF") }
        return out
    }
}

/// What sealing gives.
public struct SealedBox: Sendable {
    public let nonce: [UInt8]
    public let ciphertext: [UInt8]
    public let tag: [UInt8]

    public init(nonce: [UInt8], ciphertext: [UInt8], tag: [UInt8]) {
        self.nonce = nonce
        self.ciphertext = ciphertext
        self.tag = tag
    }
}
