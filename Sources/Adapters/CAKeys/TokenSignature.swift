internal import AuthorityCryptography
internal import CP11Kit

/// Between messages and signature fields of X.509 on one side and the mechanisms of PKCS #11 (2.40 mechanisms, 2.1.6 and
/// 2.3.6) on the other.
enum TokenSignature {
    /// The mechanism that a key of this kind is used with.
    ///
    /// The digest is made here, so that a long message does not have to go to the token; a token that signs no
    /// DigestInfo of ours gets the message.
    static func mechanism(
        _ algorithm: SignatureAlgorithm,
        _ module: TokenModule,
        slot: CK_SLOT_ID
    ) throws(AuthorityKeyFailure) -> CK_MECHANISM_TYPE {
        let candidates: [CK_MECHANISM_TYPE] =
            switch algorithm {
            case .rsa2048SHA256: [CKM_RSA_PKCS, CKM_SHA256_RSA_PKCS]
            case .p384SHA384: [CKM_ECDSA]
            }
        for candidate in candidates {
            var information = CK_MECHANISM_INFO()
            let value = unsafe fuda_p11_mechanism_info(module.functions, slot, candidate, &information)
            if value == CKR_MECHANISM_INVALID { continue }
            try TokenReturn.check(value)
            if information.flags & CKF_SIGN != 0 { return candidate }
        }
        throw .refused(TokenReturn.name(CKR_MECHANISM_INVALID))
    }

    /// What is handed to C_Sign.
    static func input(
        _ message: [UInt8],
        _ algorithm: SignatureAlgorithm,
        _ mechanism: CK_MECHANISM_TYPE
    ) -> [UInt8] {
        switch algorithm {
        case .p384SHA384: MessageDigest.sha384(message)
        case .rsa2048SHA256 where mechanism == CKM_SHA256_RSA_PKCS: message
        case .rsa2048SHA256: DER.sha256DigestInfo + MessageDigest.sha256(message)
        }
    }

    /// How long what C_Sign gives is.
    static func length(_ algorithm: SignatureAlgorithm) -> Int {
        switch algorithm {
        case .rsa2048SHA256: 256
        case .p384SHA384: 96
        }
    }

    /// What C_Sign gave, as a signature field has it.
    static func field(_ raw: [UInt8], _ algorithm: SignatureAlgorithm) throws(AuthorityKeyFailure) -> [UInt8] {
        guard raw.count == length(algorithm) else { throw .refused(TokenReturn.name(CKR_SIGNATURE_LEN_RANGE)) }
        return algorithm == .rsa2048SHA256 ? raw : DER.ecdsaSignature(raw)
    }
}
