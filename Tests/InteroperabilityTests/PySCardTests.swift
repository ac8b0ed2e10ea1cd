import Foundation
import Testing

/// Raw commands through pyscard: the card's own words, as they arrive at a program.
@Suite(.serialized) struct PySCardTests {
    private let reader: CardInReader

    init() throws { reader = try CardInReader("adult") }

    private let wrong = Command.verify(TestSecrets.wrongPIN)
    private let right = Command.verify(TestSecrets.pin)

    @Test func `wrong PINs count down, the blocked PIN stays blocked when the card is taken out and put in`() throws {
        try reader.expect(
            """
            connect -> T=1
            \(Command.selectJPKI) -> 9000
            \(Command.selectFile("0018")) -> 9000
            \(Command.askTries) -> 63C3
            \(wrong) -> 63C2
            \(wrong) -> 63C1
            """
        )
        try reader.remove()
        try reader.insert()
        try reader.expect(
            """
            connect -> T=1
            \(Command.selectJPKI) -> 9000
            \(Command.selectFile("0018")) -> 9000
            \(Command.askTries) -> 63C1
            \(wrong) -> 63C0
            \(wrong) -> 6984
            \(right) -> 6984
            """
        )
        try reader.remove()
        try reader.insert()
        try reader.expect(
            """
            connect -> T=1
            \(Command.selectJPKI) -> 9000
            \(Command.selectFile("0018")) -> 9000
            \(right) -> 6984
            \(Command.askTries) -> 63C0
            """
        )
    }

    @Test func `the right PIN fills the counter up, also after it was put in again`() throws {
        try reader.expect(
            """
            connect -> T=1
            \(Command.selectJPKI) -> 9000
            \(Command.selectFile("0018")) -> 9000
            \(wrong) -> 63C2
            \(wrong) -> 63C1
            \(right) -> 9000
            \(Command.askTries) -> 63C3
            """
        )
        try reader.remove()
        try reader.insert()
        try reader.expect(
            """
            connect -> T=1
            \(Command.selectJPKI) -> 9000
            \(Command.selectFile("0018")) -> 9000
            \(Command.askTries) -> 63C3
            """
        )
    }

    @Test func `the My Number is read after the input-support PIN, not before`() throws {
        let number = Command.hex(Array("123456789018".utf8))
        try reader.expect(
            """
            connect -> T=1
            \(Command.selectInputSupport) -> 9000
            \(Command.selectFile("0001")) -> 9000
            00B00000 11 -> 6982
            \(Command.selectFile("0011")) -> 9000
            \(wrong) -> 63C2
            \(right) -> 9000
            \(Command.selectFile("0001")) -> 9000
            00B00000 11 -> FF100C \(number) FFFF 9000
            """
        )
    }

    @Test func `a key signs after its own secret only`() throws {
        let sign = "802A0080 02 4142 00"
        let answers = try reader.play([
            "connect", Command.selectJPKI, Command.selectFile("0017"), sign, Command.selectFile("0018"), right,
            Command.selectFile("0017"), sign, Command.selectFile("001A"), sign,
        ])
        #expect(answers[3] == "6982")
        #expect(answers[5] == "9000")
        #expect(answers[7].count == 2 * (256 + 2) && answers[7].hasSuffix("9000"))
        #expect(answers[9] == "6982")
    }

    @Test func `number A opens the card face: one long read gives what many short ones give`() throws {
        let answers = try reader.play([
            "connect", Command.selectCardFace, Command.selectFile("0002"), "00B0000000", Command.selectFile("0013"),
            Command.verify("123456789018"), Command.selectFile("0002"), "00B00000000000", "read",
        ])
        #expect(answers[3] == "6982")
        #expect(answers[5] == "9000")
        let long = answers[7]
        try #require(long.hasSuffix("9000"))
        #expect(long.dropLast(4) == answers[8])
        #expect(long.count == 2 * (24_576 + 2))
        // FF20 with the offset table, and in it the birth date and a JPEG 2000 file.
        #expect(long.hasPrefix("FF2082"))
        #expect(long.contains("DF2208" + Command.hex(Array("19890331".utf8))))
        #expect(long.contains("0000000C6A502020"))
    }

    @Test func `a number B of another person does not open the card face`() throws {
        try reader.expect(
            """
            connect -> T=1
            \(Command.selectCardFace) -> 9000
            \(Command.selectFile("0012")) -> 9000
            \(Command.verify("19890331202699")) -> 63C9
            \(Command.selectFile("0002")) -> 9000
            00B00000 00 -> 6982
            """
        )
    }

    @Test func `the card manager tells the municipality, the expiry date and the answer to reset`() throws {
        try reader.expect(
            """
            connect -> T=1
            \(Command.selectManager) -> 9000
            00CA00F0 00 -> \(Command.hex(Array("13101".utf8))) 9000
            00CA00F2 00 -> *9000
            00CA0066 00 -> *9000
            00CA5F51 00 -> E000FF8131FE4514 9000
            00CA7F21 00 -> 6700
            00CA7F21 000000 -> *9000
            00CA9F7F 00 -> 6A88
            """
        )
    }

    @Test func `the common application's record holds serial, municipality and expiry date`() throws {
        let answers = try reader.play(["connect", Command.selectCommon, "00B2010C00"])
        let text = "011C(3[0-9]){15}" + Command.hex(Array("13101".utf8)) + "(3[0-9]){8}9000"
        #expect(try answers[2].wholeMatch(of: Regex(text)) != nil, "\(answers[2])")
    }

    @Test(arguments: ["reset", "unpower"])
    func `a reset ends what the PIN had opened`(reset: String) throws {
        try reader.expect(
            """
            connect -> T=1
            \(Command.selectJPKI) -> 9000
            \(Command.selectFile("001B")) -> 9000
            \(Command.verify(TestSecrets.password)) -> 9000
            \(Command.selectFile("0001")) -> 9000
            00B00000 02 -> 3082 9000
            \(reset) -> T=1
            \(Command.selectFile("0001")) -> *
            \(Command.selectJPKI) -> 9000
            \(Command.selectFile("0001")) -> 9000
            00B00000 02 -> 6982
            """
        )
    }

    @Test func `what the PIN had opened outlives a client that leaves the card as it is`() throws {
        try reader.expect(
            """
            connect -> T=1
            \(Command.selectJPKI) -> 9000
            \(Command.selectFile("001B")) -> 9000
            \(Command.verify(TestSecrets.password)) -> 9000
            disconnect -> done
            second connect -> T=1
            second \(Command.selectFile("0001")) -> 9000
            second 00B00000 02 -> 3082 9000
            """
        )
    }

    @Test func `a client alone with the card keeps others out`() throws {
        // 8010000B: SCARD_E_SHARING_VIOLATION.
        try reader.expect(
            """
            connect exclusive -> T=1
            second connect -> *8010000B
            \(Command.selectJPKI) -> 9000
            disconnect -> done
            second connect -> T=1
            second \(Command.selectJPKI) -> 9000
            """
        )
    }

    @Test func `nobody's commands come between those of a transaction`() throws {
        let told = try reader.runScript("transaction")
        // 6986: the other client's application has no current file.
        #expect(told == ["during 63C3", "meanwhile False", "through True", "after 6986"])
    }
}
