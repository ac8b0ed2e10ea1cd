import AuthorityCryptography
import CertificateProfiles
import EventLog
import Foundation
import Testing

@Suite("Events in JSON")
struct EventEncodingTests {
    static let texts = ["plain", "with \"quotes\" and \\", "日本", "a/b", "tab\tand\u{7F}", ""]

    static let events: [AuthorityEvent] = texts.flatMap { text in
        [nil, text].flatMap { optional -> [AuthorityEvent] in
            [
                .issuancePlanned(
                    IssuancePlanned(
                        certificate: CertificateReference(.auth, .max),
                        generation: 2,
                        kind: .mobileSign,
                        partition: text,
                        notBefore: -1,
                        notAfter: .max,
                        toBeSigned: text,
                        request: text,
                        holder: optional,
                        card: optional,
                        replaces: optional == nil ? nil : 0
                    )
                ),
                .certificateIssued(CertificateIssued(certificate: CertificateReference(.sign, 0), fingerprint: text)),
            ]
        }
    }

    @Test(
        "the events that are written by hand are, to the byte, as the encoder writes them with its keys sorted",
        arguments: events
    )
    func byHand(event: AuthorityEvent) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        #expect(try event.encoded() == Array(encoder.encode(event)))
        #expect(try AuthorityEvent(decoding: event.encoded()) == event)
    }

    @Test("an entry is the same whether its event is known or has to be read")
    func known() throws {
        let event = Self.events[0]
        let written = LogEntry(
            after: LogHead(of: "one"),
            instant: 1,
            actor: "a",
            event: event,
            body: try event.encoded()
        )
        let read = LogEntry(after: LogHead(of: "one"), instant: 1, actor: "a", body: written.body)
        #expect(written == read && written.hashValue == read.hashValue)
        #expect(try read.event() == event)
    }

    @Test("that a generation began is told by the beginning of an entry alone")
    func beginning() throws {
        let began = AuthorityEvent.generationBegan(
            GenerationBegan(
                authority: .sign,
                generation: 1,
                serial: 1,
                notBefore: 0,
                notAfter: 1,
                algorithm: .rsa2048SHA256,
                certificate: "",
                key: "file:a"
            )
        )
        for event in Self.events + [began] {
            let body = try event.encoded()
            let entry = LogEntry(after: LogHead(of: "one"), instant: 1, actor: "a", body: body)
            #expect(entry.beginsGeneration == (event == began))
        }
    }
}
