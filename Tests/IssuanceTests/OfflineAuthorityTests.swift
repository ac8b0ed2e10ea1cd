import AuthorityTesting
import CertificateProfiles
import Issuance
import SmartCard
import TLV
import Testing

@Suite struct OfflineAuthorityTests {
    @Test func `a stored authority comes back with its keys, certificates and counters`() throws {
        var authority = try Fixture.authority
        authority.nextCardSerial = 0x0102_0304_0506_0708
        _ = try issue(from: &authority.certificates)
        let bytes = authority.encoded()
        var again = try OfflineAuthority(decoding: bytes)
        #expect(again.encoded() == bytes)
        #expect(again.nextCardSerial == 0x0102_0304_0506_0708)
        #expect(again.certificates.signCACertificate == authority.certificates.signCACertificate)
        #expect(again.certificates.authCACertificate == authority.certificates.authCACertificate)
        #expect(again.cards.faceCertificate == authority.cards.faceCertificate)
        #expect(again.cards.terminalCertificate == authority.cards.terminalCertificate)
        #expect(again.cards.terminalMaster == authority.cards.terminalMaster)
        let secret = try authority.cards.encryptForIssuer([1, 2, 3])
        #expect(try again.cards.decryptForIssuer(secret) == [1, 2, 3])
        // The same key, the same serial number, the same facts: the same certificate.
        #expect(try issue(from: &again.certificates) == issue(from: &authority.certificates))
    }

    @Test func `stored bytes cut short at any part, or lengthened, are refused`() throws {
        let bytes = try Fixture.authority.encoded()
        for count in [0, 1, 4, 10, 100, bytes.count / 2, bytes.count - 1] {
            #expect(throws: IssuanceError.malformedAuthority, "\(count) bytes") {
                try OfflineAuthority(decoding: Array(bytes.prefix(count)))
            }
        }
        #expect(throws: IssuanceError.malformedAuthority) { try OfflineAuthority(decoding: bytes + [0x00]) }
    }

    @Test func `a version of the future is refused by its number`() throws {
        let bytes = try replacing(0x80, with: [9])
        #expect(throws: IssuanceError.unknownVersion(9)) { try OfflineAuthority(decoding: bytes) }
    }

    @Test(arguments: [UInt32(0x81), 0xA1, 0xA2, 0xA3])
    func `an authority without one of its parts is refused`(tag: UInt32) throws {
        let bytes = try replacing(tag, with: nil)
        #expect(throws: IssuanceError.malformedAuthority) { try OfflineAuthority(decoding: bytes) }
    }

    @Test func `one authority's key with the other's certificate is refused`() throws {
        let stored = try stored()
        let swapped = try replacing(0xA1, with: try stored.child(0xA2))
        #expect(throws: IssuanceError.malformedAuthority) { try OfflineAuthority(decoding: swapped) }
        let sign = DataObject(0xA1, try stored.child(0xA1))
        let auth = DataObject(0xA2, try stored.child(0xA2))
        let mixed =
            TLVWriter.encoded(0x82, try auth.child(0x82)) + TLVWriter.encoded(0x83, try sign.child(0x83))
            + TLVWriter.encoded(0x84, try sign.child(0x84))
        let bytes = try replacing(0xA1, with: mixed)
        #expect(throws: IssuanceError.malformedAuthority) { try OfflineAuthority(decoding: bytes) }
    }

    @Test(arguments: [0, 1, UInt8(0x80)])
    func `a serial counter that no authority can have is refused`(first: UInt8) throws {
        let sign = DataObject(0xA1, try stored().child(0xA1))
        let counter: [UInt8] = first == 0x80 ? [0x80, 0, 0, 1] : [0, 0, 0, first]
        let parts = try sign.children().map { TLVWriter.encoded($0.tag, $0.tag == 0x84 ? counter : $0.value) }
        let bytes = try replacing(0xA1, with: parts.flatMap(\.self))
        #expect(throws: IssuanceError.malformedAuthority) { try OfflineAuthority(decoding: bytes) }
    }

    @Test func `the last serial number is given and then no more`() throws {
        let sign = DataObject(0xA1, try stored().child(0xA1))
        let parts = try sign.children().map {
            TLVWriter.encoded($0.tag, $0.tag == 0x84 ? [0x7F, 0xFF, 0xFF, 0xFF] : $0.value)
        }
        var authority = try OfflineAuthority(decoding: replacing(0xA1, with: parts.flatMap(\.self)))
        let last = try issue(from: &authority.certificates)
        let answer = try OpenSSL.run(
            ["x509", "-inform", "DER", "-in", "x.der", "-noout", "-serial"],
            files: ["x.der": last]
        )
        #expect(answer.text == "serial=7FFFFFFF\n")
        #expect(throws: IssuanceError.serialsExhausted) { try issue(from: &authority.certificates) }
        #expect(try OfflineAuthority(decoding: authority.encoded()).encoded() == authority.encoded())
    }

    @Test func `anchors are the two certificates and the keys of the card hierarchy, with nothing secret`() throws {
        let authority = try Fixture.authority
        let anchors = authority.publicAnchors()
        #expect(
            anchors.map(\.name) == ["sign-ca", "auth-ca", "cv-root", "cv-face-ca", "cv-text-ca", "cv-terminal-ca"]
        )
        #expect(anchors[0].bytes == authority.certificates.signCACertificate)
        #expect(anchors[1].bytes == authority.certificates.authCACertificate)
        let face = """
            key-id 38303030303233080530303100000000
            exponent 010001
            modulus \(Hex(authority.cards.faceAuthorityKey.modulus))

            """
        #expect(String(decoding: anchors[3].bytes, as: UTF8.self) == face)
    }

    @Test func `printing an authority tells nothing of its keys`() throws {
        let authority = try Fixture.authority
        var dumped = ""
        dump(authority, to: &dumped)
        dump(authority.cards, to: &dumped)
        dump(authority.certificates, to: &dumped)
        let text = "\(authority) \(authority.cards) \(authority.certificates)" + String(reflecting: authority) + dumped
        #expect(text.count < 1000)
        #expect(!text.contains("\(authority.cards.terminalMaster)"))
        #expect(!dumped.contains("- \(authority.cards.terminalMaster[0])\n"))
    }

    // MARK: - Parts

    private func stored() throws -> DataObject {
        var reader = TLVReader(try Fixture.authority.encoded())
        return try reader.next()
    }

    /// The stored form with one part replaced, or left out.
    private func replacing(_ tag: UInt32, with value: [UInt8]?) throws -> [UInt8] {
        let parts = try stored().children().map { part in
            part.tag == tag ? value.map { TLVWriter.encoded(tag, $0) } ?? [] : TLVWriter.encoded(part.tag, part.value)
        }
        return TLVWriter.encoded(0xE0, parts.flatMap(\.self))
    }

    private func issue(from authority: inout TestAuthority) throws -> [UInt8] {
        try authority.issue(
            try Fixture.holderKey.request(.sign, for: Fixture.holder, notBefore: Fixture.now, end: Fixture.end)
        )
    }
}
