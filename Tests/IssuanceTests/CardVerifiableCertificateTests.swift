import Issuance
import SmartCard
import Testing

@Suite struct CardVerifiableCertificateTests {
    enum Which: CaseIterable {
        case face, text, intermediate, lower, terminal

        var numbers: (issuer: String, subject: String) {
            switch self {
            case .face: ("8000023 001 00", "8999991 000 00")
            case .text: ("8000033 001 00", "8999992 000 00")
            case .intermediate: ("8000010 001 A8", "8000020 001 A8")
            case .lower: ("8000020 001 A8", "8000021 001 A8")
            case .terminal: ("8200073 001 00", "8299774 001 00")
            }
        }

        func pick(_ cards: CVAuthority) -> (certificate: CardVerifiableCertificate, issuer: CardPublicKey) {
            switch self {
            case .face: (cards.faceCertificate, cards.faceAuthorityKey)
            case .text: (cards.textCertificate, cards.textAuthorityKey)
            case .intermediate: (cards.rootToIntermediate, cards.rootKey)
            case .lower: (cards.intermediateToLower, cards.rootToIntermediate.key)
            case .terminal: (cards.terminalCertificate, cards.terminalAuthorityKey)
            }
        }
    }

    @Test(arguments: Which.allCases)
    func `a certificate is 568 bytes, laid out as on cards, between names of this hierarchy`(which: Which) throws {
        let certificate = try which.pick(Fixture.authority.cards).certificate
        let bytes = certificate.encoded
        #expect(bytes.count == 568)
        #expect(Hex(Array(bytes.prefix(10))) == "7F21 820233 5F4E 820129")
        #expect(Hex(Array(bytes[10..<26])) == Hex(identifier(which.numbers.issuer)))
        #expect(Hex(Array(bytes[26..<42])) == Hex(identifier(which.numbers.subject)))
        #expect(Hex(Array(bytes[42..<51])) == "90 03 010001 91 820100")
        #expect(Hex(Array(bytes[307..<312])) == "5F37 820100")
        #expect(certificate.issuer.isSimulated && certificate.subject.isSimulated)
        #expect(bytes.dropFirst(5) == certificate.contents[...])
    }

    @Test(arguments: Which.allCases)
    func `openssl verifies the 256 bytes at the end over the 297 bytes of the body`(which: Which) throws {
        let (certificate, issuer) = try which.pick(Fixture.authority.cards)
        let bytes = certificate.encoded
        let right = try openssl(Array(bytes[10..<307]), signature: Array(bytes.suffix(256)), by: issuer)
        #expect(right.text == "Verified OK\n", "\(right.complaint)")
        #expect(try openssl(Array(bytes[11..<307]), signature: Array(bytes.suffix(256)), by: issuer).status != 0)
    }

    @Test(arguments: Which.allCases)
    func `a certificate verifies with its issuer's key and with no other`(which: Which) throws {
        let cards = try Fixture.authority.cards
        let (certificate, issuer) = which.pick(cards)
        #expect(certificate.verify(with: issuer))
        let others = Which.allCases.filter { $0 != which }.map { $0.pick(cards).issuer }.filter { $0 != issuer }
        #expect(others.count == 4)
        for other in others { #expect(!certificate.verify(with: other)) }
    }

    @Test func `a certificate with any part changed no longer verifies`() throws {
        let cards = try Fixture.authority.cards
        for place in [10, 26, 60, 300, 567] {
            var bytes = cards.faceCertificate.encoded
            bytes[place] ^= 0x01
            let changed = try CardVerifiableCertificate(parsing: bytes)
            #expect(!changed.verify(with: cards.faceAuthorityKey), "byte \(place)")
        }
    }

    @Test func `what was written is read back the same`() throws {
        let certificate = try Fixture.authority.cards.terminalCertificate
        #expect(try CardVerifiableCertificate(parsing: certificate.encoded) == certificate)
    }

    @Test func `bytes that are not of the one layout are refused`() throws {
        let bytes = try Fixture.authority.cards.textCertificate.encoded
        var wrongTag = bytes
        wrongTag[1] = 0x22
        var wrongLength = bytes
        wrongLength[4] = 0x32
        var exponentThree = bytes
        exponentThree[46] = 0x03
        var shortModulus = bytes
        shortModulus[51] = 0x00
        let cases = [
            [], Array(bytes.dropLast()), bytes + [0xFF], wrongTag, wrongLength, exponentThree, shortModulus,
            Array(bytes.dropFirst(5)),
        ]
        for (number, wrong) in cases.enumerated() {
            #expect(throws: IssuanceError.malformedCertificate, "case \(number)") {
                try CardVerifiableCertificate(parsing: wrong)
            }
        }
    }

    /// `number group level`, laid out by hand.
    private func identifier(_ parts: String) -> [UInt8] {
        let words = parts.split(separator: " ")
        return Array(words[0].utf8) + [0x08, 0x05] + Array(words[1].utf8) + [0, 0, 0, words[2] == "A8" ? 0xA8 : 0x00]
    }

    private func openssl(
        _ message: [UInt8],
        signature: [UInt8],
        by key: CardPublicKey
    ) throws -> OpenSSL.Answer {
        try OpenSSL.run(
            ["dgst", "-sha256", "-verify", "key.pem", "-signature", "signature", "message"],
            files: ["key.pem": OpenSSL.publicKey(key), "signature": signature, "message": message]
        )
    }
}
