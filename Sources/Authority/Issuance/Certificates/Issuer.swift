public import AuthorityCryptography
public import CertificateProfiles
import CivilCalendar
import Crypto
import EventLog
import FoundationEssentials
import PKIX
import SwiftASN1
import X509

/// One generation of one authority, able to issue: its key, its own certificate, and what it puts into others.
///
/// Issuing goes one way: ``check(_:)`` a request, ``CheckedRequest/plan(serial:)``, have the plan recorded durably, take
/// the one ``IssuancePermit`` of the record, sign with it, have the certificate recorded, hand it out. Whatever stops in
/// between leaves a record of the plan, and never a certificate that nobody knows of.
public struct Issuer: Sendable {
    public let authority: CertificateAuthority
    /// From 1; all generations share the authority's name and its running serial numbers.
    public let generation: Int
    /// The authority's own certificate in DER.
    public let certificate: [UInt8]
    public let locations: PublicLocations
    /// Last second of the authority's own certificate.
    public let notAfter: Int64
    let key: any AuthorityKey
    /// What all certificates of a kind have in common, for each kind that it issues.
    private let forms: [CertificateKind: CertificateForm]
    /// The authority's key, for what it signs besides certificates: revocation lists.
    public var signingKey: any AuthorityKey { key }
    let publicKey: Certificate.PublicKey

    /// Puts together a key and the certificate about it.
    ///
    /// Throws ``IssuanceError/malformedAuthority`` when the certificate is about another key or authority.
    public init(
        _ authority: CertificateAuthority,
        generation: Int,
        certificate: [UInt8],
        key: any AuthorityKey,
        locations: PublicLocations = PublicLocations()
    ) throws(IssuanceError) {
        guard let parsed = try? Certificate(derEncoded: certificate),
            let name = try? authority.distinguishedName(), parsed.subject == name,
            let publicKey = try? Certificate.PublicKey(derEncoded: key.subjectPublicKeyInfo),
            parsed.publicKey == publicKey
        else { throw .malformedAuthority }
        self.authority = authority
        self.generation = generation
        self.certificate = certificate
        self.locations = locations
        self.key = key
        self.publicKey = publicKey
        notAfter = Int64(parsed.notValidAfter.timeIntervalSince1970)
        var forms: [CertificateKind: CertificateForm] = [:]
        for kind in CertificateKind.allCases where CertificateProfile(kind).issuer == authority {
            forms[kind] = try? CertificateForm(
                CertificateProfile(kind),
                issuerKey: publicKey,
                locations: locations,
                signedWith: key.algorithm
            )
        }
        self.forms = forms
    }

    public var algorithm: SignatureAlgorithm { key.algorithm }

    /// The authority's own certificate has number 1; a four-octet INTEGER that is not negative ends here.
    public static let serials: ClosedRange<UInt32> = 1...0x7FFF_FFFF

    /// Checks everything about a request but its serial number, which it does not have yet.
    public func check(_ request: IssuanceRequest) throws(IssuanceError) -> CheckedRequest {
        guard let form = forms[request.kind] else {
            let isOwn = CertificateProfile(request.kind).issuer == authority
            throw isOwn ? .malformedAuthority : .otherAuthority(request.kind)
        }
        guard (0..<DERTime.endOfUTCTime).contains(request.notBefore), request.end.endInJapan < DERTime.endOfUTCTime
        else {
            throw .timeOutOfRange
        }
        guard request.end.endInJapan >= request.notBefore else { throw .endBeforeIssue }
        guard request.end.endInJapan <= notAfter else { throw .endBeyondAuthority }
        if case .holder(let facts) = request.subject { try facts.check() }
        let subjectKey = try SubjectKey(request.key, of: request.identifier)
        if request.kind.isForHolder {
            guard subjectKey.isProven else { throw .notProven }
            guard subjectKey.algorithm == algorithm else { throw .keyOfOtherGeneration }
        }
        return try CheckedRequest(request, form, subjectKey: subjectKey.info, generation: generation)
    }
}

/// A request in which everything is right, and its certificate but for the serial number.
public struct CheckedRequest: Sendable {
    public let request: IssuanceRequest
    /// SubjectPublicKeyInfo in DER.
    private let subjectKey: [UInt8]
    private let unnumbered: UnnumberedCertificate
    private let authority: CertificateAuthority
    private let generation: Int
    private let algorithm: SignatureAlgorithm

    init(
        _ request: IssuanceRequest,
        _ form: CertificateForm,
        subjectKey: [UInt8],
        generation: Int
    ) throws(IssuanceError) {
        self.request = request
        self.subjectKey = subjectKey
        self.generation = generation
        authority = form.profile.issuer
        algorithm = form.algorithm
        let subject: CertificateParticulars.Subject =
            switch request.subject {
            case .authority: .authority
            case .service(let name): .service(name)
            case .holder(let facts):
                .holder(
                    facts,
                    SubjectIdentifier(
                        issuedAt: request.notBefore,
                        serial: 0,
                        municipalityCode: facts.municipalityCode
                    )
                )
            }
        do {
            unnumbered = try form.filled(
                notBefore: request.notBefore,
                notAfter: request.end.endInJapan,
                subject: subject,
                subjectKey: subjectKey
            )
        } catch CertificateProfileError.subjectMissing(let kind) {
            throw .subjectOfOtherKind(kind)
        } catch {
            // The facts were checked, so nothing but the encoder's own failure is left.
            throw .cryptographyFailed
        }
    }

    /// Whether a certificate that was issued earlier is about the key that is asked for now.
    public func isAnswered(by certificate: [UInt8]) -> Bool {
        (try? CertificateOutline(parsing: certificate))?.subjectPublicKeyInfo == subjectKey[...]
    }

    /// The plan for a serial number, which must be the authority's next.
    public func plan(serial: UInt32) throws(IssuanceError) -> IssuancePlan {
        guard Issuer.serials.contains(serial) else { throw .serialsExhausted }
        return IssuancePlan(
            request,
            toBeSigned: unnumbered.toBeSigned(serial: serial),
            of: CertificateReference(authority, serial),
            generation: generation,
            algorithm: algorithm
        )
    }
}
