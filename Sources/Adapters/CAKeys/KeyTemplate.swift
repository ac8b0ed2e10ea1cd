internal import AuthorityCryptography
internal import CP11Kit

/// What a key pair that is made in a token shall be (PKCS #11 2.40, 4.8 and 4.9).
struct KeyTemplate {
    let label: [UInt8]
    let identifier: [UInt8]
    let algorithm: SignatureAlgorithm

    /// Makes the pair and gives the handle of its private half.
    func generate(_ session: TokenSession) throws(AuthorityKeyFailure) -> CK_OBJECT_HANDLE {
        let publicHalf = AttributeTemplate(publicAttributes)
        let privateHalf = AttributeTemplate(privateAttributes)
        var publicKey = CK_OBJECT_HANDLE()
        var privateKey = CK_OBJECT_HANDLE()
        let value = unsafe publicHalf.pass { publicList, publicCount in
            unsafe privateHalf.pass { privateList, privateCount in
                unsafe fuda_p11_generate(
                    session.functions,
                    session.handle,
                    algorithm == .rsa2048SHA256 ? CKM_RSA_PKCS_KEY_PAIR_GEN : CKM_ECDSA_KEY_PAIR_GEN,
                    publicList,
                    publicCount,
                    privateList,
                    privateCount,
                    &publicKey,
                    &privateKey
                )
            }
        }
        try TokenReturn.check(value)
        return privateKey
    }

    private var publicAttributes: [Attribute] {
        let kind: [Attribute] =
            switch algorithm {
            case .rsa2048SHA256: [.number(CKA_MODULUS_BITS, 2048), .bytes(CKA_PUBLIC_EXPONENT, [0x01, 0x00, 0x01])]
            case .p384SHA384: [.bytes(CKA_EC_PARAMS, DER.secp384r1)]
            }
        return kind + [
            .flag(CKA_TOKEN, true), .flag(CKA_PRIVATE, false), .flag(CKA_VERIFY, true), .flag(CKA_ENCRYPT, false),
            .flag(CKA_WRAP, false), .bytes(CKA_LABEL, label), .bytes(CKA_ID, identifier),
        ]
    }

    /// For signing and nothing else, and never to be taken out, not even wrapped.
    private var privateAttributes: [Attribute] {
        [
            .flag(CKA_TOKEN, true), .flag(CKA_PRIVATE, true), .flag(CKA_SENSITIVE, true),
            .flag(CKA_EXTRACTABLE, false), .flag(CKA_SIGN, true), .flag(CKA_DECRYPT, false),
            .flag(CKA_UNWRAP, false), .bytes(CKA_LABEL, label), .bytes(CKA_ID, identifier),
        ]
    }
}
