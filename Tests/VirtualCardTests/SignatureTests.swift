import CardKeys
import CardModel
import CardTesting
import SmartCard
import Testing
import VirtualCard

/// Real signatures, judged by the openssl program (docs/card, 5.5 and 5.6).
struct SignatureTests {
    private func dialogue() throws -> (CardDialogue<OpenSSLCryptography>, RSAPublicKey) {
        let sample = try SampleCards.real()
        var dialogue = sample.dialogue()
        _ = dialogue.select(SampleContents.jpkiAID)
        try #require(dialogue.verify(0x0018, SampleContents.pin).status == 0x9000)
        let modulus = try #require(sample.moduli[KeyPosition(SampleContents.jpkiAID, 0x0017)])
        return (dialogue, RSAPublicKey(modulus: modulus))
    }

    @Test(arguments: [1, 2, 19, 34, 35, 51, 67, 83, 100, 128, 200, 244, 245])
    func `P1 00 pads any bytes and nothing but them`(count: Int) throws {
        var (dialogue, key) = try dialogue()
        var generator = SeededGenerator(seed: UInt64(count))
        let body = generator.bytes(count)
        let answer = dialogue.send(commandBytes("80 2A 00 97", body, le: 256))
        try #require(answer.status == 0x9000)
        #expect(try key.block(of: answer.data) == paddedBlock(body))
        #expect(dialogue.send(commandBytes("80 2A 00 97", body, le: 256)) == answer)
    }

    @Test func `ten thousand signatures in a row are right`() throws {
        let sample = try SampleCards.real()
        var (dialogue, _) = try dialogue()
        let modulus = try #require(sample.moduli[KeyPosition(SampleContents.jpkiAID, 0x0017)])
        var generator = SeededGenerator(seed: 99)
        var wrong = 0
        for _ in 0..<10_000 {
            let message = generator.bytes(1 + generator.below(200))
            let answer = dialogue.send(commandBytes("80 2A 03 97", message, le: 256))
            if !OpenSSLCryptography().isValidSignature(answer.data, of: message, modulus: modulus) { wrong += 1 }
        }
        #expect(wrong == 0)
    }

    struct Form: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let p1: UInt8
        let count: Int
    }

    static let forms: [Form] = [
        Form(testDescription: "01 over a message", p1: 1, count: 100),
        Form(testDescription: "01 over 255 bytes", p1: 1, count: 255),
        Form(testDescription: "02 over a digest", p1: 2, count: 32),
        Form(testDescription: "03 over a message", p1: 3, count: 1),
        Form(testDescription: "03 over 1,000 bytes", p1: 3, count: 1_000),
    ]

    @Test(arguments: forms)
    func `P1 01, 02 and 03 pad what docs/card says`(_ form: Form) throws {
        var (dialogue, key) = try dialogue()
        var generator = SeededGenerator(seed: UInt64(form.count) + UInt64(form.p1) << 32)
        let body = generator.bytes(form.count)
        let answer = dialogue.send(commandBytes([0x80, 0x2A, form.p1, 0x97], body, le: 256))
        try #require(answer.status == 0x9000)
        let digest = try OpenSSLCryptography().sha256(body)
        let expected =
            switch form.p1 {
            case 1: paddedBlock(digest)
            case 2: paddedDigestInfo(body)
            default: paddedDigestInfo(digest)
            }
        #expect(try key.block(of: answer.data) == expected)
    }

    @Test(arguments: [(UInt8(4), 32), (5, 1), (5, 255), (5, 2_000)])
    func `P1 04 and 05 are PSS with 32 bytes of salt, never twice the same`(form: UInt8, count: Int) throws {
        var (dialogue, key) = try dialogue()
        var generator = SeededGenerator(seed: UInt64(count))
        let body = generator.bytes(count)
        let command = commandBytes([0x80, 0x2A, form, 0x97], body, le: 256)
        let signatures = [dialogue.send(command), dialogue.send(command)]
        #expect(signatures[0] != signatures[1])
        let digest = form == 4 ? body : try OpenSSLCryptography().sha256(body)
        for answer in signatures {
            #expect(key.isPSS(answer.data, of: digest, saltLength: 32))
            #expect(!key.isPSS(answer.data, of: [UInt8](repeating: 0, count: 32), saltLength: 32))
        }
    }

    struct Key: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let place: ModelPlace
        let file: UInt16
        let command: [UInt8]
        let value: (file: UInt16, bytes: [UInt8])?
    }

    // swift-format-ignore
    static let keys: [Key] = [
        Key(testDescription: "authentication key", place: .jpki, file: 0x17, command: [0x80, 0x2A, 0x03, 0x97], value: (0x18, SampleContents.pin)),
        Key(testDescription: "signature key", place: .jpki, file: 0x1A, command: [0x80, 0x2A, 0x03, 0x9A], value: (0x1B, SampleContents.password)),
        Key(testDescription: "card-face default key", place: .face, file: 0x1A, command: [0x80, 0x2A, 0x03, 0x00], value: nil),
        Key(testDescription: "card-face key by name", place: .face, file: 0x1A, command: [0x80, 0x2A, 0x03, 0x9A], value: nil),
        Key(testDescription: "input-support default key", place: .text, file: 0x13, command: [0x80, 0x2A, 0x03, 0x00], value: nil),
        Key(testDescription: "INTERNAL AUTHENTICATE", place: .common, file: 0x19, command: [0x00, 0x88, 0x00, 0x99], value: nil),
    ]

    @Test(arguments: keys)
    func `each key signs for itself: sha256WithRSA and nothing else`(_ key: Key) throws {
        let sample = try SampleCards.real()
        var dialogue = sample.dialogue()
        _ = dialogue.select(key.place.aid)
        if let value = key.value { _ = dialogue.verify(value.file, value.bytes) }
        var generator = SeededGenerator(seed: UInt64(key.file))
        for _ in 0..<2 {
            let message = generator.bytes(64)
            let answer = dialogue.send(commandBytes(key.command, message, le: 256))
            try #require(answer.status == 0x9000)
            let digest = try OpenSSLCryptography().sha256(message)
            for (position, modulus) in sample.moduli {
                let isOurs = position == KeyPosition(key.place.aid, key.file)
                // Under another modulus the public operation gives another block, or refuses.
                let block = try? RSAPublicKey(modulus: modulus).block(of: answer.data)
                #expect((block == paddedDigestInfo(digest)) == isOurs)
            }
        }
    }

    @Test func `the library confirms a right signature and no other (sha256WithRSAEncryption)`() throws {
        let library = OpenSSLCryptography()
        let key = try library.generateKey()
        let other = try library.generateKey()
        let message: [UInt8] = Array("message".utf8)
        let signature = try key.privateOperation(paddedDigestInfo(library.sha256(message)))
        try #require(
            try RSAPublicKey(modulus: key.modulus).block(of: signature) == paddedDigestInfo(library.sha256(message))
        )
        #expect(library.isValidSignature(signature, of: message, modulus: key.modulus))
        #expect(!library.isValidSignature(signature, of: message + [0], modulus: key.modulus))
        #expect(!library.isValidSignature(signature, of: message, modulus: other.modulus))
        #expect(!library.isValidSignature(signature.reversed(), of: message, modulus: key.modulus))
        #expect(!library.isValidSignature([], of: message, modulus: key.modulus))
        #expect(!library.isValidSignature(signature, of: message, modulus: []))
    }

    @Test func `all keys of a card differ`() throws {
        #expect(Set(try SampleCards.real().moduli.values).count == 6)
    }

    @Test func `a key made again after its encoding signs the same`() throws {
        let library = OpenSSLCryptography()
        let key = try library.generateKey()
        let again = try library.key(decoding: key.encoded())
        let block = paddedBlock([0x41])
        #expect(try key.privateOperation(block) == again.privateOperation(block))
        #expect(again.modulus == key.modulus)
    }
}
