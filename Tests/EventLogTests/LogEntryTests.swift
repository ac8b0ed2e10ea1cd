import CertificateProfiles
import EventLog
import Testing

@Suite("Log entries")
struct LogEntryTests {
    @Test("an entry follows its head, and its instant never goes back")
    func following() {
        let first = LogEntry(after: LogHead(of: "one"), instant: 500, actor: "a", body: [1])
        let second = LogEntry(after: LogHead(after: first), instant: 400, actor: "a", body: [1])
        #expect(first.follows(LogHead(of: "one")) && second.follows(LogHead(after: first)))
        #expect(!second.follows(LogHead(of: "one")) && !first.follows(LogHead(of: "two")))
        #expect(second.instant == 500)
    }

    @Test("the hash depends on every part, and not on where one part ends and the next begins")
    func hash() {
        let head = LogHead(of: "one")
        let entries = [
            LogEntry(after: head, instant: 1, actor: "ab", body: Array("c".utf8)),
            LogEntry(after: head, instant: 1, actor: "a", body: Array("bc".utf8)),
            LogEntry(after: head, instant: 2, actor: "ab", body: Array("c".utf8)),
            LogEntry(after: LogHead(of: "onea"), instant: 1, actor: "b", body: Array("c".utf8)),
            LogEntry(
                after: LogHead(after: LogEntry(after: head, instant: 0, actor: "", body: [])),
                instant: 1,
                actor: "ab",
                body: Array("c".utf8)
            ),
        ]
        #expect(Set(entries.map(\.hash)).count == entries.count)
        for entry in entries { #expect(entry.hasRightHash) }
    }

    @Test("events come back from their JSON")
    func events() throws {
        for event in [
            AuthorityEvent.serviceStopped, .serviceStarted(ServiceStarted(program: "fuda-server")),
            .certificateReleased(CertificateReference(.sign, 9)),
            .clockTrusted(ClockTrusted(before: 1_790_000_000_123, after: 1_790_000_090_123)),
            .certificateLookedUp(
                CertificateLookedUp(
                    certificate: CertificateReference(.auth, 7),
                    relation: .pair,
                    found: CertificateReference(.sign, 5),
                    purpose: "liveness"
                )
            ),
            .certificateLookedUp(
                CertificateLookedUp(certificate: CertificateReference(.auth, 7), relation: .successor, found: nil)
            ),
        ] {
            #expect(try AuthorityEvent(decoding: event.encoded()) == event)
        }
    }

    /// Bodies as logs hold them that were written before there were other kinds.
    static let written: [(String, AuthorityEvent)] = [
        (
            #"{"partitionOpened":{"_0":{"authority":"sign","code":"13101","municipality":"Chiyoda-ku","prefecture":"Tokyo-to"}}}"#,
            .partitionOpened(
                PartitionOpened(
                    authority: .sign,
                    code: "13101",
                    prefecture: "Tokyo-to",
                    municipality: "Chiyoda-ku"
                )
            )
        ),
        (
            #"{"certificateReleased":{"_0":{"authority":"auth","serial":3}}}"#,
            .certificateReleased(CertificateReference(.auth, 3))
        ),
        (
            #"{"certificateRevoked":{"_0":{"at":1790000000,"certificate":{"authority":"auth","serial":3},"notAfter":1890000000,"partition":"13101","reason":6}}}"#,
            .certificateRevoked(
                CertificateRevoked(
                    certificate: CertificateReference(.auth, 3),
                    reason: .certificateHold,
                    at: 1_790_000_000,
                    partition: "13101",
                    notAfter: 1_890_000_000
                )
            )
        ),
        (#"{"verifierDismissed":{"_0":{"name":"bank"}}}"#, .verifierDismissed(VerifierDismissed(name: "bank"))),
        (#"{"serviceStarted":{"_0":{"program":"fuda"}}}"#, .serviceStarted(ServiceStarted(program: "fuda"))),
        (#"{"serviceStopped":{}}"#, .serviceStopped),
    ]

    @Test("events that older programs wrote are read, and written the same", arguments: written)
    func olderEvents(body: String, event: AuthorityEvent) throws {
        #expect(try AuthorityEvent(decoding: Array(body.utf8)) == event)
        #expect(try event.encoded() == Array(body.utf8))
    }

    @Test("look-ups and a clock that is trusted change no certificate and break no chain")
    func withoutEffect() throws {
        let looked = CertificateLookedUp(certificate: CertificateReference(.sign, 1), relation: .pair, found: nil)
        let entries = try Chains.chain(
            "one",
            [
                .serviceStarted(ServiceStarted(program: "fuda")), .certificateLookedUp(looked),
                .clockTrusted(ClockTrusted(before: 1, after: 2)), .serviceStopped,
            ]
        )
        var state = AuthorityState()
        for entry in entries { state.take(entry) }
        #expect(state.faults.isEmpty && state.impossible.isEmpty && state.certificates.isEmpty)
        #expect(Chains.faults(entries, []).isEmpty)
    }
}
