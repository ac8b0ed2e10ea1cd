import ForeignTools
import SwiftASN1
import Testing
import X509

@testable import Validation

@Suite struct PublishedAnchorTests {
    /// What the page of J-LIS gives for its authorities, as far as they are at hand.
    // swift-format-ignore
    static let published: [(CertificatePurpose, Int, serial: String, from: Int64, to: Int64, key: String, fingerprint: String)] = [
        (.signature, 1, "01", 1_445_308_828, 1_760_885_999, "0D034CBB34D0714F45E45A1CAFD8FD143FAB54A7", "19645405A1FE14377434BD55957628AC4038557C542403A2243F21C706FC9355"),
        (.signature, 2, "0132C4AB", 1_568_504_516, 1_884_092_399, "4DE017DE4B7F473DCD867A62D38B134ACE83558A", "79679C33E4CC9319440F1AD120A597FF1844E2EF217063ADB176966FD5E6FBEB"),
        (.signature, 3, "067C6A21", 1_689_468_627, 2_005_052_399, "D21EA55895617E93ADBF966B941AB4EDF653F08F", "D227F6CDE11D35C5252178F106F843D24651944975413B539FA2FB68DBFA365F"),
        (.authentication, 1, "01", 1_445_310_493, 1_760_885_999, "9567951B5CA70D84A0FFF1D85A87F1AAB1340385", "4DCFC4CA0AAF9FB2A3081B3F0C991C320B3ACC008667A341EEAEC5AF1D58CA7D"),
        (.authentication, 3, "06D18006", 1_689_469_264, 2_005_052_399, "1AC100F596A3BC8C4B3DF195E32699249E9E308A", "64114F29620C24ED2631D46476A040E7EE740D956089C00B036A6A8118C322B5"),
    ]

    @Test func `all five are there, each with its serial number, validity, key identifier and fingerprint`() {
        let anchors = TrustAnchors.production.anchors
        #expect(TrustAnchors.production.hierarchy == .production)
        #expect(anchors.count == Self.published.count)
        for (anchor, row) in zip(anchors, Self.published) {
            #expect(anchor.kind == row.0)
            #expect(anchor.generation == row.1)
            #expect(anchor.facts.serialHex == row.serial)
            #expect(anchor.facts.notBefore == row.from)
            #expect(anchor.facts.notAfter == row.to)
            #expect(anchor.facts.subjectKeyIdentifier == row.key)
            #expect(anchor.fingerprint == row.fingerprint)
            #expect(anchor.facts.keyUsages == ["keyCertSign", "cRLSign"])
            #expect(anchor.facts.issuer == anchor.facts.subject)
            #expect(anchor.facts.issuer.hasPrefix("C=JP, O=JPKI, OU=JPKI for "))
            #expect(anchor.facts.isAuthority)
        }
    }

    @Test func `the authority for user authentication of 2019 is not at hand`() {
        #expect(!TrustAnchors.production.anchors.contains { $0.kind == .authentication && $0.generation == 2 })
        #expect(!TrustAnchors.production.anchors.contains { $0.facts.serialHex == "0133C349" })
    }

    @Test func `their own signatures hold, by another road than the one that made them anchors`() throws {
        for anchor in TrustAnchors.production.anchors {
            let certificate = try Certificate(derEncoded: anchor.facts.der)
            #expect(certificate.publicKey.isValidSignature(certificate.signature, for: certificate))
        }
    }

    @Test func `openssl computes the same fingerprints and accepts each under itself and under no other`() throws {
        let anchors = TrustAnchors.production.anchors
        for (place, anchor) in anchors.enumerated() {
            let pem = OpenSSLProgram.pem(anchor.facts.der)
            let printed = try OpenSSLProgram.run(
                ["x509", "-in", "c", "-noout", "-fingerprint", "-sha256"],
                files: ["c": pem]
            ).text
            #expect(printed.replacing(":", with: "").hasSuffix("Fingerprint=\(anchor.fingerprint)\n"))
            let other = OpenSSLProgram.pem(anchors[(place + 1) % anchors.count].facts.der)
            for (authority, isGood) in [(pem, true), (other, false)] {
                let answer = try OpenSSLProgram.run(
                    ["verify", "-check_ss_sig", "-no_check_time", "-CAfile", "ca", "c"],
                    files: ["ca": authority, "c": pem]
                )
                #expect((answer.status == 0) == isGood)
            }
        }
    }

    @Test func `a row whose certificate is not the one with its fingerprint is left out`() throws {
        let first = PublishedAnchor.all[0]
        let second = PublishedAnchor.all[1]
        let wrong = [
            row(first, fingerprint: second.fingerprint), row(first, fingerprint: first.fingerprint.lowercased()),
            row(first, fingerprint: ""), row(first, certificate: second.certificate), row(first, certificate: ""),
            row(first, certificate: "not base64"), row(first, certificate: String(first.certificate.dropLast(8))),
        ]
        #expect(TrustAnchors(published: wrong).anchors.isEmpty)
        let mixed = TrustAnchors(published: wrong + [first])
        #expect(mixed.anchors.map(\.fingerprint) == [first.fingerprint])
    }

    @Test func `a row that pins the right fingerprint of something that is no authority is left out`() throws {
        let der = try Forger.sign.issue()
        let pinned = PublishedAnchor(
            kind: .signature,
            generation: 9,
            fingerprint: try CertificateFacts(parsing: der).fingerprint,
            certificate: OpenSSLProgram.pem(der).withoutArmour
        )
        #expect(pinned.anchor == nil)
    }

    private func row(
        _ row: PublishedAnchor,
        fingerprint: String? = nil,
        certificate: String? = nil
    ) -> PublishedAnchor {
        PublishedAnchor(
            kind: row.kind,
            generation: row.generation,
            fingerprint: fingerprint ?? row.fingerprint,
            certificate: certificate ?? row.certificate
        )
    }
}

extension [UInt8] {
    fileprivate var withoutArmour: String {
        String(decoding: self, as: UTF8.self).split(separator: "\n").filter { !$0.hasPrefix("-") }.joined()
    }
}
