import Crypto
import CryptoExtras
import Problems
import SwiftASN1
import Testing
import Validation
import X509

@Suite struct GoodCertificateTests {
    @Test(arguments: CertificatePurpose.allCases, [false, true])
    func `everything about a certificate of the test authority is confirmed but revocation, so it stays undecided`(
        purpose: CertificatePurpose,
        mobile: Bool
    ) throws {
        let verdict = try Fixture.judge(Fixture.issue(purpose, mobile: mobile), as: purpose)
        #expect(verdict.states.values.allSatisfy { $0 == .confirmed }, "\(verdict.failed) \(verdict.notChecked)")
        #expect(verdict.notChecked == ["revocation"])
        #expect(verdict.reason("revocation") == "no source of revocation status was given")
        #expect(verdict.conclusion == .undecided)
        #expect(verdict.conclusion.outcome == .undecided)
        #expect(verdict.anchor?.kind == purpose)
        #expect(verdict.anchor?.generation == nil)
        #expect(verdict.hierarchy == .simulated(name: "JPKI-SIM"))
    }

    @Test func `findings stand in one order, each check once, whatever the bytes are`() throws {
        let order = [
            "certificate-form", "issuer-known", "certificate-signature", "validity", "key-usage", "policy",
            "critical-extensions", "basic-constraints", "revocation",
        ]
        #expect(try Fixture.judge(Fixture.issue(.signature), as: .signature).findings.map(\.check) == order)
        #expect(try Fixture.judge([], as: .signature).findings.map(\.check) == order)
        #expect(try Fixture.judge([0x30, 0x00], as: .authentication).findings.map(\.check) == order)
    }

    @Test func `a chosen authority judges its own certificates, with the real policies and with those of the test arc`()
        throws
    {
        let anchors = try TrustAnchors(pinning: Forger.sign.certificate())
        #expect(anchors.hierarchy == .pinned)
        let judge = CertificateJudge(anchors)
        let test = judge.judge(try Forger.sign.issue(), as: .signature, at: Fixture.now)
        #expect(test.failed.isEmpty && test.notChecked == ["revocation"])
        let real = judge.judge(
            try Forger.sign.issue { $0.put(try Broken.policies([[1, 2, 392, 200_149, 8, 5, 1, 1, 20]])) },
            as: .signature,
            at: Fixture.now
        )
        #expect(real.failed.isEmpty && real.notChecked == ["revocation"])
    }

    @Test func `an authentication certificate may do without extended key usage`() throws {
        let verdict = try Forger.judge(.authentication) { $0.drop(.X509ExtensionID.extendedKeyUsage) }
        #expect(verdict.failed.isEmpty)
    }

    @Test func `keys and signatures of the next card are taken: P-384 with SHA-384`() throws {
        let forger = try Forger(.signature, key: Certificate.PrivateKey(P384.Signing.PrivateKey()))
        let anchors = try TrustAnchors(pinning: forger.certificate { $0.algorithm = .ecdsaWithSHA384 })
        let der = try forger.issue {
            $0.algorithm = .ecdsaWithSHA384
            $0.key = Certificate.PublicKey(P384.Signing.PrivateKey().publicKey)
        }
        let verdict = CertificateJudge(anchors).judge(der, as: .signature, at: Fixture.now)
        #expect(verdict.failed.isEmpty, "\(verdict.failed)")
        #expect(verdict.facts?.keyAlgorithm == "EC P-384")
        #expect(verdict.facts?.keyBits == 384)
        #expect(verdict.facts?.signatureAlgorithm == "ecdsa-with-SHA384")
    }

    @Test func `a certificate is good from its first second to its last`() throws {
        let der = try Fixture.issue(.signature)
        for second in [Fixture.now, Fixture.now + 1, Fixture.lastSecond - 1, Fixture.lastSecond] {
            #expect(try Fixture.judge(der, as: .signature, at: second).states["validity"] == .confirmed)
        }
    }

    @Test func `a certificate that its authority outlived is judged by its own validity alone`() throws {
        let forger = try Forger.sign
        let anchors = try TrustAnchors(pinning: forger.certificate { $0.notAfter = Fixture.now + 10 })
        let verdict = CertificateJudge(anchors).judge(try forger.issue(), as: .signature, at: Fixture.now + 1000)
        #expect(verdict.states["validity"] == .confirmed)
    }
}
