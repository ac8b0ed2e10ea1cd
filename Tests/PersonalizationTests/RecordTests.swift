import CivilCalendar
import Crypto
import ForeignTools
import Foundation
import Issuance
import Personalization
import Testing

/// A record read off the card: one outer object, its inner ones, filler.
struct Record {
    let file: [UInt8]
    let used: Int
    let pieces: [Piece]

    init(_ file: [UInt8], tag: Int, inner: [Int]) throws {
        self.file = file
        let isLong = file[2] == 0x82
        let length = isLong ? Int(file[3]) << 8 | Int(file[4]) : Int(file[2])
        used = (isLong ? 5 : 3) + length
        #expect(Int(file[0]) << 8 | Int(file[1]) == tag)
        #expect(file[used...].allSatisfy { $0 == 0xFF }, "filler is FF")
        pieces = try #require(Piece.list(file, (isLong ? 5 : 3)..<used))
        #expect(pieces.map(\.tag) == inner)
    }

    subscript(_ tag: Int) -> [UInt8] { pieces.first { $0.tag == tag }?.bytes(in: file) ?? [] }
    func whole(_ tags: Int...) -> [UInt8] {
        tags.flatMap { tag in pieces.first { $0.tag == tag }?.whole(in: file) ?? [] }
    }
    func text(_ tag: Int) -> String { String(decoding: self[tag], as: UTF8.self) }

    /// Checks the outer object's first inner one: where each following object begins.
    func expectOffsets(_ table: Int) {
        let values = self[table]
        let offsets = stride(from: 0, to: values.count - 1, by: 2).map { Int(values[$0]) << 8 | Int(values[$0 + 1]) }
        #expect(offsets == pieces.dropFirst().map(\.start))
    }
}

private let digestInfo = bytes("3031300D060960864801650304020105000420")

/// Whether the signature is sha256WithRSA over the message, by the key with that modulus.
func signs(_ signature: [UInt8], _ message: [UInt8], _ modulus: [UInt8]) throws -> Bool {
    try OpenSSLProgram.recover(signature, modulus: modulus) == digestInfo + Array(SHA256.hash(data: message))
}

/// The modulus in a public key as the card writes it, 265 bytes.
func modulus(_ object: [UInt8]) throws -> [UInt8] {
    try #require(object.count == 265)
    #expect(Array(object[..<9]) == bytes("9003010001 91820100"))
    return Array(object[9...])
}

/// The key that signs an application's records, out of the certificate on the card, checked against its authority.
func municipalityKey(_ certificate: [UInt8], _ authority: [UInt8], authorityID: String, _ subjectID: String) throws
    -> [UInt8]
{
    try #require(certificate.count == 568)
    #expect(Array(certificate[..<9]) == bytes("7F21820233 5F4E8201"))
    #expect(certificate[9] == 0x29)
    let body = Array(certificate[10..<307])
    #expect(Array(certificate[307..<312]) == bytes("5F37820100"))
    #expect(String(decoding: body[..<7], as: UTF8.self) == authorityID)
    #expect(String(decoding: body[16..<23], as: UTF8.self).hasPrefix(subjectID))
    for id in [body[0..<16], body[16..<32]] { #expect(Array(id.dropFirst(7).prefix(2)) == [0x08, 0x05]) }
    #expect(try signs(Array(certificate[312...]), body, authority))
    return try modulus(Array(body[32...]))
}

let plastic = ["adult", "child", "expired", "foreign", "infant", "locked", "no-pin", "rare-characters"]

@Suite struct `The card face of a made card` {
    private func faceKey(_ card: inout Reader) throws -> [UInt8] {
        try municipalityKey(
            card.read(0x0004).content,
            try authority().cards.faceAuthorityKey.modulus,
            authorityID: "8000023",
            "8"
        )
    }

    private func opened(_ name: String) throws -> Reader {
        var card = try card(name)
        #expect(card.enter(Reader.face) == "9000")
        #expect(card.verify(0x0013, card.persona.holder.individualNumber) == "9000")
        return card
    }

    @Test(arguments: plastic) func `has an age record of 547 bytes, signed by the municipality`(name: String) throws {
        var card = try opened(name)
        let birth = try card.birth
        #expect(card.read(0x0001).status == "6982", "number A does not open it")
        #expect(card.verify(0x0011, birth.eraCompact) == "9000")
        let record = try Record(card.read(0x0001).content, tag: 0xFF10, inner: [0xDF11, 0xDF12, 0xDF13])
        #expect(record.used == 547)
        #expect(record.text(0xDF11) == birth.compact)
        #expect(record[0xDF12].count == 0x109 && record[0xDF13].count == 0x100)
        #expect(try signs(record[0xDF13], record.whole(0xDF11, 0xDF12), try faceKey(&card)))
    }

    @Test(arguments: plastic) func `has a face record with offsets, images and three digests signed`(name: String)
        throws
    {
        var card = try opened(name)
        let record = try Record(card.read(0x0002).content, tag: 0xFF20, inner: Array(0xDF21...0xDF2A))
        record.expectOffsets(0xDF21)
        #expect(record[0xDF21].count == 18)
        #expect(record.text(0xDF22) == (try card.birth.compact))
        #expect(record.text(0xDF23) == card.persona.holder.gender)
        #expect(record.text(0xDF29) == (try Reader.expiry(card.persona)))
        for image in try [PNGHeader(record[0xDF25]), PNGHeader(record[0xDF26])] {
            #expect(image.width == 320 && image.height % 24 == 0 && image.height > 0)
        }
        let code = try PNGHeader(record[0xDF2A])
        #expect(code.width == 24 && code.height == 12)

        let signed = try #require(try OpenSSLProgram.recover(record[0xDF28], modulus: try faceKey(&card)))
        let digests = [record.whole(0xDF22, 0xDF23, 0xDF24), record.whole(0xDF25, 0xDF26), record.whole(0xDF27)]
            .flatMap { Array(SHA256.hash(data: $0)) }
        #expect(signed == bytes("3071300D060960864801650304020105000460") + digests)
    }

    @Test(arguments: plastic) func `has a photo of 288 by 360 in grey, or none without a portrait`(name: String) throws
    {
        var card = try opened(name)
        let photo = try Record(card.read(0x0002).content, tag: 0xFF20, inner: Array(0xDF21...0xDF2A))[0xDF27]
        guard card.persona.portrait != nil else {
            #expect(photo.isEmpty)
            return
        }
        #expect(photo.starts(with: bytes("0000000C6A502020 0D0A870A")))
        // ihdr: height and width in 32 bits, components in 16.
        let mark = try #require(Data(photo).range(of: Data("ihdr".utf8))?.upperBound)
        #expect(Array(photo[mark..<(mark + 10)]) == bytes("00000168 00000120 0001"))
        #expect(photo.count <= 12_000)
    }

    @Test(arguments: plastic) func `has basics of 320 bytes that anybody may read`(name: String) throws {
        var card = try card(name)
        #expect(card.enter(Reader.face) == "9000")
        let record = try Record(card.read(0x0003).content, tag: 0xFF30, inner: Array(0xDF31...0xDF35))
        #expect(record.used == 320)
        #expect(record.pieces.map(\.value.count) == [4, 16, 1, 5, 0x110])
        #expect(record.text(0xDF34) == card.persona.holder.municipalityCode)
        let cipher = Array(record[0xDF35].dropFirst(16))
        let birth = try card.birth
        let numbers = try birth.eraCompact + card.numberB + card.persona.holder.individualNumber
        #expect(try authority().cards.decryptForIssuer(cipher) == Array(numbers.utf8))
        #expect(card.read(0x0006).content == [UInt8](repeating: 0xFF, count: 16))
    }

    @Test(arguments: plastic) func `has a picture of My Number behind number A alone`(name: String) throws {
        var card = try opened(name)
        let record = try Record(card.read(0x0005).content, tag: 0xFF40, inner: [0xDF41, 0xDF42, 0xDF43])
        let image = try PNGHeader(record[0xDF41])
        #expect(image.width == 72 && image.height == 12)
        #expect(try signs(record[0xDF43], record.whole(0xDF41, 0xDF42), try faceKey(&card)))
        var other = try openedWithB(name)
        #expect(other.read(0x0005).status == "6982")
        #expect(other.read(0x0002).status == "9000")
    }

    private func openedWithB(_ name: String) throws -> Reader {
        var card = try card(name)
        #expect(card.enter(Reader.face) == "9000")
        #expect(card.verify(0x0012, try card.numberB) == "9000")
        return card
    }

    @Test func `proves itself with the one key that stands in all its records`() throws {
        var card = try opened("adult")
        #expect(card.verify(0x0011, "010331") == "9000")
        let keys = try [
            Record(card.read(0x0001).content, tag: 0xFF10, inner: [0xDF11, 0xDF12, 0xDF13])[0xDF12],
            Record(card.read(0x0002).content, tag: 0xFF20, inner: Array(0xDF21...0xDF2A))[0xDF24],
            Record(card.read(0x0005).content, tag: 0xFF40, inner: [0xDF41, 0xDF42, 0xDF43])[0xDF42],
        ]
        #expect(keys[0] == keys[1] && keys[1] == keys[2])
        let challenge = (0..<32).map { UInt8($0) }
        let answer = card.send("802A0000 20", challenge + [0x00])
        #expect(answer.status == "9000")
        #expect(try OpenSSLProgram.recover(answer.data, modulus: try modulus(keys[0])) == challenge)
        #expect(try modulus(keys[0]) != faceKey(&card))
    }

    @Test(arguments: plastic) func `opens nothing before a number was given`(name: String) throws {
        var card = try card(name)
        #expect(card.enter(Reader.face) == "9000")
        for file in [0x0001, 0x0002, 0x0005] { #expect(card.read(file).status == "6982") }
    }
}

/// What an image says of itself: PNG, 3rd edition, 11.2.1.
struct PNGHeader {
    let width: Int
    let height: Int

    init(_ bytes: [UInt8]) throws {
        try #require(
            bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13] + Array("IHDR".utf8))
        )
        width = bytes[16..<20].reduce(0) { $0 << 8 | Int($1) }
        height = bytes[20..<24].reduce(0) { $0 << 8 | Int($1) }
        #expect(bytes[24] == 1 && bytes[25] == 0, "one bit of grey a pixel")
    }
}
