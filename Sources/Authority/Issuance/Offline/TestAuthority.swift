import CertificateProfiles

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

    /// Issues a 署名用電子証明書 or a 利用者証明用電子証明書, whichever the request is for.
    ///
    /// The request's key is proven by a CertificationRequest. Until when it is good, is the caller's business: see
    /// ``CertificateValidity``. Of the holder an authentication certificate tells only the municipality.
    public mutating func issue(_ request: IssuanceRequest) throws(IssuanceError) -> [UInt8] {
        switch CertificateProfile(request.kind).issuer {
        case .sign: try sign.issue(request)
        case .auth: try auth.issue(request)
        }
    }

    public var description: String { "TestAuthority(keys withheld)" }

    public var customMirror: Mirror { Mirror(self, children: []) }
}
