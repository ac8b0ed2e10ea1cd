public import AuthorityCryptography
import Crypto
public import PKIX

/// Makes time stamps with one key and the certificate about it (RFC 3161).
///
/// Has neither clock nor randomness: the instant and the token's number are handed in, by whoever knows that the clock is
/// right and the number new. Keeps nothing, so it may be asked from many threads at once.
public struct TimeStampingAuthority: Sendable {
    /// Of the authority's key, in DER.
    public let certificate: [UInt8]
    /// First and last second of the certificate, since 1970 UTC.
    public let notBefore: Int64
    public let notAfter: Int64
    private let signer: TimeStampSigner
    private let key: any AuthorityKey
    private let policy: [UInt8]
    private let accuracy: UInt64

    /// The hashes that are stamped; SHA-1 is not, since another document may be found for it.
    public static let hashes: Set<HashAlgorithm> = [.sha256, .sha384, .sha512]

    /// `policy` is the content of the object identifier that all stamps have; `accuracy` the seconds by which the
    /// instants that will be handed in may be off.
    ///
    /// Throws ``TimeStampingError/malformedCertificate`` when the certificate cannot be read, and
    /// ``TimeStampingError/otherKey`` when it is about another key.
    public init(
        certificate: [UInt8],
        key: any AuthorityKey,
        policy: [UInt8],
        accuracy: UInt64
    ) throws(TimeStampingError) {
        guard let outline = try? CertificateOutline(parsing: certificate) else { throw .malformedCertificate }
        guard outline.subjectPublicKeyInfo.elementsEqual(key.subjectPublicKeyInfo) else { throw .otherKey }
        self.certificate = certificate
        notBefore = outline.notBefore
        notAfter = outline.notAfter
        self.key = key
        self.policy = policy
        self.accuracy = accuracy
        signer =
            switch key.algorithm {
            case .rsa2048SHA256:
                TimeStampSigner(certificate: outline, algorithm: .sha256WithRSAEncryption) {
                    Array(SHA256.hash(data: $0))
                }
            case .p384SHA384:
                TimeStampSigner(certificate: outline, algorithm: .ecdsaWithSHA384) { Array(SHA384.hash(data: $0)) }
            }
    }

    /// Reads a request and decides whether it can be stamped.
    ///
    /// Throws ``TimeStampRefusal/badDataFormat`` for what cannot be read, ``TimeStampRefusal/badRequest`` for another
    /// version of the protocol, ``TimeStampRefusal/badAlg`` for a hash that is not among ``hashes``,
    /// ``TimeStampRefusal/unacceptedPolicy``, and ``TimeStampRefusal/unacceptedExtension`` for any extension, critical
    /// or not: none is known here (RFC 3161, 2.4.1).
    public func accept(_ request: [UInt8]) throws(TimeStampRefusal) -> TimeStampRequest {
        guard let asked = try? TimeStampRequest(parsing: request) else { throw .badDataFormat }
        guard asked.version == 1 else { throw .badRequest }
        guard let algorithm = asked.algorithm, Self.hashes.contains(algorithm) else { throw .badAlg }
        guard asked.policy?.elementsEqual(policy) ?? true else { throw .unacceptedPolicy }
        guard asked.extensions.isEmpty else { throw .unacceptedExtension }
        return asked
    }

    /// The whole answer in DER: granted, with the token.
    ///
    /// `seconds` since 1970 UTC; `serial` is a number that no other token has, big-endian. Throws
    /// ``TimeStampRefusal/systemFailure`` outside the certificate's validity, and when there is no signature.
    public func stamp(
        _ asked: TimeStampRequest,
        at seconds: Int64,
        serial: [UInt8]
    ) throws(TimeStampRefusal) -> [UInt8] {
        guard (notBefore...notAfter).contains(seconds) else { throw .systemFailure }
        let draft = TimeStampDraft(
            policy: policy,
            imprint: asked.imprint,
            serial: serial,
            time: seconds,
            accuracy: accuracy,
            nonce: asked.nonce
        )
        do {
            return try signer.granted(draft, withCertificate: asked.wantsCertificate) { try key.signature(over: $0) }
        } catch {
            throw .systemFailure
        }
    }
}

public enum TimeStampingError: Error, Hashable, Sendable {
    case malformedCertificate
    /// The certificate is not about the key that is to sign.
    case otherKey
}
