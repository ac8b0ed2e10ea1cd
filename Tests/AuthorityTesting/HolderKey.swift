public import CertificateProfiles
public import CivilCalendar
public import Crypto
public import CryptoExtras
public import Issuance
import SwiftASN1
public import X509

/// A key pair of a holder who has no card: it signs its own requests for certificates.
public struct HolderKey: Sendable {
    public let key: Certificate.PrivateKey
    private let algorithm: Certificate.SignatureAlgorithm

    public init(rsa key: _RSA.Signing.PrivateKey) {
        self.key = Certificate.PrivateKey(key)
        algorithm = .sha256WithRSAEncryption
    }

    public init(p384 key: P384.Signing.PrivateKey) {
        self.key = Certificate.PrivateKey(key)
        algorithm = .ecdsaWithSHA384
    }

    /// CertificationRequest in DER (RFC 2986) whose subject is one `CN`.
    public func certificationRequest(_ identifier: String) throws -> [UInt8] {
        let request = try CertificateSigningRequest(
            version: .v1,
            subject: DistinguishedName { CommonName(identifier) },
            privateKey: key,
            attributes: .init(),
            signatureAlgorithm: algorithm
        )
        var serializer = DER.Serializer()
        try serializer.serialize(request)
        return serializer.serializedBytes
    }

    /// A request for a certificate, proven by this key.
    public func request(
        _ kind: CertificateKind,
        for holder: HolderFacts,
        notBefore: Int64,
        end: CivilDate,
        identifier: String = "test"
    ) throws -> IssuanceRequest {
        IssuanceRequest(
            kind,
            subject: .holder(holder),
            key: .proven(try certificationRequest(identifier)),
            notBefore: notBefore,
            end: end,
            identifier: identifier
        )
    }
}
