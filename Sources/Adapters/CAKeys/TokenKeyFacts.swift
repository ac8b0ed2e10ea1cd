public import AuthorityCryptography
internal import CP11Kit

/// A private key in a token, as the token tells of it.
public struct TokenKeyFacts: Hashable, Sendable {
    public let label: String
    /// CKA_ID.
    public let identifier: [UInt8]
    public let algorithm: SignatureAlgorithm
    public let subjectPublicKeyInfo: [UInt8]
    /// Made in the token (CKA_LOCAL), always sensitive, never extractable.
    public let staysInToken: Bool

    init(_ session: TokenSession, _ handle: CK_OBJECT_HANDLE) throws(AuthorityKeyFailure) {
        let object = try TokenObject(session, handle)
        label = String(decoding: try session.attribute(CKA_LABEL, of: handle) ?? [], as: UTF8.self)
        identifier = object.identifier
        algorithm = object.algorithm
        subjectPublicKeyInfo = object.subjectPublicKeyInfo
        var isSafe = try session.flag(CKA_EXTRACTABLE, of: handle) == false
        for type in [CKA_SENSITIVE, CKA_PRIVATE, CKA_LOCAL, CKA_ALWAYS_SENSITIVE, CKA_NEVER_EXTRACTABLE] {
            isSafe = try session.flag(type, of: handle) == true && isSafe
        }
        staysInToken = isSafe
    }
}
