import CardClient
import CardTesting
import CardTrace
import SmartCard
import Testing

/// Commands and answers that no program of the project sends, and that somebody may send by hand.
@Suite struct `A recording of anything` {
    /// Answers each command with the next of a list.
    private struct ScriptedChannel: CardChannel {
        var answers: [[UInt8]]

        mutating func transmit(_ command: [UInt8]) throws(ChannelFailure) -> [UInt8] {
            answers.isEmpty ? [0x6F, 0x00] : answers.removeFirst()
        }
    }

    private func record(_ talk: [(command: [UInt8], answer: [UInt8])]) throws -> CardTrace {
        let recorder = CardRecorder()
        var channel = RecordingChannel(ScriptedChannel(answers: talk.map(\.answer)), recorder: recorder)
        for (command, _) in talk { _ = try channel.transmit(command) }
        return recorder.trace
    }

    static let secrets = [
        "00 20 00 80 04 31323334", "00 20 00 80 03 31323334", "00 20 00 80 01 31323334", "00 20 00 80 0F 31323334",
        "00 20 00 80 00 31323334", "00 20 00 80 00 0004 31323334", "00 20 00 80 00 0001 31323334",
        "00 20 00 80 00 31323334 31323334", "00 20 00 9B 06 31323334", "00 20 00 80 04 31323334 00",
        "00 24 01 80 04 31323334", "00 24 00 80 08 31323334 31323334", "80 32 00 80 04 31323334",
        "00 2C 02 80 04 31323334", "08 20 00 80 04 31323334", "FF 20 00 80 04 31323334",
        "80 2A 00 80 04 31323334 00", "80 AE 00 00 04 31323334", "00 82 00 00 04 31323334",
        "00 88 00 80 04 31323334 00",
        "00 D6 00 00 02 31323334", "80 E2 00 80 00 0004 31323334",
    ]

    @Test(arguments: secrets) func `withholds what a command carries, also where its lengths do not add up`(hex: String)
        throws
    {
        let command = try #require(Hex(parsing: hex)).bytes
        let trace = try record([(command, [0x90, 0x00])])
        let exchange = try #require(trace.exchanges.first)
        #expect(exchange.command.count == command.count)
        #expect(Array(exchange.command.prefix(5)) == command.prefix(5).map { $0 })
        let shown = exchange.command.dropFirst(5).compactMap { $0 }
        #expect(!shown.contains { (0x31...0x34).contains($0) })
    }

    @Test func `shows what names an application, a file or a length`() throws {
        for hex in [
            "00 A4 04 0C 0A D392F000260100000001", "00 A4 02 0C 02 0018", "00 B0 00 00 00 01 00", "00 C0 00 00 10",
        ] {
            let command = try #require(Hex(parsing: hex)).bytes
            #expect(try record([(command, [0x90, 0x00])]).exchanges[0].command == command)
        }
    }

    private static let jpki = Hex("00 A4 04 0C 0A D392F000260100000001").bytes
    private static let text = Hex("00 A4 04 0C 0A D3921000310001010408").bytes
    private static let face = Hex("00 A4 04 00 0A D3921000310001010402").bytes
    private static let done: [UInt8] = [0x90, 0x00]

    /// What was selected with an answer that is not plain 9000, or by short identifier, is still what is read.
    @Test func `takes nothing for a public file that is not`() throws {
        let public02 = Hex("00 A4 02 0C 02 0002").bytes
        let read = Hex("00 B0 00 00 00").bytes
        let facts: [UInt8] = [0xFF, 0x20, 0x0B, 0xDF, 0x22, 0x08] + Array("SECRET!!".utf8)
        let talks: [[(command: [UInt8], answer: [UInt8])]] = [
            [(Self.jpki, Self.done), (public02, Self.done), (Self.face, [0x61, 0x12]), (read, facts + Self.done)],
            [(Self.jpki, Self.done), (public02, Self.done), (Self.face, [0x62, 0x83]), (read, facts + Self.done)],
            [(Self.jpki, Self.done), (public02, Self.done), (Hex("00 B0 81 00 00").bytes, facts + [0x62, 0x82])],
            [(Self.jpki, Self.done), (public02, Self.done), (Hex("00 B0 8A 00 00").bytes, facts + [0x6C, 0x10])],
            [
                (Self.jpki, Self.done), (public02, Self.done), (Hex("00 B0 81 00 00").bytes, [0x61, 0x0E]),
                (Hex("00 C0 00 00 0E").bytes, facts + Self.done),
            ],
            [(Self.text, Self.done), (Hex("00 A4 02 0C 02 0002").bytes, Self.done), (read, facts + Self.done)],
            [(read, facts + Self.done)], [(Hex("00 C0 00 00 0E").bytes, facts + Self.done)],
            [(Hex("00 CA 00 45 00").bytes, facts + Self.done)], [(Hex("00 CA 01 23 00").bytes, facts + Self.done)],
            [(Hex("00 B2 01 0C 00").bytes, facts + Self.done)], [([], facts + Self.done)],
            [([0x00], facts + Self.done)],
        ]
        for talk in talks {
            let trace = try record(talk)
            let text = trace.lines.joined()
            #expect(!text.contains(Hex(Array("SECRET".utf8)).description), "\(talk.map { Hex($0.command) })")
            expectForm(talk, trace)
        }
    }

    @Test func `keeps lengths and statuses, whatever passes`() throws {
        var generator = SeededGenerator(seed: 12)
        let commands =
            [
                "00 A4 04 0C 0A D392F000260100000001", "00 A4 04 0C 0A D3921000310001010402",
                "00 A4 04 0C 0A D3921000310001010408", "00 A4 04 0C 0A D3921000310001010401",
                "00 A4 04 0C 0A D3921000310001010100", "00 A4 02 0C 02 0001", "00 A4 02 0C 02 0002",
                "00 A4 02 0C 02 0006", "00 A4 02 0C 02 0008", "00 A4 02 0C 02 000A", "00 A4 02 0C", "00 A4 02 0C 01 00",
                "00 B0 00 00 00", "00 B0 00 00 03", "00 B0 01 00 00", "00 B0 7F FF 00", "00 B0 8A 10 00",
                "00 B2 01 04 00", "00 B2 01 0C 00", "00 B2 02 14 00", "00 CA 00 F2 00", "00 CA 00 F8 00",
                "00 CA 7F 21 00", "00 CA 00 42 00", "00 C0 00 00 00", "08 B0 00 00 05 9603000100", "00 84 00 00 10",
                "00", "",
            ].compactMap { Hex(parsing: $0)?.bytes }
        for _ in 0..<1_000 {
            let talk = (0..<(1 + generator.below(8))).map { _ in
                let command = generator.one(of: commands)
                let length = generator.one(of: [0, 1, 2, 3, 4, 5, 7, 10, 30, 32, 100, 300])
                let head: [UInt8] = generator.one(of: Self.heads)
                let data = Array((head + generator.bytes(length)).prefix(length))
                let status = generator.one(of: Self.statuses)
                return (command: command, answer: data + status)
            }
            expectForm(talk, try record(talk))
        }
    }

    private static let statuses: [[UInt8]] = [
        [0x90, 0x00], [0x90, 0x00], [0x61, 0x10], [0x69, 0x82], [0x62, 0x82], [0x90],
    ]

    private static let heads: [[UInt8]] = [
        [], [0xFF, 0x20], [0xFF, 0x10, 0x82], [0x7F, 0x21, 0x82, 0x02, 0x33, 0x5F, 0x4E], [0x30, 0x84], [0xFF], [0x5F],
        [0x01, 0xFF], [0xA1, 0x81], [0xFF, 0x40, 0x03, 0xDF], [0xFF, 0x20, 0x83, 0x01, 0xFF, 0xFF, 0xDF, 0x24, 0x83],
    ]

    private func expectForm(_ talk: [(command: [UInt8], answer: [UInt8])], _ trace: CardTrace) {
        #expect(trace.exchanges.count == talk.count)
        for (exchange, real) in zip(trace.exchanges, talk) {
            #expect(exchange.command.count == real.command.count)
            guard case .response(let bytes) = exchange.outcome else { continue }
            #expect(bytes.count == real.answer.count && bytes.suffix(2) == real.answer.suffix(2))
        }
        #expect(trace.lines.count == 2 + 2 * talk.count)
    }
}
