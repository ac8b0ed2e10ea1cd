import CertificateProfiles
import EventLog
import Testing

@Suite("State from the log")
struct AuthorityStateTests {
    let reference = CertificateReference(.auth, 7)

    private var plan: AuthorityEvent {
        .issuancePlanned(
            IssuancePlanned(
                certificate: reference,
                generation: 1,
                kind: .auth,
                partition: "13101",
                notBefore: 0,
                notAfter: 1,
                toBeSigned: Fingerprint.of([1]),
                request: "r"
            )
        )
    }

    private var issue: AuthorityEvent {
        .certificateIssued(CertificateIssued(certificate: reference, fingerprint: Fingerprint.of([2])))
    }

    private var hold: AuthorityEvent {
        .certificateRevoked(
            CertificateRevoked(
                certificate: reference,
                reason: .certificateHold,
                at: 99,
                partition: "13101",
                notAfter: 100
            )
        )
    }

    @Test("events of several writers give one state, in whatever order they are read")
    func orders() throws {
        let one = try Chains.chain("one", [plan, issue])
        let two = try Chains.chain("two", [.certificateReleased(reference), hold, .holdMadeFinal(reference)])
        for entries in [one + two, two + one, two.reversed() + one.reversed()] {
            var state = AuthorityState()
            for entry in entries { state.take(entry) }
            let certificate = try #require(state.certificates[reference])
            #expect(certificate.state == .revoked && certificate.reason == .certificateHold)
            #expect(certificate.revokedAt == 99 && certificate.changedBy == two[2].position)
            #expect(certificate.fingerprint == Fingerprint.of([2]))
            #expect(state.impossible.isEmpty && state.faults.isEmpty)
        }
    }

    @Test("what could not have happened is told by its place")
    func impossible() throws {
        let log = try Chains.chain("one", [plan, issue, issue, .holdMadeFinal(reference)])
        var state = AuthorityState()
        for entry in log { state.take(entry) }
        #expect(state.impossible == [.impossible(log[2].position), .impossible(log[3].position)])
        #expect(state.certificates[reference]?.state == .issuedInactive)
    }

    @Test("an event of a later version is told, not guessed")
    func unreadable() {
        let entry = LogEntry(after: LogHead(of: "one"), instant: 0, actor: "x", body: Array("{\"later\":{}}".utf8))
        var state = AuthorityState()
        state.take(entry)
        #expect(state.faults == [.unreadable(entry.position)])
    }
}
