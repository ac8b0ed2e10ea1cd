import AuthorityCryptography
import CertificateProfiles
import CivilCalendar
import Crypto
import PKIX
import SwiftASN1
import Testing
import X509

@Suite struct CertificateProfileTests {
    @Test(arguments: CertificateKind.allCases)
    func `a profile lists no extension twice and can say something about each`(kind: CertificateKind) throws {
        let profile = CertificateProfile(kind)
        #expect(profile.kind == kind)
        #expect(Set(profile.extensions.map(\.kind)).count == profile.extensions.count)
        let filled = try profile.filledExtensions(try particulars(kind))
        #expect(filled.map(\.oid) == profile.extensions.map(\.kind.oid))
        #expect(filled.map(\.critical) == profile.extensions.map(\.isCritical))
    }

    @Test func `only certificates about authorities' keys may sign certificates, only those for holders have a policy`()
    {
        for kind in CertificateKind.allCases {
            let profile = CertificateProfile(kind)
            #expect(profile.keyUsage.keyCertSign == kind.isForAuthority, "\(kind)")
            #expect(profile.extensions.contains { $0.kind == .basicConstraints } == kind.isForAuthority, "\(kind)")
            #expect((profile.policy != nil) == kind.isForHolder, "\(kind)")
        }
    }

    @Test func `every policy lies in the test arc and belongs to one kind only`() {
        let policies = CertificateKind.allCases.compactMap { CertificateProfile($0).policy }
        #expect(Set(policies).count == 4)
        for policy in policies {
            #expect(policy.description.hasPrefix("1.2.392.200149.8.5.1.0."))
        }
    }

    struct Row: CustomTestStringConvertible, Sendable {
        let kind: CertificateKind
        let oid: ASN1ObjectIdentifier
        let value: [UInt8]
        var testDescription: String { "\(kind) \(oid)" }
    }

    /// Octets as RFC 5280 and the published authority certificates have them.
    static let rows = [
        Row(kind: .signCA, oid: [2, 5, 29, 15], value: [0x03, 0x02, 0x01, 0x06]),
        Row(kind: .authCA, oid: [2, 5, 29, 15], value: [0x03, 0x02, 0x01, 0x06]),
        Row(kind: .sign, oid: [2, 5, 29, 15], value: [0x03, 0x02, 0x06, 0xC0]),
        Row(kind: .auth, oid: [2, 5, 29, 15], value: [0x03, 0x02, 0x07, 0x80]),
        Row(kind: .signCA, oid: [2, 5, 29, 19], value: [0x30, 0x03, 0x01, 0x01, 0xFF]),
        Row(
            kind: .auth,
            oid: [2, 5, 29, 37],
            value: [0x30, 0x0A, 0x06, 0x08, 0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x02]
        ),
        Row(
            kind: .mobileSign,
            oid: [2, 5, 29, 32],
            value: [
                0x30, 0x40, 0x30, 0x3E, 0x06, 0x0B, 0x2A, 0x83, 0x08, 0x8C, 0x9B, 0x55, 0x08, 0x05, 0x01, 0x00, 0x78,
            ]
                + [0x30, 0x2F, 0x30, 0x2D, 0x06, 0x08, 0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x02, 0x01, 0x16, 0x21]
                + Array("http://cps.jpki-sim.test/cps.html".utf8)
        ),
    ]

    @Test(arguments: rows)
    func `extension values are the octets of the profile`(row: Row) throws {
        let extensions = try CertificateProfile(row.kind).filledExtensions(try particulars(row.kind))
        #expect(extensions[oid: row.oid].map { Array($0.value) } == row.value)
    }

    @Test(arguments: [CertificateKind.sign, .auth, .mobileSign, .mobileAuth])
    func `a holder's certificate cannot be filled in without a holder`(kind: CertificateKind) throws {
        let key = Certificate.PublicKey(P256.Signing.PrivateKey().publicKey)
        let nobody = CertificateParticulars(.authority, subjectKey: key, issuerKey: key)
        #expect(throws: CertificateProfileError.subjectMissing(kind)) {
            try CertificateProfile(kind).subjectName(nobody)
        }
        #expect(throws: CertificateProfileError.subjectMissing(kind)) {
            try CertificateProfile(kind).filledExtensions(nobody)
        }
    }

    @Test func `printing the facts about a holder tells nothing`() throws {
        let holder = try holder()
        var dumped = ""
        dump(holder, to: &dumped)
        for text in ["\(holder)", String(reflecting: holder), dumped] {
            #expect(!text.contains("花子"))
            #expect(!text.contains("千代田"))
            #expect(!text.contains("1989"))
        }
    }

    @Test(arguments: [CertificateKind.sign, .auth, .mobileSign, .mobileAuth])
    func `a holder's certificate is, to the byte, what the profile says`(kind: CertificateKind) throws {
        let profile = CertificateProfile(kind)
        let key = Certificate.PublicKey(P384.Signing.PrivateKey().publicKey)
        let form = try CertificateForm(
            profile,
            issuerKey: key,
            locations: PublicLocations(),
            signedWith: .p384SHA384
        )
        var particulars = try particulars(kind)
        particulars.subjectKey = key
        particulars.issuerKey = key
        var info = DER.Serializer()
        try info.serialize(key)
        let (notBefore, notAfter): (Int64, Int64) = (1_764_000_000, 2_524_607_999)
        let filled = try form.filled(
            notBefore: notBefore,
            notAfter: notAfter,
            subject: particulars.subject,
            subjectKey: info.serializedBytes
        )
        var expected = DER.Serializer()
        try expected.appendConstructedNode(identifier: .sequence) { certificate in
            try certificate.serialize(2, explicitlyTaggedWithTagNumber: 0, tagClass: .contextSpecific)
            try certificate.serialize(2)
            certificate.serializeRawBytes(SignatureAlgorithm.p384SHA384.identifier.encoded)
            try certificate.serialize(try profile.issuer.distinguishedName())
            try certificate.appendConstructedNode(identifier: .sequence) { validity in
                try validity.serialize(try UTCTime(year: 2025, month: 11, day: 24, hours: 16, minutes: 0, seconds: 0))
                try validity.serialize(try UTCTime(year: 2049, month: 12, day: 31, hours: 23, minutes: 59, seconds: 59))
            }
            try certificate.serialize(try profile.subjectName(particulars))
            try certificate.serialize(key)
            let extensions = try profile.filledExtensions(particulars)
            try certificate.serialize(explicitlyTaggedWithTagNumber: 3, tagClass: .contextSpecific) { tagged in
                try tagged.serializeSequenceOf(Array(extensions))
            }
        }
        #expect(filled.toBeSigned(serial: 2) == expected.serializedBytes)
    }

    @Test(arguments: [(Int64(-1), Int64(1)), (0, 2_524_608_000), (2_524_608_000, 2_524_608_001)])
    func `a certificate whose times UTCTime cannot hold is not filled in`(notBefore: Int64, notAfter: Int64) throws {
        let key = Certificate.PublicKey(P384.Signing.PrivateKey().publicKey)
        let form = try CertificateForm(
            CertificateProfile(.sign),
            issuerKey: key,
            locations: PublicLocations(),
            signedWith: .p384SHA384
        )
        let subject = try particulars(.sign).subject
        #expect(throws: CertificateProfileError.timeOutOfRange) {
            try form.filled(notBefore: notBefore, notAfter: notAfter, subject: subject, subjectKey: [])
        }
    }

    private func particulars(_ kind: CertificateKind) throws -> CertificateParticulars {
        let key = Certificate.PublicKey(P256.Signing.PrivateKey().publicKey)
        let subject: CertificateParticulars.Subject =
            switch CertificateProfile(kind).subject {
            case .authority: .authority
            case .service: .service("OCSP responder 1")
            case .identifier, .localitiesAndIdentifier:
                .holder(try holder(), SubjectIdentifier(issuedAt: 0, serial: 2, municipalityCode: "13101"))
            }
        return CertificateParticulars(subject, subjectKey: key, issuerKey: key)
    }

    private func holder() throws -> HolderFacts {
        HolderFacts(
            name: "番号　花子",
            nameSubstitutes: "00000",
            address: "東京都千代田区",
            addressSubstitutes: "0000000",
            gender: "2",
            birth: try #require(CivilDate(year: 1989, month: 3, day: 31)),
            prefecture: "Tokyo-to",
            municipality: "Chiyoda-ku",
            municipalityCode: "13101"
        )
    }
}

@Suite struct SubjectIdentifierTests {
    @Test func `an identifier is instant, serial number, municipality and 003A in 23 characters`() {
        let identifier = SubjectIdentifier(issuedAt: 1_761_523_200, serial: 33, municipalityCode: "13221")
        // 1 761 523 200 and 33 in base 32, counted by hand: 1·32⁶ + 20·32⁵ + 15·32⁴ + 29·32³ + 13·32² + 16·32 + 0.
        #expect(identifier.description == "1MFXDG0000001113221003A")
        #expect(identifier.description.count == 23)
    }

    @Test func `neighbours in time and number never share an identifier`() {
        var seen: Set<String> = []
        for instant: Int64 in [0, 1, 31, 32, 1_761_523_200, 2_524_607_999] {
            for serial: UInt32 in [2, 3, 31, 32, 33, 0x7FFF_FFFF] {
                let text = SubjectIdentifier(issuedAt: instant, serial: serial, municipalityCode: "13101").description
                #expect(seen.insert(text).inserted)
                #expect(text.utf8.count == 23)
            }
        }
    }
}
