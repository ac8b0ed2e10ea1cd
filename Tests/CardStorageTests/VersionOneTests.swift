import CardKeys
import CardProfiles
import CardStorage
import Foundation
import SmartCard
import Testing
import VirtualCard

/// A card made with the first version of the file format, used a little, and kept: it must open for ever.
@Suite struct `A card file of format version 1` {
    private let folder: Folder
    private let path: String
    private let key: [UInt8]
    private let bytes: [UInt8]

    init() throws {
        let fixture = try #require(
            Bundle.module.url(forResource: "adult", withExtension: "card", subdirectory: "Fixtures/version-1")
        )
        folder = try Folder()
        path = folder.file("adult.card")
        bytes = try read(fixture.path)
        key = try read(fixture.deletingLastPathComponent().appending(path: "storage.key").path)
        try write(bytes, to: path)
    }

    @Test func `says in clear whose it is and which certificates are free`() throws {
        let header = try CardFile.header(of: path)
        #expect(header.kind == .plastic)
        #expect(header.persona == "adult")
        #expect(header.serial == "800000000000001")
        #expect(header.expiry == "20360331")
        #expect(header.atr == AnswerToReset.contactless.bytes)
        #expect(header.madeAt == 1_795_472_425)
        #expect(header.protection == .keyFile)
        let digests = try header.certificates.map { Hex(try OpenSSLCryptography().sha256($0.der)).description }
        #expect(header.certificates.map(\.name) == ["auth", "sign-ca", "auth-ca"])
        #expect(header.certificates.map(\.der.count) == [1468, 1349, 1364])
        #expect(
            digests == [
                "72700B8E4149F720FE54822BBA955D9C26386655B69B04DC4060FF29052283FF",
                "ED94AF5032758B262C209DEA4245607AAA358BA2B58747DCE1DF7801971F8848",
                "3589D712A6E22D6BC92748E1708E9E5E39BEC7C7C8381F20E325D552FD72F4FE",
            ]
        )
    }

    @Test func `holds the card with the tries that were left`() throws {
        let file = try Sample.open(path, key: key)
        #expect(file.journalBlocks == 5)
        let state = try CardState(.plastic, replaying: file.changes, using: OpenSSLCryptography())
        #expect(state.isClosed)
        let tries: [(ObjectID, Int)] = [
            (ObjectID(.jpki, 0x0018), 1), (ObjectID(.jpki, 0x001B), 4), (ObjectID(.cardFace, 0x0011), 8),
            (ObjectID(.cardFace, 0x0012), 10), (ObjectID(.inputSupport, 0x0011), 3),
            (ObjectID(.inputSupport, 0x0012), 0),
            (ObjectID(.residentRegister, 0x001C), 3),
        ]
        for (object, left) in tries { #expect(state.triesLeft(object) == left, "\(object)") }
    }

    @Test func `obeys its PIN and still signs`() throws {
        var file = try Sample.open(path, key: key)
        let cryptography = OpenSSLCryptography()
        var card = VirtualCard(
            try CardState(.plastic, replaying: file.changes, using: cryptography),
            cryptography: cryptography
        )
        func send(_ command: Hex) -> [UInt8] { card.respond(to: command.bytes, committingTo: &file) }
        #expect(send("00A4040C 0A D392F000260100000001") == [0x90, 0x00])
        #expect(send("00A4020C 02 0018") == [0x90, 0x00])
        #expect(send("00200080 04 31323335") == [0x63, 0xC0])
        #expect(send("00200080 04 31323334") == [0x69, 0x84], "the tries of the journal counted")
        #expect(send("00A4020C 02 001B") == [0x90, 0x00])
        #expect(send("00200080 06 414243313233") == [0x90, 0x00])
        #expect(send("00A4020C 02 001A") == [0x90, 0x00])
        #expect(send("802A0080 04 01020304 00").count == 258)
    }

    @Test func `shows nothing of the person in clear, but the persona's name and the free certificates`() throws {
        let data = Data(bytes)
        func contains(_ part: [UInt8]) -> Bool { data.range(of: Data(part)) != nil }
        let file = try Sample.open(path, key: key)
        let state = try CardState(.plastic, replaying: file.changes, using: OpenSSLCryptography())

        for secret in ["番号", "花子", "霞が関", "123456789018", "12345678903", "89033", "19890331", "ABC123", "640331"] {
            #expect(!contains(Array(secret.utf8)), "\(secret)")
        }
        var secrets = 0
        for change in file.changes {
            switch change {
            case .key(_, let der):
                for number in try Self.primes(der) { #expect(!contains(number)) }
                secrets += 1
            case .reference(_, let salt, let verifier, _) where !verifier.isEmpty:
                #expect(!contains(salt) && !contains(verifier))
                secrets += 1
            case .terminalKey(let key):
                #expect(!contains(key))
                secrets += 1
            case .content(ObjectID(.jpki, 0x0001), let certificate):
                #expect(!contains(Array(certificate.prefix(64))), "the signature certificate names its holder")
                secrets += 1
            default: break
            }
        }
        #expect(secrets >= 6 + 10 + 2 - 1)
        #expect(!contains(key))

        #expect(contains(Array("adult".utf8)))
        for id in [0x000A, 0x0002, 0x000B] as [FileID] {
            #expect(contains(try #require(state.freeContent(ObjectID(.jpki, id)))))
        }
    }

    /// The numbers d, p, q, dp, dq and the coefficient of an RSAPrivateKey (RFC 8017, A.1.2).
    private static func primes(_ der: [UInt8]) throws -> [[UInt8]] {
        var position = 4
        var numbers: [[UInt8]] = []
        try #require(der.starts(with: [0x30, 0x82]))
        while position < der.count {
            try #require(der[position] == 0x02)
            var length = Int(der[position + 1])
            position += 2
            if length > 0x80 {
                let count = length - 0x80
                length = der[position..<(position + count)].reduce(0) { $0 << 8 | Int($1) }
                position += count
            }
            numbers.append(Array(der[position..<(position + length)].drop { $0 == 0 }))
            position += length
        }
        try #require(numbers.count == 9)
        return Array(numbers[3...])
    }
}
