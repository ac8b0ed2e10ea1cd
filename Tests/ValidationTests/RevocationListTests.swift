import PKIX
import Problems
import Testing
import Validation
import X509

@Suite("Revocation by lists")
struct RevocationListTests {
    private let forger: Forger
    private let anchors: TrustAnchors
    private let certificate: [UInt8]

    init() throws {
        forger = try Forger.sign
        anchors = try Forger.anchors
        certificate = try forger.issue()
    }

    private func judge(
        _ lists: [[UInt8]],
        minimum: UInt64 = 0,
        at instant: Int64 = Fixture.now,
        until: Int64? = nil
    ) throws -> CertificateVerdict {
        let read = try lists.map { try RevocationList(parsing: $0, minimumNumber: minimum) }
        let evidence = RevocationEvidence(
            lists: RevocationLists(read, signedUnder: anchors),
            freshness: EvidenceFreshness(gatheredUntil: until)
        )
        return CertificateJudge(anchors).judge(certificate, as: .signature, at: instant, by: evidence)
    }

    @Test("A certificate that its list does not name is valid, and the list is the evidence")
    func good() throws {
        let list = try forger.list([(5, .superseded)])
        let verdict = try judge([list])
        #expect(verdict.conclusion == .valid)
        #expect(verdict.conclusion.outcome == .done)
        let status = try #require(verdict.revocation)
        #expect(status.word == .good)
        #expect(status.rule == .covering)
        let document = try #require(status.documents.first)
        #expect(document.kind == .list && document.number == 10)
        #expect(document.thisUpdate == Fixture.now - 100 && document.nextUpdate == Fixture.now + 172_800)
        #expect(document.fingerprint == (try RevocationList(parsing: list)).fingerprint)
        #expect(anchors.anchors.map(\.fingerprint).contains(document.signer))
    }

    @Test("A certificate on its list is revoked, whatever the reason; a hold, too", arguments: CRLReason.allCases)
    func revoked(reason: CRLReason) throws {
        guard reason != .removeFromCRL else { return }
        let verdict = try judge([try forger.list([(Forger.serial, reason)])])
        #expect(verdict.conclusion == .revoked)
        #expect(verdict.conclusion.outcome == .revokedOrExpired)
        #expect(verdict.failed == ["revocation"])
        #expect(verdict.revocation?.reason == reason)
        #expect(verdict.revocation?.revokedAt == Fixture.now - 500)
        #expect(verdict.reason("revocation").contains("on hold") == (reason == .certificateHold))
    }

    @Test("Lists that are not the right ones leave revocation unchecked, each with its reason")
    func wrong() throws {
        let other = try Forger(.signature)
        let auth = try Forger.auth
        let cases: [(list: [UInt8], reason: String)] = [
            (try auth.list([(Forger.serial, .superseded)]), "no list is of its issuer"),
            (try other.list([(Forger.serial, .superseded)]), "no generation"),
            (try other.list { $0.authorityKeyIdentifier = forger.keyIdentifier }, "signature on the list is wrong"),
            (try forger.list { $0.scope = .init(name: try forger.nameDER, .userCertificates) }, "distribution point"),
            (try forger.list { $0.scope?.kind = .authorityCertificates }, "all certificates of holders"),
            (try forger.list { $0.nextUpdate = Fixture.now - 61 }, "out of date"),
            (try forger.list { $0.thisUpdate = Fixture.now + 61 }, "after the time that is judged"),
        ]
        for (list, reason) in cases {
            let verdict = try judge([list])
            #expect(verdict.conclusion == .undecided, "\(reason)")
            #expect(verdict.revocation == nil)
            #expect(verdict.reason("revocation").contains(reason), "\(verdict.reason("revocation")) for \(reason)")
        }
    }

    @Test("Clocks may differ by the tolerance and no more", arguments: [0, 60, 61])
    func tolerance(seconds: Int64) throws {
        let early = try judge([try forger.list { $0.thisUpdate = Fixture.now + seconds }])
        let late = try judge([try forger.list { $0.nextUpdate = Fixture.now - seconds }])
        #expect((early.conclusion == .valid) == (seconds <= 60))
        #expect((late.conclusion == .valid) == (seconds <= 60))
    }

    @Test("A number lower than one seen before is refused", arguments: [9, 10, 11])
    func number(minimum: UInt64) throws {
        let verdict = try judge([try forger.list()], minimum: minimum)
        #expect((verdict.conclusion == .valid) == (minimum <= 10))
        if minimum > 10 { #expect(verdict.reason("revocation").contains("lower")) }
    }

    @Test("A critical extension that is not understood makes a list useless, also for saying revoked")
    func unknownCritical() throws {
        let signed = try forger.list([(Forger.serial, .superseded)]).withUnknownCriticalExtension()
        let list = CertificateList.assemble(
            toBeSigned: signed,
            algorithm: .sha256WithRSAEncryption,
            signature: try forger.sign(signed)
        )
        #expect(try CertificateList(parsing: list).unknownCritical == ["2.5.29.99"])
        let verdict = try judge([list])
        #expect(verdict.conclusion == .undecided)
        #expect(verdict.reason("revocation").contains("critical extension"))
    }

    // MARK: - Deltas

    private func delta(
        _ entries: [(serial: UInt32, reason: CRLReason)],
        base: UInt64 = 10,
        number: UInt64 = 12,
        _ change: (inout CertificateListDraft) throws -> Void = { _ in }
    ) throws -> [UInt8] {
        try forger.list(entries, number: number) { draft in
            draft.deltaBase = base
            draft.thisUpdate = Fixture.now - 50
            try change(&draft)
        }
    }

    @Test("A delta list adds to its base, and both are the evidence")
    func deltas() throws {
        let base = try forger.list([(5, .superseded)])
        let good = try judge([try delta([(6, .superseded)]), base])
        #expect(good.conclusion == .valid)
        #expect(good.revocation?.documents.map(\.kind) == [.list, .delta])
        #expect(good.revocation?.documents.map(\.number) == [10, 12])
        let revoked = try judge([base, try delta([(Forger.serial, .certificateHold)])])
        #expect(revoked.conclusion == .revoked)
    }

    @Test("A delta that holds keeps an old base alive")
    func oldBase() throws {
        let base = try forger.list { draft in
            draft.thisUpdate = Fixture.now - 400_000
            draft.nextUpdate = Fixture.now - 200_000
        }
        #expect(try judge([base]).conclusion == .undecided)
        #expect(try judge([base, try delta([])]).conclusion == .valid)
    }

    @Test("A delta that does not fit its base does not help it")
    func misfits() throws {
        let base = try forger.list { $0.nextUpdate = Fixture.now - 1000 }
        let misfits = [
            try delta([], base: 11, number: 12),
            try delta([], base: 9, number: 10),
            try delta([]) { $0.scope = .init(name: nil, .userCertificates) },
            try delta([]) { $0.nextUpdate = Fixture.now - 500 },
        ]
        for misfit in misfits { #expect(try judge([base, misfit]).conclusion == .undecided) }
        #expect(try judge([try delta([])]).reason("revocation").contains("adds to"))
    }

    @Test("A delta that takes an entry back does not lift a hold")
    func lifting() throws {
        let base = try forger.list([(Forger.serial, .certificateHold)])
        let verdict = try judge([base, try delta([(Forger.serial, .removeFromCRL)])])
        #expect(verdict.conclusion == .revoked)
    }

    // MARK: - Other times

    @Test("A revocation stands, however old the list that tells of it")
    func standing() throws {
        let verdict = try judge([
            try forger.list([(Forger.serial, .keyCompromise)]) { $0.nextUpdate = Fixture.now - 50_000 }
        ])
        #expect(verdict.conclusion == .revoked)
        #expect(verdict.revocation?.rule == .standing)
    }

    @Test("At a past time a certificate that was revoked later was good")
    func revokedLater() throws {
        let past = Fixture.now + 1000
        let list = try forger.list([(Forger.serial, .superseded)], revokedAt: past + 50) { draft in
            draft.thisUpdate = past + 100
            draft.nextUpdate = past + 200
        }
        let verdict = try judge([list], at: past, until: past + 150)
        #expect(verdict.conclusion == .valid)
        #expect(verdict.revocation?.rule == .revokedLater)
        #expect(verdict.revocation?.revokedAt == past + 50)
        #expect(try judge([list], at: past + 50, until: past + 150).conclusion == .revoked)
        #expect(try judge([list], at: past).conclusion == .undecided)
    }

    @Test("A later list that does not name it says it was good before")
    func later() throws {
        let past = Fixture.now + 1000
        let list = try forger.list { draft in
            draft.thisUpdate = past + 5000
            draft.nextUpdate = past + 6000
        }
        #expect(try judge([list], at: past, until: past + 5500).revocation?.rule == .later)
        #expect(try judge([list], at: past).conclusion == .undecided)
    }

    @Test("A list made after a certificate expired says nothing by leaving it out")
    func afterExpiry() throws {
        let list = try forger.list { draft in
            draft.thisUpdate = Fixture.lastSecond + 10
            draft.nextUpdate = Fixture.lastSecond + 1000
        }
        let verdict = try judge([list], at: Fixture.lastSecond, until: Fixture.lastSecond + 100)
        #expect(verdict.conclusion == .undecided)
        #expect(verdict.reason("revocation").contains("expired"))
    }

    @Test("What is revoked and otherwise wrong is invalid; revoked and expired is revoked")
    func order() throws {
        let list = try forger.list([(Forger.serial, .superseded)])
        let evidence = RevocationEvidence(
            lists: RevocationLists([try RevocationList(parsing: list)], signedUnder: anchors)
        )
        let judge = CertificateJudge(anchors)
        let wrong = judge.judge(certificate, as: .authentication, at: Fixture.now, by: evidence)
        #expect(wrong.conclusion == .invalid)
        let late = judge.judge(certificate, as: .signature, at: Fixture.lastSecond + 1, by: evidence)
        #expect(late.conclusion == .revoked)
        #expect(late.failed == ["validity", "revocation"])
    }

    @Test("Lists taken in under other authorities than the judge's do not count")
    func otherAnchors() throws {
        let list = try RevocationList(parsing: try forger.list())
        let others = try TrustAnchors(simulated: Forger(.signature).certificate(), authCA: Forger.auth.certificate())
        let evidence = RevocationEvidence(lists: RevocationLists([list], signedUnder: others))
        let verdict = CertificateJudge(anchors).judge(certificate, as: .signature, at: Fixture.now, by: evidence)
        #expect(verdict.conclusion == .undecided)
    }
}
