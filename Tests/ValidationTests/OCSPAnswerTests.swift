import CryptoExtras
import PKIX
import Testing
import Validation
import X509

@Suite("Revocation by OCSP")
struct OCSPAnswerTests {
    private let forger: Forger
    private let anchors: TrustAnchors
    private let certificate: [UInt8]

    init() throws {
        forger = try Forger.sign
        anchors = try Forger.anchors
        certificate = try forger.issue()
    }

    private static let storedKey = Result { try Certificate.PrivateKey(_RSA.Signing.PrivateKey(keySize: .bits2048)) }
    static var responderKey: Certificate.PrivateKey { get throws { try storedKey.get() } }

    private func judge(
        _ answer: [UInt8],
        nonce: [UInt8]? = nil,
        at instant: Int64 = Fixture.now,
        _ freshness: EvidenceFreshness = EvidenceFreshness()
    ) -> CertificateVerdict {
        let evidence = RevocationEvidence(answers: [StatusAnswer(answer, nonce: nonce)], freshness: freshness)
        return CertificateJudge(anchors).judge(certificate, as: .signature, at: instant, by: evidence)
    }

    @Test("An answer of the authority itself confirms, by either hash", arguments: [HashAlgorithm.sha1, .sha256])
    func good(algorithm: HashAlgorithm) throws {
        let answer = try forger.answer { $0.answers[0].certificate = try forger.certID(by: algorithm) }
        let verdict = judge(answer)
        #expect(verdict.conclusion == .valid)
        let document = try #require(verdict.revocation?.documents.first)
        #expect(document.kind == .answer && document.number == nil)
        #expect(document.producedAt == Fixture.now - 5)
        #expect(document.hasNonce == false)
        #expect(anchors.anchors.map(\.fingerprint).contains(document.signer))
    }

    @Test("A delegated responder confirms, and is named in the evidence")
    func delegated() throws {
        let responder = try forger.responder(Self.responderKey)
        let verdict = judge(try forger.answer(by: (try Self.responderKey, responder)))
        #expect(verdict.conclusion == .valid)
        let signer = verdict.revocation?.documents.first?.signer
        #expect(signer == (try CertificateFacts(parsing: responder)).fingerprint)
    }

    @Test("Revoked and on hold refuse; what the responder does not know is not confirmed, and no revocation either")
    func statuses() throws {
        let revoked = judge(try forger.answer(.revoked(at: Fixture.now - 7, reason: .certificateHold)))
        #expect(revoked.conclusion == .revoked)
        #expect(revoked.revocation?.reason == .certificateHold)
        let unknown = judge(try forger.answer(.unknown))
        #expect(unknown.conclusion == .invalid)
        #expect(unknown.failed == ["revocation"])
        #expect(unknown.reason("revocation") == "the responder does not know it")
        #expect(unknown.revocation?.word == .unknown)
    }

    @Test("Refusals leave it unchecked and say which", arguments: OCSPRefusal.allCases)
    func refusals(refusal: OCSPRefusal) {
        let verdict = judge(refusal.encoded)
        #expect(verdict.conclusion == .undecided)
        #expect(verdict.reason("revocation").contains(refusal.name))
    }

    @Test("Answers that are not the right ones leave it unchecked, each with its reason")
    func wrong() throws {
        let (other, auth) = (try Forger(.signature), try Forger.auth)
        let key = try Self.responderKey
        let plain = try forger.answer()
        var broken = plain
        broken[broken.count - 1] ^= 1
        let cases: [(answer: [UInt8], reason: String)] = [
            ([], "cannot be read"),
            (Array(plain.dropLast()), "cannot be read"),
            (try forger.answer { $0.answers[0].certificate = try forger.certID(5) }, "not about it"),
            (try forger.answer { $0.answers[0].certificate = try auth.certID() }, "not about it"),
            (try forger.answer { $0.answers[0].certificate = try other.certID() }, "not about it"),
            (try other.answer { $0.answers[0].certificate = try forger.certID() }, "who signed"),
            (broken, "signature on the OCSP answer is wrong"),
            (
                try forger.answer(by: (key, try forger.responder(key) { $0.drop(.X509ExtensionID.extendedKeyUsage) })),
                "not delegated"
            ),
            (
                try forger.answer(
                    by: (
                        key,
                        try forger.responder(key) {
                            $0.put(try .init(ExtendedKeyUsage([.clientAuth]), critical: false))
                        }
                    )
                ), "not delegated"
            ),
            (try forger.answer(by: (key, try auth.responder(key))), "not delegated"),
            (try forger.answer(by: (key, try other.responder(key))), "not delegated"),
            (
                try forger.answer(by: (key, try forger.responder(key) { $0.notAfter = Fixture.now - 100 })),
                "outside its validity"
            ),
            (
                try forger.answer(by: (key, try forger.responder(key) { $0.notBefore = Fixture.now + 100 })),
                "outside its validity"
            ),
            (
                try forger.answer(by: (key, try forger.responder(key) { $0.extensions.removeLast() })),
                "could itself be revoked"
            ),
            (try forger.answer { $0.answers[0].nextUpdate = Fixture.now - 61 }, "out of date"),
            (try forger.answer { $0.answers[0].thisUpdate = Fixture.now - 3661 }, "out of date"),
            (try forger.answer { $0.answers[0].thisUpdate = Fixture.now + 61 }, "after the time that is judged"),
            (try forger.answer { $0.producedAt = Fixture.now + 61 }, "after the time that is judged"),
        ]
        for (answer, reason) in cases {
            let verdict = judge(answer)
            #expect(verdict.conclusion == .undecided, "\(reason)")
            #expect(verdict.revocation == nil)
            #expect(verdict.reason("revocation").contains(reason), "\(verdict.reason("revocation")) for \(reason)")
        }
    }

    @Test("The nonce that was sent must come back")
    func nonce() throws {
        let sent: [UInt8] = [1, 2, 3]
        let answer = try forger.answer { $0.nonce = sent[...] }
        #expect(judge(answer, nonce: sent).conclusion == .valid)
        #expect(judge(answer, nonce: sent).revocation?.documents.first?.hasNonce == true)
        #expect(judge(answer).conclusion == .valid)
        #expect(judge(answer, nonce: [1, 2, 4]).reason("revocation").contains("nonce"))
        #expect(judge(try forger.answer(), nonce: sent).reason("revocation").contains("nonce"))
    }

    @Test("A past time is judged by an answer of then, or by a later one")
    func past() throws {
        #expect(judge(try forger.answer(), at: Fixture.now + 200).conclusion == .undecided)
        let archived = EvidenceFreshness(gatheredUntil: Fixture.now)
        let past = Fixture.now - 100
        let certificate = try forger.issue { $0.notBefore = Fixture.now - 1000 }
        let judge = CertificateJudge(anchors)
        func judged(_ answer: [UInt8], _ freshness: EvidenceFreshness) -> CertificateVerdict {
            let evidence = RevocationEvidence(answers: [StatusAnswer(answer)], freshness: freshness)
            return judge.judge(certificate, as: .signature, at: past, by: evidence)
        }
        let good = judged(try forger.answer(), archived)
        #expect(good.conclusion == .valid && good.revocation?.rule == .later)
        #expect(judged(try forger.answer(), EvidenceFreshness()).conclusion == .undecided)
        let since = judged(try forger.answer(.revoked(at: past + 1, reason: nil)), archived)
        #expect(since.conclusion == .valid && since.revocation?.rule == .revokedLater)
        let before = judged(try forger.answer(.revoked(at: past, reason: nil)), archived)
        #expect(before.conclusion == .revoked)
    }

    @Test("After a certificate's end only a responder that keeps the status so long is believed")
    func archive() throws {
        let freshness = EvidenceFreshness(gatheredUntil: Fixture.lastSecond + 1000)
        let late = { (draft: inout OCSPResponseDraft) in
            draft.producedAt = Fixture.lastSecond + 500
            draft.answers[0].thisUpdate = Fixture.lastSecond + 500
            draft.answers[0].nextUpdate = nil
        }
        let plain = try forger.answer(.good, late)
        #expect(judge(plain, at: Fixture.lastSecond, freshness).reason("revocation").contains("remember"))
        let kept = try forger.answer { draft in
            late(&draft)
            draft.answers[0].archiveCutoff = Fixture.now
        }
        #expect(judge(kept, at: Fixture.lastSecond, freshness).conclusion == .valid)
    }

    @Test("Of a list and an answer the one that says revoked decides")
    func both() throws {
        let list = try RevocationList(parsing: forger.list([(Forger.serial, .superseded)]))
        let evidence = RevocationEvidence(
            lists: RevocationLists([list], signedUnder: anchors),
            answers: [StatusAnswer(try forger.answer())]
        )
        let verdict = CertificateJudge(anchors).judge(certificate, as: .signature, at: Fixture.now, by: evidence)
        #expect(verdict.conclusion == .revoked)
        #expect(verdict.revocation?.documents.first?.kind == .list)
        let failed = RevocationEvidence(failure: .unreachable)
        let silent = CertificateJudge(anchors).judge(certificate, as: .signature, at: Fixture.now, by: failed)
        #expect(silent.conclusion == .undecided)
        #expect(silent.reason("revocation").contains("nobody answered"))
    }

    @Test("The question asked is the one that openssl asks")
    func question() throws {
        let facts = try CertificateFacts(parsing: certificate)
        let anchor = try #require(anchors.anchors.first)
        let request = try OCSPRequest(parsing: anchor.statusRequest(about: facts, nonce: [1]))
        #expect(request.certificates == [try forger.certID()])
        let wide = try OCSPRequest(parsing: anchor.statusRequest(about: facts, by: .sha256, nonce: nil))
        #expect(wide.certificates == [try forger.certID(by: .sha256)])
    }
}
