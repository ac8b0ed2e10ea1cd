import CardClient
import CardProfiles
import CardTesting
import Personalization
import ReaderTesting
import SmartCard
import Testing

@Suite struct `Bringing an answer together` {
    let made: PersonaCard
    let hand: CardInHand

    init() throws {
        made = try PersonaCards.card("adult")
        hand = CardInHand(made)
    }

    /// Lets the card hand out its answers to READ BINARY in pieces of `size` by GET RESPONSE.
    private func handOut(_ size: Int) {
        var rest: [UInt8] = []
        hand.meddle = { _, command, response in
            if command[1] == 0xB0, response.count > 2 {
                rest = Array(response.dropLast(2))
                return [0x61, UInt8(truncatingIfNeeded: min(size, rest.count))]
            }
            guard command[1] == 0xC0 else { return response }
            let piece = rest.prefix(command[4] == 0 ? 256 : Int(command[4]))
            rest.removeFirst(piece.count)
            let next = UInt8(truncatingIfNeeded: min(size, rest.count))
            return piece + (rest.isEmpty ? [0x90, 0x00] : [0x61, next])
        }
    }

    @Test(arguments: [32, 100, 255, 256]) func `follows 61xx to the end`(size: Int) throws {
        var plain = hand.client
        let certificate = try plain.readCertificate(.signatureCACertificate)
        handOut(size)
        var client = hand.client
        #expect(try client.readCertificate(.signatureCACertificate) == certificate)
        #expect(hand.commands.contains { $0[1] == 0xC0 })
    }

    @Test(arguments: [1, 2, 8]) func `refuses 61xx in crumbs`(size: Int) throws {
        handOut(size)
        var client = hand.client
        let file = ObjectID.signatureCACertificate
        #expect(throws: CardError.misbehaved(.read(file), .endlessResponse)) { try client.readCertificate(file) }
        #expect(hand.exchanges.count < 20)
    }

    @Test func `refuses 61xx that brings more than was asked for`() throws {
        hand.meddle = { _, command, response in
            [0xB0, 0xC0].contains(command[1]) ? [UInt8](repeating: 0x30, count: 200) + [0x61, 0xC8] : response
        }
        var client = hand.client
        let file = ObjectID.signatureCACertificate
        #expect(throws: CardError.misbehaved(.read(file), .tooManyBytes)) { try client.readCertificate(file) }
    }

    @Test func `asks again once with the length the card names`() throws {
        hand.meddle = { _, command, response in
            command[1] == 0xB0 && command.last != 0x03 ? [0x6C, 0x03] : response
        }
        var client = hand.client
        _ = try client.readAvailability()
        #expect(hand.exchanges.count == 3)
        hand.meddle = { _, command, response in command[1] == 0xB2 ? [0x6C, 0x1E] : response }
        #expect(throws: CardError.misbehaved(.read(.cardNumbers), .alwaysAnotherLength)) {
            try client.readCardNumbers()
        }
        #expect(hand.commands.suffix(2).map { $0.last } == [0x00, 0x1E])
    }

    @Test func `takes no more of a short file than was asked for, whatever 6Cxx names`() throws {
        var client = hand.client
        try client.unlock(.input, "1234")
        hand.meddle = { _, command, response in
            guard command[1] == 0xB0 else { return response }
            return command[4] == 0 ? response.dropLast(2) + [0xAA, 0xBB, 0x90, 0x00] : [0x6C, 0x00]
        }
        #expect(try client.readBytes(.individualNumber, count: 17).count == 17)
    }

    @Test func `tries 6F00 once more, for the first command alone`() throws {
        let slow = CardInHand(made, .firstCommandAnswers6F00)
        var client = slow.client
        #expect(try client.recognize().kind == .card)
        #expect(slow.exchanges[0].response == [0x6F, 0x00] && slow.commands[0] == slow.commands[1])

        hand.meddle = { _, _, _ in [0x6F, 0x00] }
        var failing = hand.client
        #expect(throws: CardError.refused(.select(.jpki), .selfDiagnosisFailed)) { try failing.select(.jpki) }
        #expect(hand.exchanges.count == 2)
        #expect(throws: CardError.refused(.select(.jpki), .selfDiagnosisFailed)) { try failing.select(.jpki) }
        #expect(hand.exchanges.count == 3)
    }

    @Test(arguments: [[], .shortReadAnswers6282] as [Leniency]) func `takes the end of a file as it comes`(
        leniency: Leniency
    ) throws {
        let hand = CardInHand(made, leniency)
        var client = hand.client
        #expect(try client.readBytes(.tokenInformation, count: 500).count == 160)
        #expect(try client.readBytes(.certificateAvailability, count: 3) == [0x8F, 0x8F, 0x00])
        #expect(try client.readBytes(.certificateAvailability, count: 256) == [0x8F, 0x8F, 0x00])
        client.readLength = 3
        #expect(try client.readBytes(.certificateAvailability, count: 256) == [0x8F, 0x8F, 0x00], "6B00 at offset 3")
        hand.meddle = { _, _, response in response == [0x6B, 0x00] ? [0x6A, 0x86] : response }
        #expect(try client.readBytes(.certificateAvailability, count: 256) == [0x8F, 0x8F, 0x00], "6A86 at offset 3")
    }

    @Test(arguments: [0x6B00, 0x6A86, 0x6700] as [UInt16]) func `takes no offset error at the beginning`(word: UInt16) {
        hand.meddle = { _, command, response in
            command[1] == 0xB0 ? [UInt8(word >> 8), UInt8(word & 0xFF)] : response
        }
        var client = hand.client
        #expect(throws: CardError.refused(.read(.tokenInformation), StatusWord(rawValue: word))) {
            try client.readBytes(.tokenInformation, count: 160)
        }
    }

    @Test func `reads the same with extended lengths, in any length of block`() throws {
        var client = hand.client
        try client.unlock(.numberB, made.numberB)
        let face = try client.readObject(.faceRecord)
        let certificate = try client.readObject(.faceCVCertificate)
        for length in [16, 255, 257, 1_000, 65_535, 65_536] {
            client.readLength = length
            #expect(try client.readObject(.faceRecord) == face)
            #expect(try client.readObject(.faceCVCertificate) == certificate)
        }
    }

    @Test func `tells how far it has come`() throws {
        var client = hand.client
        try client.unlock(.numberB, made.numberB)
        let told = Told()
        client.onProgress = { told.all.append($0) }
        let count = try client.readObject(.faceRecord).count
        #expect(told.all.map(\.bytesRead) == Array(stride(from: 256, to: count, by: 256)) + [count])
        #expect(told.all.allSatisfy { $0.file == .faceRecord && $0.total == count })
    }

    private final class Told { var all: [ReadProgress] = [] }

    /// What a file may begin with, and how long the object in it is.
    static let heads: [(head: String, tail: Int, length: Int?, flaw: RecordFlaw?)] = [
        ("30 03", 3, 5, nil), ("30 81 03", 3, 6, nil), ("30 82 00 03", 3, 7, nil), ("30 83 00 00 03", 3, 8, nil),
        ("FF20 03", 3, 6, nil), ("FF20 82 00 03", 3, 8, nil), ("7F21 81 03", 3, 7, nil), ("30 00", 0, 2, nil),
        ("30 82 00 90", 0x90, 0x94, nil), ("30 82 01 2C", 300, 304, nil),
        ("30 84 00 00 00 03", 3, nil, .notADataObject), ("30 80", 3, nil, .notADataObject),
        ("30 FF", 3, nil, .notADataObject), ("30", 0, nil, .notADataObject), ("FF", 0, nil, .empty),
        ("FFFFFFFF", 0, nil, .empty), ("", 0, nil, .empty), ("30 82 01", 0, nil, .notADataObject),
        ("30 83 00 80 00", 3, nil, .notADataObject), ("30 82 7F FF", 3, nil, .notADataObject),
        ("FF FF FF FF FF 03", 3, nil, .notADataObject), ("30 05", 3, nil, .cutOff), ("30 82 01 2C", 299, nil, .cutOff),
        ("1F 81 82 83 84 01", 3, nil, .notADataObject),
    ]

    @Test(arguments: heads) func `finds an object's length, also one longer than it need be`(
        head: String,
        tail: Int,
        length: Int?,
        flaw: RecordFlaw?
    ) throws {
        let content = try #require(Hex(parsing: head)).bytes + [UInt8](repeating: 0x11, count: tail)
        hand.meddle = { _, command, response in
            guard command[1] == 0xB0 else { return response }
            let offset = Int(command[2]) << 8 | Int(command[3])
            guard offset < content.count || offset == 0 else { return [0x6B, 0x00] }
            return content.dropFirst(offset).prefix(command[4] == 0 ? 256 : Int(command[4])) + [0x90, 0x00]
        }
        var client = hand.client
        let result = Result { () throws(CardError) in try client.readObject(.signatureCACertificate) }
        #expect((try? result.get())?.count == length)
        #expect(result.failure == flaw.map { .malformed(.signatureCACertificate, $0) })
    }

    @Test func `drops what is verified when it leaves`() throws {
        var client = hand.client
        try client.unlock(.auth, "1234")
        _ = try client.sign(.digestInfo([1, 2, 3]), with: .authenticationKey)
        try client.leave()
        #expect(!client.isUnlocked && client.place == .cardManager)
        #expect(throws: CardError.notPermitted(.sign(.authenticationKey))) {
            try client.sign(.digestInfo([1, 2, 3]), with: .authenticationKey)
        }
        #expect(try client.triesLeft(SecretKind.auth.home) == .left(3))
    }

    @Test func `selects nothing that is selected already`() throws {
        var client = hand.client
        _ = try client.readAvailability()
        _ = try client.readAvailability()
        #expect(hand.commands.map { $0[1] } == [0xA4, 0xA4, 0xB0, 0xB0])
        try client.leave()
        try client.leave()
        #expect(hand.commands.count == 6, "but leaving is said each time")
    }
}

@Suite struct `Secure messaging` {
    let made: PersonaCard
    let hand: CardInHand

    init() throws {
        made = try PersonaCards.card("adult")
        hand = CardInHand(made)
    }

    private func secured() throws -> HeldClient {
        var client = hand.client
        try client.unlock(.input, "1234")
        try client.openSecureMessaging()
        return client
    }

    @Test func `gives the same as in clear`() throws {
        var plain = hand.client
        try plain.unlock(.input, "1234")
        let facts = try plain.readFourFacts()
        let certificate = try plain.readObject(.textCVCertificate)
        let number = try plain.readIndividualNumber()
        try plain.openSecureMessaging()
        #expect(plain.isSecured)
        for length in [256, 64, 1_000] {
            plain.readLength = length
            #expect(try plain.readFourFacts() == facts)
            #expect(try plain.readObject(.textCVCertificate) == certificate)
            #expect(try plain.readIndividualNumber() == number)
        }
        #expect(hand.commands.suffix(6).allSatisfy { $0[0] == 0x08 })
    }

    @Test func `shows nothing of the facts on the way`() throws {
        var client = try secured()
        hand.forgetExchanges()
        let facts = try client.readFourFacts()
        let name = Array(facts.name.utf8)
        for exchange in hand.exchanges {
            for passed in [exchange.command, exchange.response] where passed.count >= name.count {
                #expect(!passed.indices.dropLast(name.count - 1).contains { passed[$0...].starts(with: name) })
            }
        }
    }

    @Test func `needs the PIN`() throws {
        var client = hand.client
        #expect(throws: CardError.notPermitted(.read(ObjectID(.inputSupport, 0x0006)))) {
            try client.openSecureMessaging()
        }
        try client.unlock(.numberB, made.numberB, in: .inputSupport)
        #expect(throws: CardError.notPermitted(.openSecureMessaging)) { try client.openSecureMessaging() }
        #expect(!client.isSecured)
    }

    @Test func `ends with the application`() throws {
        var client = try secured()
        _ = try client.readAvailability()
        #expect(!client.isSecured)
        #expect(hand.commands.last?[0] == 0x00)
    }

    static let tampered: [(String, @Sendable ([UInt8]) -> [UInt8])] = [
        ("another tag", { [0x87] + $0.dropFirst() }), ("another indicator", { replacing($0, 2, 0x02) }),
        ("in clear", { Array("00112233445566778899".utf8).prefix(max(0, $0.count - 4)) + [0x90, 0x00] }),
        ("no ciphertext", { _ in [0x86, 0x01, 0x01, 0x90, 0x00] }),
        ("an empty object", { _ in [0x86, 0x00, 0x90, 0x00] }),
        ("half a block", { _ in [0x86, 0x09, 0x01] + [UInt8](repeating: 5, count: 8) + [0x90, 0x00] }),
        ("no data", { _ in [0x90, 0x00] }), ("one byte short", { $0.dropLast(3) + [0x90, 0x00] }),
        ("one block of zeros", { _ in [0x86, 0x11, 0x01] + [UInt8](repeating: 0, count: 16) + [0x90, 0x00] }),
        ("half", { $0.prefix($0.count / 2) + [0x90, 0x00] }), ("nothing", { _ in [] }),
        ("a refusal", { _ in [0x69, 0x88] }),
        ("a cut status", { Array($0.dropLast()) }), ("a longer answer", { $0.dropLast(2) + [0x00, 0x90, 0x00, 0x00] }),
        ("a length too long", { replacing($0, 1, 0x7F) }),
    ]

    @Test(arguments: tampered.map(\.0)) func `takes no answer that was tampered with`(name: String) throws {
        let tamper = try #require(Self.tampered.first { $0.0 == name }).1
        var client = try secured()
        // Answers so short that their length is one byte.
        client.readLength = 64
        hand.meddle = { _, command, response in command[1] == 0xB0 ? tamper(response) : response }
        #expect(throws: CardError.self) { try client.readFourFacts() }
        #expect(throws: CardError.self) { try client.readIndividualNumber() }
    }

    @Test func `deciphers each answer by its own number`() throws {
        var client = try secured()
        client.readLength = 64
        var first: [UInt8] = []
        hand.meddle = { _, command, response in
            guard command[1] == 0xB0 else { return response }
            defer { if first.isEmpty { first = response } }
            return first.isEmpty ? response : first
        }
        #expect(throws: CardError.self) { try client.readFourFacts() }
    }

    @Test func `does not go on after an answer that never came`() throws {
        var client = try secured()
        hand.meddle = { _, _, _ throws(ChannelFailure) in throw .unresponsive }
        #expect(throws: CardError.channel(.unresponsive, .selectFile(.fourFacts))) { try client.readFourFacts() }
        #expect(!client.isSecured)
    }
}

private func replacing(_ bytes: [UInt8], _ index: Int, _ byte: UInt8) -> [UInt8] {
    bytes.enumerated().map { $0 == index ? byte : $1 }
}
