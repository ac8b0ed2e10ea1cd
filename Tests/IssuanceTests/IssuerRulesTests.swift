import AuthorityCryptography
import AuthorityTesting
import CertificateProfiles
import CivilCalendar
import Crypto
import CryptoExtras
import EventLog
import ForeignTools
import Issuance
import SwiftASN1
import Synchronization
import Testing
import X509

/// From a request to a certificate, and everything that stops on the way.
@Suite struct IssuerRulesTests {
    @Test func `the first generation of both algorithms is accepted by openssl as self-signed`() throws {
        for key in [TestKey.rsa, TestKey.p384] {
            let began = try generation(1, key: key)
            let answer = try verify(began.issued.der, under: began.issued.der, ["-check_ss_sig"])
            #expect(answer.status == 0)
            #expect(began.event.serial == 1)
            #expect(began.plan.event.toBeSigned.count == 64)
        }
    }

    @Test func `a P-384 authority issues for P-384 keys of holders, and openssl agrees`() throws {
        let issuer = try generation(1, key: .p384).issuer
        let holder = HolderKey(p384: P384.Signing.PrivateKey())
        let der = try issue(issuer, try request(by: holder))
        #expect(try verify(der, under: issuer.certificate).status == 0)
        let text = try OpenSSLProgram.run(["x509", "-noout", "-text", "-in", "c"], files: ["c": OpenSSL.pem(der)]).text
        #expect(text.contains("Signature Algorithm: ecdsa-with-SHA384"))
        #expect(text.contains("ASN1 OID: secp384r1"))
        #expect(throws: IssuanceError.keyOfOtherGeneration) {
            try issuer.check(try request(by: try Fixture.holderKey))
        }
    }

    @Test func `a certificate holds the very bytes of its plan`() throws {
        let issuer = try generation(1).issuer
        let plan = try issuer.check(try request()).plan(serial: 7)
        let issued = try IssuancePermit(plan, recordedAs: plan.event).sign(with: issuer)
        #expect(try Array(Certificate(derEncoded: issued.der).tbsCertificateBytes) == plan.toBeSigned)
        #expect(plan.event.certificate == CertificateReference(.sign, 7))
        #expect(plan.event.partition == "13101")
        #expect(issued.event.certificate == plan.event.certificate)
    }

    @Test func `nothing is signed for a record of another plan`() throws {
        let issuer = try generation(1).issuer
        let checked = try issuer.check(try request())
        let plan = try checked.plan(serial: 7)
        let other = try checked.plan(serial: 8)
        #expect(throws: IssuanceError.notRecorded) { _ = try IssuancePermit(plan, recordedAs: other.event) }
    }

    @Test func `a key that fails or lies gives no certificate`() throws {
        let sound = try generation(1)
        for (mode, error) in [
            (FailingKey.Mode.silent, IssuanceError.keyFailed(.unavailable("CKR_DEVICE_REMOVED"))),
            (.flipsABit, .wrongSignature), (.signsOtherThings, .wrongSignature),
        ] {
            let issuer = try Issuer(
                .sign,
                generation: 1,
                certificate: sound.issued.der,
                key: FailingKey(of: .rsa, mode)
            )
            let plan = try issuer.check(try request()).plan(serial: 2)
            #expect(throws: error) { _ = try IssuancePermit(plan, recordedAs: plan.event).sign(with: issuer) }
        }
    }

    @Test func `whoever has not the key gets no certificate for it`() throws {
        let issuer = try generation(1).issuer
        let good = try Fixture.holderKey.certificationRequest("test")
        // Every bit of signature and key, and the lengths around them.
        for place in stride(from: 0, to: good.count, by: 7) {
            var broken = good
            broken[place] ^= 0x01
            #expect(throws: IssuanceError.self, "byte \(place) of \(good.count): \(good[place])") {
                try issuer.check(try request(proof: broken))
            }
        }
        #expect(throws: IssuanceError.malformedRequest) { try issuer.check(try request(proof: good + [0])) }
        #expect(throws: IssuanceError.malformedRequest) { try issuer.check(try request(proof: [])) }
        #expect(throws: IssuanceError.requestForOther) {
            try issuer.check(try request(proof: try Fixture.holderKey.certificationRequest("another")))
        }
        var unproven = try request()
        unproven.key = .own(try generation(1).issuer.certificate)
        #expect(throws: IssuanceError.unusableKey) { try issuer.check(unproven) }
        unproven.key = .own(TestKey.rsa.subjectPublicKeyInfo)
        #expect(throws: IssuanceError.notProven) { try issuer.check(unproven) }
    }

    @Test func `an authority issues its own kinds only, and each for its own sort of subject`() throws {
        let issuer = try generation(1).issuer
        var wrong = try request()
        wrong.kind = .auth
        #expect(throws: IssuanceError.otherAuthority(.auth)) { try issuer.check(wrong) }
        wrong.kind = .signResponder
        #expect(throws: IssuanceError.subjectOfOtherKind(.signResponder)) { try issuer.check(wrong) }
    }

    @Test func `a responder's certificate serves OCSP and nothing else`() throws {
        let issuer = try generation(1).issuer
        let request = IssuanceRequest(
            .signResponder,
            subject: .service("OCSP responder 1"),
            key: .own(TestKey.p384.subjectPublicKeyInfo),
            notBefore: Fixture.now,
            end: Fixture.day(2026, 1, 25),
            identifier: "responder-1"
        )
        let der = try issue(issuer, request)
        let text = try OpenSSLProgram.run(["x509", "-noout", "-text", "-in", "c"], files: ["c": OpenSSL.pem(der)]).text
        #expect(text.contains("OCSP Signing"))
        #expect(text.contains("OCSP No Check"))
        #expect(text.contains("CN = OCSP responder 1"))
        #expect(try verify(der, under: issuer.certificate, ["-purpose", "ocsphelper"]).status == 0)
    }

    @Test func `link certificates let whoever trusts one generation accept what the other issues`() throws {
        let old = try generation(1)
        let new = try generation(2, key: .secondRSA, serial: 100)
        let newWithOld = try issue(old.issuer, old.issuer.linkRequest(to: new.issuer, at: Fixture.now))
        let oldWithNew = try issue(new.issuer, new.issuer.linkRequest(to: old.issuer, at: Fixture.now))
        let byNew = try issue(new.issuer, try request())
        let byOld = try issue(old.issuer, try request())
        for (der, trusted, link) in [(byNew, old, newWithOld), (byOld, new, oldWithNew)] {
            #expect(try verify(der, under: trusted.issued.der).status != 0)
            let answer = try OpenSSLProgram.run(
                ["verify", "-attime", "\(Fixture.now)", "-CAfile", "ca", "-untrusted", "link", "ee"],
                files: ["ca": OpenSSL.pem(trusted.issued.der), "link": OpenSSL.pem(link), "ee": OpenSSL.pem(der)]
            )
            #expect(answer.status == 0)
        }
    }

    // MARK: - Material

    private func generation(_ number: Int, key: TestKey = .rsa, serial: UInt32 = 1) throws -> NewGeneration {
        try NewGeneration(
            of: .sign,
            generation: number,
            serial: serial,
            key: key,
            locator: "file:test",
            at: Fixture.now - 86_400
        )
    }

    private func request(by key: HolderKey? = nil, proof: [UInt8]? = nil) throws -> IssuanceRequest {
        let key = try key ?? Fixture.holderKey
        var request = try key.request(.sign, for: Fixture.holder, notBefore: Fixture.now, end: Fixture.end)
        if let proof { request.key = .proven(proof) }
        return request
    }

    private func issue(_ issuer: Issuer, _ request: IssuanceRequest) throws -> [UInt8] {
        let plan = try issuer.check(request).plan(serial: 7)
        return try IssuancePermit(plan, recordedAs: plan.event).sign(with: issuer).der
    }

    private func verify(
        _ certificate: [UInt8],
        under authority: [UInt8],
        _ more: [String] = []
    ) throws -> OpenSSLProgram {
        try OpenSSLProgram.run(
            ["verify", "-x509_strict", "-attime", "\(Fixture.now)", "-CAfile", "ca"] + more + ["ee"],
            files: ["ca": OpenSSL.pem(authority), "ee": OpenSSL.pem(certificate)]
        )
    }
}

/// A key that does not do what it should.
struct FailingKey: AuthorityKey {
    enum Mode { case silent, flipsABit, signsOtherThings }

    let sound: TestKey
    let mode: Mode

    init(of sound: TestKey, _ mode: Mode) {
        self.sound = sound
        self.mode = mode
    }

    var algorithm: SignatureAlgorithm { sound.algorithm }
    var subjectPublicKeyInfo: [UInt8] { sound.subjectPublicKeyInfo }

    func signature(over message: [UInt8]) throws(AuthorityKeyFailure) -> [UInt8] {
        switch mode {
        case .silent:
            throw .unavailable("CKR_DEVICE_REMOVED")
        case .flipsABit:
            var signature = try sound.signature(over: message)
            signature[17] ^= 0x04
            return signature
        case .signsOtherThings:
            return try sound.signature(over: message.reversed())
        }
    }
}
