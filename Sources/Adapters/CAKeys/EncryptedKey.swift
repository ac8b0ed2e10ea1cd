internal import AuthorityCryptography
internal import COpenSSL
internal import Secrets

/// EncryptedPrivateKeyInfo in PEM, to and from keys.
enum EncryptedKey {
    private static let label = "ENCRYPTED PRIVATE KEY"
    /// scrypt with N = 2^14, r = 8, p = 5: 16 MiB and about 0.2 s, one of the settings that OWASP's Password Storage
    /// Cheat Sheet lists as equally strong.
    ///
    /// A greater N is more than libcrypto allows itself when it reads such a file.
    private static let cost: (n: UInt64, r: UInt64, p: UInt64) = (1 << 14, 8, 5)
    /// What is taken of files made elsewhere: no file may ask for more work than this.
    private static let greatestCost: (n: UInt64, r: UInt64, p: UInt64) = (1 << 14, 8, 16)
    private static let longestPassphrase = 1024

    static func encrypt(_ key: PrivateKey, passphrase: borrowing SecretBytes) throws(AuthorityKeyFailure) -> [UInt8] {
        var secret = try copy(passphrase)
        defer { wipe(&secret) }
        guard let plain = unsafe key.withKey({ unsafe EVP_PKEY2PKCS8($0) }) else { throw .refused(.library) }
        defer { unsafe PKCS8_PRIV_KEY_INFO_free(plain) }
        var salt = [UInt8](repeating: 0, count: 16)
        var iv = [UInt8](repeating: 0, count: 16)
        guard unsafe RAND_bytes(&salt, 16) == 1, unsafe RAND_bytes(&iv, 16) == 1,
            let scheme = unsafe PKCS5_pbe2_set_scrypt(EVP_aes_256_cbc(), &salt, 16, &iv, cost.n, cost.r, cost.p)
        else { throw .refused(.library) }
        let sealed = unsafe secret.withUnsafeBytes { bytes in
            let start = unsafe bytes.assumingMemoryBound(to: CChar.self).baseAddress
            return unsafe PKCS8_set0_pbe(start, Int32(bytes.count), plain, scheme)
        }
        guard let sealed = unsafe sealed else {
            unsafe X509_ALGOR_free(scheme)
            throw .refused(.library)
        }
        defer { unsafe X509_SIG_free(sealed) }
        let length = unsafe i2d_X509_SIG(sealed, nil)
        guard length > 0 else { throw .refused(.library) }
        var der = [UInt8](repeating: 0, count: Int(length))
        _ = unsafe der.withUnsafeMutableBufferPointer { buffer in
            var cursor = buffer.baseAddress
            return unsafe i2d_X509_SIG(sealed, &cursor)
        }
        return PEM.armour(der, label: label)
    }

    static func decrypt(_ text: [UInt8], passphrase: borrowing SecretBytes) throws(AuthorityKeyFailure) -> PrivateKey {
        var secret = try copy(passphrase)
        defer { wipe(&secret) }
        guard let der = PEM.content(text, label: label) else { throw .refused(.notAKeyFile) }
        let (sealed, isWhole) = unsafe der.withUnsafeBufferPointer { buffer in
            var cursor = buffer.baseAddress
            let sealed = unsafe d2i_X509_SIG(nil, &cursor, buffer.count)
            return unsafe (sealed, cursor == buffer.baseAddress?.advanced(by: buffer.count))
        }
        guard let sealed = unsafe sealed else {
            ERR_clear_error()
            throw .refused(.notAKeyFile)
        }
        defer { unsafe X509_SIG_free(sealed) }
        guard isWhole, unsafe isWithinLimits(sealed) else {
            ERR_clear_error()
            throw .refused(.notAKeyFile)
        }
        let plain = unsafe secret.withUnsafeBytes { bytes in
            let start = unsafe bytes.assumingMemoryBound(to: CChar.self).baseAddress
            return unsafe PKCS8_decrypt(sealed, start, Int32(bytes.count))
        }
        guard let plain = unsafe plain else {
            ERR_clear_error()
            throw .refused(.wrongPassphrase)
        }
        defer { unsafe PKCS8_PRIV_KEY_INFO_free(plain) }
        guard let key = unsafe EVP_PKCS82PKEY(plain) else {
            ERR_clear_error()
            throw .refused(.wrongPassphrase)
        }
        let privateKey = try unsafe PrivateKey(owning: key)
        guard isConsistent(privateKey) else { throw .refused(.wrongPassphrase) }
        return privateKey
    }

    // MARK: - Parts

    /// A copy that the caller wipes; an empty secret would be no secret.
    private static func copy(_ passphrase: borrowing SecretBytes) throws(AuthorityKeyFailure) -> [UInt8] {
        guard (1...longestPassphrase).contains(passphrase.count) else { throw .refused(.emptySecret) }
        return passphrase.copy()
    }

    /// Whether the parts of the key belong together: p and q are primes and make the modulus, the exponents fit.
    private static func isConsistent(_ key: PrivateKey) -> Bool {
        let isGood = unsafe key.withKey { key in
            guard let context = unsafe EVP_PKEY_CTX_new(key, nil) else { return false }
            defer { unsafe EVP_PKEY_CTX_free(context) }
            return unsafe EVP_PKEY_check(context) == 1
        }
        if !isGood { ERR_clear_error() }
        return isGood
    }

    /// Whether the file is encrypted as ours are, by scrypt with no more work than is allowed.
    @unsafe private static func isWithinLimits(_ sealed: OpaquePointer) -> Bool {
        var scheme: UnsafePointer<X509_ALGOR>?
        unsafe X509_SIG_get0(sealed, &scheme, nil)
        guard let outer = unsafe parameters(of: scheme, NID_pbes2) else { return false }
        let both = unsafe outer.withUnsafeBufferPointer { buffer in
            var cursor = buffer.baseAddress
            return unsafe d2i_PBE2PARAM(nil, &cursor, buffer.count)
        }
        guard let both = unsafe both else { return false }
        defer { unsafe PBE2PARAM_free(both) }
        guard unsafe OBJ_obj2nid(both.pointee.encryption.pointee.algorithm) == NID_aes_256_cbc,
            let inner = unsafe parameters(of: both.pointee.keyfunc, NID_id_scrypt)
        else { return false }
        let scrypt = unsafe inner.withUnsafeBufferPointer { buffer in
            var cursor = buffer.baseAddress
            return unsafe d2i_SCRYPT_PARAMS(nil, &cursor, buffer.count)
        }
        guard let scrypt = unsafe scrypt else { return false }
        defer { unsafe SCRYPT_PARAMS_free(scrypt) }
        return unsafe isAtMost(scrypt.pointee.costParameter, greatestCost.n)
            && isAtMost(scrypt.pointee.blockSize, greatestCost.r)
            && isAtMost(scrypt.pointee.parallelizationParameter, greatestCost.p)
    }

    @unsafe private static func isAtMost(_ number: UnsafeMutablePointer<ASN1_INTEGER>?, _ limit: UInt64) -> Bool {
        var value: UInt64 = 0
        return unsafe ASN1_INTEGER_get_uint64(&value, number) == 1 && value <= limit
    }

    /// The parameters of an AlgorithmIdentifier, a SEQUENCE in DER, if it is of the algorithm.
    @unsafe private static func parameters(of scheme: UnsafePointer<X509_ALGOR>?, _ algorithm: Int32) -> [UInt8]? {
        var object: OpaquePointer?
        var kind: Int32 = 0
        var value: UnsafeRawPointer?
        guard let scheme = unsafe scheme else { return nil }
        unsafe X509_ALGOR_get0(&object, &kind, &value, scheme)
        guard unsafe OBJ_obj2nid(object) == algorithm, kind == V_ASN1_SEQUENCE, let value = unsafe value else {
            return nil
        }
        let string = unsafe value.assumingMemoryBound(to: ASN1_STRING.self)
        guard let start = unsafe ASN1_STRING_get0_data(string) else { return nil }
        return unsafe Array(UnsafeBufferPointer(start: start, count: Int(ASN1_STRING_length(string))))
    }
}
