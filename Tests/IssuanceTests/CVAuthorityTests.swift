import Crypto
import Issuance
import SmartCard
import Testing

@Suite struct CVAuthorityTests {
    @Test func `openssl verifies the municipality's signatures over records`() throws {
        let cards = try Fixture.authority.cards
        let message = Array("records of a card".utf8)
        let pairs = [
            (try cards.signFace(message), cards.faceCertificate.key),
            (try cards.signText(message), cards.textCertificate.key),
        ]
        for (signature, key) in pairs {
            let answer = try OpenSSL.run(
                ["dgst", "-sha256", "-verify", "key.pem", "-signature", "signature", "message"],
                files: ["key.pem": OpenSSL.publicKey(key), "signature": signature, "message": message]
            )
            #expect(answer.text == "Verified OK\n", "\(answer.complaint)")
        }
        #expect(pairs[0].0 != pairs[1].0)
    }

    @Test func `openssl recovers the three digests in their odd wrapper from a face signature`() throws {
        let cards = try Fixture.authority.cards
        let digests = (0..<96).map { UInt8($0) }
        let signature = try cards.signFaceDigests(digests)
        #expect(signature.count == 256)
        let answer = try OpenSSL.run(
            ["pkeyutl", "-verifyrecover", "-pubin", "-inkey", "key.pem", "-in", "signature"]
                + ["-pkeyopt", "rsa_padding_mode:pkcs1"],
            files: ["key.pem": OpenSSL.publicKey(cards.faceCertificate.key), "signature": signature]
        )
        let header: Hex = "30 71 30 0D 06 09 60 86 48 01 65 03 04 02 01 05 00 04 60"
        #expect(answer.output == header.bytes + digests, "\(answer.complaint)")
    }

    @Test(arguments: [0, 32, 95, 97])
    func `anything but 96 bytes is not three digests`(count: Int) throws {
        let cards = try Fixture.authority.cards
        #expect(throws: IssuanceError.notThreeDigests) {
            try cards.signFaceDigests([UInt8](repeating: 0, count: count))
        }
    }

    @Test func `what is encrypted for issuers fills 256 bytes, differs each time and comes back`() throws {
        let cards = try Fixture.authority.cards
        let secret = Array("123456789018".utf8)
        let first = try cards.encryptForIssuer(secret)
        let second = try cards.encryptForIssuer(secret)
        #expect(first.count == 256 && second.count == 256)
        #expect(first != second)
        #expect(try cards.decryptForIssuer(first) == secret)
        #expect(try cards.decryptForIssuer(second) == secret)
        #expect(throws: IssuanceError.cryptographyFailed) {
            try cards.decryptForIssuer(first.dropLast() + [first[255] ^ 1])
        }
    }

    @Test func `one block takes 190 bytes for issuers and not one more`() throws {
        let cards = try Fixture.authority.cards
        #expect(try cards.encryptForIssuer([UInt8](repeating: 1, count: 190)).count == 256)
        #expect(throws: IssuanceError.tooLong(limit: 190)) {
            try cards.encryptForIssuer([UInt8](repeating: 1, count: 191))
        }
    }

    @Test func `openssl derives the same terminal key from master and card serial`() throws {
        let cards = try Fixture.authority.cards
        #expect(cards.terminalMaster.count == 32)
        let answer = try OpenSSL.run(
            ["mac", "-digest", "SHA256", "-macopt", "hexkey:\(Hex(cards.terminalMaster))", "-in", "message", "HMAC"],
            files: ["message": Array("fuda terminal keyF00000000000001".utf8)]
        )
        let key = cards.terminalKey(cardSerial: "F00000000000001")
        #expect(Hex(parsing: answer.text) == Hex(key), "\(answer.complaint)")
        #expect(cards.terminalKey(cardSerial: "F00000000000002") != key)
    }

    @Test func `every key is another one`() throws {
        let cards = try Fixture.authority.cards
        let moduli = [
            cards.rootKey.modulus, cards.faceAuthorityKey.modulus, cards.textAuthorityKey.modulus,
            cards.terminalCAModulus, cards.faceCertificate.modulus, cards.textCertificate.modulus,
            cards.rootToIntermediate.modulus, cards.intermediateToLower.modulus, cards.terminalCertificate.modulus,
        ]
        #expect(Set(moduli).count == 9)
    }
}
