import ForeignTools
import Foundation
import PKIX
import Testing

@Suite("Tokens of time stamps")
struct TimeStampTokenTests {
    private let now = Int64(Date().timeIntervalSince1970)

    private func token(_ response: [UInt8]) throws -> TimeStampToken {
        guard case .granted(let token) = try TimeStampResponse(parsing: response) else { throw Refused() }
        return token
    }

    private struct Refused: Error {}

    @Test("Our own are read as they were meant, and their signature is right", arguments: AlgorithmIdentifier.allCases)
    func ours(algorithm: AlgorithmIdentifier) throws {
        let stamper = try Stamper.make(algorithm)
        let query = try Stamper.request(["-sha512", "-cert"])
        let asked = try TimeStampRequest(parsing: query)
        let token = try token(try stamper.response(to: query, at: now))
        #expect(token.info.time == now && token.info.nanoseconds == 0 && token.info.accuracy == 1_000_000)
        #expect(token.info.hash == asked.hash && token.info.algorithm == .sha512)
        #expect(token.info.policy.elementsEqual([0x2A, 0x03, 0x04]))
        #expect(token.info.serial.elementsEqual([0x00, 0x80, 0x01]))
        #expect(token.info.nonce == asked.nonce && asked.nonce != nil)
        #expect(!token.info.isOrdered && token.info.authority == nil && token.info.extensions.isEmpty)
        #expect(token.algorithm == algorithm)
        #expect(token.isIntact(Stamper.hash))
        #expect(stamper.verifies(token.signature, token.toBeSigned))
        let certificate = try #require(token.signerCertificate(Stamper.hash))
        #expect(certificate == stamper.signer.certificate.encoded)
        try token.check(answers: asked)
    }

    @Test("Without the certificate, the one that is known is compared", arguments: AlgorithmIdentifier.allCases)
    func withoutCertificate(algorithm: AlgorithmIdentifier) throws {
        let stamper = try Stamper.make(algorithm)
        let token = try token(try stamper.response(to: Stamper.request(["-sha256", "-no_nonce"]), at: now))
        #expect(token.certificates.isEmpty && token.signerCertificate(Stamper.hash) == nil)
        #expect(token.isSigned(with: stamper.signer.certificate.encoded, Stamper.hash))
        // One with the same name and number, about another key.
        #expect(!token.isSigned(with: try Stamper.make(algorithm).signer.certificate.encoded, Stamper.hash))
        #expect(!token.isSigned(with: [], Stamper.hash))
    }

    @Test(
        "Those of openssl are read, with fractions of seconds, in either form",
        arguments: ["sha1", "sha256", "sha512"]
    )
    func openssl(hash: String) throws {
        let settings = """
            accuracy = secs:1, millisecs:500, microsecs:100
            clock_precision_digits = 6
            ordering = yes
            tsa_name = yes
            ess_cert_id_alg = \(hash)
            signer_digest = sha256
            """
        let stamper = try Stamper.make(.sha256WithRSAEncryption)
        let query = try Stamper.request(["-sha384", "-cert"])
        let response = try stamper.responseOfOpenSSL(to: query, settings)
        let token = try token(response)
        try token.check(answers: TimeStampRequest(parsing: query))
        #expect(abs(token.info.time - now) < 120 && token.info.accuracy == 1_500_100)
        #expect(token.info.isOrdered && token.info.authority != nil)
        #expect(token.info.nanoseconds % 1_000 == 0)
        #expect(token.algorithm == .sha256WithRSAEncryption && token.digestAlgorithm == .sha256)
        #expect(token.isIntact(Stamper.hash) && stamper.verifies(token.signature, token.toBeSigned))
        #expect(token.signerCertificate(Stamper.hash) == stamper.signer.certificate.encoded)
        let shown = try OpenSSLProgram.run(["ts", "-reply", "-in", "r", "-text"], files: ["r": response]).text
        let fraction = shown.firstMatch(of: /Time stamp: [A-Za-z]+ +[0-9]+ [0-9:]+\.([0-9]+)/)?.1 ?? "0"
        #expect(Int(fraction.padding(toLength: 9, withPad: "0", startingAt: 0)) == token.info.nanoseconds, "\(shown)")
    }

    @Test("One that openssl signed on P-384 is read, and its signature is right")
    func opensslP384() throws {
        let stamper = try Stamper.make(.ecdsaWithSHA384)
        let response = try stamper.responseOfOpenSSL(
            to: Stamper.request(["-sha256", "-cert"]),
            "signer_digest = sha384\ness_cert_id_alg = sha384"
        )
        let token = try token(response)
        #expect(token.algorithm == .ecdsaWithSHA384 && token.isIntact(Stamper.hash))
        #expect(stamper.verifies(token.signature, token.toBeSigned))
        // The hash beside another signature algorithm than its own is not taken for a signature that is known here.
        let other = try self.token(
            try stamper.responseOfOpenSSL(
                to: Stamper.request(["-sha256"]),
                "signer_digest = sha512\ness_cert_id_alg = sha384"
            )
        )
        #expect(other.algorithm == nil)
    }

    @Test("A token is the answer to its own request only")
    func answers() throws {
        let stamper = try Stamper.make(.ecdsaWithSHA384)
        func request(_ arguments: [String]) throws -> TimeStampRequest {
            try TimeStampRequest(parsing: Stamper.request(arguments))
        }
        let plain = try token(try stamper.response(to: Stamper.request(["-sha256", "-no_nonce"]), at: now))
        try plain.check(answers: try request(["-sha256", "-no_nonce"]))
        #expect(throws: TimeStampMismatch.nonce) { try plain.check(answers: request(["-sha256"])) }
        #expect(throws: TimeStampMismatch.imprint) { try plain.check(answers: request(["-sha384", "-no_nonce"])) }
        #expect(throws: TimeStampMismatch.policy) {
            try plain.check(answers: request(["-sha256", "-no_nonce", "-tspolicy", "1.2.3.5"]))
        }
        #expect(throws: TimeStampMismatch.noCertificate) {
            try plain.check(answers: request(["-sha256", "-no_nonce", "-cert"]))
        }
        let other = try OpenSSLProgram.run(
            ["ts", "-query", "-data", "text", "-sha256", "-no_nonce", "-out", "/dev/stdout"],
            files: ["text": Array("another".utf8)]
        ).output
        #expect(throws: TimeStampMismatch.imprint) { try plain.check(answers: TimeStampRequest(parsing: other)) }
        // A nonce that nobody asked with is none of ours.
        let withNonce = try token(try stamper.response(to: Stamper.request(["-sha256"]), at: now))
        #expect(throws: TimeStampMismatch.nonce) { try withNonce.check(answers: request(["-sha256", "-no_nonce"])) }
    }

    @Test("Refusals are read as what they are", arguments: TimeStampRefusal.allCases)
    func refusals(refusal: TimeStampRefusal) throws {
        #expect(try TimeStampResponse(parsing: refusal.encoded) == .refused(refusal))
    }

    @Test("A refusal of openssl, with text for people")
    func refusalOfOpenSSL() throws {
        let response = try Stamper.make(.sha256WithRSAEncryption)
            .responseOfOpenSSL(to: Stamper.request(["-sha1"]), "signer_digest = sha256")
        #expect(try TimeStampResponse(parsing: response) == .refused(.badAlg))
    }

    @Test("Every truncation is refused; a flipped bit is refused, or no longer what the authority signed")
    func damage() throws {
        let stamper = try Stamper.make(.ecdsaWithSHA384)
        let bytes = try stamper.response(to: Stamper.request(["-sha256", "-cert"]), at: now)
        let meant = try token(bytes)
        for place in bytes.indices {
            #expect(throws: PKIXFlaw.self) { try TimeStampResponse(parsing: Array(bytes.prefix(place))) }
        }
        #expect(throws: PKIXFlaw.self) { try TimeStampResponse(parsing: bytes + [0]) }
        var read = 0
        for place in bytes.indices {
            for bit in 0..<8 {
                var changed = bytes
                changed[place] ^= 1 << bit
                guard let token = try? token(changed) else { continue }
                read += 1
                // What is not signed is said all around: versions, the set of digest algorithms.
                if token.info == meant.info, token.attributes == meant.attributes { continue }
                let isGood =
                    token.algorithm == meant.algorithm && token.isIntact(Stamper.hash)
                    && stamper.verifies(token.signature, token.toBeSigned)
                    && token.signerCertificate(Stamper.hash) != nil
                #expect(!isGood, "bit \(bit) of byte \(place)")
            }
        }
        #expect(read > 0)
        #expect(throws: PKIXFlaw.tooLarge) {
            try TimeStampResponse(parsing: [UInt8](repeating: 0x30, count: TimeStampResponse.sizeLimit + 1))
        }
    }

    /// A TSTInfo whose parts can be told to be wrong.
    private static func info(
        version: UInt64 = 1,
        time: String = "20261125091251Z",
        accuracy: [UInt8] = [],
        ordering: [UInt8] = [],
        rest: [UInt8] = []
    ) -> [UInt8] {
        var writer = DERWriter()
        writer.sequence { info in
            info.integer(version)
            info.objectIdentifier([0x2A, 0x03, 0x04])
            info.sequence { imprint in
                imprint.append(HashAlgorithm.sha256.encoded)
                imprint.append(DERTag.octetString, [UInt8](repeating: 7, count: 32))
            }
            info.integer(5)
            info.append(DERTag.generalizedTime, Array(time.utf8))
            info.append(accuracy)
            info.append(ordering)
            info.append(rest)
        }
        return writer.bytes
    }

    @Test("Fractions of a second and accuracies are read to their limits")
    func limits() throws {
        let fine = try TimeStampInfo(Self.info(time: "20261125091251.123456789Z")[...])
        #expect(fine.nanoseconds == 123_456_789 && fine.time == 1_795_597_971)
        #expect(try TimeStampInfo(Self.info(time: "20261125091251.5Z")[...]).nanoseconds == 500_000_000)
        #expect(try TimeStampInfo(Self.info(accuracy: [0x30, 0x00])[...]).accuracy == 0)
        #expect(try TimeStampInfo(Self.info(accuracy: [0x30, 0x04, 0x80, 0x02, 0x03, 0xE7])[...]).accuracy == 999_000)
        #expect(try TimeStampInfo(Self.info(accuracy: [0x30, 0x03, 0x81, 0x01, 0x01])[...]).accuracy == 1)
        #expect(try TimeStampInfo(Self.info()[...]).accuracy == nil)
    }

    @Test(
        "Information that the standard does not allow is refused",
        arguments: [
            info(version: 2),
            info(time: "202611250912Z"), info(time: "20261125091251"), info(time: "20261125091251.Z"),
            info(time: "20261125091251.10Z"), info(time: "20261125091251.1234567891Z"),
            info(time: "20261125091251,5Z"), info(time: "20261125091261Z"), info(time: "20261125091251.5+0900"),
            info(accuracy: [0x30, 0x03, 0x80, 0x01, 0x00]), info(accuracy: [0x30, 0x04, 0x80, 0x02, 0x03, 0xE8]),
            info(accuracy: [0x30, 0x03, 0x81, 0x01, 0xFF]), info(accuracy: [0x30, 0x03, 0x82, 0x01, 0x01]),
            info(accuracy: [0x30, 0x08, 0x02, 0x06, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]),
            info(ordering: [0x01, 0x01, 0x00]), info(ordering: [0x01, 0x01, 0x01]),
            info(rest: [0x02, 0x41] + [UInt8](repeating: 1, count: 65)), info(rest: [0x02, 0x02, 0x00, 0x01]),
            info(rest: [0x05, 0x00]), info(rest: [0xA0, 0x00]), info(rest: [0xA1, 0x00]), info() + [0],
        ]
    )
    func wrong(bytes: [UInt8]) {
        #expect(throws: PKIXFlaw.self) { try TimeStampInfo(bytes[...]) }
    }

    @Test("A refusal with a token, a grant without, and a status that there is not are refused")
    func statuses() throws {
        let granted = try Stamper.make(.ecdsaWithSHA384).response(to: Stamper.request(["-sha256"]), at: now)
        #expect(Data(granted).firstRange(of: Data([0x30, 0x03, 0x02, 0x01, 0x00])) != nil)
        for (status, isRead) in [(0, true), (1, true), (2, false), (5, false), (6, false), (0x80, false)] {
            var bytes = granted
            let place = try #require(Data(bytes).firstRange(of: Data([0x30, 0x03, 0x02, 0x01, 0x00]))).lowerBound
            bytes[place + 4] = UInt8(status)
            #expect(((try? TimeStampResponse(parsing: bytes)) != nil) == isRead, "\(status)")
            let alone: [UInt8] = [0x30, 0x05, 0x30, 0x03, 0x02, 0x01, UInt8(status)]
            let read = try? TimeStampResponse(parsing: alone)
            #expect(read == ((2...5).contains(status) ? .refused(nil) : nil), "\(status)")
        }
    }
}
