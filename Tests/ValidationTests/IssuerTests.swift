import Problems
import SwiftASN1
import Testing
import Validation
import X509

@Suite struct IssuerTests {
    @Test func `a signature by another key under the right name and key identifier is a failure`() throws {
        let forger = try Forger(.signature)
        let claimed = try SubjectKeyIdentifier(hash: Forger.sign.key.publicKey).keyIdentifier
        let der = try forger.issue {
            $0.put(try .init(AuthorityKeyIdentifier(keyIdentifier: claimed), critical: false))
        }
        let verdict = CertificateJudge(try Forger.anchors).judge(der, as: .signature, at: Fixture.now)
        #expect(verdict.failed == ["certificate-signature"])
        #expect(verdict.anchor == nil)
        #expect(verdict.conclusion == .invalid)
    }

    @Test func `a key identifier that no generation has makes an unknown generation, which is no failure`() throws {
        let der = try Forger(.signature).issue()
        let verdict = CertificateJudge(try Forger.anchors).judge(der, as: .signature, at: Fixture.now)
        #expect(verdict.failed.isEmpty)
        #expect(verdict.notChecked == ["issuer-known", "certificate-signature", "revocation"])
        #expect(verdict.reason("issuer-known").hasPrefix("unknown CA generation"))
        #expect(verdict.finding("issuer-known")?.reason?.ja.hasPrefix("未知の CA 世代") == true)
        #expect(verdict.conclusion == .undecided)
        #expect(verdict.anchor == nil)
    }

    @Test func `without a key identifier the signature alone finds the issuer`() throws {
        let verdict = try Forger.judge(.signature) { $0.drop(.X509ExtensionID.authorityKeyIdentifier) }
        #expect(verdict.failed.isEmpty)
        #expect(verdict.notChecked == ["revocation"])
    }

    @Test func `without a key identifier and by none of the keys at hand, the generation is unknown`() throws {
        let der = try Forger(.signature).issue { $0.drop(.X509ExtensionID.authorityKeyIdentifier) }
        let verdict = CertificateJudge(try Forger.anchors).judge(der, as: .signature, at: Fixture.now)
        #expect(verdict.notChecked == ["issuer-known", "certificate-signature", "revocation"])
    }

    @Test func `a reference by serial number is followed where there is no key identifier`() throws {
        let number = Certificate.SerialNumber(0x0132_C4AC)
        let right = try Forger.judge(.signature) {
            $0.put(
                try .init(
                    AuthorityKeyIdentifier(authorityCertIssuer: [], authorityCertSerialNumber: number),
                    critical: false
                )
            )
        }
        #expect(right.notChecked == ["revocation"])
        let wrong = try Forger.judge(.signature) {
            $0.put(
                try .init(
                    AuthorityKeyIdentifier(
                        authorityCertIssuer: [],
                        authorityCertSerialNumber: Certificate.SerialNumber(0x0133_C349)
                    ),
                    critical: false
                )
            )
        }
        #expect(wrong.reason("issuer-known").hasPrefix("unknown CA generation"))
    }

    @Test func `a certificate of another authority is not judged, and that is said`() throws {
        let der = try Forger.sign.issue { $0.issuer = try DistinguishedName { CommonName("somebody") } }
        let verdict = CertificateJudge(try Forger.anchors).judge(der, as: .signature, at: Fixture.now)
        #expect(verdict.failed.isEmpty)
        #expect(verdict.notChecked == ["issuer-known", "certificate-signature", "revocation"])
        #expect(verdict.reason("issuer-known").contains("some other issuer"))
        #expect(!verdict.reason("issuer-known").contains("somebody"))
    }

    @Test func `a name that differs in the type of a string alone is another name`() throws {
        let der = try Forger.sign.issue {
            $0.issuer = DistinguishedName(
                [
                    RelativeDistinguishedName(.init(type: .RDNAttributeType.countryName, utf8String: "JP"))
                ] + Array($0.issuer).dropFirst()
            )
        }
        let verdict = CertificateJudge(try Forger.anchors).judge(der, as: .signature, at: Fixture.now)
        #expect(verdict.notChecked.contains("issuer-known"))
        #expect(verdict.reason("issuer-known").contains("an authority of this hierarchy"))
    }

    // MARK: - Hierarchies

    @Test(arguments: CertificatePurpose.allCases)
    func `nothing simulated is judged by the real authorities`(purpose: CertificatePurpose) throws {
        let verdict = CertificateJudge(.production).judge(try Fixture.issue(purpose), as: purpose, at: Fixture.now)
        #expect(verdict.notChecked == ["issuer-known", "certificate-signature", "revocation"])
        #expect(verdict.reason("issuer-known").contains("a simulation (O=JPKI-SIM)"))
        // The policy is the one thing that is wrong with it by itself.
        #expect(verdict.failed == ["policy"])
    }

    @Test(arguments: [("JPKI", "the real JPKI"), ("JPKI-TEST", "the test environment of J-LIS")])
    func `nothing real is judged by simulated authorities`(organization: String, owner: String) throws {
        let der = try Forger(.signature, organization: organization, key: Forger.sign.key).issue()
        let verdict = CertificateJudge(try Forger.anchors).judge(der, as: .signature, at: Fixture.now)
        #expect(verdict.notChecked == ["issuer-known", "certificate-signature", "revocation"])
        #expect(verdict.reason("issuer-known").contains(owner))
        #expect(verdict.reason("issuer-known").contains("it was not judged"))
    }

    @Test func `a forgery under the real name is of an unknown generation, or fails where it claims a real key`() throws
    {
        let forger = try Forger(.signature, organization: "JPKI")
        let judge = CertificateJudge(.production)
        let policy = try Broken.policies([[1, 2, 392, 200_149, 8, 5, 1, 1, 20]])
        let modest = judge.judge(try forger.issue { $0.put(policy) }, as: .signature, at: Fixture.now)
        #expect(modest.failed.isEmpty)
        #expect(modest.reason("issuer-known").hasPrefix("unknown CA generation"))
        for anchor in TrustAnchors.production.anchors where anchor.kind == .signature {
            let identifier = try #require(try Certificate(derEncoded: anchor.facts.der).extensions.subjectKeyIdentifier)
            let der = try forger.issue {
                $0.put(policy)
                $0.put(try .init(AuthorityKeyIdentifier(keyIdentifier: identifier.keyIdentifier), critical: false))
            }
            let bold = judge.judge(der, as: .signature, at: Fixture.now)
            #expect(bold.failed == ["certificate-signature"])
            #expect(bold.conclusion == .invalid)
        }
    }

    @Test(arguments: CertificatePurpose.allCases)
    func `an authority's own certificate is no person's, even that of a trusted one`(purpose: CertificatePurpose) throws
    {
        for anchor in try Fixture.simulated.anchors + TrustAnchors.production.anchors {
            let anchors = try anchor.facts.issuer.contains("JPKI-SIM") ? Fixture.simulated : .production
            let verdict = CertificateJudge(anchors).judge(anchor.facts.der, as: purpose, at: anchor.facts.notBefore)
            #expect(verdict.failed.contains("basic-constraints"))
            #expect(verdict.conclusion == .invalid)
            #expect(verdict.reason("basic-constraints").contains("not of a person"))
        }
    }

    @Test func `a self-signed certificate does not become trusted by what it says of itself`() throws {
        let forger = try Forger(.signature)
        let verdict = CertificateJudge(try Forger.anchors).judge(
            try forger.certificate(),
            as: .signature,
            at: Fixture.now
        )
        #expect(verdict.states["certificate-signature"] == .notChecked)
        #expect(verdict.conclusion == .invalid)
    }
}
