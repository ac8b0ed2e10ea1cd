import CardProfiles
import CardTesting
import Testing
import VirtualCard

/// Each switch changes what its line in docs/card/choices.md says, and nothing else.
struct LeniencyTests {
    struct Switch: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let leniency: Leniency
        /// Answered so with the switch alone; a card without it fails it.
        let dialogue: String
    }

    static let switches: [Switch] = [
        Switch(
            testDescription: "verified-query-9000",
            leniency: .verifiedQueryAnswers9000,
            dialogue: """
                @jpki
                00200098 => 63C3
                00200098 04 31323334 => 9000
                00200098 => 9000
                0020009800 => 9000
                0020009B => 63C5
                00200098 04 39393939 => 63C2
                00200098 => 63C2
                00200098 04 31323334 => 9000
                @common
                @jpki
                00200098 => 63C3
                """
        ),
        Switch(
            testDescription: "blocked-6983",
            leniency: .blockedAnswers6983,
            dialogue: """
                @jpki
                00200098 04 39393939 => 63C2
                00200098 04 39393939 => 63C1
                00200098 04 39393939 => 63C0
                00200098 04 31323334 => 6983
                00200098 => 63C0
                @text
                00200092 => 63C0
                00200092 04 31323334 => 6983
                """
        ),
        Switch(
            testDescription: "short-read-6282",
            leniency: .shortReadAnswers6282,
            dialogue: """
                @jpki
                00B08800 03 => 8F8F00 9000
                00B08800 02 => 8F8F 9000
                00B08800 04 => 8F8F00 6282
                00B08800 10 => 8F8F00 6282
                00B08803 01 => 6B00
                00B08100 10 => 6982
                """
        ),
        Switch(
            testDescription: "warm-reset-keeps-state",
            leniency: .warmResetKeepsState,
            dialogue: """
                @jpki
                00200098 04 31323334 => 9000
                00A4020C 02 0017 => 9000
                @reset
                802A0080 01 41 00 => (256) 9000
                @off
                802A0080 01 41 00 => 6D00
                @jpki
                802A0097 01 41 00 => 6982
                """
        ),
        Switch(
            testDescription: "terminal-certificates",
            leniency: .terminalCertificates,
            dialogue: """
                @jpki
                00A4020C 02 0016 => 9000
                80A206C1 01 41 => 6700
                80A20000 01 41 => 6A86
                802A0097 01 41 00 => 6982
                @common
                80A206C1 01 41 => 6D00
                """
        ),
        Switch(
            testDescription: "first-command-6f00",
            leniency: .firstCommandAnswers6F00,
            dialogue: """
                00A4040C 0A D392F000260100000001 => 6F00
                00B08600 01 => 6A82
                @jpki
                00B08600 01 => 4A 9000
                @off
                - => 6F00
                - => 6700
                """
        ),
    ]

    @Test(arguments: switches)
    func `a switch does what it says`(_ one: Switch) throws {
        var dialogue = try SampleCards.fast().dialogue(one.leniency)
        try CardScript(one.dialogue).play(&dialogue, named: one.testDescription)
    }

    @Test(arguments: switches)
    func `the dialogue of a switch is not that of a card without it`(_ one: Switch) throws {
        var dialogue = try SampleCards.fast().dialogue(Leniency(rawValue: .max).subtracting(one.leniency))
        let script = try CardScript(one.dialogue)
        var differs = false
        for (_, _, line) in script.lines {
            switch line {
            case .power: dialogue.card.powerOff()
            case .reset: dialogue.card.reset()
            case .exchange(let command, let expectation):
                if !expectation.accepts(dialogue.send(command)) { differs = true }
            }
        }
        #expect(differs)
    }

    /// The cases that are a switch's own.
    static let ownCases: [(Leniency, Set<Int>)] = [
        (.verifiedQueryAnswers9000, [81, 83]),
        (.blockedAnswers6983, [84, 85]),
        (.shortReadAnswers6282, []),
        (.warmResetKeepsState, [82, 95]),
        (.terminalCertificates, [105]),
    ]

    @Test(arguments: ownCases)
    func `a switch changes no other case`(leniency: Leniency, own: Set<Int>) throws {
        let all =
            ConformanceTests.form + ConformanceTests.classes + ConformanceTests.selection + ConformanceTests.reading
            + ConformanceTests.answers + ConformanceTests.values + ConformanceTests.security
        for one in all where !own.contains(one.number) {
            var dialogue = try SampleCards.fast().dialogue(leniency)
            for (number, text, line) in try CardScript(one.dialogue).lines {
                switch line {
                case .power: dialogue.card.powerOff()
                case .reset: dialogue.card.reset()
                case .exchange(let command, let expectation):
                    let answer = dialogue.send(command)
                    // Reads that meet the end are this switch's own, wherever they stand.
                    if leniency == .shortReadAnswers6282, answer.status == 0x6282 { continue }
                    #expect(expectation.accepts(answer), "case \(one.number), line \(number): \(text) -> \(answer)")
                }
            }
        }
    }

    @Test func `every switch has a name and no two share one`() {
        let names = Leniency.named.map(\.name)
        #expect(Set(names) == Set(Self.switches.map(\.testDescription)))
        #expect(names.count == Self.switches.count)
        for one in Self.switches {
            #expect(Leniency.named.first { $0.name == one.testDescription }?.leniency == one.leniency)
        }
    }
}
