import SmartCard
import Testing

@Suite struct `Hexadecimal text` {
    @Test(
        arguments: [
            ("", []), ("00", [0x00]), ("fF", [0xFF]), ("D3 92 F0", [0xD3, 0x92, 0xF0]), (" 0 1\n2\t3 ", [0x01, 0x23]),
        ] as [(String, [UInt8])]
    )
    func `is read in pairs with or without spaces`(text: String, bytes: [UInt8]) {
        #expect(Hex(parsing: text)?.bytes == bytes)
    }

    @Test(arguments: ["0", "123", "0x12", "G0", "1-2", "１２", "12,34", "12\u{0}"])
    func `with half a pair or anything else in it is none`(text: String) {
        #expect(Hex(parsing: text) == nil)
    }

    @Test func `of any bytes is read back to them`() {
        var random = SeededBytes(seed: 1)
        for count in 0..<100 {
            let bytes = random.bytes(count)
            let text = Hex(bytes).description
            #expect(text.utf8.count == 2 * count)
            #expect(Hex(parsing: text)?.bytes == bytes)
        }
    }

    @Test func `in source that is not hexadecimal stops the program`() async {
        await #expect(processExitsWith: .failure) { _ = Hex(stringLiteral: "D39") }
    }
}

@Suite struct `A status word` {
    @Test(arguments: [(0, 0x63C0), (3, 0x63C3), (10, 0x63CA), (15, 0x63CF)] as [(Int, UInt16)])
    func `tells the tries that are left in its last digit`(tries: Int, value: UInt16) {
        #expect(StatusWord.verificationFailed(triesLeft: tries).rawValue == value)
        #expect(StatusWord(rawValue: value).triesLeft == tries)
    }

    @Test(arguments: [(-1, 0x63C0), (16, 0x63CF), (Int.max, 0x63CF), (Int.min, 0x63C0)] as [(Int, UInt16)])
    func `never tells more than fifteen tries nor fewer than none`(tries: Int, value: UInt16) {
        #expect(StatusWord.verificationFailed(triesLeft: tries).rawValue == value)
    }

    @Test(arguments: [0x9000, 0x6300, 0x63BF, 0x63D0, 0x6984, 0x6983, 0x62C3, 0x64C3, 0x03C1] as [UInt16])
    func `other than 63Cx tells no tries`(value: UInt16) {
        #expect(StatusWord(rawValue: value).triesLeft == nil)
    }

    @Test func `is two bytes, the higher first`() {
        #expect(StatusWord(rawValue: 0x6982).bytes == [0x69, 0x82])
        #expect(StatusWord.referenceBlocked.description == "6984")
    }
}

@Suite struct `An answer on the wire` {
    @Test(arguments: [[], [0x90]] as [[UInt8]]) func `shorter than a status is none`(bytes: [UInt8]) {
        #expect(ResponseAPDU(parsing: bytes) == nil)
    }

    @Test(arguments: [0, 1, 255, 256, 65_536]) func `ends in its status, whatever comes before`(count: Int) throws {
        let data = [UInt8](repeating: 0x90, count: count)
        let answer = try #require(ResponseAPDU(parsing: data + [0x63, 0xC2]))
        #expect(answer == ResponseAPDU(.verificationFailed(triesLeft: 2), data: data))
        #expect(answer.bytes == data + [0x63, 0xC2])
    }
}

@Suite struct `An answer to reset` {
    @Test(arguments: [AnswerToReset.contactless, AnswerToReset.contact])
    func `of this card has the check byte that T=1 demands`(atr: Hex) {
        #expect(AnswerToReset.hasRightChecksum(atr.bytes))
    }

    @Test(arguments: [AnswerToReset.contactless, AnswerToReset.contact])
    func `with any bit changed after the first byte is found wrong`(atr: Hex) {
        for index in 1..<atr.bytes.count {
            for bit in 0..<8 {
                var altered = atr.bytes
                altered[index] ^= 1 << UInt8(bit)
                #expect(!AnswerToReset.hasRightChecksum(altered))
            }
        }
    }

    @Test(arguments: [[], [0x3B], [0x3B, 0x00]] as [[UInt8]]) func `too short to have a check byte has none`(
        atr: [UInt8]
    ) {
        #expect(!AnswerToReset.hasRightChecksum(atr))
    }
}

@Suite struct `A file identifier` {
    @Test func `is two bytes, the higher first, and orders as a number`() {
        #expect(FileID(0x001B).bytes == [0x00, 0x1B])
        #expect(FileID(0x001B).description == "001B")
        #expect(FileID(0x000A) < FileID(0x0011))
        #expect(FileID(0x0100) > FileID(0x00FF))
    }
}
