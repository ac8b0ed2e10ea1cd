import AuthorityCryptography
import AuthorityTesting
import CertificateProfiles
import CivilCalendar
import ForeignTools
import Issuance
import PKIX
import Testing
import TimeStamping

@Suite struct `A time-stamping authority` {
    private static let policy: [UInt8] = [0x2A, 0x03, 0x04]

    private static func made(_ key: any AuthorityKey) throws -> (TimeStampingAuthority, anchor: [UInt8]) {
        var authority = try SmallAuthority(.sign)
        let certificate = try authority.issue(
            IssuanceRequest(
                .timeStamping,
                subject: .service("Time-stamping authority n1 1"),
                key: .own(key.subjectPublicKeyInfo),
                notBefore: authority.now,
                end: CivilDate(japaneseDayAt: authority.now + 100 * 86_400),
                identifier: "tsa"
            )
        ).der
        let stamping = try TimeStampingAuthority(certificate: certificate, key: key, policy: policy, accuracy: 3)
        return (stamping, authority.issuer.certificate)
    }

    private static func query(_ arguments: [String]) throws -> [UInt8] {
        try OpenSSLProgram.run(
            ["ts", "-query", "-data", "text", "-out", "/dev/stdout"] + arguments,
            files: ["text": Array("stamp this".utf8)]
        ).output
    }

    /// A key that never signs.
    private struct Away: AuthorityKey {
        let algorithm = SignatureAlgorithm.p384SHA384
        var subjectPublicKeyInfo: [UInt8] { TestKey.p384.subjectPublicKeyInfo }
        func signature(over message: [UInt8]) throws(AuthorityKeyFailure) -> [UInt8] { throw .unavailable("test") }
    }

    @Test(arguments: ["-sha256", "-sha384", "-sha512"], [true, false])
    func `stamps what openssl verifies at the time that it says`(hash: String, isRSA: Bool) throws {
        let (stamping, anchor) = try Self.made(isRSA ? TestKey.rsa : TestKey.p384)
        let query = try Self.query([hash, "-cert"])
        let time = SmallAuthority.start + 86_400
        let response = try stamping.stamp(try stamping.accept(query), at: time, serial: [1, 2, 3])
        let said = try ForeignProgram.run(
            "openssl",
            ["ts", "-verify", "-in", "r", "-queryfile", "q", "-CAfile", "ca", "-attime", "\(time)"],
            files: ["r": response, "q": query, "ca": OpenSSLProgram.pem(anchor)]
        )
        #expect(said.text.contains("Verification: OK"), "\(said.text)\(said.notes)")
        guard case .granted(let token) = try TimeStampResponse(parsing: response) else { throw TimeStampRefusal.badAlg }
        #expect(token.info.time == time && token.info.accuracy == 3_000_000 && !token.info.isOrdered)
        #expect(token.info.policy.elementsEqual(Self.policy) && token.info.serial.elementsEqual([1, 2, 3]))
        #expect(token.certificates.map(Array.init) == [stamping.certificate])
        #expect(token.algorithm == (isRSA ? .sha256WithRSAEncryption : .ecdsaWithSHA384))
    }

    @Test func `says why it stamps nothing`() throws {
        let (stamping, _) = try Self.made(TestKey.p384)
        #expect(throws: TimeStampRefusal.badAlg) { try stamping.accept(Self.query(["-sha1"])) }
        #expect(throws: TimeStampRefusal.badAlg) { try stamping.accept(Self.query(["-sha3-256"])) }
        #expect(throws: TimeStampRefusal.unacceptedPolicy) {
            try stamping.accept(Self.query(["-sha256", "-tspolicy", "1.2.3.5"]))
        }
        _ = try stamping.accept(Self.query(["-sha256", "-tspolicy", "1.2.3.4"]))
        let query = try Self.query(["-sha256", "-no_nonce"])
        for length in query.indices {
            #expect(throws: TimeStampRefusal.badDataFormat) { try stamping.accept(Array(query.prefix(length))) }
        }
        #expect(throws: TimeStampRefusal.badDataFormat) { try stamping.accept(query + [0]) }
        var other = query
        // The version is the first thing in it.
        other[4] = 2
        #expect(throws: TimeStampRefusal.badRequest) { try stamping.accept(other) }
        for isCritical in [true, false] {
            var extended = query
            let flag: [UInt8] = isCritical ? [0x01, 0x01, 0xFF] : []
            let content: [UInt8] = [0x06, 0x03, 0x2A, 0x03, 0x05] + flag + [0x04, 0x02, 0x05, 0x00]
            let one = [0x30, UInt8(content.count)] + content
            extended += [0xA0, UInt8(one.count)] + one
            extended[1] += UInt8(one.count + 2)
            #expect(throws: TimeStampRefusal.unacceptedExtension) { try stamping.accept(extended) }
        }
    }

    @Test func `stamps nothing outside its certificate's time, and nothing without its key`() throws {
        let (stamping, _) = try Self.made(TestKey.p384)
        let asked = try stamping.accept(Self.query(["-sha256"]))
        for time in [stamping.notBefore, stamping.notAfter] {
            _ = try stamping.stamp(asked, at: time, serial: [1])
        }
        for time in [stamping.notBefore - 1, stamping.notAfter + 1] {
            #expect(throws: TimeStampRefusal.systemFailure) { try stamping.stamp(asked, at: time, serial: [1]) }
        }
        let away = try TimeStampingAuthority(
            certificate: stamping.certificate,
            key: Away(),
            policy: Self.policy,
            accuracy: 3
        )
        #expect(throws: TimeStampRefusal.systemFailure) {
            try away.stamp(asked, at: stamping.notBefore, serial: [1])
        }
    }

    @Test func `does not begin with a certificate about another key, or with none`() throws {
        let (stamping, _) = try Self.made(TestKey.p384)
        #expect(throws: TimeStampingError.otherKey) {
            try TimeStampingAuthority(
                certificate: stamping.certificate,
                key: TestKey.rsa,
                policy: Self.policy,
                accuracy: 3
            )
        }
        #expect(throws: TimeStampingError.malformedCertificate) {
            try TimeStampingAuthority(certificate: [0x30, 0], key: TestKey.rsa, policy: Self.policy, accuracy: 3)
        }
    }
}
