import Crypto
import CryptoExtras
import Problems
import SwiftASN1
import Testing
import Validation
import X509

/// Each rule broken alone: the check of that rule fails, and no other.
@Suite struct BrokenCertificateTests {
    @Test(arguments: CertificatePurpose.allCases)
    func `the certificate that all of these are changed from is good`(purpose: CertificatePurpose) throws {
        let verdict = try Forger.judge(purpose)
        #expect(verdict.failed.isEmpty)
        #expect(verdict.notChecked == ["revocation"])
    }

    struct Row: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let purpose: CertificatePurpose
        let fails: String
        let change: @Sendable (inout Forger.Draft) throws -> Void
    }

    // swift-format-ignore
    static let rows = [
        Row(testDescription: "no key usage", purpose: .signature, fails: "key-usage") { $0.drop(.X509ExtensionID.keyUsage) },
        Row(testDescription: "key usage not critical", purpose: .signature, fails: "key-usage") { $0.put(try .init(KeyUsage(digitalSignature: true, nonRepudiation: true), critical: false)) },
        Row(testDescription: "signature without nonRepudiation", purpose: .signature, fails: "key-usage") { $0.put(try .init(KeyUsage(digitalSignature: true), critical: true)) },
        Row(testDescription: "signature with nonRepudiation alone", purpose: .signature, fails: "key-usage") { $0.put(try .init(KeyUsage(nonRepudiation: true), critical: true)) },
        Row(testDescription: "signature that also enciphers", purpose: .signature, fails: "key-usage") { $0.put(try .init(KeyUsage(digitalSignature: true, nonRepudiation: true, keyEncipherment: true), critical: true)) },
        Row(testDescription: "signature that also certifies", purpose: .signature, fails: "key-usage") { $0.put(try .init(KeyUsage(digitalSignature: true, nonRepudiation: true, keyCertSign: true), critical: true)) },
        Row(testDescription: "signature with decipherOnly", purpose: .signature, fails: "key-usage") { $0.put(try .init(KeyUsage(digitalSignature: true, nonRepudiation: true, decipherOnly: true), critical: true)) },
        Row(testDescription: "signature for TLS clients", purpose: .signature, fails: "key-usage") { $0.put(try .init(ExtendedKeyUsage([.clientAuth]), critical: false)) },
        Row(testDescription: "authentication with nonRepudiation", purpose: .authentication, fails: "key-usage") { $0.put(try .init(KeyUsage(digitalSignature: true, nonRepudiation: true), critical: true)) },
        Row(testDescription: "authentication without usage", purpose: .authentication, fails: "key-usage") { $0.put(Broken.other(.X509ExtensionID.keyUsage, critical: true, [0x03, 0x01, 0x00])) },
        Row(testDescription: "authentication for TLS servers", purpose: .authentication, fails: "key-usage") { $0.put(try .init(ExtendedKeyUsage([.clientAuth, .serverAuth]), critical: false)) },
        Row(testDescription: "authentication for any use", purpose: .authentication, fails: "key-usage") { $0.put(try .init(ExtendedKeyUsage([.any]), critical: false)) },
        Row(testDescription: "no policy", purpose: .signature, fails: "policy") { $0.drop(Broken.certificatePolicies) },
        Row(testDescription: "no policy", purpose: .authentication, fails: "policy") { $0.drop(Broken.certificatePolicies) },
        Row(testDescription: "the policy of authentication", purpose: .signature, fails: "policy") { $0.put(try Broken.policies([[1, 2, 392, 200_149, 8, 5, 1, 0, 30]])) },
        Row(testDescription: "the policy of signature", purpose: .authentication, fails: "policy") { $0.put(try Broken.policies([[1, 2, 392, 200_149, 8, 5, 1, 0, 20]])) },
        Row(testDescription: "the real policy in a simulation", purpose: .signature, fails: "policy") { $0.put(try Broken.policies([[1, 2, 392, 200_149, 8, 5, 1, 1, 20]])) },
        Row(testDescription: "the real policy in a simulation", purpose: .authentication, fails: "policy") { $0.put(try Broken.policies([[1, 2, 392, 200_149, 8, 5, 1, 3, 30]])) },
        Row(testDescription: "any policy", purpose: .signature, fails: "policy") { $0.put(try Broken.policies([[2, 5, 29, 32, 0]])) },
        Row(testDescription: "two policies", purpose: .signature, fails: "policy") { $0.put(try Broken.policies([[1, 2, 392, 200_149, 8, 5, 1, 0, 20], [2, 5, 29, 32, 0]])) },
        Row(testDescription: "the same policy twice", purpose: .signature, fails: "policy") { $0.put(try Broken.policies([[1, 2, 392, 200_149, 8, 5, 1, 0, 20], [1, 2, 392, 200_149, 8, 5, 1, 0, 20]])) },
        Row(testDescription: "unknown critical extension", purpose: .signature, fails: "critical-extensions") { $0.put(Broken.other([1, 2, 3, 4], critical: true)) },
        Row(testDescription: "critical name constraints", purpose: .signature, fails: "critical-extensions") { $0.put(Broken.other([2, 5, 29, 30], critical: true, [0x30, 0x00])) },
        Row(testDescription: "critical policy constraints", purpose: .authentication, fails: "critical-extensions") { $0.put(Broken.other([2, 5, 29, 36], critical: true, [0x30, 0x00])) },
        Row(testDescription: "a leaf that is an authority", purpose: .signature, fails: "basic-constraints") { $0.put(try .init(BasicConstraints.isCertificateAuthority(maxPathLength: nil), critical: true)) },
        Row(testDescription: "a leaf that is an authority, by the way", purpose: .authentication, fails: "basic-constraints") { $0.put(try .init(BasicConstraints.isCertificateAuthority(maxPathLength: 0), critical: false)) },
        Row(testDescription: "RSA-3072", purpose: .signature, fails: "certificate-form") { $0.key = Certificate.PublicKey(try _RSA.Signing.PrivateKey(keySize: .bits3072).publicKey) },
        Row(testDescription: "P-256", purpose: .signature, fails: "certificate-form") { $0.key = Certificate.PublicKey(P256.Signing.PrivateKey().publicKey) },
        Row(testDescription: "Ed25519", purpose: .signature, fails: "certificate-form") { $0.key = Certificate.PublicKey(Curve25519.Signing.PrivateKey().publicKey) },
    ]

    @Test(arguments: rows)
    func `breaking one rule fails its check and no other`(row: Row) throws {
        let verdict = try Forger.judge(row.purpose, row.change)
        #expect(verdict.failed == [row.fails])
        #expect(verdict.notChecked == ["revocation"])
        #expect(verdict.conclusion == .invalid)
        #expect(verdict.conclusion.outcome == .invalid)
        #expect(verdict.facts != nil)
    }

    @Test func `an extension that is unknown and not critical harms nothing`() throws {
        #expect(try Forger.judge(.signature) { $0.put(Broken.other([1, 2, 3, 4], critical: false)) }.failed.isEmpty)
    }

    @Test(arguments: [CertificatePurpose.signature, .authentication])
    func `a certificate is not good for the other purpose`(purpose: CertificatePurpose) throws {
        let other: CertificatePurpose = purpose == .signature ? .authentication : .signature
        let verdict = try Fixture.judge(Fixture.issue(purpose), as: other)
        #expect(verdict.failed == ["issuer-known", "key-usage", "policy"])
        #expect(verdict.reason("issuer-known").contains("not the one for \(other.word.en)"))
        #expect(verdict.states["certificate-signature"] == .confirmed)
        #expect(verdict.conclusion == .invalid)
    }

    @Test(arguments: [
        (Certificate.SignatureAlgorithm.sha1WithRSAEncryption, "1.2.840.113549.1.1.5"),
        (.sha384WithRSAEncryption, "1.2.840.113549.1.1.12"),
        (.sha512WithRSAEncryption, "1.2.840.113549.1.1.13"),
    ])
    func `a signature by an algorithm outside the profile is not looked at and fails the form`(
        algorithm: Certificate.SignatureAlgorithm,
        name: String
    ) throws {
        let verdict = try Forger.judge(.signature) { $0.algorithm = algorithm }
        #expect(verdict.failed == ["certificate-form"])
        #expect(verdict.notChecked == ["certificate-signature", "revocation"])
        #expect(verdict.facts?.signatureAlgorithm == name)
        #expect(verdict.anchor == nil)
        #expect(verdict.conclusion == .invalid)
    }

    @Test func `a certificate of version 1 has neither usage nor policy`() throws {
        let verdict = try Forger.judge(.signature) {
            $0.version = .v1
            $0.extensions = []
        }
        #expect(verdict.failed == ["certificate-form", "key-usage", "policy"])
        #expect(verdict.facts?.version == 1)
    }

    // MARK: - Time

    @Test func `a second too early is not yet valid, a second too late is expired, and that is not invalid`() throws {
        let der = try Fixture.issue(.signature)
        let early = try Fixture.judge(der, as: .signature, at: Fixture.now - 1)
        #expect(early.failed == ["validity"])
        #expect(early.reason("validity") == "it is not yet valid")
        #expect(early.conclusion == .expiredOrNotYetValid)
        let late = try Fixture.judge(der, as: .signature, at: Fixture.lastSecond + 1)
        #expect(late.failed == ["validity"])
        #expect(late.reason("validity") == "it has expired")
        #expect(late.conclusion.outcome == .revokedOrExpired)
    }

    @Test(arguments: [Int64.min, Int64.max])
    func `an instant outside every calendar is outside every validity`(instant: Int64) throws {
        #expect(try Fixture.judge(Fixture.issue(.signature), as: .signature, at: instant).failed == ["validity"])
    }

    @Test func `an expired certificate with another fault is invalid`() throws {
        let verdict = try Forger.judge(.signature, at: Fixture.lastSecond + 1) { $0.drop(.X509ExtensionID.keyUsage) }
        #expect(verdict.failed == ["validity", "key-usage"])
        #expect(verdict.conclusion == .invalid)
    }

    @Test func `a certificate that ends before it begins is never valid`() throws {
        for instant in [Fixture.now - 100, Fixture.now - 50, Fixture.now, Fixture.now + 1] {
            let verdict = try Forger.judge(.signature, at: instant) { $0.notAfter = Fixture.now - 100 }
            #expect(verdict.failed == ["validity"])
        }
    }

    @Test func `that its authority has expired, too, is said where the certificate has`() throws {
        let forger = try Forger.sign
        let anchors = try TrustAnchors(pinning: forger.certificate { $0.notAfter = Fixture.lastSecond })
        let verdict = CertificateJudge(anchors).judge(
            try forger.issue(),
            as: .signature,
            at: Fixture.lastSecond + 1
        )
        #expect(verdict.reason("validity").contains("its authority's certificate is outside its validity, too"))
    }
}
