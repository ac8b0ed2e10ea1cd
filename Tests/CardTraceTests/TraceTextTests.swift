import CardClient
import CardTesting
import CardTrace
import Testing

@Suite struct `The text of a trace` {
    private let title = "# fuda card trace 1"

    static let failures: [ChannelFailure] = [
        .cardRemoved, .cardReset, .unresponsive, .readerGone, .serviceGone, .garbled, .notRecorded, .other(0),
        .other(0x8010_0069), .other(.max),
    ]

    @Test func `read again gives the same trace`() throws {
        var generator = SeededGenerator(seed: 1)
        for _ in 0..<300 {
            let trace = CardTrace(
                (0..<generator.below(12)).map { _ in
                    let command = generator.bytes(generator.below(300)).map { generator.once(in: 3) ? nil : $0 }
                    let outcome: CardTrace.Outcome =
                        generator.once(in: 4)
                        ? .failure(generator.one(of: Self.failures)) : .response(generator.bytes(generator.below(300)))
                    return CardTrace.Exchange(command: command, outcome: outcome)
                }
            )
            let lines = trace.lines
            #expect(lines.allSatisfy { !$0.contains { $0.isNewline } })
            #expect(try CardTrace(parsing: lines.joined(separator: "\n")) == trace)
            #expect(try CardTrace(parsing: lines.joined(separator: "\r\n") + "\r\n\r\n") == trace)
        }
    }

    @Test(arguments: failures) func `has a name for every failure`(failure: ChannelFailure) throws {
        let trace = CardTrace([CardTrace.Exchange(command: [0x00, nil], outcome: .failure(failure))])
        #expect(try CardTrace(parsing: trace.lines.joined(separator: "\n")).exchanges == trace.exchanges)
    }

    @Test func `may hold notes, empty lines and spaces anywhere`() throws {
        let text =
            "\(title)\n\n# a word\n  > 00 20\t0080 04 ** ** ****  # VERIFY\n\n<63 c2 # two left\n> 00B0\n! card-reset\n"
        let trace = try CardTrace(parsing: text)
        #expect(
            trace.exchanges == [
                .init(command: [0x00, 0x20, 0x00, 0x80, 0x04, nil, nil, nil, nil], outcome: .response([0x63, 0xC2])),
                .init(command: [0x00, 0xB0], outcome: .failure(.cardReset)),
            ]
        )
    }

    static let refused: [(lines: [String], line: Int)] = [
        ([], 1),
        (["# fuda card trace 2"], 1),
        (["#fuda card trace 1"], 1),
        ([" # fuda card trace 1"], 1),
        (["> 00", "< 9000"], 1),
        (["# fuda card trace 1", "< 9000"], 2),
        (["# fuda card trace 1", "! garbled"], 2),
        (["# fuda card trace 1", "> 00B0", "> 00B0", "< 9000"], 3),
        (["# fuda card trace 1", "> 00B0", "< 9000", "< 9000"], 4),
        (["# fuda card trace 1", "> 00B", "< 9000"], 2),
        (["# fuda card trace 1", "> 00B*", "< 9000"], 2),
        (["# fuda card trace 1", "> 0*B0", "< 9000"], 2),
        (["# fuda card trace 1", "> 00BG", "< 9000"], 2),
        (["# fuda card trace 1", "> ***", "< 9000"], 2),
        (["# fuda card trace 1", "> 00", "< 900"], 3),
        (["# fuda card trace 1", "> 00", "< **9000"], 3),
        (["# fuda card trace 1", "> 00", "< 90 OO"], 3),
        (["# fuda card trace 1", "> 00", "! "], 3),
        (["# fuda card trace 1", "> 00", "! gone"], 3),
        (["# fuda card trace 1", "> 00", "! code-"], 3),
        (["# fuda card trace 1", "> 00", "! code--1"], 3),
        (["# fuda card trace 1", "> 00", "! code-4294967296"], 3),
        (["# fuda card trace 1", "> 00", "! Garbled"], 3),
        (["# fuda card trace 1", "> 00", "? 9000"], 3),
        (["# fuda card trace 1", "00B0", "< 9000"], 2),
        (["# fuda card trace 1", "> 00", "< 9000", "全角"], 4),
        (["# fuda card trace 1", "> 00", "< 9000", "", "> 00B0", "", ""], 5),
    ]

    @Test(arguments: refused) func `that is malformed is refused with its line`(lines: [String], line: Int) {
        for separator in ["\n", "\r\n"] {
            let flaw = #expect(throws: TraceFlaw.self) {
                try CardTrace(parsing: lines.joined(separator: separator))
            }
            #expect(flaw?.line == line)
        }
    }
}
