internal import AuthorityCryptography
internal import CP11Kit

/// A private key as it is found in a token in one session.
struct TokenObject {
    let handle: CK_OBJECT_HANDLE
    let algorithm: SignatureAlgorithm
    let subjectPublicKeyInfo: [UInt8]
    let identifier: [UInt8]

    /// The one private key with a label, an identifier, or both.
    static func find(
        _ session: TokenSession,
        label: [UInt8]?,
        identifier: [UInt8]?
    ) throws(AuthorityKeyFailure) -> TokenObject {
        var wanted = [Attribute.number(CKA_CLASS, CKO_PRIVATE_KEY)]
        if let label { wanted.append(.bytes(CKA_LABEL, label)) }
        if let identifier { wanted.append(.bytes(CKA_ID, identifier)) }
        let found = try session.find(wanted)
        guard let handle = found.first else { throw .refused(.keyNotFound) }
        guard found.count == 1 else { throw .refused(.severalKeys) }
        return try TokenObject(session, handle)
    }

    init(_ session: TokenSession, _ handle: CK_OBJECT_HANDLE) throws(AuthorityKeyFailure) {
        guard try session.flag(CKA_SIGN, of: handle) ?? true,
            try session.flag(CKA_ALWAYS_AUTHENTICATE, of: handle) != true
        else { throw .refused(.keyOfAnotherKind) }
        self.handle = handle
        identifier = try session.attribute(CKA_ID, of: handle) ?? []
        guard let information = try Self.publicHalf(session, of: handle, identifier) else {
            throw .refused(.keyNotFound)
        }
        guard let algorithm = PublicKeyInfo.algorithm(of: information) else { throw .refused(.keyOfAnotherKind) }
        subjectPublicKeyInfo = information
        self.algorithm = algorithm
    }

    /// The public half: of the public key object with the same identifier, or of a certificate with it, or from the
    /// private key itself, which for RSA usually tells its modulus.
    private static func publicHalf(
        _ session: TokenSession,
        of handle: CK_OBJECT_HANDLE,
        _ identifier: [UInt8]
    ) throws(AuthorityKeyFailure) -> [UInt8]? {
        if !identifier.isEmpty {
            let same = Attribute.bytes(CKA_ID, identifier)
            for object in try session.find([.number(CKA_CLASS, CKO_PUBLIC_KEY), same]) {
                if let information = try numbers(session, of: object) { return information }
            }
            for object in try session.find([.number(CKA_CLASS, CKO_CERTIFICATE), same]) {
                guard let certificate = try session.attribute(CKA_VALUE, of: object) else { continue }
                if let information = PublicKeyInfo.fromCertificate(certificate) { return information }
            }
        }
        return try numbers(session, of: handle)
    }

    /// SubjectPublicKeyInfo from the numbers of a key object.
    static func numbers(
        _ session: TokenSession,
        of object: CK_OBJECT_HANDLE
    ) throws(AuthorityKeyFailure) -> [UInt8]? {
        guard let kind = try session.attribute(CKA_KEY_TYPE, of: object) else { return nil }
        if kind == Attribute.number(CKA_KEY_TYPE, CKK_RSA).value {
            guard let modulus = try session.attribute(CKA_MODULUS, of: object),
                let exponent = try session.attribute(CKA_PUBLIC_EXPONENT, of: object)
            else { return nil }
            return PublicKeyInfo.rsa(modulus: modulus, exponent: exponent)
        }
        guard kind == Attribute.number(CKA_KEY_TYPE, CKK_EC).value,
            try session.attribute(CKA_EC_PARAMS, of: object) == DER.secp384r1,
            let point = try session.attribute(CKA_EC_POINT, of: object)
        else { return nil }
        // An OCTET STRING in DER by the specification; some tokens give the bare point.
        return PublicKeyInfo.p384(point: DER.octetString(point) ?? point)
    }
}
