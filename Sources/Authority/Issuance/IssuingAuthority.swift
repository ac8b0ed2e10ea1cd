import CertificateProfiles
import CivilCalendar
import FoundationEssentials
import SwiftASN1
import X509

/// One generation of one authority: its key, its own certificate, and the serial number it gives next.
struct IssuingAuthority: Sendable {
    let name: CertificateAuthority
    let key: SigningKey
    /// The authority's own certificate in DER.
    let certificate: [UInt8]
    let end: CivilDate
    var nextSerial: UInt32

    /// The authority's own certificate has number 1; a four-octet INTEGER that is not negative ends here.
    static let serials: ClosedRange<UInt32> = 2...0x7FFF_FFFF

    init(_ name: CertificateAuthority, generatingAt seconds: Int64) throws(IssuanceError) {
        let key = try SigningKey.generate()
        let end = CertificateValidity.authorityEnd(issued: try Self.day(of: seconds))
        self.name = name
        self.key = key
        self.end = end
        nextSerial = Self.serials.lowerBound
        certificate = try Self.signed(
            CertificateProfile(name == .sign ? .signCA : .authCA),
            CertificateParticulars(authorityKey: key.publicForCertificates),
            serial: 1,
            from: seconds,
            to: end,
            by: key
        )
    }

    /// Puts together what was stored; refuses a certificate that is not about this key.
    init(
        _ name: CertificateAuthority,
        key: SigningKey,
        certificate: [UInt8],
        nextSerial: UInt32
    ) throws(IssuanceError) {
        guard Self.serials.contains(nextSerial) || nextSerial == Self.serials.upperBound + 1,
            let parsed = try? Certificate(derEncoded: certificate),
            let ownName = try? name.distinguishedName(),
            parsed.subject == ownName,
            parsed.publicKey == key.publicForCertificates
        else { throw .malformedAuthority }
        self.name = name
        self.key = key
        self.certificate = certificate
        self.nextSerial = nextSerial
        end = CivilDate(japaneseDayAt: Int64(parsed.notValidAfter.timeIntervalSince1970))
    }

    /// Issues a certificate; the serial number is spent only when there is one.
    mutating func issue(
        _ kind: CertificateKind,
        for holder: HolderFacts,
        key subjectKey: CardPublicKey,
        issuedAt seconds: Int64,
        end: CivilDate
    ) throws(IssuanceError) -> [UInt8] {
        try holder.check()
        _ = try Self.day(of: seconds)
        guard end.endInJapan >= seconds else { throw .endBeforeIssue }
        guard end <= self.end else { throw .endBeyondAuthority }
        guard Self.serials.contains(nextSerial) else { throw .serialsExhausted }
        let serial = nextSerial
        let particulars = CertificateParticulars(
            holder: holder,
            identifier: SubjectIdentifier(
                issuedAt: seconds,
                serial: serial,
                municipalityCode: holder.municipalityCode
            ),
            subjectKey: Certificate.PublicKey(try subjectKey.libraryKey()),
            issuerKey: key.publicForCertificates
        )
        let issued = try Self.signed(
            CertificateProfile(kind),
            particulars,
            serial: serial,
            from: seconds,
            to: end,
            by: key
        )
        nextSerial += 1
        return issued
    }

    /// The Japanese day of an instant that UTCTime can write, and so can the end ten years later.
    private static func day(of seconds: Int64) throws(IssuanceError) -> CivilDate {
        guard (0..<lastUTCTime).contains(seconds) else { throw .timeOutOfRange }
        return CivilDate(japaneseDayAt: seconds)
    }

    /// 2050-01-01T00:00:00Z: from here on RFC 5280, 4.1.2.5, demands GeneralizedTime.
    private static let lastUTCTime: Int64 = 2_524_608_000

    private static func signed(
        _ profile: CertificateProfile,
        _ particulars: CertificateParticulars,
        serial: UInt32,
        from start: Int64,
        to end: CivilDate,
        by key: SigningKey
    ) throws(IssuanceError) -> [UInt8] {
        guard end.endInJapan < lastUTCTime else { throw .timeOutOfRange }
        do {
            let certificate = try Certificate(
                version: .v3,
                serialNumber: Certificate.SerialNumber(serial),
                publicKey: particulars.subjectKey,
                notValidBefore: Date(timeIntervalSince1970: Double(start)),
                notValidAfter: Date(timeIntervalSince1970: Double(end.endInJapan)),
                issuer: profile.issuer.distinguishedName(),
                subject: profile.subjectName(particulars),
                signatureAlgorithm: .sha256WithRSAEncryption,
                extensions: profile.filledExtensions(particulars),
                issuerPrivateKey: key.forCertificates
            )
            var serializer = DER.Serializer()
            try serializer.serialize(certificate)
            return serializer.serializedBytes
        } catch {
            // The facts were checked, so nothing but the library's cryptography is left to fail.
            throw .cryptographyFailed
        }
    }
}
