import CardFaults
import SmartCard
import Testing

/// Faults that strike once, at a command that is counted.
@Suite struct StrikingTests {
    @Test func `without a fault every answer is the card's own`() {
        var card = FaultyCard()
        #expect(card.send(Ask.challenge) == "5A5A5A9000")
        #expect(card.send("00C0000000") == "6D00")
        #expect(card.send("00") == "6700")
        #expect(card.asked.count == 3)
    }

    @Test func `torn-out takes the card away before it carries the command out, once`() {
        var card = FaultyCard("torn-out:3")
        #expect(card.send(Ask.challenge) == "5A5A5A9000")
        #expect(card.send(Ask.nonsense) == "6D00", "every command counts")
        #expect(card.send(Ask.verify) == "torn out")
        #expect(card.asked.count == 2, "the VERIFY never reached the card")
        #expect(card.faults.inForce.isEmpty)
        #expect(card.send(Ask.verify) == "63C2")
    }

    @Test func `slow delays one answer and changes nothing in it`() {
        var card = FaultyCard("slow:2:50")
        #expect(card.send(Ask.challenge) == "5A5A5A9000")
        #expect(card.send(Ask.challenge) == "after 50 5A5A5A9000")
        #expect(card.send(Ask.challenge) == "5A5A5A9000")
        var usual = FaultyCard("slow")
        #expect(usual.send(Ask.challenge) == "after 3000 5A5A5A9000")
    }

    @Test func `wrong-byte flips the middle byte of the data and keeps the status`() {
        var card = FaultyCard("wrong-byte:2")
        #expect(card.send(Ask.challenge) == "5A5A5A9000")
        #expect(card.send(Ask.challenge) == "5AA55A9000")
        #expect(card.send(Ask.challenge) == "5A5A5A9000")
    }

    @Test func `wrong-byte waits for an answer that has data`() {
        var card = FaultyCard("wrong-byte:2")
        #expect(card.send(Ask.challenge) == "5A5A5A9000")
        #expect(card.send(Ask.nonsense) == "6D00")
        #expect(card.send(Ask.tries) == "63C2")
        #expect(card.faults.inForce == [CardFault(.wrongByte)])
        #expect(card.send("0084000001") == "A59000")
        #expect(card.faults.inForce.isEmpty)
    }

    @Test func `verify-answer-lost counts VERIFY with a value only, which the card carries out`() {
        var card = FaultyCard("verify-answer-lost:2")
        #expect(card.send(Ask.challenge) == "5A5A5A9000")
        #expect(card.send(Ask.tries) == "63C2")
        #expect(card.send(Ask.verify) == "63C2")
        #expect(card.send(Ask.tries) == "63C2", "asking is no try")
        #expect(card.faults.inForce == [CardFault(.verifyAnswerLost)])
        #expect(card.send(Ask.securedVerify) == "torn out", "also under secure messaging")
        #expect(card.asked.last == Ask.securedVerify.bytes)
        #expect(card.asked.count == 5)
        #expect(card.send(Ask.verify) == "63C2")
    }

    @Test func `garbage breaks one answer off after its first byte`() {
        var card = FaultyCard("garbage:2")
        #expect(card.send(Ask.challenge) == "5A5A5A9000")
        #expect(card.send(Ask.challenge) == "garbage 5A")
        #expect(card.send(Ask.nonsense) == "6D00")
        var status = FaultyCard("garbage")
        #expect(status.send(Ask.nonsense) == "garbage 6D")
    }

    // MARK: - Several at once

    @Test func `two of a kind strike each at its own command`() {
        var card = FaultyCard("torn-out", "torn-out:2", "slow:3:5", "slow:4:6")
        #expect(card.send(Ask.challenge) == "torn out")
        #expect(card.faults.inForce.map(\.description) == ["torn-out", "slow:2:5", "slow:3:6"])
        #expect(card.send(Ask.challenge) == "torn out")
        #expect(card.send(Ask.challenge) == "after 5 5A5A5A9000")
        #expect(card.send(Ask.challenge) == "after 6 5A5A5A9000")
        #expect(card.faults.inForce.isEmpty)
    }

    @Test func `a fault that is added later counts from then`() {
        var card = FaultyCard("slow:3:5")
        #expect(card.send(Ask.challenge) == "5A5A5A9000")
        card.faults.add(CardFault(.garbage, position: 2))
        #expect(card.faults.inForce.map(\.description) == ["slow:2:5", "garbage:2"])
        #expect(card.send(Ask.challenge) == "5A5A5A9000")
        #expect(card.send(Ask.challenge) == "after 5 garbage 5A")
    }

    @Test func `a card that is torn out late is torn out, whatever else would have struck`() {
        var card = FaultyCard("torn-out", "slow:1:5", "garbage", "verify-answer-lost")
        #expect(card.send(Ask.verify) == "after 5 torn out")
        #expect(card.asked.isEmpty)
        #expect(card.faults.inForce.isEmpty)
    }

    @Test func `a wrong byte does not hit an answer that is garbage already`() {
        var card = FaultyCard("wrong-byte", "garbage")
        #expect(card.send(Ask.challenge) == "garbage 5A")
        #expect(card.send(Ask.challenge) == "5AA55A9000")
    }

    @Test func `clearing ends them all`() {
        var card = FaultyCard("torn-out", "slow", "get-response", "wrong-le", "wrong-byte")
        card.faults.clear()
        #expect(card.faults.inForce.isEmpty)
        #expect(card.send(Ask.challenge) == "5A5A5A9000")
    }

    @Test func `any bytes are answered, whatever is in force`() {
        for length in 0...12 {
            for value in [0x00, 0x20, 0xB0, 0xC0, 0xFF] as [UInt8] {
                var card = FaultyCard("get-response", "wrong-le", "end-of-file-word", "wrong-byte:2")
                let command = Hex([UInt8](repeating: value, count: length))
                guard case .answer(let answer) = card.meet(command).outcome else {
                    Issue.record("\(command) has no answer")
                    continue
                }
                #expect(answer.count >= 2)
            }
        }
    }
}
