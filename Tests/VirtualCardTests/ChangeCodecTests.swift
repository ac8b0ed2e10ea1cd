import CardModel
import CardProfiles
import CardTesting
import SmartCard
import Testing
import VirtualCard

/// Changes as bytes, and cards made again from them.
struct ChangeCodecTests {
    // swift-format-ignore
    static let changes: [Change] = [
        .tries(ObjectID(.jpki, 0x0018), 0), .tries(ObjectID(.residentRegister, 0x001C), 15),
        .reference(ObjectID(.jpki, 0x001B), salt: [1, 2, 3], verifier: [4, 5], tries: 5),
        .reference(ObjectID(.jpki, 0x001B), salt: [], verifier: [], tries: 0),
        .content(ObjectID(.cardFace, 0x0002), [UInt8](repeating: 0xA5, count: 24_576)),
        .content(ObjectID(.inputSupport, 0x0106), []), .record(ObjectID(.common, 0x0001), [0x01, 0x00]),
        .key(ObjectID(.jpki, 0x0017), [UInt8](repeating: 7, count: 1_200)),
        .publicKey(ObjectID(.jpki, 0x0016), [UInt8](repeating: 8, count: 256)), .dataObject(0x7F21, [0x7F, 0x21, 0x00]),
        .dataObject(0x0042, []), .terminalKey([UInt8](repeating: 9, count: 32)), .closed,
    ]

    @Test(arguments: changes)
    func `a change is read back as it was written`(_ change: Change) throws {
        #expect(try Change.decodeAll(change.encoded) == [change])
    }

    @Test func `a list of changes is read back in order`() throws {
        #expect(try Change.decodeAll(Self.changes.flatMap(\.encoded)) == Self.changes)
        #expect(try Change.decodeAll([]) == [])
    }

    @Test(arguments: [0x00, 0x30, 0xBF, 0xC9, 0xCA, 0xDF, 0xE0, 0xFE] as [UInt8])
    func `an unknown tag is refused, wherever it stands`(tag: UInt8) {
        let unknown: [UInt8] = tag & 0x1F == 0x1F ? [tag, 0x01, 0x03, 2, 0, 0x18] : [tag, 0x04, 2, 0, 0x18, 3]
        let good = Change.tries(ObjectID(.jpki, 0x0018), 3).encoded
        #expect(throws: StateFailure.undecodable(at: 0)) { try Change.decodeAll(unknown) }
        #expect(throws: StateFailure.undecodable(at: good.count)) { try Change.decodeAll(good + unknown + good) }
    }

    @Test(arguments: changes)
    func `a change that was cut anywhere is refused`(_ change: Change) {
        let whole = change.encoded
        for count in stride(from: 1, to: whole.count, by: max(1, whole.count / 40)) {
            #expect(throws: StateFailure.undecodable(at: 0)) { try Change.decodeAll(Array(whole.prefix(count))) }
        }
    }

    @Test(arguments: ["C0 04 06 00 18 03", "C0 04 FF 00 18 03", "C0 03 02 00 18", "C0 05 02 00 18 03 03"] as [Hex])
    func `a place that is none, or a counter that is none, is refused`(bytes: Hex) {
        #expect(throws: StateFailure.undecodable(at: 0)) { try Change.decodeAll(bytes.bytes) }
    }

    @Test(arguments: ["C8 01 00", "C1 05 02 00 1B 05 09", "C6 01 00"] as [Hex])
    func `a change with more or less inside than it has is refused`(bytes: Hex) {
        #expect(throws: StateFailure.undecodable(at: 0)) { try Change.decodeAll(bytes.bytes) }
    }

    @Test func `no bytes make the reader fall over`() {
        var generator = SeededGenerator(seed: 77)
        for _ in 0..<1_000 {
            let bytes = (0..<generator.below(40)).map { _ in
                generator.once(in: 3) ? 0xC0 | generator.byte() & 0x0F : generator.byte()
            }
            // It decodes or it refuses; either way what it decoded can be written again.
            if let changes = try? Change.decodeAll(bytes) {
                #expect((try? Change.decodeAll(changes.flatMap(\.encoded))) == changes)
            }
        }
    }

    @Test func `a change for an object that is not there, or is something else, is refused`() throws {
        let blank = CardState<FakeCryptography>(blank: .android)
        let library = FakeCryptography()
        var state = blank
        let absent = ObjectID(.cardFace, 0x0002)
        #expect(throws: StateFailure.unknownObject(absent)) { try state.apply(.content(absent, [1]), using: library) }
        let pin = ObjectID(.jpki, 0x0018)
        #expect(throws: StateFailure.wrongKind(pin)) { try state.apply(.content(pin, [1]), using: library) }
        #expect(throws: StateFailure.wrongKind(pin)) { try state.apply(.record(pin, [1]), using: library) }
        #expect(throws: StateFailure.wrongKind(pin)) { try state.apply(.publicKey(pin, [1]), using: library) }
        let file = ObjectID(.jpki, 0x0006)
        #expect(throws: StateFailure.wrongKind(file)) { try state.apply(.tries(file, 3), using: library) }
        #expect(try state.changes() == blank.changes())
    }

    @Test func `a snapshot makes the same card again`() throws {
        var dialogue = try SampleCards.fast().dialogue()
        _ = dialogue.select(SampleContents.jpkiAID)
        _ = dialogue.verify(0x0018, SampleContents.pin)
        #expect(dialogue.send("00 24 01 98 04 37 37 37 37").status == 0x9000)
        _ = dialogue.verify(0x001B, [0x41])
        let snapshot = try dialogue.card.state.changes()
        let bytes = snapshot.flatMap(\.encoded)

        let library = FakeCryptography()
        let state = try CardState<FakeCryptography>(.plastic, replaying: Change.decodeAll(bytes), using: library)
        #expect(try state.changes() == snapshot)
        #expect(state.isClosed)
        var again = CardDialogue(VirtualCard(state, cryptography: library))
        dialogue.card.powerOff()

        // Both are asked the same; only what is random may differ.
        var generator = CommandGenerator(seed: 4711)
        let model = ReferenceModel(sessionModulus: [])
        for index in 0..<3_000 {
            switch generator.next(model) {
            case .powerOff, .reset:
                dialogue.card.powerOff()
                again.card.powerOff()
            case .command(let command):
                let (left, right) = (dialogue.send(command), again.send(command))
                #expect(left.status == right.status, "command \(index): \(Hex(command))")
                let isRandom = command.count > 1 && command[1] == 0x84
                if !isRandom { #expect(left.data == right.data, "command \(index): \(Hex(command))") }
            }
        }
    }

    @Test func `the journal makes the same card as the snapshot`() throws {
        var dialogue = try SampleCards.fast().dialogue()
        let start = try dialogue.card.state.changes()
        _ = dialogue.select(SampleContents.jpkiAID)
        _ = dialogue.verify(0x0018, [0x39])
        _ = dialogue.verify(0x0018, SampleContents.pin)
        _ = dialogue.send("00 24 01 98 04 37 37 37 37")
        _ = dialogue.verify(0x001B, [0x39])
        let replayed = try CardState<FakeCryptography>(
            .plastic,
            replaying: start + dialogue.store.commits.flatMap { $0 },
            using: FakeCryptography()
        )
        #expect(try replayed.changes() == dialogue.card.state.changes())
    }

    // MARK: - The blank card (C22)

    @Test func `a blank card knows its own commands and no others`() throws {
        var dialogue = CardDialogue(
            VirtualCard(CardState<FakeCryptography>(blank: .plastic), cryptography: FakeCryptography())
        )
        let unknown: [Hex] = [
            "00 B0 86 00 01", "00 B2 01 0C 00", "00 20 00 98", "00 CA 00 42 00",
            "00 24 01 98 04 31 32 33 34", "00 2C 03 98", "00 88 00 99 01 41 00", "00 82 00 00", "80 AE 00 00",
            "80 E6 00 00",
            "80 FC 00 00",
        ]
        for command in unknown { #expect(dialogue.send(command).status == 0x6D00, "\(command)") }
        #expect(dialogue.select(SampleContents.jpkiAID).status == 0x9000)
        for command in unknown { #expect(dialogue.send(command).status == 0x6D00, "\(command)") }
        #expect(dialogue.send("00 84 00 00 08").status == 0x9000)
        #expect(dialogue.store.commits.isEmpty)
    }

    @Test func `a blank card takes only what fits the file`() throws {
        var dialogue = CardDialogue(
            VirtualCard(CardState<FakeCryptography>(blank: .plastic), cryptography: FakeCryptography())
        )
        _ = dialogue.select(SampleContents.jpkiAID)
        let before = try dialogue.card.state.changes()
        #expect(dialogue.send("80 E2 00 80 01 41").status == 0x6986)
        #expect(dialogue.send("00 47 00 80 00 00 00").status == 0x6986)
        _ = dialogue.select(0x0018)
        #expect(dialogue.send("80 E2 00 80 03 31 32 33").status == 0x6A80)
        #expect(dialogue.send("00 47 00 80 00 00 00").status == 0x6985)
        _ = dialogue.select(0x001B)
        #expect(dialogue.send("80 E2 00 80 06 61 62 63 64 65 66").status == 0x6A80)
        _ = dialogue.select(0x0006)
        #expect(dialogue.send("80 E2 00 80", [UInt8](repeating: 0, count: 161)).status == 0x6A84)
        _ = dialogue.select(0x0017)
        #expect(dialogue.send("80 E2 00 80 01 41").status == 0x6985)
        #expect(dialogue.send("80 E2 02 00 01 41").status == 0x6700)
        #expect(dialogue.send("80 F0 80 0E").status == 0x6A86)
        #expect(try dialogue.card.state.changes() == before)
    }

    @Test func `after CLOSE there is no way back`() throws {
        var dialogue = try SampleCards.fast().dialogue()
        for aid in [SampleContents.cardManagerAID, SampleContents.jpkiAID, SampleContents.inputSupportAID] {
            _ = dialogue.select(aid)
            let store: UInt16 = aid == SampleContents.cardManagerAID ? 0x6982 : 0x6D00
            #expect(dialogue.send("80 E2 01 00 03 00 42 00").status == store)
            #expect(dialogue.send("80 E2 02 00", [UInt8](repeating: 0, count: 32)).status == store)
            #expect(dialogue.send("80 F0 80 0F").status == store)
            #expect(dialogue.send("00 47 00 97 00 00 00").status == 0x6D00)
            #expect(dialogue.select(SampleContents.sessionKeyFile).status == 0x6A82)
        }
        #expect(dialogue.store.commits.isEmpty)
    }
}
