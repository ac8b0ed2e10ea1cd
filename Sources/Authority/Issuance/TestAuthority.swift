public import CertificateProfiles
public import CivilCalendar

/// The two authorities of the public certification service, made up for cards that work offline.
///
/// Each has one self-signed certificate, numbered 1, and numbers what it issues from 2 upward. The time is the
/// caller's; keys are made here. Printing a value of this type shows nothing of its keys.
public struct TestAuthority: Sendable, CustomStringConvertible, CustomReflectable {
    var sign: IssuingAuthority
    var auth: IssuingAuthority

    /// Makes both key pairs and certificates, good from `seconds` (since 1970 UTC) for ten years less a day.
    public init(generatingAt seconds: Int64) throws(IssuanceError) {
        sign = try IssuingAuthority(.sign, generatingAt: seconds)
        auth = try IssuingAuthority(.auth, generatingAt: seconds)
    }

    init(sign: IssuingAuthority, auth: IssuingAuthority) {
        self.sign = sign
        self.auth = auth
    }

    /// The certificate of the authority for signatures, in DER.
    public var signCACertificate: [UInt8] { sign.certificate }

    /// The certificate of the authority for user authentication, in DER.
    public var authCACertificate: [UInt8] { auth.certificate }

    /// Issues a 署名用電子証明書 for a key pair made elsewhere, good from `issuedAt` to the end of the day `end` in Japan.
    ///
    /// Which day that is, is the caller's business: see ``CertificateValidity``.
    public mutating func issueSignatureCertificate(
        modulus: [UInt8],
        exponent: [UInt8],
        holder: HolderFacts,
        issuedAt: Int64,
        end: CivilDate,
        mobile: Bool = false
    ) throws(IssuanceError) -> [UInt8] {
        let key = try CardPublicKey(modulus: modulus, exponent: exponent)
        return try sign.issue(mobile ? .mobileSign : .sign, for: holder, key: key, issuedAt: issuedAt, end: end)
    }

    /// Issues a 利用者証明用電子証明書; of the holder it tells only the municipality.
    public mutating func issueAuthenticationCertificate(
        modulus: [UInt8],
        exponent: [UInt8],
        holder: HolderFacts,
        issuedAt: Int64,
        end: CivilDate,
        mobile: Bool = false
    ) throws(IssuanceError) -> [UInt8] {
        let key = try CardPublicKey(modulus: modulus, exponent: exponent)
        return try auth.issue(mobile ? .mobileAuth : .auth, for: holder, key: key, issuedAt: issuedAt, end: end)
    }

    public var description: String { "TestAuthority(keys withheld)" }

    public var customMirror: Mirror { Mirror(self, children: []) }
}
