internal import AuthorityCryptography
internal import COpenSSL

/// Public keys as SubjectPublicKeyInfo (RFC 5280, 4.1.2.7; RFC 3279; RFC 5480), by libcrypto.
public enum PublicKeyInfo {
    /// Whether a signature field of X.509 is that of the key over the message.
    ///
    /// `false` also for a key or a signature that is none.
    public static func verifies(
        _ signature: [UInt8],
        over message: [UInt8],
        by subjectPublicKeyInfo: [UInt8]
    ) -> Bool {
        guard let key = unsafe decode(subjectPublicKeyInfo) else { return false }
        defer { unsafe EVP_PKEY_free(key) }
        guard let algorithm = unsafe algorithm(of: key), let context = unsafe EVP_MD_CTX_new() else { return false }
        defer { unsafe EVP_MD_CTX_free(context) }
        let function = algorithm == .rsa2048SHA256 ? unsafe EVP_sha256() : unsafe EVP_sha384()
        let isGood =
            unsafe EVP_DigestVerifyInit(context, nil, function, nil, key) == 1
            && EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
        if !isGood { ERR_clear_error() }
        return isGood
    }

    /// The key in the armour of RFC 7468, 13, which other programs read.
    public static func pem(_ subjectPublicKeyInfo: [UInt8]) -> [UInt8] {
        PEM.armour(subjectPublicKeyInfo, label: "PUBLIC KEY")
    }

    // MARK: - Parts

    /// Which algorithm a key signs by; `nil` for kinds that are not used here.
    @unsafe static func algorithm(of key: OpaquePointer) -> SignatureAlgorithm? {
        if unsafe EVP_PKEY_is_a(key, "RSA") == 1 {
            var exponent: OpaquePointer?
            guard unsafe EVP_PKEY_get_bits(key) == 2048,
                unsafe EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &exponent) == 1
            else { return nil }
            defer { unsafe BN_free(exponent) }
            return unsafe BN_is_word(exponent, 65_537) == 1 ? .rsa2048SHA256 : nil
        }
        guard unsafe EVP_PKEY_is_a(key, "EC") == 1 else { return nil }
        var name = [CChar](repeating: 0, count: 64)
        var length = 0
        guard unsafe EVP_PKEY_get_group_name(key, &name, name.count, &length) == 1 else { return nil }
        let group = String(decoding: name.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return group == "secp384r1" ? .p384SHA384 : nil
    }

    @unsafe static func encode(_ key: OpaquePointer) -> [UInt8] {
        let length = unsafe i2d_PUBKEY(key, nil)
        guard length > 0 else { return [] }
        var bytes = [UInt8](repeating: 0, count: Int(length))
        let written = unsafe bytes.withUnsafeMutableBufferPointer { buffer in
            var cursor = buffer.baseAddress
            return unsafe i2d_PUBKEY(key, &cursor)
        }
        return written == length ? bytes : []
    }

    /// A key that the caller frees.
    @unsafe private static func decode(_ bytes: [UInt8]) -> OpaquePointer? {
        let key = unsafe bytes.withUnsafeBufferPointer { buffer in
            var cursor = buffer.baseAddress
            return unsafe d2i_PUBKEY(nil, &cursor, buffer.count)
        }
        if unsafe key == nil { ERR_clear_error() }
        return unsafe key
    }

    /// Which algorithm the key of a SubjectPublicKeyInfo signs by.
    static func algorithm(of subjectPublicKeyInfo: [UInt8]) -> SignatureAlgorithm? {
        guard let key = unsafe decode(subjectPublicKeyInfo) else { return nil }
        defer { unsafe EVP_PKEY_free(key) }
        return unsafe algorithm(of: key)
    }

    /// An RSA key from its numbers, most significant byte first.
    static func rsa(modulus: [UInt8], exponent: [UInt8]) -> [UInt8]? {
        let key = DER.sequence(DER.integer(modulus) + DER.integer(exponent))
        return DER.sequence(DER.rsaEncryption + DER.bitString(key))
    }

    /// A key on P-384 from its point in uncompressed form, 97 bytes.
    static func p384(point: [UInt8]) -> [UInt8]? {
        guard point.count == 97, point[0] == 0x04 else { return nil }
        return DER.sequence(DER.ecPublicKeyOnP384 + DER.bitString(point))
    }

    /// The key of an X.509 certificate in DER.
    static func fromCertificate(_ bytes: [UInt8]) -> [UInt8]? {
        let certificate = unsafe bytes.withUnsafeBufferPointer { buffer in
            var cursor = buffer.baseAddress
            return unsafe d2i_X509(nil, &cursor, buffer.count)
        }
        guard let certificate = unsafe certificate else {
            ERR_clear_error()
            return nil
        }
        defer { unsafe X509_free(certificate) }
        guard let key = unsafe X509_get0_pubkey(certificate) else { return nil }
        let encoded = unsafe encode(key)
        return encoded.isEmpty ? nil : encoded
    }
}
