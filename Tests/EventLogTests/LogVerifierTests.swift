import EventLog
import Testing

@Suite("Examination of a log")
struct LogVerifierTests {
    let entries: [LogEntry]
    let other: [LogEntry]
    let checkpoints: [SignedCheckpoint]

    init() throws {
        entries = try Chains.chain("one", (0..<10).map { _ in AuthorityEvent.serviceStopped })
        other = try Chains.chain("two", (0..<4).map { _ in AuthorityEvent.serviceStopped })
        let first = Chains.checkpoint(1, [LogHead(after: entries[3])])
        let second = Chains.checkpoint(2, after: first, [LogHead(after: entries[8]), LogHead(after: other[3])])
        checkpoints = [Chains.signed(first), Chains.signed(second)]
    }

    @Test("a whole log has no fault, however its writers are mixed")
    func whole() {
        #expect(Chains.faults(entries + other, checkpoints).isEmpty)
        #expect(Chains.faults(other + entries, checkpoints).isEmpty)
        let mixed = (entries + other).sorted { ($0.instant, $0.writer) < ($1.instant, $1.writer) }
        #expect(Chains.faults(mixed, checkpoints).isEmpty)
    }

    @Test("an altered entry is found, whichever it is", arguments: 0..<10)
    func edited(index: Int) {
        var log = entries
        log[index] = log[index].altered(actor: "somebody else")
        #expect(Chains.faults(log).contains(.altered(entries[index].position)))
    }

    @Test("an altered entry whose hash was made to fit breaks the next, or the checkpoint", arguments: [2, 8])
    func rehashed(index: Int) {
        let head = LogHead(after: entries[index - 1])
        let forged = LogEntry(after: head, instant: entries[index].instant, actor: "else", body: entries[index].body)
        var log = entries
        log[index] = forged
        #expect(Chains.faults(log, checkpoints).contains(.unlinked(entries[index + 1].position)))
    }

    @Test("a chain rewritten from some entry on contradicts the checkpoint", arguments: [0, 4, 8])
    func rewritten(index: Int) {
        var log = Array(entries[..<index])
        var head = log.last.map { LogHead(after: $0) } ?? LogHead(of: "one")
        for entry in entries[index...] {
            let forged = LogEntry(after: head, instant: entry.instant, actor: "else", body: entry.body)
            log.append(forged)
            head = LogHead(after: forged)
        }
        let position = LogPosition(writer: "one", sequence: 9)
        #expect(Chains.faults(log + other, checkpoints).contains(.contradictsCheckpoint(position, checkpoint: 2)))
    }

    @Test("a removed entry is found", arguments: 0..<9)
    func removed(index: Int) {
        var log = entries
        log.remove(at: index)
        #expect(Chains.faults(log) == [.missing(entries[index].position)])
    }

    @Test("entries cut off before the last checkpoint are missed, after it they are not")
    func truncated() {
        let cut = LogPosition(writer: "one", sequence: 9)
        #expect(
            Chains.faults(Array(entries[..<8]) + other, checkpoints) == [.contradictsCheckpoint(cut, checkpoint: 2)]
        )
        #expect(Chains.faults(Array(entries[..<9]) + other, checkpoints).isEmpty)
        let gone = LogPosition(writer: "two", sequence: 4)
        #expect(Chains.faults(entries, checkpoints) == [.contradictsCheckpoint(gone, checkpoint: 2)])
    }

    @Test("two entries that changed places are found")
    func reordered() {
        var log = entries
        log.swapAt(4, 5)
        #expect(Chains.faults(log).contains(.missing(entries[4].position)))
    }

    @Test("an entry older than the one before is found")
    func outOfTime() {
        let late = LogEntry(
            after: LogHead(after: entries[0].altered(instant: 0)),
            instant: 5,
            actor: "test",
            body: entries[1].body
        )
        #expect(
            Chains.faults([entries[0], late.altered(previous: entries[0].hash)]).contains(.outOfTime(late.position))
        )
    }

    @Test("a forged, missing or backward checkpoint is found")
    func badCheckpoints() throws {
        let forged = SignedCheckpoint(content: checkpoints[0].content, signature: [1])
        #expect(Chains.faults(entries + other, [forged]) == [.checkpointForged(1)])
        #expect(Chains.faults(entries + other, [checkpoints[1]]) == [.checkpointMissing(1)])
        let first = try LogCheckpoint(content: checkpoints[0].content)
        let back = Chains.checkpoint(2, after: first, [LogHead(after: entries[1])])
        #expect(Chains.faults(entries, [checkpoints[0], Chains.signed(back)]).contains(.checkpointFallsBack(2)))
    }

    @Test("a checkpoint is read in the form it was written in, and in no other")
    func canonical() throws {
        let content = checkpoints[1].content
        #expect(try LogCheckpoint(content: content).content == content)
        let text = String(decoding: content, as: UTF8.self)
        for other in [
            text + "\n", String(text.dropLast()), text.replacing("number 2", with: "number 02"),
            text.replacing("head one", with: "head  one"), text.uppercased(), "",
            text.replacing("instant", with: "moment"),
        ] {
            #expect(throws: LogFault.checkpointUnreadable, "\(other)") {
                try LogCheckpoint(content: Array(other.utf8))
            }
        }
    }
}
