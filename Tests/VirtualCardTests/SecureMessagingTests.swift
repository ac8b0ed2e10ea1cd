import CardKeys
import CardModel
import CardTesting
import Foundation
import SmartCard
import Testing
import VirtualCard

/// Secure messaging (docs/card, 5.8) from a terminal that shares no code with the card.
struct SecureMessagingTests {
    /// A terminal's session: key and counter, as the specification has them.
    struct Session {
        let key: [UInt8]
        var counter: UInt64 = 0

        mutating func select(_ file: UInt16) -> [UInt8] {
            counter += 1
            let data = SecuredBytes.sealed([UInt8(file >> 8), UInt8(file & 0xFF)], key: key, counter: counter)
            return commandBytes("08 A4 02 0C", data)
        }

        mutating func verify(_ file: UInt16, _ value: [UInt8]) -> [UInt8] {
            counter += 1
            let data = SecuredBytes.sealed(value, key: key, counter: counter)
            return commandBytes([0x08, 0x20, 0x00, 0x80 | UInt8(file)], data)
        }

        mutating func read(_ p1: UInt8 = 0, _ p2: UInt8 = 0, count: Int = 0) -> [UInt8] {
            counter += 1
            return commandBytes(
                [0x08, 0xB0, p1, p2],
                [0x96, 0x03, 0x00, UInt8(count >> 8), UInt8(count & 0xFF)],
                le: 65_536
            )
        }

        func opened(_ answer: Answer) -> [UInt8]? { SecuredBytes.opened(answer.data, key: key, counter: counter) }
    }

    private let seed: [UInt8] = (0..<32).map { UInt8(0x60 + $0) }

    /// A card whose session is open with the imitated key.
    private func open() throws -> (CardDialogue<FakeCryptography>, Session) {
        var dialogue = try SampleCards.fast().dialogue()
        _ = dialogue.select(SampleContents.inputSupportAID)
        try #require(dialogue.verify(0x0011, SampleContents.pin).status == 0x9000)
        let sealed = FakeKey.sealed([0xA0, 0x22, 0x80, 0x20] + seed)
        try #require(dialogue.send("80 AE 00 00", sealed).status == 0x9000)
        return (dialogue, Session(key: Array(seed.prefix(16))))
    }

    @Test func `a session with real keys, its key enciphered by the openssl program to the key in EF 0006`() throws {
        var dialogue = try SampleCards.real().dialogue()
        _ = dialogue.select(SampleContents.inputSupportAID)
        #expect(dialogue.verify(0x0011, SampleContents.pin).status == 0x9000)
        let file = dialogue.read(0x0006).data
        #expect(file.starts(with: [0xA1, 0x82, 0x01, 0x09, 0x90, 0x03, 0x01, 0x00, 0x01, 0x91, 0x82, 0x01, 0x00]))
        let key = RSAPublicKey(modulus: Array(file[13..<269]))
        #expect(dialogue.send("80 AE 00 00", try key.encryptOAEP([0xA0, 0x22, 0x80, 0x20] + seed)).status == 0x9000)

        var session = Session(key: Array(seed.prefix(16)))
        var answer = dialogue.send(session.read(0x82))
        #expect(answer.status == 0x9000)
        #expect(session.opened(answer)?.count == 1024)
        answer = dialogue.send(session.select(0x0001))
        #expect(answer == Answer([0x90, 0x00]))
        answer = dialogue.send(session.read())
        #expect(session.opened(answer) == [0xFF, 0x10, 0x0C] + SampleContents.myNumber + [0xFF, 0xFF])

        // Structures and ciphertexts that are none.
        for plain in [[0xA0, 0x22, 0x81, 0x20] + seed, [0xA0, 0x23, 0x80, 0x21] + seed + [0], seed, [0xA0]] as [[UInt8]]
        {
            #expect(dialogue.send("80 AE 00 00", try key.encryptOAEP(plain)).status == 0x6A80)
        }
        #expect(dialogue.send("80 AE 00 00", [UInt8](repeating: 0x00, count: 255) + [0x02]).status == 0x6A80)
        #expect(dialogue.send("80 AE 00 00", key.modulus).status == 0x6F00)
        #expect(dialogue.send("80 AE 00 00", [UInt8](repeating: 0xFF, count: 256)).status == 0x6F00)
    }

    @Test func `the counter runs through refusals and not through plain commands`() throws {
        var (dialogue, session) = try open()
        #expect(dialogue.send(session.select(0x0001)).status == 0x9000)
        #expect(dialogue.send("00 A4 02 0C 02 0005").status == 0x9000)
        #expect(dialogue.send("00 84 00 00 08").status == 0x9000)
        #expect(dialogue.send(session.select(0x001F)).status == 0x6A82)
        #expect(dialogue.send(session.read(0x93)).status == 0x6981)
        #expect(dialogue.send(session.verify(0x0014, Array("000000000000".utf8))).status == 0x63C9)
        session.counter += 1
        #expect(dialogue.send("08 84 00 00 08").status == 0x6882)
        let answer = dialogue.send(session.read(0x81, 3, count: 12))
        #expect(session.opened(answer) == SampleContents.myNumber)
    }

    @Test(arguments: [0, 1, 15, 16, 17, 112, 113, 127, 128, 255, 256, 300])
    func `every length of answer opens to the file`(count: Int) throws {
        var (dialogue, session) = try open()
        let plain = dialogue.read(0x0003).data
        let answer = dialogue.send(session.read(0x83, 0, count: count))
        #expect(answer.status == 0x9000)
        #expect(session.opened(answer) == Array(plain.prefix(count == 0 ? plain.count : count)))
    }

    @Test func `a PIN can be verified under secure messaging`() throws {
        var (dialogue, session) = try open()
        #expect(dialogue.send(session.verify(0x0015, SampleContents.numberB)).status == 0x9000)
        #expect(dialogue.send(session.verify(0x0011, [0x39])).status == 0x63C2)
        #expect(dialogue.send(session.verify(0x0011, SampleContents.pin)).status == 0x9000)
        #expect(dialogue.triesLeft(0x0011) == 0x63C3)
    }

    struct Break: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let command: @Sendable (Session) -> [UInt8]
    }

    static let breaks: [Break] = [
        Break(testDescription: "a counter that was used") { session in
            commandBytes("08 20 00 94", SecuredBytes.sealed([0x31], key: session.key, counter: session.counter))
        },
        Break(testDescription: "a counter ahead of its time") { session in
            commandBytes("08 20 00 94", SecuredBytes.sealed([0x31], key: session.key, counter: session.counter + 2))
        },
        Break(testDescription: "another key") { session in
            commandBytes(
                "08 20 00 94",
                SecuredBytes.sealed([0x31], key: session.key.reversed(), counter: session.counter + 1)
            )
        },
        Break(testDescription: "half a block") { _ in
            commandBytes("08 20 00 94", [0x86, 0x09, 0x01] + [0, 1, 2, 3, 4, 5, 6, 7])
        },
        Break(testDescription: "no block") { _ in commandBytes("08 20 00 94", [0x86, 0x01, 0x01]) },
        Break(testDescription: "another padding indicator") { session in
            var data = SecuredBytes.sealed([0x31], key: session.key, counter: session.counter + 1)
            data[2] = 0x02
            return commandBytes("08 20 00 94", data)
        },
        Break(testDescription: "a length beyond the end") { session in
            var data = SecuredBytes.sealed([0x31], key: session.key, counter: session.counter + 1)
            data[1] += 1
            return commandBytes("08 20 00 94", data)
        },
        Break(testDescription: "a wrong expected-length object") { _ in
            commandBytes("08 B0 85 00", [0x96, 0x02, 0x00, 0x10], le: 65_536)
        },
    ]

    @Test(arguments: breaks)
    func `a wrong object is 6988 and ends the session`(_ one: Break) throws {
        var (dialogue, session) = try open()
        // One good command first, so that a used counter is a real one.
        #expect(dialogue.send(session.select(0x0005)).status == 0x9000)
        #expect(dialogue.send(one.command(session)).status == 0x6988)
        #expect(dialogue.triesLeft(0x0014) == 0x63CA)
        #expect(dialogue.send(session.select(0x0005)).status == 0x69FC)
        #expect(dialogue.send(session.read(0x85)).status == 0x69FC)
        #expect(dialogue.send(session.verify(0x0014, SampleContents.myNumber)).status == 0x69FC)
        #expect(dialogue.send("08 84 00 00 08").status == 0x6882)
        // What was verified in clear is still verified.
        #expect(dialogue.read(0x0001).status == 0x9000)
    }

    @Test func `a missing object is 6987 and keeps the session`() throws {
        var (dialogue, session) = try open()
        for command: Hex in ["08 20 00 94", "08 A4 02 0C", "08 B0 85 00 00 00 00"] {
            session.counter += 1
            #expect(dialogue.send(command).status == 0x6987, "\(command)")
        }
        let answer = dialogue.send(session.read(0x88))
        #expect(session.opened(answer) == [UInt8](repeating: 0xFF, count: 16))
    }

    @Test func `an instruction that has no secured form is 6882, also when its lengths are wrong (C1, C4)`() throws {
        var (dialogue, session) = try open()
        #expect(dialogue.send("08 FF 34 30 20 8E 1F").status == 0x6882)
        #expect(dialogue.send("08 84 00 00 05 00").status == 0x6882)
        #expect(dialogue.send("08 2A 00 00 05 00").status == 0x6882)
        // What could not be read is not counted.
        let answer = dialogue.send(session.read(0x88))
        #expect(session.opened(answer) == [UInt8](repeating: 0xFF, count: 16))
    }

    @Test func `class 0C is 6987, class 04 6882, and neither is counted`() throws {
        var (dialogue, session) = try open()
        for instruction: UInt8 in [0xB0, 0xA4, 0x20, 0x84, 0x2A] {
            #expect(dialogue.send([0x0C, instruction, 0x85, 0x00]).status == 0x6987)
            #expect(dialogue.send([0x04, instruction, 0x85, 0x00]).status == 0x6882)
        }
        let answer = dialogue.send(session.read(0x88))
        #expect(session.opened(answer) == [UInt8](repeating: 0xFF, count: 16))
    }

    @Test(arguments: [nil, ModelPlace.manager, .common, .jpki, .face, .text, .juki])
    func `power off and every selection of an application end the session`(place: ModelPlace?) throws {
        var (dialogue, session) = try open()
        if let place { _ = dialogue.select(place.aid) } else { dialogue.card.powerOff() }
        #expect(dialogue.send(session.read(0x85)).status == 0x69FC)
        #expect(dialogue.send(session.select(0x0005)).status == (place == .text ? 0x69FC : 0x6882))
        _ = dialogue.select(SampleContents.inputSupportAID)
        #expect(dialogue.send(session.read(0x85)).status == 0x69FC)
    }

    @Test func `a protected file is protected under secure messaging too`() throws {
        var (dialogue, session) = try open()
        #expect(dialogue.verify(0x0011, [0x39]).status == 0x63C2)
        #expect(dialogue.send(session.read(0x81)).status == 0x6982)
        #expect(dialogue.send(session.read(0x81, 0x12)).status == 0x6982)
        #expect(dialogue.send(session.read(0x88)).status == 0x9000)
    }

    @Test func `number A or B does not open a session`() throws {
        var dialogue = try SampleCards.fast().dialogue()
        _ = dialogue.select(SampleContents.inputSupportAID)
        _ = dialogue.verify(0x0014, SampleContents.myNumber)
        _ = dialogue.verify(0x0015, SampleContents.numberB)
        let sealed = FakeKey.sealed([0xA0, 0x22, 0x80, 0x20] + seed)
        #expect(dialogue.send("80 AE 00 00", sealed).status == 0x6982)
        #expect(dialogue.send("08 B0 85 00 05 96 03 00 00 00 00").status == 0x69FC)
    }

    @Test func `a new session key starts a new count`() throws {
        var (dialogue, session) = try open()
        _ = dialogue.send(session.read(0x88))
        let sealed = FakeKey.sealed([0xA0, 0x22, 0x80, 0x20] + seed.reversed())
        #expect(dialogue.send("80 AE 00 00", sealed).status == 0x9000)
        var next = Session(key: Array(seed.reversed().prefix(16)))
        let answer = dialogue.send(next.read(0x88))
        #expect(next.opened(answer) == [UInt8](repeating: 0xFF, count: 16))
    }
}
