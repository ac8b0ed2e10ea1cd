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
        ] {
            #expect(try AuthorityEvent(decoding: event.encoded()) == event)
        }
    }
}
