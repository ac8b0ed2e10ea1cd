import Crypto
import CryptoExtras
import Issuance
import Problems
import Testing
import Validation
import X509

@Suite struct TrustAnchorsTests {
    @Test func `a simulation is two authorities under one name that is not the real one`() throws {
        let anchors = try Forger.anchors
        #expect(anchors.hierarchy == .simulated(name: "JPKI-SIM"))
        #expect(anchors.anchors.map(\.kind) == [.signature, .authentication])
        #expect(anchors.anchors.map(\.generation) == [nil, nil])
    }

    @Test func `the real name makes no simulation, be it on one of them or be they the real certificates`() throws {
        let sign = try Forger(.signature, organization: "JPKI", key: Forger.sign.key).certificate()
        let auth = try Forger(.authentication, organization: "JPKI", key: Forger.auth.key).certificate()
        #expect(throws: TrustAnchorFlaw.productionName) { try TrustAnchors(simulated: sign, authCA: auth) }
        #expect(throws: TrustAnchorFlaw.productionName) {
            try TrustAnchors(simulated: sign, authCA: Forger.auth.certificate())
        }
        #expect(throws: TrustAnchorFlaw.productionName) {
            try TrustAnchors(simulated: Forger.sign.certificate(), authCA: auth)
        }
        let real = TrustAnchors.production.anchors
        #expect(throws: TrustAnchorFlaw.productionName) {
            try TrustAnchors(simulated: real[0].facts.der, authCA: real[4].facts.der)
        }
    }

    @Test func `two names make no simulation`() throws {
        let auth = try Forger(.authentication, organization: "OTHER-SIM", key: Forger.auth.key).certificate()
        #expect(throws: TrustAnchorFlaw.twoHierarchies) {
            try TrustAnchors(simulated: Forger.sign.certificate(), authCA: auth)
        }
    }

    @Test func `the two authorities the wrong way round, or one of them twice, are refused`() throws {
        let (sign, auth) = (try Forger.sign.certificate(), try Forger.auth.certificate())
        #expect(throws: TrustAnchorFlaw.otherPurpose) { try TrustAnchors(simulated: auth, authCA: sign) }
        #expect(throws: TrustAnchorFlaw.otherPurpose) { try TrustAnchors(simulated: sign, authCA: sign) }
        #expect(throws: TrustAnchorFlaw.otherPurpose) { try TrustAnchors(simulated: auth, authCA: auth) }
    }

    @Test func `a holder's certificate cannot be chosen as an authority`() throws {
        #expect(throws: TrustAnchorFlaw.notAnAuthority) { try TrustAnchors(pinning: Fixture.issue(.signature)) }
        #expect(throws: TrustAnchorFlaw.notAnAuthority) {
            try TrustAnchors(pinning: Forger.sign.certificate { $0.drop(.X509ExtensionID.basicConstraints) })
        }
        #expect(throws: TrustAnchorFlaw.notAnAuthority) {
            try TrustAnchors(
                pinning: Forger.sign.certificate { $0.put(try .init(KeyUsage(cRLSign: true), critical: true)) }
            )
        }
    }

    @Test func `an authority whose own signature does not hold cannot be chosen`() throws {
        var der = try Forger.sign.certificate()
        der[der.count - 1] ^= 1
        #expect(throws: TrustAnchorFlaw.notSelfSigned) { try TrustAnchors(pinning: der) }
        #expect(throws: TrustAnchorFlaw.notSelfSigned) {
            try TrustAnchors(pinning: Forger.sign.certificate { $0.key = try Forger.auth.key.publicKey })
        }
        #expect(throws: TrustAnchorFlaw.notSelfSigned) {
            try TrustAnchors(pinning: Forger.sign.certificate { $0.subject = try Forger.auth.name })
        }
    }

    @Test func `an authority with a key or an algorithm outside the profile cannot be chosen`() throws {
        let weak = try Forger(.signature, key: Certificate.PrivateKey(P256.Signing.PrivateKey()))
        #expect(throws: TrustAnchorFlaw.notSelfSigned) {
            try TrustAnchors(pinning: weak.certificate { $0.algorithm = .ecdsaWithSHA256 })
        }
        #expect(throws: TrustAnchorFlaw.notSelfSigned) {
            try TrustAnchors(pinning: Forger.sign.certificate { $0.algorithm = .sha1WithRSAEncryption })
        }
    }

    @Test func `what is no certificate cannot be chosen`() {
        #expect(throws: TrustAnchorFlaw.unreadable(.nothingThere)) { try TrustAnchors(pinning: []) }
        #expect(throws: TrustAnchorFlaw.unreadable(.notDER)) { try TrustAnchors(pinning: [0x30, 0x05]) }
    }

    @Test func `a chosen authority is judged apart from every hierarchy, even if it is a real one`() throws {
        let anchors = try TrustAnchors(pinning: TrustAnchors.production.anchors[2].facts.der)
        #expect(anchors.hierarchy == .pinned)
        #expect(anchors.anchors.map(\.kind) == [.signature])
        let verdict = CertificateJudge(anchors).judge(try Fixture.issue(.signature), as: .signature, at: Fixture.now)
        #expect(verdict.states["issuer-known"] == .notChecked)
    }

    // MARK: - An authority's certificate from a card

    @Test func `an authority's certificate is known by its fingerprint, and by nothing else`() throws {
        for (anchors, der) in [
            (try Fixture.simulated, try Fixture.authority.signCACertificate),
            (try Fixture.simulated, try Fixture.authority.authCACertificate),
            (.production, TrustAnchors.production.anchors[3].facts.der),
        ] {
            let verdict = CertificateJudge(anchors).judgeAuthority(der)
            #expect(verdict.conclusion == .valid)
            #expect(verdict.anchor?.facts.der == der)
            #expect(verdict.findings.map(\.check) == ["certificate-form", "basic-constraints", "anchor-known"])
        }
    }

    @Test func `an authority's certificate of another hierarchy is not judged`() throws {
        let simulated = try Fixture.authority.signCACertificate
        let verdict = CertificateJudge(.production).judgeAuthority(simulated)
        #expect(verdict.conclusion == .undecided)
        #expect(verdict.anchor == nil)
        #expect(verdict.findings.last?.reason?.en.contains("a simulation (O=JPKI-SIM)") == true)
        let real = TrustAnchors.production.anchors[0].facts.der
        #expect(CertificateJudge(try Fixture.simulated).judgeAuthority(real).conclusion == .undecided)
    }

    @Test func `an authority's certificate with a known name and another key is an unknown generation`() throws {
        let verdict = CertificateJudge(try Forger.anchors).judgeAuthority(try Forger(.signature).certificate())
        #expect(verdict.conclusion == .undecided)
        #expect(verdict.findings.last?.reason?.en.hasPrefix("unknown CA generation") == true)
    }

    @Test func `another certificate that claims the key of a trusted authority is a failure`() throws {
        let der = try Forger.sign.certificate { $0.notAfter += 1 }
        let verdict = CertificateJudge(try Forger.anchors).judgeAuthority(der)
        #expect(verdict.findings.last?.state == .failed)
        #expect(verdict.anchor == nil)
        #expect(verdict.conclusion == .invalid)
    }

    @Test func `a holder's certificate is no authority's`() throws {
        let verdict = CertificateJudge(try Fixture.simulated).judgeAuthority(try Fixture.issue(.signature))
        #expect(verdict.findings.filter { $0.state == .failed }.map(\.check) == ["basic-constraints"])
        #expect(verdict.conclusion == .invalid)
        #expect(CertificateJudge(.production).judgeAuthority([]).conclusion == .invalid)
    }
}
