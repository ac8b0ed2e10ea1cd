import AuthorityCryptography
import CertificateProfiles
import CivilCalendar
import Crypto
public import EventLog
import X509

/// Exactly what will be signed, to be recorded before it is.
public struct IssuancePlan: Sendable {
    /// For the log.
    public let event: IssuancePlanned
    /// TBSCertificate in DER.
    public let toBeSigned: [UInt8]
    let algorithm: SignatureAlgorithm

    init(
        _ request: IssuanceRequest,
        toBeSigned: [UInt8],
        of certificate: CertificateReference,
        generation: Int,
        algorithm: SignatureAlgorithm
    ) {
        let partition =
            switch request.subject {
            case .holder(let facts): facts.municipalityCode
            default: request.kind.isForAuthority ? ListPartition.authorities : ListPartition.services
            }
        self.toBeSigned = toBeSigned
        self.algorithm = algorithm
        event = IssuancePlanned(
            certificate: certificate,
            generation: generation,
            kind: request.kind,
            partition: partition,
            notBefore: request.notBefore,
            notAfter: request.end.endInJapan,
            toBeSigned: Fingerprint.of(toBeSigned),
            request: request.identifier,
            holder: request.holder,
            card: request.card,
            replaces: request.replaces
        )
    }
}

/// Leave to sign one plan, once: made from a plan whose record is durable, and used up by signing.
public struct IssuancePermit: ~Copyable, Sendable {
    private let plan: IssuancePlan

    /// `recorded` is the event as the log holds it; throws ``IssuanceError/notRecorded`` when that is another plan.
    public init(_ plan: IssuancePlan, recordedAs recorded: IssuancePlanned) throws(IssuanceError) {
        guard recorded == plan.event else { throw .notRecorded }
        self.plan = plan
    }

    /// Signs, and compares: what comes back is a certificate of the plan's very bytes that the authority's public key
    /// confirms.
    ///
    /// Throws ``IssuanceError/keyFailed(_:)`` when there is no signature, and ``IssuanceError/wrongSignature`` when
    /// there is one that is not right, as a failing token may make it.
    public consuming func sign(with issuer: Issuer) throws(IssuanceError) -> IssuedCertificate {
        let plan = plan
        guard plan.event.certificate.authority == issuer.authority, plan.event.generation == issuer.generation,
            plan.algorithm == issuer.algorithm
        else { throw .otherAuthority(plan.event.kind) }
        let signature: [UInt8]
        do { signature = try issuer.key.signature(over: plan.toBeSigned) } catch { throw .keyFailed(error) }
        return try IssuedCertificate(plan, signature: signature, by: issuer.publicKey)
    }
}

/// A certificate that was signed and compared with its plan.
public struct IssuedCertificate: Sendable {
    /// For the log.
    public let event: CertificateIssued
    public let der: [UInt8]

    init(_ plan: IssuancePlan, signature: [UInt8], by key: Certificate.PublicKey) throws(IssuanceError) {
        guard key.isValidSignature(signature, for: plan.toBeSigned, signatureAlgorithm: plan.algorithm.ofLibrary) else {
            throw .wrongSignature
        }
        der = SignedCertificate.assembled(
            toBeSigned: plan.toBeSigned,
            signedWith: plan.algorithm,
            signature: signature
        )
        event = CertificateIssued(
            certificate: plan.event.certificate,
            fingerprint: Fingerprint.of(der)
        )
    }
}

extension SignatureAlgorithm {
    var ofLibrary: Certificate.SignatureAlgorithm {
        switch self {
        case .rsa2048SHA256: .sha256WithRSAEncryption
        case .p384SHA384: .ecdsaWithSHA384
        }
    }
}
