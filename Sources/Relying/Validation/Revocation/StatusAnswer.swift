import Crypto
public import PKIX

/// An OCSP answer as it came, with the nonce that was sent for it; whatever its bytes are, it is a value.
public struct StatusAnswer: Sendable {
    /// `nil` when none was sent.
    public let nonce: [UInt8]?
    /// SHA-256 of the bytes, in upper-case hexadecimal.
    public let fingerprint: String
    let response: Result<OCSPResponse, PKIXFlaw>
    /// Whether it says anything about certificates: it can be read, and is no refusal such as `tryLater`.
    public var saysSomething: Bool { if case .success(.answered) = response { true } else { false } }

    public init(_ der: [UInt8], nonce: [UInt8]? = nil) {
        self.nonce = nonce
        fingerprint = hexadecimal(SHA256.hash(data: der))
        do throws(PKIXFlaw) {
            response = .success(try OCSPResponse(parsing: der))
        } catch {
            response = .failure(error)
        }
    }
}

extension TrustAnchor {
    /// The question about one of this authority's certificates, as responders take it: SHA-1, which all of them know
    /// (RFC 5019, 2.1.1), or another hash.
    public func statusRequest(
        about certificate: CertificateFacts,
        by algorithm: HashAlgorithm = .sha1,
        nonce: [UInt8]?
    ) throws(PKIXFlaw) -> [UInt8] {
        try OCSPRequest.encode([certificateID(of: certificate, by: algorithm)], nonce: nonce)
    }

    func certificateID(
        of certificate: CertificateFacts,
        by algorithm: HashAlgorithm
    ) throws(PKIXFlaw) -> CertID {
        try CertID(
            algorithm,
            issuerNameHash: algorithm.hash(name.encoded),
            issuerKeyHash: algorithm.hash(facts.parts.signed.key.content),
            serial: certificate.parts.signed.serial
        )
    }
}

extension HashAlgorithm {
    func hash(_ bytes: some Collection<UInt8>) -> [UInt8] {
        let bytes = Array(bytes)
        return switch self {
        case .sha1: Array(Insecure.SHA1.hash(data: bytes))
        case .sha256: Array(SHA256.hash(data: bytes))
        case .sha384: Array(SHA384.hash(data: bytes))
        case .sha512: Array(SHA512.hash(data: bytes))
        }
    }
}
