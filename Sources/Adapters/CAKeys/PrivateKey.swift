internal import AuthorityCryptography
internal import COpenSSL

/// A private key inside libcrypto, freed and wiped with its owner.
// The pointer is only read after initialisation, and libcrypto allows concurrent use of one EVP_PKEY: the RSA key's
// blinding, which stays on, is under a lock of its own.
@safe final class PrivateKey: @unchecked Sendable {
    let algorithm: SignatureAlgorithm
    /// SubjectPublicKeyInfo in DER.
    let subjectPublicKeyInfo: [UInt8]
    private let key: OpaquePointer
    private let digest: OpaquePointer
    /// The most bytes a signature takes.
    private let signatureLength: Int

    /// Takes the key over, also where it is refused: one that is neither RSA-2048 with exponent 65537 nor P-384.
    @unsafe init(owning key: OpaquePointer) throws(AuthorityKeyFailure) {
        guard let algorithm = unsafe PublicKeyInfo.algorithm(of: key) else {
            unsafe EVP_PKEY_free(key)
            throw .refused(.keyOfAnotherKind)
        }
        let information = unsafe PublicKeyInfo.encode(key)
        guard !information.isEmpty, let digest = unsafe EVP_MD_fetch(nil, algorithm.digestName, nil) else {
            unsafe EVP_PKEY_free(key)
            throw .refused(.library)
        }
        unsafe self.key = key
        unsafe self.digest = digest
        self.algorithm = algorithm
        subjectPublicKeyInfo = information
        signatureLength = Int(unsafe EVP_PKEY_get_size(key))
    }

    deinit {
        unsafe EVP_PKEY_free(key)
        unsafe EVP_MD_free(digest)
    }

    static func generate(_ algorithm: SignatureAlgorithm) throws(AuthorityKeyFailure) -> PrivateKey {
        guard let context = unsafe EVP_PKEY_CTX_new_from_name(nil, algorithm == .rsa2048SHA256 ? "RSA" : "EC", nil)
        else { throw .refused(.library) }
        defer { unsafe EVP_PKEY_CTX_free(context) }
        var key: OpaquePointer?
        guard unsafe EVP_PKEY_keygen_init(context) == 1 else { throw .refused(.library) }
        let isSet =
            switch algorithm {
            case .rsa2048SHA256: unsafe EVP_PKEY_CTX_set_rsa_keygen_bits(context, 2048)
            case .p384SHA384: unsafe EVP_PKEY_CTX_set_group_name(context, "P-384")
            }
        guard isSet == 1, unsafe EVP_PKEY_generate(context, &key) == 1, let key = unsafe key else {
            throw .refused(.library)
        }
        return try unsafe PrivateKey(owning: key)
    }

    /// Signs a message by the key's algorithm.
    func signature(over message: [UInt8]) throws(AuthorityKeyFailure) -> [UInt8] {
        guard let context = unsafe EVP_MD_CTX_new() else { throw .refused(.library) }
        defer { unsafe EVP_MD_CTX_free(context) }
        guard unsafe EVP_DigestSignInit(context, nil, digest, nil, key) == 1 else { throw .refused(.library) }
        var length = signatureLength
        var isSigned = false
        let signature = unsafe [UInt8](unsafeUninitializedCapacity: signatureLength) { buffer, count in
            isSigned = unsafe EVP_DigestSign(context, buffer.baseAddress, &length, message, message.count) == 1
            count = isSigned ? length : 0
        }
        guard isSigned else {
            ERR_clear_error()
            throw .refused(.library)
        }
        return signature
    }

    /// Lends the key to a call of libcrypto.
    func withKey<Result>(_ body: (OpaquePointer) -> Result) -> Result { unsafe body(key) }
}

extension SignatureAlgorithm {
    /// The digest's name in libcrypto.
    var digestName: String {
        switch self {
        case .rsa2048SHA256: "SHA256"
        case .p384SHA384: "SHA384"
        }
    }
}
