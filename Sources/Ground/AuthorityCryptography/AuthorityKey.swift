/// A private key of an authority, a responder or a keeper of records, wherever it is: in a token, or in a sealed file.
///
/// The key itself never comes out; engines ask for signatures only.
public protocol AuthorityKey: Sendable {
    var algorithm: SignatureAlgorithm { get }
    /// SubjectPublicKeyInfo in DER (RFC 5280, 4.1.2.7).
    var subjectPublicKeyInfo: [UInt8] { get }
    /// Whether a signature takes more than the processor, so that there may be waiting for it: `false` unless said.
    var keepsWaiting: Bool { get }
    /// Signs a message of any length; what comes out is the content of a signature field of X.509: 256 bytes of
    /// RSASSA-PKCS1-v1_5, or an Ecdsa-Sig-Value in DER.
    ///
    /// Waits for the token or the processor, and may be called from several threads at once.
    func signature(over message: [UInt8]) throws(AuthorityKeyFailure) -> [UInt8]
}

extension AuthorityKey {
    public var keepsWaiting: Bool { false }
}

/// The algorithms that authorities sign with; each belongs to one kind of key.
public enum SignatureAlgorithm: String, Hashable, Sendable, CaseIterable, Codable {
    /// sha256WithRSAEncryption with RSA-2048 and exponent 65537, as all published authorities of JPKI use.
    case rsa2048SHA256 = "rsa2048-sha256"
    /// ecdsa-with-SHA384 on P-384, as planned for the next generation of cards.
    case p384SHA384 = "p384-sha384"
}

/// Why there is no signature.
///
/// No case carries a PIN, a key, or anything of the message.
public enum AuthorityKeyFailure: Error, Hashable, Sendable {
    /// The token or the file is not there, or has gone; trying later may help. The text is the library's name of the
    /// failure, such as `CKR_DEVICE_REMOVED`.
    case unavailable(String)
    /// The token or the library refused: wrong PIN, key not found, key of another kind.
    case refused(String)
}
