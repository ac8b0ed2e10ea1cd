import CertificateProfiles
import Testing

/// What `openssl verify` says.
@Suite struct CertificateChainTests {
    @Test(arguments: [CertificateKind.sign, .mobileSign, .auth, .mobileAuth])
    func `openssl accepts a certificate under its own authority and under no other`(kind: CertificateKind) throws {
        let certificate = try Fixture.issue(kind)
        let isForSigning = kind == .sign || kind == .mobileSign
        let own = try Fixture.issue(isForSigning ? .signCA : .authCA)
        let other = try Fixture.issue(isForSigning ? .authCA : .signCA)
        let accepted = try verify(certificate, under: own)
        #expect(accepted.status == 0, "\(accepted.complaint)")
        #expect(try verify(certificate, under: other).status != 0)
    }

    @Test(arguments: [CertificateKind.signCA, .authCA])
    func `openssl accepts an authority's certificate as self-signed`(kind: CertificateKind) throws {
        let certificate = try Fixture.issue(kind)
        let accepted = try verify(certificate, under: certificate, ["-check_ss_sig"])
        #expect(accepted.status == 0, "\(accepted.complaint)")
    }

    @Test func `openssl rejects a certificate with one bit of its signature changed`() throws {
        var certificate = try Fixture.issue(.auth)
        certificate[certificate.count - 1] ^= 1
        #expect(try verify(certificate, under: try Fixture.issue(.authCA)).status != 0)
    }

    @Test func `an authentication certificate serves a TLS client and a signature certificate no TLS server`() throws {
        let auth = try Fixture.issue(.auth)
        let ca = try Fixture.issue(.authCA)
        let asClient = try verify(auth, under: ca, ["-purpose", "sslclient"])
        #expect(asClient.status == 0, "\(asClient.complaint)")
        #expect(try verify(auth, under: ca, ["-purpose", "sslserver"]).status != 0)
    }

    @Test(arguments: [(CertificateKind.sign, 20), (.auth, 30), (.mobileSign, 120), (.mobileAuth, 130)])
    func `openssl finds the policy of the kind and not another`(kind: CertificateKind, last: Int) throws {
        let certificate = try Fixture.issue(kind)
        let ca = try Fixture.issue(kind == .sign || kind == .mobileSign ? .signCA : .authCA)
        let arc = "1.2.392.200149.8.5.1.0."
        let right = try verify(certificate, under: ca, ["-policy", arc + "\(last)", "-explicit_policy"])
        #expect(right.status == 0, "\(right.complaint)")
        #expect(try verify(certificate, under: ca, ["-policy", arc + "\(last + 1)", "-explicit_policy"]).status != 0)
    }

    /// The very last second, 14:59:59Z on 2030-02-17, is left out: openssl holds it to be over, RFC 5280 does not.
    @Test(arguments: [(Fixture.now - 1, false), (Fixture.now, true), (1_897_570_798, true), (1_897_570_800, false)])
    func `a certificate is good from its second to the end of its last day in Japan`(
        instant: Int64,
        isGood: Bool
    ) throws {
        let answer = try verify(try Fixture.issue(.sign), under: try Fixture.issue(.signCA), at: instant)
        #expect((answer.status == 0) == isGood, "\(answer.complaint)")
    }

    private func verify(
        _ certificate: [UInt8],
        under authority: [UInt8],
        _ more: [String] = [],
        at instant: Int64 = Fixture.now
    ) throws -> OpenSSL.Answer {
        try OpenSSL.run(
            ["verify", "-x509_strict", "-attime", "\(instant)", "-CAfile", "ca.pem"] + more + ["ee.pem"],
            files: ["ca.pem": OpenSSL.pem(authority), "ee.pem": OpenSSL.pem(certificate)]
        )
    }
}
