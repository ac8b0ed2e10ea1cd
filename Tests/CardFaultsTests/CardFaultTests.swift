import CardFaults
import Problems
import Testing

/// Faults as people write them.
@Suite struct CardFaultTests {
    @Test(
        arguments: [
            ("torn-out", .tornOut, 1, 0), ("torn-out:7", .tornOut, 7, 0), ("slow", .slow, 1, 3000),
            ("slow:2", .slow, 2, 3000), ("slow:2:50", .slow, 2, 50), ("wrong-byte:1000000", .wrongByte, 1_000_000, 0),
            ("get-response", .getResponse, 1, 0), ("wrong-le:4", .wrongLe, 4, 0),
            ("end-of-file-word", .endOfFileWord, 1, 0), ("verify-answer-lost:3", .verifyAnswerLost, 3, 0),
            ("garbage:2", .garbage, 2, 0),
        ] as [(String, CardFault.Kind, Int, Int)]
    )
    func `a name may be followed by a position, slow by a delay`(
        text: String,
        kind: CardFault.Kind,
        position: Int,
        milliseconds: Int
    ) throws {
        let fault = try #require(CardFault(parsing: text))
        #expect(fault.kind == kind && fault.position == position && fault.milliseconds == milliseconds)
        #expect(fault.description == text)
    }

    @Test(
        arguments: [
            "", ":", "torn", "Torn-out", "torn-out ", "torn-out:", "torn-out:0", "torn-out:-1", "torn-out:+1",
            "torn-out:1:1", "torn-out:x", "torn-out:1000001", "torn-out:99999999999999999999", "slow::5", "slow:1:",
            "slow:1:0", "slow:1:600001", "slow:1:2:3", "none", "put-back",
        ]
    )
    func `anything else is no fault`(text: String) {
        #expect(CardFault(parsing: text) == nil)
    }

    @Test func `every fault is in the table once, under a name that reads back, with both languages`() {
        #expect(CardFault.named.map(\.kind) == CardFault.Kind.allCases)
        #expect(Set(CardFault.named.map(\.name)).count == 8)
        for entry in CardFault.named {
            #expect(CardFault(parsing: entry.name) == CardFault(entry.kind))
            #expect(entry.form.hasPrefix(entry.name + "[:N"))
            #expect(!entry.meaning.ja.isEmpty && !entry.meaning.en.isEmpty && entry.meaning.ja != entry.meaning.en)
        }
    }

    @Test func `numbers from a program are brought within their bounds`() {
        #expect(CardFault(.tornOut, position: 0).position == 1)
        #expect(CardFault(.tornOut, position: .max).position == CardFault.positions.upperBound)
        #expect(CardFault(.slow, milliseconds: -1).milliseconds == 1)
        #expect(CardFault(.slow, milliseconds: .max).milliseconds == CardFault.delays.upperBound)
        #expect(CardFault(.garbage, milliseconds: 5).milliseconds == 0)
    }
}
