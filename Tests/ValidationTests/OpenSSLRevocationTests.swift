import ForeignTools
import Foundation
import PKIX
import Testing
import Validation

/// `openssl verify -crl_check` and `openssl ocsp` beside this project's verdict on the same bytes.
@Suite("openssl and revocation")
struct OpenSSLRevocationTests {
    private let forger: Forger
    private let anchors: TrustAnchors
    private let certificate: [UInt8]
    private let authority: [UInt8]

    init() throws {
        forger = try Forger.sign
        anchors = try Forger.anchors
        certificate = try forger.issue()
        authority = try forger.certificate()
    }

    private func openssl(_ lists: [[UInt8]], at instant: Int64 = Fixture.now) throws -> Bool {
        let pem = lists.map { list in
            let body = Data(list).base64EncodedString(options: [.lineLength64Characters, .endLineWithLineFeed])
            return "-----BEGIN X509 CRL-----\n\(body)\n-----END X509 CRL-----\n"
        }
        let said = try OpenSSLProgram.run(
            ["verify", "-crl_check", "-extended_crl", "-use_deltas", "-attime", "\(instant)"]
                + ["-CAfile", "ca", "-CRLfile", "lists", "c"],
            files: [
                "ca": OpenSSLProgram.pem(authority), "c": OpenSSLProgram.pem(certificate),
                "lists": Array(pem.joined().utf8),
            ]
        )
        return said.status == 0
    }

    private func ours(_ lists: [[UInt8]], at instant: Int64 = Fixture.now) throws -> Bool {
        let read = try lists.map { try RevocationList(parsing: $0) }
        let evidence = RevocationEvidence(
            lists: RevocationLists(read, signedUnder: anchors),
            freshness: EvidenceFreshness(tolerance: 0)
        )
        let verdict = CertificateJudge(anchors).judge(certificate, as: .signature, at: instant, by: evidence)
        return verdict.conclusion == .valid
    }

    @Test("Both say the same of partitioned lists")
    func partitioned() throws {
        let elsewhere = try forger.partition(of: certificate).patched(
            Array("Chiyoda-ku".utf8),
            Array("Minato-ku2".utf8)
        )
        let cases: [(lists: [[UInt8]], isGood: Bool)] = [
            ([try forger.list()], true),
            ([try forger.list([(5, .superseded)])], true),
            ([try forger.list([(Forger.serial, .superseded)])], false),
            ([try forger.list([(Forger.serial, .certificateHold)])], false),
            ([try forger.list { $0.scope = .init(name: elsewhere, .userCertificates) }], false),
            ([try forger.list { $0.scope?.kind = .authorityCertificates }], false),
            ([try forger.list { $0.nextUpdate = Fixture.now - 1 }], false),
            ([try forger.list { $0.thisUpdate = Fixture.now + 1 }], false),
            ([try Forger(.signature).list { $0.authorityKeyIdentifier = forger.keyIdentifier }], false),
            ([try forger.list { $0.scope = .init(name: elsewhere, .userCertificates) }, try forger.list()], true),
            ([try forger.list { $0.scope = nil }], true),
        ]
        for (place, one) in cases.enumerated() {
            #expect(try openssl(one.lists) == one.isGood, "openssl, case \(place)")
            #expect(try ours(one.lists) == one.isGood, "ours, case \(place)")
        }
    }

    @Test("Both say the same of delta lists")
    func deltas() throws {
        let partition = try forger.partition(of: certificate)
        func base(
            _ entries: [(serial: UInt32, reason: CRLReason)] = [],
            _ change: (inout CertificateListDraft) -> Void = { _ in }
        ) throws -> [UInt8] {
            try forger.list(entries) { draft in
                draft.freshest = partition
                change(&draft)
            }
        }
        func delta(
            _ entries: [(serial: UInt32, reason: CRLReason)] = [],
            base: UInt64 = 10,
            number: UInt64 = 12
        ) throws -> [UInt8] {
            try forger.list(entries, number: number) { $0.deltaBase = base }
        }
        let old = { (draft: inout CertificateListDraft) in draft.nextUpdate = Fixture.now - 1 }
        let cases: [(lists: [[UInt8]], isGood: Bool)] = [
            ([try base(), try delta()], true),
            ([try base(), try delta([(Forger.serial, .superseded)])], false),
            ([try base([(Forger.serial, .superseded)]), try delta()], false),
            ([try base([], old)], false),
            ([try base([], old), try delta()], true),
            ([try base([], old), try delta(base: 11)], false),
            ([try base([], old), try delta(base: 9, number: 10)], false),
            ([try delta()], false),
        ]
        for (place, one) in cases.enumerated() {
            #expect(try openssl(one.lists) == one.isGood, "openssl, case \(place)")
            #expect(try ours(one.lists) == one.isGood, "ours, case \(place)")
        }
    }

    @Test("Both take the same from OCSP answers, of the authority and of a delegated responder")
    func answers() throws {
        let key = try OCSPAnswerTests.responderKey
        let stranger = try Forger.auth.responder(key)
        let statuses: [(OCSPAnswer.Status, String)] = [
            (.good, "good"), (.revoked(at: Fixture.now - 7, reason: .certificateHold), "revoked"),
            (.unknown, "unknown"),
        ]
        for (status, word) in statuses {
            let direct = try forger.answer(status)
            let delegated = try forger.answer(status, by: (key, try forger.responder(key)))
            for answer in [direct, delegated] {
                let said = try ocsp(answer)
                #expect(said.verified && said.text.contains(": \(word)"), "\(said.text)")
                #expect(judge(answer)?.word.rawValue == word)
            }
            let foreign = try forger.answer(status, by: (key, stranger))
            #expect(try !ocsp(foreign).verified)
            #expect(judge(foreign) == nil)
        }
    }

    @Test("openssl asks about a certificate as the judge's question does")
    func question() throws {
        let asked = try OpenSSLProgram.run(
            ["ocsp", "-issuer", "ca", "-cert", "c", "-no_nonce", "-reqout", "/dev/stdout"],
            files: ["ca": OpenSSLProgram.pem(authority), "c": OpenSSLProgram.pem(certificate)]
        ).output
        let anchor = try #require(anchors.anchors.first)
        #expect(try anchor.statusRequest(about: CertificateFacts(parsing: certificate), nonce: nil) == asked)
    }

    private func judge(_ answer: [UInt8]) -> RevocationStatus? {
        let evidence = RevocationEvidence(answers: [StatusAnswer(answer)])
        return CertificateJudge(anchors).judge(certificate, as: .signature, at: Fixture.now, by: evidence).revocation
    }

    private func ocsp(_ answer: [UInt8]) throws -> (verified: Bool, text: String) {
        let said = try ForeignProgram.run(
            "openssl",
            // The answer is of the past; openssl takes the time from its own clock.
            ["ocsp", "-issuer", "ca", "-cert", "c", "-respin", "r", "-CAfile", "ca", "-no_nonce"]
                + ["-validity_period", "1000000000", "-attime", "\(Fixture.now)"],
            files: [
                "ca": OpenSSLProgram.pem(authority), "c": OpenSSLProgram.pem(certificate), "r": answer,
            ]
        )
        return (said.notes.contains("Response verify OK"), said.text)
    }
}
