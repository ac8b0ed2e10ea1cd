import Problems
import SwiftASN1
import Testing
import Validation
import X509

/// Bytes that are almost a certificate.
@Suite struct StrictnessTests {
    @Test(arguments: CertificatePurpose.allCases)
    func `a certificate cut short at any length is refused`(purpose: CertificatePurpose) throws {
        let der = try Fixture.issue(purpose)
        let judge = CertificateJudge(try Fixture.simulated)
        for count in 0..<der.count {
            let verdict = judge.judge(Array(der.prefix(count)), as: purpose, at: Fixture.now)
            #expect(verdict.facts == nil, "\(count)")
            #expect(verdict.failed == ["certificate-form"], "\(count)")
            #expect(verdict.notChecked.count == 8)
            #expect(verdict.conclusion == .invalid)
        }
    }

    @Test(arguments: CertificatePurpose.allCases)
    func `with any bit flipped no signature is confirmed, and none of it traps`(purpose: CertificatePurpose) throws {
        let der = try Fixture.issue(purpose)
        let judge = CertificateJudge(try Fixture.simulated)
        var flipped = der
        for place in der.indices {
            for bit in 0..<8 {
                flipped[place] = der[place] ^ (1 << UInt8(bit))
                let verdict = judge.judge(flipped, as: purpose, at: Fixture.now)
                if verdict.states["certificate-signature"] == .confirmed || verdict.anchor != nil {
                    Issue.record("bit \(bit) of byte \(place)")
                }
            }
            flipped[place] = der[place]
        }
        #expect(judge.judge(flipped, as: purpose, at: Fixture.now).states["certificate-signature"] == .confirmed)
    }

    @Test func `an authority's certificate with any bit flipped is not the anchor`() throws {
        let anchors = try Fixture.simulated
        let judge = CertificateJudge(anchors)
        let der = anchors.anchors[0].facts.der
        for place in der.indices {
            var flipped = der
            flipped[place] ^= 1 << UInt8(place % 8)
            #expect(judge.judgeAuthority(flipped).anchor == nil, "\(place)")
        }
    }

    @Test func `bytes of no meaning are refused and never trap`() throws {
        var random = SystemRandomNumberGenerator()
        let judge = CertificateJudge(.production)
        for count in 0..<300 {
            let noise = (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &random) }
            #expect(judge.judge(noise, as: .signature, at: Fixture.now).facts == nil)
            let wrapped = [0x30, 0x82, UInt8(count / 256), UInt8(count % 256)] + noise
            #expect(judge.judge(wrapped, as: .signature, at: Fixture.now).facts == nil)
            _ = judge.judgeAuthority(noise)
            _ = try? CertificateFacts.trimmed(fromFile: noise)
        }
    }

    @Test func `objects nested without end are refused`() {
        for depth in [49, 50, 51, 1000, 10_000] {
            let nested = (0..<depth).reduce(into: [UInt8]()) { bytes, _ in bytes = [0x30, 0x80] + bytes }
            #expect(throws: CertificateFlaw.self) { try CertificateFacts(parsing: nested) }
        }
        var nested: [UInt8] = []
        while nested.count < 120 { nested = [0x30, UInt8(nested.count)] + nested }
        #expect(throws: CertificateFlaw.notDER) { try CertificateFacts(parsing: nested) }
    }

    @Test func `more than a card's file can hold is refused unread`() {
        let long = [0x30, 0x83, 0x01, 0x00, 0x00] + [UInt8](repeating: 0, count: 0x1_0000)
        #expect(throws: CertificateFlaw.tooLong) { try CertificateFacts(parsing: long) }
    }

    // MARK: - One fault each

    @Test func `an extension that stands there twice is named`() throws {
        // The subject key identifier becomes a second authority key identifier.
        let der = try Fixture.issue(.signature).patched(
            [0x06, 0x03, 0x55, 0x1D, 0x0E],
            [0x06, 0x03, 0x55, 0x1D, 0x23]
        )
        #expect(throws: CertificateFlaw.duplicateExtension("2.5.29.35")) { try CertificateFacts(parsing: der) }
        let verdict = try Fixture.judge(der, as: .signature)
        #expect(verdict.failed == ["certificate-form"])
        #expect(verdict.reason("certificate-form").contains("2.5.29.35"))
        #expect(verdict.conclusion == .invalid)
    }

    @Test func `the algorithm outside must be the one inside`() throws {
        var der = try Fixture.issue(.signature)
        let identifier: [UInt8] = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x0B]
        let inside = try #require(der.firstRange(of: identifier))
        der[inside.upperBound - 1] = 0x0C
        #expect(throws: CertificateFlaw.algorithmsDiffer) { try CertificateFacts(parsing: der) }
    }

    static let times: [(String, String)] = [
        ("251027003061", "sixty-second second"), ("251027003060", "leap second"), ("251027006005", "minute 60"),
        ("251027243005", "hour 24"), ("250229003005", "no leap year"), ("250431003005", "31 April"),
        ("251300003005", "month 13"), ("250027003005", "month 0"), ("251000003005", "day 0"),
        ("25102700300A", "letter"),
        ("+51027003005", "sign"), (" 51027003005", "space"),
    ]

    @Test(arguments: times)
    func `a time that does not exist is refused`(text: String, why: String) throws {
        let der = try Fixture.issue(.signature).patched(Array("251027003005Z".utf8), Array("\(text)Z".utf8))
        #expect(throws: CertificateFlaw.time, "\(why)") { try CertificateFacts(parsing: der) }
    }

    @Test func `a time in another zone is refused`() throws {
        let der = try Fixture.issue(.signature).patched(Array("251027003005Z".utf8), Array("2510270030+09".utf8))
        #expect(throws: CertificateFlaw.time) { try CertificateFacts(parsing: der) }
    }

    @Test func `a year of two digits from 50 on is of the last century, and from 2050 on years have four`() throws {
        let old = try Fixture.issue(.signature).patched(Array("251027003005Z".utf8), Array("500101000000Z".utf8))
        #expect(try CertificateFacts(parsing: old).notBefore == -631_152_000)
        let far = try Forger.sign.issue { $0.notAfter = 2_524_608_000 }
        #expect(try CertificateFacts(parsing: far).notAfter == 2_524_608_000)
        let early = try far.patched(Array("20500101000000Z".utf8), Array("20490101000000Z".utf8))
        #expect(throws: CertificateFlaw.time) { try CertificateFacts(parsing: early) }
    }

    @Test(arguments: [[0x00], [0x80], [0xFF]] as [[UInt8]])
    func `a serial number that is zero or negative is refused`(number: [UInt8]) throws {
        let der = try Forger.sign.issue { $0.serial = Certificate.SerialNumber(0x42) }
        let broken = try der.patched([0x02, 0x01, 0x02, 0x02, 0x01, 0x42], [0x02, 0x01, 0x02, 0x02, 0x01] + number)
        #expect(throws: CertificateFlaw.serialNumber) { try CertificateFacts(parsing: broken) }
    }

    @Test func `a serial number of more than twenty octets is refused`() throws {
        let der = try Forger.sign.issue {
            $0.serial = Certificate.SerialNumber(bytes: [UInt8](repeating: 0x55, count: 21))
        }
        #expect(throws: CertificateFlaw.serialNumber) { try CertificateFacts(parsing: der) }
    }

    @Test(
        arguments: [
            [2, 5, 29, 14], [2, 5, 29, 15], [2, 5, 29, 17], [2, 5, 29, 18], [2, 5, 29, 19], [2, 5, 29, 31],
            [2, 5, 29, 32],
            [2, 5, 29, 35], [2, 5, 29, 37], [1, 3, 6, 1, 5, 5, 7, 1, 1],
        ] as [[UInt]]
    )
    func `an extension that holds something else than it should is named`(identifier: [UInt]) throws {
        let oid = try ASN1ObjectIdentifier(elements: identifier)
        let dotted = identifier.map(String.init).joined(separator: ".")
        for value in [[], [0x05, 0x00], [0x30], [0x30, 0x03, 0x02, 0x01], [0x30, 0x03, 0x04, 0x01, 0x00, 0xFF]]
            as [[UInt8]]
        {
            let der = try Forger.sign.issue { $0.put(Broken.other(oid, critical: false, value)) }
            #expect(throws: CertificateFlaw.malformedExtension(dotted), "\(value)") {
                try CertificateFacts(parsing: der)
            }
        }
    }

    @Test(arguments: [[2, 5, 29, 17], [2, 5, 29, 18], [2, 5, 29, 31], [2, 5, 29, 32], [2, 5, 29, 37]] as [[UInt]])
    func `a list without elements is no list`(identifier: [UInt]) throws {
        let oid = try ASN1ObjectIdentifier(elements: identifier)
        let der = try Forger.sign.issue { $0.put(Broken.other(oid, critical: false, [0x30, 0x00])) }
        #expect(throws: CertificateFlaw.self) { try CertificateFacts(parsing: der) }
    }

    @Test(
        arguments: [
            ([2, 5, 29, 35], [0x30, 0x03, 0x82, 0x01, 0x00]), ([2, 5, 29, 35], [0x30, 0x00]),
            ([2, 5, 29, 35], [0x30, 0x02, 0x80, 0x00]), ([2, 5, 29, 35], [0x30, 0x02, 0x82, 0x00]),
            ([2, 5, 29, 35], [0x30, 0x03, 0x82, 0x01, 0x80]), ([2, 5, 29, 14], [0x04, 0x00]),
            ([2, 5, 29, 19], [0x30, 0x06, 0x01, 0x01, 0xFF, 0x02, 0x01, 0x80]),
            ([2, 5, 29, 19], [0x30, 0x03, 0x01, 0x01, 0x00]),
            ([2, 5, 29, 15], [0x03, 0x00]), ([2, 5, 29, 15], [0x03, 0x01, 0x07]),
            ([2, 5, 29, 15], [0x03, 0x02, 0x08, 0x00]),
            ([2, 5, 29, 15], [0x03, 0x03, 0x07, 0x80, 0x80]), ([2, 5, 29, 15], [0x03, 0x04, 0x00, 0x01, 0x01, 0x01]),
            ([2, 5, 29, 31], [0x30, 0x02, 0x30, 0x00]), ([2, 5, 29, 31], [0x30, 0x04, 0x30, 0x02, 0xA0, 0x00]),
            ([2, 5, 29, 31], [0x30, 0x06, 0x30, 0x04, 0xA0, 0x02, 0x80, 0x00]),
            ([2, 5, 29, 17], [0x30, 0x02, 0xA0, 0x00]), ([2, 5, 29, 17], [0x30, 0x02, 0x88, 0x00]),
            ([2, 5, 29, 37], [0x30, 0x0B, 0x06, 0x09, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F]),
            ([2, 5, 29, 37], [0x30, 0x0C, 0x06, 0x0A, 0x81, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F]),
            ([2, 5, 29, 37], [0x30, 0x03, 0x06, 0x01, 0x80]), ([2, 5, 29, 37], [0x30, 0x02, 0x06, 0x00]),
        ] as [([UInt], [UInt8])]
    )
    func `values at the edge of what an extension may hold never trap`(identifier: [UInt], value: [UInt8]) throws {
        let oid = try ASN1ObjectIdentifier(elements: identifier)
        for purpose in CertificatePurpose.allCases {
            let verdict = try Forger.judge(purpose) { $0.put(Broken.other(oid, critical: false, value)) }
            #expect(verdict.findings.count == 9)
            #expect(verdict.conclusion != .valid)
        }
    }

    @Test func `a policy with a qualifier that nobody knows is refused, one with a statement or a notice is not`()
        throws
    {
        let policy: ASN1ObjectIdentifier = [1, 2, 392, 200_149, 8, 5, 1, 0, 20]
        let known: [ASN1ObjectIdentifier] = [[1, 3, 6, 1, 5, 5, 7, 2, 1], [1, 3, 6, 1, 5, 5, 7, 2, 2]]
        for qualifier in known {
            let der = try Forger.sign.issue { $0.put(try Broken.policies([policy], qualifier: qualifier)) }
            #expect(try CertificateFacts(parsing: der).policies == ["1.2.392.200149.8.5.1.0.20"])
        }
        let der = try Forger.sign.issue { $0.put(try Broken.policies([policy], qualifier: [1, 2, 3])) }
        #expect(throws: CertificateFlaw.malformedExtension("2.5.29.32")) { try CertificateFacts(parsing: der) }
    }
}
