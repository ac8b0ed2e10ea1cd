public import AuthorityCryptography
public import CertificateProfiles
import CivilCalendar
public import EventLog
import FoundationEssentials
import PKIX
import SwiftASN1
import X509

/// A generation of an authority about to begin: a fresh key, and the self-signed certificate about it.
///
/// The certificate takes the authority's next serial number, as the published ones of JPKI do.
public struct NewGeneration: Sendable {
    public let plan: IssuancePlan
    /// For the log, together with the plan's record and that of the certificate.
    public let event: GenerationBegan
    public let issuer: Issuer
    public let issued: IssuedCertificate

    /// Makes the self-signed certificate, good from `seconds` since 1970 UTC for ten years less a day.
    ///
    /// `locator` says where the key is, without any secret.
    public init(
        of authority: CertificateAuthority,
        generation: Int,
        serial: UInt32,
        key: any AuthorityKey,
        locator: String,
        at seconds: Int64,
        locations: PublicLocations = PublicLocations()
    ) throws(IssuanceError) {
        guard (0..<DERTime.endOfUTCTime).contains(seconds) else { throw .timeOutOfRange }
        let end = CertificateValidity.authorityEnd(issued: CivilDate(japaneseDayAt: seconds))
        guard end.endInJapan < DERTime.endOfUTCTime else { throw .timeOutOfRange }
        guard let publicKey = try? Certificate.PublicKey(derEncoded: key.subjectPublicKeyInfo) else {
            throw .unusableKey
        }
        let kind: CertificateKind = authority == .sign ? .signCA : .authCA
        let request = IssuanceRequest(
            kind,
            subject: .authority,
            key: .own(key.subjectPublicKeyInfo),
            notBefore: seconds,
            end: end,
            identifier: "\(kind.rawValue)-\(generation)"
        )
        guard
            let form = try? CertificateForm(
                CertificateProfile(kind),
                issuerKey: publicKey,
                locations: locations,
                signedWith: key.algorithm
            )
        else { throw .malformedAuthority }
        plan = try CheckedRequest(request, form, subjectKey: key.subjectPublicKeyInfo, generation: generation)
            .plan(serial: serial)
        let signature: [UInt8]
        do { signature = try key.signature(over: plan.toBeSigned) } catch { throw .keyFailed(error) }
        issued = try IssuedCertificate(plan, signature: signature, by: publicKey)
        issuer = try Issuer(
            authority,
            generation: generation,
            certificate: issued.der,
            key: key,
            locations: locations
        )
        event = GenerationBegan(
            authority: authority,
            generation: generation,
            serial: serial,
            notBefore: plan.event.notBefore,
            notAfter: plan.event.notAfter,
            algorithm: key.algorithm,
            certificate: Data(issued.der).base64EncodedString(),
            key: locator
        )
    }
}

extension Issuer {
    /// The request for the certificate by which this generation vouches for another's key (RFC 4210, 4.4): of an older
    /// generation about a newer one NewWithOld, the other way round OldWithNew.
    ///
    /// Cards never need it, since all generations are trust anchors; it ends with the earlier of the two.
    public func linkRequest(to other: Issuer, at seconds: Int64) -> IssuanceRequest {
        IssuanceRequest(
            authority == .sign ? .signLink : .authLink,
            subject: .authority,
            key: .own(other.key.subjectPublicKeyInfo),
            notBefore: seconds,
            end: CivilDate(japaneseDayAt: min(notAfter, other.notAfter)),
            identifier: "link-\(generation)-\(other.generation)"
        )
    }
}
