import CivilCalendar
import ForeignTools
import Problems
import SwiftASN1
import Testing
import Validation
import X509

@Suite struct CertificateFactsTests {
    @Test func `facts of a signature certificate are as openssl reads them`() throws {
        let der = try Fixture.issue(.signature)
        let facts = try CertificateFacts(parsing: der)
        let printed = try OpenSSLProgram.run(
            [
                "x509", "-inform", "DER", "-in", "c", "-noout", "-serial", "-fingerprint", "-sha256", "-subject",
                "-issuer", "-nameopt", "esc_2253,utf8,sep_comma_plus_space,sname",
            ],
            files: ["c": der]
        ).text
        #expect(printed.contains("serial=\(facts.serialHex)\n"))
        #expect(printed.replacing(":", with: "").contains("Fingerprint=\(facts.fingerprint)\n"))
        #expect(printed.contains("subject=\(facts.subject)\n"))
        #expect(printed.contains("issuer=\(facts.issuer)\n"))
        #expect(facts.issuer.hasPrefix("C=JP, O=JPKI-SIM, OU=JPKI for digital signature, OU=Japan Agency"))
    }

    @Test func `a signature certificate says what its profile and its holder say`() throws {
        let facts = try CertificateFacts(parsing: Fixture.issue(.signature))
        #expect(facts.version == 3)
        #expect(facts.serialHex == "02")
        #expect(facts.serialDecimal == "2")
        #expect(facts.notBefore == Fixture.now)
        #expect(facts.notAfter == Fixture.lastSecond)
        #expect(facts.keyAlgorithm == "RSA")
        #expect(facts.keyBits == 2048)
        #expect(facts.signatureAlgorithm == "sha256WithRSAEncryption")
        #expect(facts.keyUsages == ["digitalSignature", "nonRepudiation"])
        #expect(facts.extendedKeyUsages == [])
        #expect(facts.policies == ["1.2.392.200149.8.5.1.0.20"])
        #expect(
            facts.crlDistributionPoints == [
                "C=JP, O=JPKI-SIM, OU=JPKI for digital signature, OU=CRL Distribution Points, OU=Tokyo-to, CN=Chiyoda-ku CRLDP"
            ]
        )
        #expect(facts.ocspResponders == [])
        #expect(facts.issuerAlternativeName?.contains("公的個人認証サービス署名用（模擬）") == true)
        #expect(facts.authorityKeyIdentifier?.utf8.count == 40)
        #expect(facts.subjectKeyIdentifier?.utf8.count == 40)
        #expect(!facts.isAuthority)
        #expect(facts.criticalExtensions == ["2.5.29.15", "2.5.29.32"])
        let holder = try #require(facts.holder)
        #expect(holder.name == "番号　花子")
        #expect(holder.birth == Fixture.day(1989, 3, 31))
    }

    @Test func `an authentication certificate names a responder and no holder`() throws {
        let facts = try CertificateFacts(parsing: Fixture.issue(.authentication))
        #expect(facts.ocspResponders == ["http://ocsp-auth.jpki-sim.test"])
        #expect(facts.extendedKeyUsages == ["clientAuth"])
        #expect(facts.keyUsages == ["digitalSignature"])
        #expect(facts.holder == nil)
    }

    @Test func `a serial number of twenty octets is written out in decimal`() throws {
        let der = try Forger.sign.issue {
            $0.serial = Certificate.SerialNumber(bytes: [0x7F] + [UInt8](repeating: 0xFF, count: 19))
        }
        let facts = try CertificateFacts(parsing: der)
        // 2^159 − 1.
        #expect(facts.serialDecimal == "730750818665451459101842416358141509827966271487")
        #expect(facts.serialHex == "7F" + String(repeating: "FF", count: 19))
    }

    @Test func `printing and dumping facts tells nothing of the certificate`() throws {
        let verdict = try Fixture.judge(Fixture.issue(.signature), as: .signature)
        let facts = try #require(verdict.facts)
        var dumped = ""
        dump(verdict, to: &dumped)
        dump(facts, to: &dumped)
        dump(facts.holder, to: &dumped)
        dump(facts.holder?.nameSubstitutes, to: &dumped)
        dumped += "\(verdict) \(facts) \(String(reflecting: facts))"
        for secret in ["花子", "千代田", "Chiyoda", "13101", "1989", "01000", facts.fingerprint] {
            #expect(!dumped.contains(secret), "\(secret)")
        }
    }

    @Test func `no reason of any finding quotes the certificate`() throws {
        let der = try Fixture.issue(.signature)
        let judges = [CertificateJudge(try Fixture.simulated), CertificateJudge(.production)]
        for judge in judges {
            for purpose in CertificatePurpose.allCases {
                for instant in [0, Fixture.now, Fixture.lastSecond + 1] {
                    for finding in judge.judge(der, as: purpose, at: instant).findings {
                        let text = "\(finding)"
                        for secret in ["花子", "Chiyoda", "13101", "2030", "1989"] { #expect(!text.contains(secret)) }
                        #expect((finding.reason == nil) == (finding.state == .confirmed))
                    }
                }
            }
        }
    }

    // MARK: - Texts that somebody forged

    @Test func `escape sequences and marks of direction in names are written out`() throws {
        let der = try Forger.sign.issue {
            $0.subject = try DistinguishedName { CommonName("a\u{1B}[2J\u{202E}b,c+d\u{0}\u{2028}") }
            $0.put(try Broken.otherNames([(1, "\u{1B}]0;x\u{7}"), (5, "\r\n")]))
        }
        let facts = try CertificateFacts(parsing: der)
        #expect(facts.subject == #"CN=a\u{1B}[2J\u{202E}b\,c\+d\u{0}\u{2028}"#)
        #expect(facts.holder?.name == #"\u{1B}]0;x\u{7}"#)
        #expect(facts.holder?.address == #"\u{D}\u{A}"#)
    }

    @Test func `several attributes in one part of a name are told from several parts`() throws {
        let der = try Forger.sign.issue {
            $0.subject = DistinguishedName([
                RelativeDistinguishedName([
                    .init(type: .RDNAttributeType.commonName, utf8String: "a"),
                    .init(type: [1, 2, 3], utf8String: "b"),
                ])
            ])
        }
        let subject = try CertificateFacts(parsing: der).subject
        #expect(["CN=a + 1.2.3=b", "1.2.3=b + CN=a"].contains(subject))
    }

    // MARK: - Files of cards

    @Test func `a card's file is cut to its certificate, and not otherwise read`() throws {
        let der = try Fixture.issue(.signature)
        #expect(try CertificateFacts.trimmed(fromFile: der) == der)
        for filler in [[UInt8(0xFF)], [UInt8](repeating: 0xFF, count: 1500), [0x00], [0x90, 0x00]] {
            #expect(try CertificateFacts.trimmed(fromFile: der + filler) == der)
            #expect(throws: CertificateFlaw.notDER) { try CertificateFacts(parsing: der + filler) }
        }
    }

    @Test func `a file without a certificate says so`() {
        for file in [[], [0xFF], [UInt8](repeating: 0xFF, count: 3000), [UInt8](repeating: 0, count: 20)] as [[UInt8]] {
            #expect(throws: CertificateFlaw.nothingThere) { try CertificateFacts.trimmed(fromFile: file) }
        }
    }

    @Test(
        arguments: [
            [0x30], [0x30, 0x80], [0x30, 0x81], [0x30, 0x82, 0x01], [0x30, 0x81, 0x05], [0x30, 0x82, 0x00, 0x90],
            [0x30, 0x84, 0xFF, 0xFF, 0xFF, 0xFF], [0x30, 0xFF, 0xFF],
            [0x30, 0x88, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
            [0x30, 0x05, 0x00], [0x31, 0x00], [0x04, 0x00],
        ] as [[UInt8]]
    )
    func `a file that does not begin with one whole sequence is refused`(file: [UInt8]) {
        #expect(throws: CertificateFlaw.notDER) { try CertificateFacts.trimmed(fromFile: file) }
    }
}
