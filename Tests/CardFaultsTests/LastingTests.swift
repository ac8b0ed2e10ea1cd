import CardFaults
import SmartCard
import Testing

/// Faults that go on until they are cleared: other ways of giving data and of ending a file.
@Suite struct LastingTests {
    // MARK: - get-response

    @Test func `get-response announces data and gives them piece by piece, the status last`() {
        var card = FaultyCard("get-response")
        #expect(card.send(Ask.challenge) == "6103")
        #expect(card.send("00C0000002") == "5A5A6101")
        #expect(card.send("00C0000001") == "5A9000")
        #expect(card.send("00C0000001") == "6985", "there is nothing more")
        #expect(card.asked == [Ask.challenge.bytes], "the card was asked once")
    }

    @Test func `get-response says 00 for 256 bytes and more, and gives no more than 256 at once`() {
        var card = FaultyCard("get-response", size: 600)
        let whole = Hex(card.content)
        #expect(card.send("00B00000000000") == "6100")
        #expect(card.send("00C00000000000") == Hex(Array(whole.bytes[..<256])).description + "6100")
        #expect(card.send("00C0000000") == Hex(Array(whole.bytes[256..<512])).description + "6158")
        #expect(card.send("00C00000FF") == Hex(Array(whole.bytes[512...])).description + "9000")
        #expect(card.send("0084000000") == "6100", "256 exactly")
        #expect(card.send("00C0000000").count == 2 * 258)
    }

    @Test func `get-response leaves an answer without data as it is`() {
        var card = FaultyCard("get-response")
        #expect(card.send(Ask.tries) == "63C2")
        #expect(card.send("00C0000000") == "6985")
    }

    @Test func `get-response loses the rest to any other command, a reset and a tear`() {
        var card = FaultyCard("get-response", "torn-out:7")
        #expect(card.send(Ask.challenge) == "6103")
        #expect(card.send(Ask.tries) == "63C2")
        #expect(card.send("00C0000000") == "6985")
        #expect(card.send(Ask.challenge) == "6103")
        card.faults.reset()
        #expect(card.send("00C0000000") == "6985")
        #expect(card.send(Ask.challenge) == "6103")
        #expect(card.send("00C0000000") == "torn out")
        #expect(card.send("00C0000000") == "6985")
    }

    @Test func `get-response refuses a GET RESPONSE of the wrong form and keeps the data`() {
        var card = FaultyCard("get-response")
        #expect(card.send(Ask.challenge) == "6103")
        #expect(card.send("00C0010000") == "6A86")
        #expect(card.send("00C00000") == "6700")
        #expect(card.send("00C0000000") == "5A5A5A9000")
    }

    @Test func `a wrong byte and a delay hit GET RESPONSE as any other command`() {
        var card = FaultyCard("get-response", "wrong-byte", "slow:2:9")
        #expect(card.send(Ask.challenge) == "6103")
        #expect(card.send("00C0000000") == "after 9 5AA55A9000")
    }

    @Test func `a lasting fault with a position begins there, and adding it again counts anew`() {
        var card = FaultyCard("get-response:2")
        #expect(card.send(Ask.challenge) == "5A5A5A9000")
        #expect(card.send(Ask.challenge) == "6103")
        #expect(card.send(Ask.challenge) == "6103")
        card.faults.add(CardFault(.getResponse, position: 2))
        #expect(card.faults.inForce == [CardFault(.getResponse, position: 2)])
        #expect(card.send(Ask.challenge) == "5A5A5A9000")
    }

    // MARK: - wrong-le

    @Test func `wrong-le tells the exact number and gives the data when asked with it`() {
        for ins in ["B0", "B2", "CA"] {
            var card = FaultyCard("wrong-le", size: 5)
            for le in ["00", "06", "04", "000000"] {
                #expect(card.send(Hex(parsing: "00\(ins)0000\(le)") ?? "") == "6C05", "\(ins) \(le)")
            }
            #expect(card.send(Hex(parsing: "00\(ins)000005") ?? "") == "00010203049000")
            #expect(card.send(Hex(parsing: "00\(ins)0000000005") ?? "") == "00010203049000")
        }
    }

    @Test func `wrong-le says 00 for 256 and lets more than that pass`() {
        var card = FaultyCard("wrong-le")
        #expect(card.send("00B0002C04") == "6C00")
        #expect(card.send("00B0002C00").hasSuffix("9000"))
        #expect(card.send("00B0002B04") == "2B2C2D2E9000", "257 bytes fit no 6Cxx")
        #expect(card.send("00B0012C04") == "6B00")
    }

    @Test func `wrong-le leaves other commands and secure messaging alone`() {
        var card = FaultyCard("wrong-le", size: 5)
        #expect(card.send(Ask.challenge) == "5A5A5A9000")
        #expect(card.send(Ask.tries) == "63C2")
        #expect(card.send("00B00000") == "6D00", "no Le, no wrong Le")
        #expect(card.send("08B0000004") == "000102039000")
        #expect(card.asked.count == 4, "under secure messaging nothing may be asked twice")
    }

    // MARK: - end-of-file-word

    @Test func `end-of-file-word marks reads that reach the end, and those that begin there`() {
        var card = FaultyCard("end-of-file-word", size: 5)
        #expect(card.send("00B0000004") == "000102039000")
        #expect(card.send("00B0000005") == "00010203046282")
        #expect(card.send("00B0000302") == "03046282")
        #expect(card.send("00B0000300") == "03046282")
        #expect(card.send("00B0000500") == "6A86")
        #expect(card.send("00B0700001") == "6A86")
        #expect(card.send("00B2000005") == "00010203049000", "a record is no file")
    }

    @Test func `the three together: announced, exact, and at the end`() {
        var card = FaultyCard("get-response", "wrong-le", "end-of-file-word", size: 5)
        #expect(card.send("00B0000000") == "6C05")
        #expect(card.send("00B0000005") == "6105")
        #expect(card.send("00C0000005") == "00010203046282")
    }
}
