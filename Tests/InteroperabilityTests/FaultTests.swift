import Foundation
import Testing

/// A card that misbehaves by name, as a program meets it that speaks PC/SC.
@Suite(.serialized) struct FaultTests {
    private let reader: CardInReader

    init() throws { reader = try CardInReader("adult") }

    private static let open = ["connect", Command.selectJPKI, Command.selectFile("0018")]

    /// SCARD_E_NOT_TRANSACTED: the command had no answer.
    private static let noAnswer = "error 80100016"

    @Test func `torn-out ends the exchange, and put back the card is a fresh one`() throws {
        try reader.fault("torn-out:4")
        let right = Command.verify(TestSecrets.pin)
        #expect(
            try reader.play(Self.open + [right, Command.askTries, Command.selectFile("0017")])
                == ["T=1", "9000", "9000", "9000", Self.noAnswer, Self.noAnswer]
        )
        try reader.putBack()
        try reader.expect(
            """
            connect -> T=1
            \(Command.selectFile("0017")) -> *
            \(Command.selectJPKI) -> 9000
            \(Command.selectFile("0018")) -> 9000
            \(Command.askTries) -> 63C3
            \(Command.selectFile("0017")) -> 9000
            802A0080 02 4142 00 -> 6982
            """
        )
    }

    @Test func `torn-out spends no try, verify-answer-lost does`() throws {
        let wrong = Command.verify(TestSecrets.wrongPIN)
        try reader.fault("torn-out:3")
        #expect(try reader.play(Self.open + [wrong]) == ["T=1", "9000", "9000", Self.noAnswer])
        try reader.putBack()
        try reader.fault("verify-answer-lost:2")
        #expect(
            try reader.play(Self.open + [Command.askTries, wrong, Command.askTries, wrong])
                == ["T=1", "9000", "9000", "63C3", "63C2", "63C2", Self.noAnswer]
        )
        try reader.putBack()
        #expect(try reader.play(Self.open + [Command.askTries]) == ["T=1", "9000", "9000", "63C1"])
        // Spent is spent: it is on the disk.
        try reader.remove()
        try reader.insert()
        #expect(try reader.play(Self.open + [Command.askTries]).last == "63C1")
    }

    @Test func `get-response gives a certificate in pieces that are the whole`() throws {
        let select = ["connect", Command.selectJPKI, Command.selectFile("000A")]
        let plain = try reader.play(select + ["00B00000000200"])
        let data = try #require(plain.last).dropLast(4)
        try #require(data.count == 2 * 512)
        try reader.fault("get-response")
        let answers = try reader.play(select + ["00B00000000200", "00C0000000", "00C0000000", "00C0000000"])
        #expect(answers[1...3] == ["9000", "9000", "6100"])
        #expect(answers[4] == data.prefix(512) + "6100")
        #expect(answers[5] == data.suffix(512) + "9000")
        #expect(answers[6] == "6985")
        try reader.fault("none")
        #expect(try reader.play(select + ["00B00000000200"]) == plain)
    }

    @Test func `wrong-le and end-of-file-word change the words of a read`() throws {
        try reader.fault("wrong-le", "end-of-file-word")
        try reader.expect(
            """
            connect -> T=1
            \(Command.selectInputSupport) -> 9000
            \(Command.selectFile("0011")) -> 9000
            \(Command.verify(TestSecrets.pin)) -> 9000
            \(Command.selectFile("0001")) -> 9000
            00B00000 00 -> 6C11
            00B00000 11 -> *6282
            00B00011 01 -> 6A86
            """
        )
    }

    @Test func `a late, a wrong and a broken answer arrive as such`() throws {
        try reader.fault("slow:2:500", "wrong-byte:4", "garbage:5")
        let start = ContinuousClock.now
        let answers = try reader.play(["connect", Command.selectManager] + [String](repeating: "00CA00F000", count: 5))
        #expect(ContinuousClock.now - start >= .milliseconds(500))
        #expect(
            answers == ["T=1", "9000", "31333130319000", "31333130319000", "3133CE30319000", "31", "31333130319000"]
        )
    }

    @Test func `a card can be inserted torn out of its reader at its first command`() throws {
        try reader.remove()
        let faulty = try CardInReader("adult", options: ["--fault", "torn-out:2", "--fault", "get-response"])
        #expect(
            try faulty.play(["connect", Command.selectManager, "00CA00F000"]) == ["T=1", "9000", Self.noAnswer]
        )
    }
}
