import CardModel
import CardProfiles
import CardTesting
import SmartCard
import Testing
import VirtualCard

/// PINs, passwords and numbers: when a try is spent, and what nobody can get back.
struct ReferenceDataTests {
    struct Reference: Sendable, CustomTestStringConvertible {
        let name: String
        let place: ModelPlace
        let file: UInt16
        let value: [UInt8]
        let tries: UInt16

        var testDescription: String { name }
        var p2: UInt8 { 0x80 | UInt8(file) }
        var wrong: [UInt8] { value.dropLast() + [0x7E] }
    }

    // swift-format-ignore
    static let all: [Reference] = [
        Reference(name: "authentication PIN", place: .jpki, file: 0x18, value: SampleContents.pin, tries: 3),
        Reference(name: "signature password", place: .jpki, file: 0x1B, value: SampleContents.password, tries: 5),
        Reference(name: "input-support PIN", place: .text, file: 0x11, value: SampleContents.pin, tries: 3),
        Reference(name: "number A (text)", place: .text, file: 0x14, value: SampleContents.myNumber, tries: 10),
        Reference(name: "number B (text)", place: .text, file: 0x15, value: SampleContents.numberB, tries: 10),
        Reference(name: "birth key", place: .face, file: 0x11, value: SampleContents.birthKey, tries: 10),
        Reference(name: "number B (face)", place: .face, file: 0x12, value: SampleContents.numberB, tries: 10),
        Reference(name: "number A (face)", place: .face, file: 0x13, value: SampleContents.myNumber, tries: 10),
        Reference(name: "register PIN (common)", place: .common, file: 0x1C, value: SampleContents.pin, tries: 3),
        Reference(name: "register PIN", place: .juki, file: 0x1C, value: SampleContents.pin, tries: 3),
    ]

    private func dialogue(at reference: Reference) throws -> CardDialogue<FakeCryptography> {
        var dialogue = try makeCard(.plastic, using: FakeCryptography()).dialogue()
        try #require(dialogue.select(reference.place.aid).status == 0x9000)
        return dialogue
    }

    @Test(arguments: all)
    func `a value blocks after its tries and stays blocked over reset and power-off`(_ reference: Reference) throws {
        var dialogue = try dialogue(at: reference)
        for left in (0..<reference.tries).reversed() {
            #expect(dialogue.verify(reference.file, reference.wrong).status == 0x63C0 + left)
            #expect(dialogue.triesLeft(reference.file) == 0x63C0 + left)
        }
        #expect(dialogue.verify(reference.file, reference.value).status == 0x6984)
        dialogue.card.reset()
        _ = dialogue.select(reference.place.aid)
        #expect(dialogue.verify(reference.file, reference.value).status == 0x6984)
        dialogue.card.powerOff()
        _ = dialogue.select(reference.place.aid)
        #expect(dialogue.triesLeft(reference.file) == 0x63C0)
        #expect(dialogue.verify(reference.file, reference.value).status == 0x6984)
    }

    @Test(arguments: all)
    func `a blocked value is not even compared`(_ reference: Reference) throws {
        var dialogue = try dialogue(at: reference)
        for _ in 0..<reference.tries { _ = dialogue.verify(reference.file, reference.wrong) }
        let sample = try makeCard(.plastic, using: FakeCryptography())
        let spy = sample.cryptography
        let state = try CardState<FakeCryptography>(
            .plastic,
            replaying: try dialogue.card.state.changes(),
            using: spy
        )
        dialogue = CardDialogue(VirtualCard(state, cryptography: spy))
        _ = dialogue.select(reference.place.aid)
        let before = spy.comparisons.count
        #expect(dialogue.verify(reference.file, reference.value).status == 0x6984)
        #expect(spy.comparisons.count == before)
        #expect(dialogue.store.commits.isEmpty)
    }

    @Test(arguments: all)
    func `a try is spent durably before anything is compared`(_ reference: Reference) throws {
        let sample = try makeCard(.plastic, using: FakeCryptography())
        var dialogue = sample.dialogue()
        _ = dialogue.select(reference.place.aid)
        let before = sample.cryptography.comparisons.count
        let step = dialogue.card.receive(commandBytes([0x00, 0x20, 0x00, reference.p2], reference.value))
        guard case .commit(let changes, then: let continuation) = step else {
            Issue.record("VERIFY was answered before a try was spent")
            return
        }
        #expect(changes.count == 1)
        guard case .tries(_, let left)? = changes.first else {
            Issue.record("the first thing made durable is not the try")
            return
        }
        #expect(left == Int(reference.tries) - 1)
        #expect(sample.cryptography.comparisons.count == before)
        // Only when that is durable is there a comparison.
        _ = dialogue.card.resume(continuation)
        #expect(sample.cryptography.comparisons.count == before + 1)
    }

    @Test(arguments: all)
    func `when the store fails there is 6581, no comparison and no change`(_ reference: Reference) throws {
        let sample = try makeCard(.plastic, using: FakeCryptography())
        var dialogue = sample.dialogue()
        _ = dialogue.select(reference.place.aid)
        let before = try dialogue.card.state.changes()
        let comparisons = sample.cryptography.comparisons.count
        dialogue.store.successesLeft = 0
        #expect(dialogue.verify(reference.file, reference.value).status == 0x6581)
        #expect(dialogue.verify(reference.file, reference.wrong).status == 0x6581)
        #expect(sample.cryptography.comparisons.count == comparisons)
        #expect(try dialogue.card.state.changes() == before)
        #expect(dialogue.triesLeft(reference.file) == 0x63C0 + reference.tries)
        let next = dialogue.send([0x00, 0x2C, 0x03, reference.p2]).status
        #expect(next == 0x6982)
    }

    @Test func `when giving the tries back fails the value does not count as verified`() throws {
        var dialogue = try makeCard(.plastic, using: FakeCryptography()).dialogue()
        _ = dialogue.select(SampleContents.jpkiAID)
        dialogue.store.successesLeft = 1
        #expect(dialogue.verify(0x0018, SampleContents.pin).status == 0x6581)
        #expect(dialogue.send("80 2A 00 97 01 41 00").status == 0x6982)
        #expect(dialogue.triesLeft(0x0018) == 0x63C2)
    }

    @Test func `a VERIFY whose try could not be spent takes nothing back that was proved`() throws {
        var dialogue = try makeCard(.plastic, using: FakeCryptography()).dialogue()
        _ = dialogue.select(SampleContents.jpkiAID)
        #expect(dialogue.verify(0x0018, SampleContents.pin).status == 0x9000)
        dialogue.store.successesLeft = 0
        #expect(dialogue.verify(0x0018, Array("9999".utf8)).status == 0x6581)
        #expect(dialogue.send("80 2A 00 97 01 41 00").status == 0x9000)
    }

    @Test func `a card that dies between spending a try and comparing has lost the try`() throws {
        var dialogue = try makeCard(.plastic, using: FakeCryptography()).dialogue()
        _ = dialogue.select(SampleContents.jpkiAID)
        guard
            case .commit(let changes, then: _) = dialogue.card.receive(
                commandBytes([0x00, 0x20, 0x00, 0x98], SampleContents.pin)
            )
        else {
            Issue.record("VERIFY spends no try")
            return
        }
        // What the disk holds is what the card is made from again.
        let kept = try dialogue.card.state.changes() + changes
        let state = try CardState<FakeCryptography>(.plastic, replaying: kept, using: FakeCryptography())
        var again = CardDialogue(VirtualCard(state, cryptography: FakeCryptography()))
        _ = again.select(SampleContents.jpkiAID)
        #expect(again.triesLeft(0x0018) == 0x63C2)
    }

    @Test(arguments: all)
    func `the longest wrong value, the shortest and one that only begins right cost a try each`(
        _ reference: Reference
    ) throws {
        var dialogue = try dialogue(at: reference)
        let longer = (reference.value + [UInt8](repeating: 0x00, count: 16)).prefix(16)
        let values = [Array(longer), Array(reference.value.prefix(1))]
        for (index, value) in values.enumerated() {
            #expect(dialogue.verify(reference.file, value).status == 0x63C0 + reference.tries - 1 - UInt16(index))
        }
        #expect(dialogue.verify(reference.file, reference.value).status == 0x9000)
        #expect(dialogue.triesLeft(reference.file) == 0x63C0 + reference.tries)
    }

    @Test(arguments: all)
    func `the same value never gives the same verifier twice`(_ reference: Reference) throws {
        guard reference.place != .common else { return }
        var verifiers: Set<[UInt8]> = []
        for _ in 0..<2 {
            for case .reference(let object, salt: let salt, verifier: let verifier, tries: _)
                in try makeCard(.plastic, using: FakeCryptography()).card.state.changes()
            where object.place.rawValue == UInt8(reference.place.rawValue) && object.file.rawValue == reference.file {
                #expect(salt.count >= 16)
                #expect(!verifier.starts(with: reference.value))
                verifiers.insert(verifier)
            }
        }
        #expect(verifiers.count == 2)
    }

    @Test func `CHANGE that could not be stored leaves the old value`() throws {
        var dialogue = try makeCard(.plastic, using: FakeCryptography()).dialogue()
        _ = dialogue.select(SampleContents.jpkiAID)
        _ = dialogue.verify(0x0018, SampleContents.pin)
        let before = try dialogue.card.state.changes()
        dialogue.store.successesLeft = 0
        #expect(dialogue.send("00 24 01 98 04 35 36 37 38").status == 0x6581)
        #expect(try dialogue.card.state.changes() == before)
        dialogue.store.successesLeft = nil
        #expect(dialogue.verify(0x0018, SampleContents.pin).status == 0x9000)
    }

    @Test func `the register PIN is one value for two applications, its status is each one's own (C17)`() throws {
        var dialogue = try makeCard(.plastic, using: FakeCryptography()).dialogue()
        _ = dialogue.select(SampleContents.commonAID)
        #expect(dialogue.verify(0x001C, Array("9999".utf8)).status == 0x63C2)
        _ = dialogue.select(SampleContents.residentRegisterAID)
        #expect(dialogue.triesLeft(0x001C) == 0x63C2)
        #expect(dialogue.verify(0x001C, Array("9999".utf8)).status == 0x63C1)
        #expect(dialogue.verify(0x001C, Array("9999".utf8)).status == 0x63C0)
        _ = dialogue.select(SampleContents.commonAID)
        #expect(dialogue.verify(0x001C, SampleContents.pin).status == 0x6984)
        #expect(dialogue.authenticateTerminal().status == 0x9000)
        #expect(dialogue.send("00 2C 03 9C").status == 0x9000)
        #expect(dialogue.verify(0x001C, SampleContents.pin).status == 0x9000)
        _ = dialogue.select(SampleContents.residentRegisterAID)
        #expect(dialogue.triesLeft(0x001C) == 0x63C3)
        #expect(dialogue.authenticateTerminal().status == 0x9000)
        #expect(dialogue.send("00 B2 01 0C 00").status == 0x6982)
    }

    @Test func `a PIN that was never set is blocked until a terminal sets it (C15)`() throws {
        let unset = KeyPosition(SampleContents.jpkiAID, 0x0018)
        var dialogue = try makeCard(.plastic, using: FakeCryptography(), leavingUnset: [unset]).dialogue()
        _ = dialogue.select(SampleContents.jpkiAID)
        #expect(dialogue.triesLeft(0x0018) == 0x63C0)
        for value in [SampleContents.pin, [0x00], [UInt8](repeating: 0, count: 16)] {
            #expect(dialogue.verify(0x0018, value).status == 0x6984)
        }
        #expect(dialogue.send("00 24 01 98 04 31 32 33 34").status == 0x6982)
        #expect(dialogue.authenticateTerminal().status == 0x9000)
        // Tries alone make no PIN.
        _ = dialogue.send("00 2C 03 98")
        #expect(dialogue.verify(0x0018, [0x00]).status != 0x9000)
        #expect(dialogue.send("80 2A 00 97 01 41 00").status == 0x6982)
        #expect(dialogue.send("00 2C 02 98 04 34 33 32 31").status == 0x9000)
        #expect(dialogue.triesLeft(0x0018) == 0x63C3)
        #expect(dialogue.verify(0x0018, Array("4321".utf8)).status == 0x9000)
        #expect(dialogue.send("80 2A 00 97 01 41 00").status == 0x9000)
    }

    @Test func `tries given to a PIN that was never set do not unblock it`() throws {
        let unset = KeyPosition(SampleContents.jpkiAID, 0x0018)
        var dialogue = try makeCard(.plastic, using: FakeCryptography(), leavingUnset: [unset]).dialogue()
        _ = dialogue.select(SampleContents.jpkiAID)
        _ = dialogue.authenticateTerminal()
        _ = dialogue.send("00 2C 03 98")
        #expect(dialogue.triesLeft(0x0018) == 0x63C0)
        #expect(dialogue.verify(0x0018, SampleContents.pin).status == 0x6984)
    }

    @Test func `the file that is blocked from issue stays so for everybody`() throws {
        var dialogue = try makeCard(.plastic, using: FakeCryptography()).dialogue()
        _ = dialogue.select(SampleContents.inputSupportAID)
        _ = dialogue.verify(0x0011, SampleContents.pin)
        #expect(dialogue.authenticateTerminal().status == 0x9000)
        for command: Hex in ["00 2C 02 92 04 31 32 33 34", "80 54 00 92 04 31 32 33 34", "00 2C 03 92"] {
            #expect([0x6982, 0x6985].contains(dialogue.send(command).status), "\(command)")
        }
        #expect(dialogue.triesLeft(0x0012) == 0x63C0)
        #expect(dialogue.verify(0x0012, SampleContents.pin).status == 0x6984)
    }
}
