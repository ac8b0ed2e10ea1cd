import EventLog
import Testing

@Suite("Log as a file")
struct LogFileTests {
    @Test("an entry comes back to the byte, also if its body is no text")
    func entries() throws {
        let bodies: [[UInt8]] = [
            try AuthorityEvent.serviceStopped.encoded(), Array("{\"ünï\": \"\\u0000 \\n / 署名\"}".utf8),
            [0xFF, 0x00, 0xC3],
            [],
        ]
        for body in bodies {
            let entry = LogEntry(after: LogHead(of: "one"), instant: 7, actor: "運用者", body: body)
            let line = try LogFileLine.entry(entry).encoded()
            #expect(!line.contains(UInt8(ascii: "\n")))
            #expect(try LogFileLine(decoding: line) == .entry(entry))
        }
    }

    @Test("a checkpoint comes back to the byte")
    func checkpoints() throws {
        let checkpoint = SignedCheckpoint(content: [1, 10, 255], signature: [0, 2])
        let line = try LogFileLine.checkpoint(checkpoint).encoded()
        #expect(try LogFileLine(decoding: line) == .checkpoint(checkpoint))
    }

    @Test("whatever else stands in a line is refused", arguments: ["", "{}", "[]", "{\"writer\":\"one\"}", "null"])
    func others(line: String) {
        #expect(throws: LogFileError.unreadable) { try LogFileLine(decoding: Array(line.utf8)) }
    }
}
