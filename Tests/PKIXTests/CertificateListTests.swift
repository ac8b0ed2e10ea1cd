import ForeignTools
import PKIX
import Testing

@Suite("Revocation lists")
struct CertificateListTests {
    private let authority: Authority

    init() throws { authority = try Authority.shared }

    private func entries() throws -> EncodedEntries {
        var entries = EncodedEntries()
        try entries.append(serial: 5, revokedAt: 1_780_000_000, reason: .certificateHold)
        try entries.append(serial: 0x80, revokedAt: 1_780_000_001, reason: .keyCompromise)
        try entries.append(serial: 0xFFFF_FFFF, revokedAt: 2_524_608_000, reason: .unspecified)
        try entries.append(serial: [0x01, 0x00, 0x00, 0x00, 0x00], revokedAt: 1_780_000_003, reason: nil)
        return entries
    }

    @Test("What was written is read again, entry by entry")
    func roundTrip() throws {
        let scope = IssuingDistributionPoint(name: Authority.partition("Tama"), .userCertificates)
        let bytes = try authority.list(authority.draft(entries(), number: 0x80, scope: scope))
        let list = try CertificateList(parsing: bytes)
        #expect(list.count == 4)
        #expect(list.number == 0x80)
        #expect(list.scope == scope)
        #expect(!list.isDelta)
        #expect(list.issuer.elementsEqual(authority.name))
        #expect(list.thisUpdate == 1_790_000_000)
        #expect(list.nextUpdate == 1_790_172_800)
        #expect(list.unknownCritical.isEmpty)
        #expect(list.authorityKeyIdentifier?.elementsEqual(authority.keyIdentifier) == true)
        #expect(list.entry(serial: [5]) == RevokedCertificate(revokedAt: 1_780_000_000, reason: .certificateHold))
        #expect(list.entry(serial: [0, 0x80]) == RevokedCertificate(revokedAt: 1_780_000_001, reason: .keyCompromise))
        #expect(list.entry(serial: [0xFF, 0xFF, 0xFF, 0xFF])?.revokedAt == 2_524_608_000)
        #expect(list.entry(serial: [1, 0, 0, 0, 0])?.reason == nil)
        #expect(list.entry(serial: [6]) == nil)
        #expect(list.entry(serial: []) == nil)
    }

    @Test("openssl reads a list as it was meant, and its signature holds")
    func opensslReads() throws {
        let scope = IssuingDistributionPoint(name: Authority.partition("Tama"), .userCertificates)
        var draft = authority.draft(try entries(), number: 7, scope: scope)
        draft.freshest = Authority.partition("Tama")
        let said = try ForeignProgram.run(
            "openssl",
            ["crl", "-inform", "DER", "-in", "list.crl", "-noout", "-text", "-CAfile", "ca.pem"],
            files: ["list.crl": try authority.list(draft), "ca.pem": authority.certificate]
        )
        #expect(said.status == 0)
        #expect(said.notes.contains("verify OK"))
        let text = said.text
        for part in [
            "Version 2", "sha256WithRSAEncryption", "X509v3 CRL Number: \n                7",
            "Issuing Distribution Point: critical", "CN = Tama CRLDP", "Only User Certificates", "Freshest CRL",
            "Serial Number: 05", "Certificate Hold", "Key Compromise", "Serial Number: FFFFFFFF",
            "Serial Number: 0100000000", "Jan  1 00:00:00 2050 GMT", "Unspecified",
        ] { #expect(text.contains(part), "missing: \(part)") }
    }

    @Test("An empty list has no entries and openssl agrees")
    func empty() throws {
        let bytes = try authority.list(authority.draft(EncodedEntries()))
        #expect(try CertificateList(parsing: bytes).count == 0)
        let said = try OpenSSLProgram.run(
            ["crl", "-inform", "DER", "-in", "list.crl", "-noout", "-text"],
            files: ["list.crl": bytes]
        )
        #expect(said.text.contains("No Revoked Certificates"))
    }

    @Test("A delta list names its base, critically")
    func delta() throws {
        var draft = authority.draft(try entries(), number: 9)
        draft.deltaBase = 7
        let bytes = try authority.list(draft)
        let list = try CertificateList(parsing: bytes)
        #expect(list.isDelta)
        #expect(list.deltaBase == 7)
        let said = try OpenSSLProgram.run(
            ["crl", "-inform", "DER", "-in", "list.crl", "-noout", "-text"],
            files: ["list.crl": bytes]
        )
        #expect(said.text.contains("Delta CRL Indicator: critical"))
    }

    @Test("A list that openssl made is read, whatever the order of its entries")
    func opensslMakes() throws {
        let index = """
            R\t351231235959Z\t260101000000Z,keyCompromise\t07\tunknown\t/CN=a
            R\t351231235959Z\t260102000000Z,certificateHold\t03\tunknown\t/CN=b
            R\t351231235959Z\t260103000000Z\t0102030405060708090A0B0C0D0E0F1011121314\tunknown\t/CN=c

            """
        let configuration = """
            [ca]
            default_ca = this
            [this]
            database = index.txt
            crlnumber = number
            default_md = sha256
            default_crl_days = 2
            crl_extensions = ext
            [ext]
            authorityKeyIdentifier = keyid
            """
        let made = try ForeignProgram.run(
            "openssl",
            ["ca", "-gencrl", "-config", "ca.cnf", "-keyfile", "key.pem", "-cert", "ca.pem"],
            files: [
                "index.txt": Array(index.utf8), "ca.cnf": Array(configuration.utf8), "number": Array("1A\n".utf8),
                "key.pem": authority.keyPEM, "ca.pem": authority.certificate,
            ]
        )
        let list = try CertificateList(parsing: try der(made.output))
        #expect(list.count == 3)
        #expect(list.number == 0x1A)
        #expect(list.issuer.elementsEqual(authority.name))
        #expect(list.entry(serial: [3])?.reason == .certificateHold)
        #expect(list.entry(serial: [7])?.reason == .keyCompromise)
        #expect(list.entry(serial: Array(1...20))?.revokedAt == 1_767_398_400)
        #expect(list.entry(serial: Array(2...20)) == nil)
        #expect(list.authorityKeyIdentifier?.elementsEqual(authority.keyIdentifier) == true)
    }

    private func der(_ pem: [UInt8]) throws -> [UInt8] {
        try OpenSSLProgram.run(["crl", "-in", "list.pem", "-outform", "DER"], files: ["list.pem": pem]).output
    }

    @Test("Entries that did not change are used again as they are")
    func reuse() throws {
        let entries = try entries()
        let first = try CertificateList(parsing: authority.list(authority.draft(entries, number: 1)))
        let second = try CertificateList(parsing: authority.list(authority.draft(entries, number: 2)))
        #expect(first.entry(serial: [5]) == second.entry(serial: [5]))
        #expect(first.number != second.number)
    }

    @Test("A list that names a certificate twice is refused")
    func duplicate() throws {
        var entries = try entries()
        try entries.append(serial: 5, revokedAt: 1_780_000_009, reason: .superseded)
        let bytes = try authority.list(authority.draft(entries))
        #expect(throws: PKIXFlaw.duplicateEntry) { try CertificateList(parsing: bytes) }
    }

    @Test("Numbers that share their low 64 bits are told apart")
    func longNumbers() throws {
        var entries = EncodedEntries()
        let low: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8]
        for high in [UInt8(9), 3, 0x80, 1] {
            try entries.append(serial: [high] + low, revokedAt: Int64(high), reason: .superseded)
        }
        let list = try CertificateList(parsing: authority.list(authority.draft(entries)))
        for high in [UInt8(9), 3, 0x80, 1] {
            #expect(list.entry(serial: [high] + low)?.revokedAt == Int64(high))
        }
        #expect(list.entry(serial: [2] + low) == nil)
        #expect(list.entry(serial: low) == nil)
    }

    @Test("A time that no calendar here has is not written")
    func impossibleTime() throws {
        var entries = try entries()
        let before = entries
        #expect(throws: PKIXFlaw.time) {
            try entries.append(serial: 9, revokedAt: 253_402_300_800, reason: .superseded)
        }
        #expect(entries == before)
    }

    @Test("Every critical extension that is not understood is told")
    func unknownCritical() throws {
        // certificateIssuer, which only lists of several issuers have.
        let list = try CertificateList(parsing: Forged.entryExtension(by: authority.name, 0x1D, isCritical: true))
        #expect(list.unknownCritical == ["2.5.29.29"])
        let harmless = try CertificateList(parsing: Forged.entryExtension(by: authority.name, 0x1D, isCritical: false))
        #expect(harmless.unknownCritical.isEmpty)
    }
}
