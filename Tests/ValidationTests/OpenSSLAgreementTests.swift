import ForeignTools
import Issuance
import Problems
import SwiftASN1
import Testing
import Validation

/// `openssl verify` beside this project's verdict on the same bytes.
@Suite struct OpenSSLAgreementTests {
    @Test(arguments: CertificatePurpose.allCases)
    func `openssl accepts what is confirmed here`(purpose: CertificatePurpose) throws {
        let der = try Fixture.issue(purpose)
        #expect(try Fixture.judge(der, as: purpose).failed.isEmpty)
        #expect(try opensslAccepts(der, under: authority(purpose)))
    }

    @Test(arguments: CertificatePurpose.allCases)
    func `openssl refuses what fails here`(purpose: CertificatePurpose) throws {
        let good = try Fixture.issue(purpose)
        var signature = good
        signature[good.count - 1] ^= 1
        // The subject's municipality code: still a certificate, and not the one that was signed.
        let altered = try good.patched(Array("13101003A".utf8), Array("13102003A".utf8))
        for broken in [signature, altered] {
            let verdict = try Fixture.judge(broken, as: purpose)
            #expect(verdict.failed == ["certificate-signature"])
            #expect(try !opensslAccepts(broken, under: authority(purpose)))
        }
    }

    @Test func `openssl refuses the other authority's certificate, and so it is here`() throws {
        let der = try Fixture.issue(.signature)
        #expect(try Fixture.judge(der, as: .authentication).states["issuer-known"] == .failed)
        #expect(try !opensslAccepts(der, under: authority(.authentication)))
    }

    /// The very last second is left out: openssl holds it to be over, RFC 5280 does not.
    @Test(arguments: [
        (Fixture.now - 1, false), (Fixture.now, true), (Fixture.lastSecond - 1, true), (Fixture.lastSecond + 1, false),
    ])
    func `openssl agrees about time`(instant: Int64, isGood: Bool) throws {
        let der = try Fixture.issue(.signature)
        #expect((try Fixture.judge(der, as: .signature, at: instant).states["validity"] == .confirmed) == isGood)
        #expect(try opensslAccepts(der, under: authority(.signature), at: instant) == isGood)
    }

    @Test func `openssl, too, refuses an unknown critical extension`() throws {
        let der = try Forger.sign.issue { $0.put(Broken.other([1, 2, 3, 4], critical: true)) }
        #expect(try !opensslAccepts(der, under: Forger.sign.certificate()))
        #expect(try opensslAccepts(Forger.sign.issue(), under: Forger.sign.certificate()))
    }

    private func authority(_ purpose: CertificatePurpose) throws -> [UInt8] {
        let authority = try Fixture.authority
        return purpose == .signature ? authority.signCACertificate : authority.authCACertificate
    }

    private func opensslAccepts(
        _ certificate: [UInt8],
        under authority: [UInt8],
        at instant: Int64 = Fixture.now
    ) throws -> Bool {
        try OpenSSLProgram.run(
            ["verify", "-attime", "\(instant)", "-CAfile", "ca", "c"],
            files: ["ca": OpenSSLProgram.pem(authority), "c": OpenSSLProgram.pem(certificate)]
        ).status == 0
    }
}
