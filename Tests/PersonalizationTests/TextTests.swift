import CivilCalendar
import Crypto
import ForeignTools
import Foundation
import Issuance
import Personalization
import Testing

@Suite struct `The input support of a made card` {
    private func opened(_ name: String) throws -> Reader {
        var card = try card(name)
        #expect(card.enter(Reader.text) == "9000")
        #expect(card.verify(0x0014, card.persona.holder.individualNumber) == "9000")
        #expect(card.verify(0x0015, try card.numberB) == "9000")
        return card
    }

    private func textKey(_ card: inout Reader) throws -> [UInt8] {
        try municipalityKey(
            card.read(0x0004).content,
            try authority().cards.textAuthorityKey.modulus,
            authorityID: "8000033",
            "8"
        )
    }

    @Test(arguments: plastic) func `has My Number in exactly 17 bytes`(name: String) throws {
        var card = try opened(name)
        let number = card.persona.holder.individualNumber
        #expect(card.read(0x0001).content == bytes("FF100C") + Array(number.utf8) + [0xFF, 0xFF])
    }

    @Test(arguments: plastic) func `has the four facts in UTF-8 behind an offset table`(name: String) throws {
        var card = try opened(name)
        let record = try Record(card.read(0x0002).content, tag: 0xFF20, inner: Array(0xDF21...0xDF25))
        record.expectOffsets(0xDF21)
        let holder = card.persona.holder
        #expect(record[0xDF21].count == 8)
        #expect(Array(record[0xDF22]) == Array(holder.name.utf8))
        #expect(Array(record[0xDF23]) == Array(holder.address.utf8))
        #expect(record.text(0xDF24) == (try card.birth.compact))
        #expect(record.text(0xDF25) == holder.gender)
        #expect(Int(record.file[record.pieces[0].value.lowerBound + 1]) == (record.used < 0x83 ? 0x0E : 0x10))
    }

    @Test func `has the standard adult's facts byte by byte as the layout says`() throws {
        var card = try opened("adult")
        let facts = bytes(
            """
            FF205C DF2108000E00200050005B DF220FE795AAE58FB7E38080E88AB1E5AD90
            DF232DE69DB1E4BAACE983BDE58D83E4BBA3E794B0E58CBAE99C9EE3818CE996A2EFBC92EFBC8DEFBC91EFBC8DEFBC92
            DF24083139383930333331DF250132
            """.filter { !$0.isNewline }
        )
        #expect(Array(card.read(0x0002).content.prefix(95)) == facts)
        let digests = try Record(card.read(0x0003).content, tag: 0xFF30, inner: [0xDF31, 0xDF32, 0xDF33])
        #expect(
            hexadecimal(digests[0xDF31]) == "C60C415D94405F03E9C454A8BAE073837D2C619925196526852FE61D9C58422D"
        )
        #expect(
            hexadecimal(digests[0xDF32]) == "A8390D1AE2160078313A43798748FA422F832D7974427699F958DE530FDAD27E"
        )
    }

    @Test(arguments: plastic) func `has digests of number and facts in 336 bytes, signed by the municipality`(
        name: String
    ) throws {
        var card = try opened(name)
        let record = try Record(card.read(0x0003).content, tag: 0xFF30, inner: [0xDF31, 0xDF32, 0xDF33])
        #expect(record.used == 336)
        #expect(record[0xDF31] == Array(SHA256.hash(data: card.read(0x0001).content)))
        let facts = try Record(card.read(0x0002).content, tag: 0xFF20, inner: Array(0xDF21...0xDF25))
        #expect(record[0xDF32] == Array(SHA256.hash(data: facts.whole(0xDF22, 0xDF23, 0xDF24, 0xDF25))))
        #expect(record.whole(0xDF31, 0xDF32).count == 70)
        #expect(try signs(record[0xDF33], record.whole(0xDF31, 0xDF32), try textKey(&card)))
    }

    @Test(arguments: plastic) func `has basics of 164 bytes that anybody may read`(name: String) throws {
        var card = try card(name)
        #expect(card.enter(Reader.text) == "9000")
        let file = card.read(0x0005).content
        #expect(file.count >= 256, "readers take 256 bytes at once")
        let record = try Record(file, tag: 0xFF40, inner: [0xDF41, 0xDF42, 0xDF43])
        #expect(record.used == 164)
        #expect(Array(file[..<5]) == bytes("FF4082009F"))
        #expect(record.pieces.map(\.value.count) == [4, 16, 128])
        #expect(record[0xDF43].dropFirst(32).allSatisfy { $0 == 0xFF })
        #expect(card.read(0x0008).content == [UInt8](repeating: 0xFF, count: 16))
    }

    @Test func `has its key's public half in 536 bytes, signed, and proves itself with it`() throws {
        var card = try opened("adult")
        let record = try Record(card.read(0x0007).content, tag: 0xFF50, inner: [0xDF51, 0xDF52])
        #expect(record.used == 536)
        #expect(try signs(record[0xDF52], record.whole(0xDF51), try textKey(&card)))
        let challenge = (0..<32).map { UInt8($0) }
        let answer = card.send("802A0000 20", challenge + [0x00])
        #expect(try OpenSSLProgram.recover(answer.data, modulus: try modulus(record[0xDF51])) == challenge)
    }

    @Test func `has a key of its own for session keys in 269 bytes`() throws {
        var card = try opened("adult")
        let file = card.read(0x0006).content
        #expect(file.count == 269)
        #expect(Array(file[..<4]) == bytes("A1820109"))
        let signed = try Record(card.read(0x0007).content, tag: 0xFF50, inner: [0xDF51, 0xDF52])
        #expect(try modulus(Array(file[4...])) != modulus(signed[0xDF51]))
    }

    @Test(
        arguments: [
            // secret, value, what it opens, what it does not
            (0x0011, "1234", [1, 2, 3, 6, 7], []), (0x0014, "123456789018", [1, 3, 6, 7], [2]),
            (0x0015, "01033120362285", [2, 3, 6, 7], [1]),
        ] as [(Int, String, [Int], [Int])]
    )
    func `opens to each secret what the rules give it and nothing more`(
        secret: Int,
        value: String,
        open: [Int],
        closed: [Int]
    ) throws {
        var card = try card("adult")
        #expect(card.enter(Reader.text) == "9000")
        for file in [1, 2, 3, 6, 7] { #expect(card.read(file).status == "6982") }
        #expect(card.verify(secret, value) == "9000")
        for file in open { #expect(card.read(file).status == "9000", "\(file)") }
        for file in closed { #expect(card.read(file).status == "6982", "\(file)") }
    }
}

@Suite struct `The numbers on a made card` {
    @Test(arguments: plastic) func `stand in the common application as 28 digits`(name: String) throws {
        var card = try card(name)
        #expect(card.enter(Reader.common) == "9000")
        let answer = card.send("00B2010C 00")
        #expect(answer.status == "9000")
        #expect(Array(answer.data.prefix(2)) == [0x01, 0x1C])
        let digits = String(decoding: answer.data.dropFirst(2), as: UTF8.self)
        #expect(digits.utf8.count == 28)
        #expect(digits.hasPrefix("8"), "no real serial begins with 8")
        let expected = card.persona.holder.municipalityCode + (try Reader.expiry(card.persona))
        #expect(digits.dropFirst(15) == expected)
    }

    @Test func `are another serial for every card`() throws {
        var serials: Set<String> = []
        for name in plastic {
            var card = try card(name)
            _ = card.enter(Reader.common)
            serials.insert(hexadecimal(Array(card.send("00B2010C 00").data.dropFirst(2).prefix(15))))
        }
        #expect(serials.count == plastic.count)
    }

    @Test(arguments: plastic) func `do not give the resident register code to its PIN alone`(name: String) throws {
        var card = try card(name)
        #expect(card.enter(Reader.register) == "9000")
        #expect(card.send("00B2010C 00").status == "6982")
        if let pin = card.persona.secrets.register, card.persona.spend == nil {
            #expect(card.verify(0x001C, pin) == "9000")
            #expect(card.send("00B2010C 00").status == "6982")
        }
    }

    @Test func `are in the card manager's objects, with the chain of certificates to its key`() throws {
        var card = try card("adult")
        let root = try authority().cards.rootKey.modulus
        #expect(card.send("00CA00F000").data == Array("13101".utf8))
        #expect(card.send("00CA00F200").data == Array("20360331".utf8))
        #expect(card.send("00CA5F5100").data == bytes("E000FF8131FE4514"))
        // Without its outer tag and length: 5F4E and 5F37 follow each other, 563 bytes.
        let first = card.send("00CA00F8000000").data
        #expect(first.count == 563)
        let pieces = try #require(Piece.list(first, 0..<first.count))
        #expect(pieces.map(\.tag) == [0x5F4E, 0x5F37])
        let body = pieces[0].bytes(in: first)
        #expect(body.count == 297)
        #expect(try signs(pieces[1].bytes(in: first), body, root))
        let second = card.send("00CA7F21000000").data
        #expect(second.count == 568)
        _ = try municipalityKey(
            second,
            try modulus(Array(body[32...])),
            authorityID: String(decoding: body[16..<23], as: UTF8.self),
            "8"
        )
    }
}
