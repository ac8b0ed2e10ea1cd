import AuthorityTesting
import CertificateProfiles
import Crypto
import CryptoExtras
import Foundation
import SwiftASN1
import Validation
import X509

/// An authority with a key of its own that issues whatever it is told to, right or wrong.
struct Forger {
    let name: DistinguishedName
    let key: Certificate.PrivateKey
    let purpose: CertificatePurpose

    /// The wrong things one can do to a certificate before it is signed.
    struct Draft {
        var version = Certificate.Version.v3
        var serial = Certificate.SerialNumber(0x0132_C4AC)
        var key: Certificate.PublicKey
        var notBefore = Fixture.now
        var notAfter = Fixture.lastSecond
        var issuer: DistinguishedName
        var subject: DistinguishedName
        var algorithm = Certificate.SignatureAlgorithm.sha256WithRSAEncryption
        var extensions: [Certificate.Extension]

        mutating func drop(_ identifier: ASN1ObjectIdentifier) { extensions.removeAll { $0.oid == identifier } }

        /// Puts an extension in the place of the one of the same kind, or at the end.
        mutating func put(_ one: Certificate.Extension) {
            if let place = extensions.firstIndex(where: { $0.oid == one.oid }) {
                extensions[place] = one
            } else {
                extensions.append(one)
            }
        }
    }

    init(_ purpose: CertificatePurpose, organization: String = "JPKI-SIM", key: Certificate.PrivateKey? = nil) throws {
        self.purpose = purpose
        self.key = try key ?? Certificate.PrivateKey(_RSA.Signing.PrivateKey(keySize: .bits2048))
        let unit = purpose == .signature ? "JPKI for digital signature" : "JPKI for user authentication"
        name = try DistinguishedName([
            RelativeDistinguishedName(.init(type: .RDNAttributeType.countryName, printableString: "JP")),
            RelativeDistinguishedName(.init(type: .RDNAttributeType.organizationName, utf8String: organization)),
            RelativeDistinguishedName(.init(type: .RDNAttributeType.organizationalUnitName, utf8String: unit)),
            RelativeDistinguishedName(
                .init(
                    type: .RDNAttributeType.organizationalUnitName,
                    utf8String: "Japan Agency for Local Authority Information Systems"
                )
            ),
        ])
    }

    /// The authority's own certificate, changed before it is signed.
    func certificate(_ change: (inout Draft) throws -> Void = { _ in }) throws -> [UInt8] {
        let profile = CertificateProfile(purpose == .signature ? .signCA : .authCA)
        let extensions = try profile.filledExtensions(
            CertificateParticulars(.authority, subjectKey: key.publicKey, issuerKey: key.publicKey)
        )
        return try signed(
            Draft(key: key.publicKey, issuer: name, subject: name, extensions: Array(extensions)),
            change
        )
    }

    /// A holder's certificate in the shape of the profile, changed before it is signed.
    func issue(
        to holder: HolderFacts = Fixture.holder,
        _ change: (inout Draft) throws -> Void = { _ in }
    ) throws -> [UInt8] {
        let profile = CertificateProfile(purpose == .signature ? .sign : .auth)
        let particulars = CertificateParticulars(
            .holder(holder, SubjectIdentifier(issuedAt: Fixture.now, serial: 2, municipalityCode: "13101")),
            subjectKey: try Fixture.holderKey.key.publicKey,
            issuerKey: key.publicKey
        )
        return try signed(
            Draft(
                key: particulars.subjectKey,
                issuer: name,
                subject: profile.subjectName(particulars),
                extensions: Array(profile.filledExtensions(particulars))
            ),
            change
        )
    }

    private func signed(_ draft: Draft, _ change: (inout Draft) throws -> Void) throws -> [UInt8] {
        var draft = draft
        try change(&draft)
        let certificate = try Certificate(
            version: draft.version,
            serialNumber: draft.serial,
            publicKey: draft.key,
            notValidBefore: Date(timeIntervalSince1970: Double(draft.notBefore)),
            notValidAfter: Date(timeIntervalSince1970: Double(draft.notAfter)),
            issuer: draft.issuer,
            subject: draft.subject,
            signatureAlgorithm: draft.algorithm,
            extensions: Certificate.Extensions(draft.extensions),
            issuerPrivateKey: key
        )
        var serializer = DER.Serializer()
        try serializer.serialize(certificate)
        return serializer.serializedBytes
    }
}

/// Forgers and certificates that many tests share: making keys is slow.
extension Forger {
    static var sign: Forger { get throws { try storedSign.get() } }
    static var auth: Forger { get throws { try storedAuth.get() } }

    /// The two of them as a hierarchy.
    static var anchors: TrustAnchors {
        get throws { try TrustAnchors(simulated: sign.certificate(), authCA: auth.certificate()) }
    }

    static func of(_ purpose: CertificatePurpose) throws -> Forger { try purpose == .signature ? sign : auth }

    /// A changed certificate, judged by the two of them.
    static func judge(
        _ purpose: CertificatePurpose,
        as other: CertificatePurpose? = nil,
        at seconds: Int64 = Fixture.now,
        _ change: (inout Draft) throws -> Void = { _ in }
    ) throws -> CertificateVerdict {
        let der = try of(purpose).issue(change)
        return CertificateJudge(try anchors).judge(der, as: other ?? purpose, at: seconds)
    }

    private static let storedSign = Result { try Forger(.signature) }
    private static let storedAuth = Result { try Forger(.authentication) }
}
