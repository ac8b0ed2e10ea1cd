import CardKeys
import CardProfiles
import CardStorage
import Foundation
import SmartCard
import Testing
import VirtualCard

/// Card files of every version of the format that there has been, kept as they were: each must open for ever.
@Suite struct `The formats of card files` {
    private static let fixtures = Bundle.module.resourceURL?.appending(path: "Fixtures")
    private static let passphrase = Array("correct horse battery staple".utf8)

    /// Every card file of one version, by name.
    private static func cards(version: UInt16) throws -> [(name: String, bytes: [UInt8])] {
        let folder = try #require(fixtures).appending(path: "version-\(version)")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".card") }
        return try names.sorted().map { ($0, try read(folder.appending(path: $0).path)) }
    }

    private static func version(_ bytes: [UInt8]) -> UInt16 { UInt16(bytes[8]) << 8 | UInt16(bytes[9]) }

    /// The version that is written now.
    private static func current() throws -> UInt16 {
        let folder = try Folder()
        return version(try Sample.make(folder.file("a.card"), blocks: 0))
    }

    @Test func `have a file that was kept, up to the one that is written now`() throws {
        let current = try Self.current()
        #expect(current >= 1)
        for version in 1...current {
            let cards = try Self.cards(version: version)
            #expect(!cards.isEmpty, "Fixtures/version-\(version) keeps no card of the version that is written")
            for card in cards { #expect(Self.version(card.bytes) == version, "\(card.name)") }
        }
        let folders = try FileManager.default.contentsOfDirectory(atPath: try #require(Self.fixtures).path)
        #expect(folders.count == Int(current), "and none of a version that nothing writes: \(folders)")
    }

    @Test func `are all opened, replayed, used and written anew`() throws {
        for version in 1...(try Self.current()) {
            for (name, bytes) in try Self.cards(version: version) {
                let folder = try Folder()
                let path = folder.file(name)
                try write(bytes, to: path)
                let key = try Self.storageKey(path, version)
                let cryptography = OpenSSLCryptography()
                let before = try Self.use(path, key)
                // What was read is what is there when it was written anew by what is written now.
                let again = try Sample.open(path, key: key)
                let state = try CardState(again.header.kind, replaying: again.changes, using: cryptography)
                #expect(try state.changes() == before, "\(name)")
                #expect(state.isClosed)
                #expect(again.journalBlocks == 1, "a snapshot, and what came after it")
                #expect(Self.version(try read(path)) == (try Self.current()))
            }
        }
    }

    @Test func `keep the PIN that was changed and the password that was blocked`() throws {
        for (name, blocks, passwordTries) in [("android.card", 4, 5), ("iphone.card", 5, 0)] {
            let card = try #require(try Self.cards(version: 1).first { $0.name == name })
            let folder = try Folder()
            let path = folder.file(name)
            try write(card.bytes, to: path)
            let key = try Self.storageKey(path, 1)
            #expect(throws: CardFileError.wrongKeyOrAltered(path: path)) { try Sample.open(path, key: Sample.key) }
            let file = try Sample.open(path, key: key)
            let header = file.header
            #expect(header.kind.rawValue == header.persona && name == "\(header.persona).card")
            #expect(file.journalBlocks == blocks)
            let state = try CardState(header.kind, replaying: file.changes, using: OpenSSLCryptography())
            #expect(state.triesLeft(ObjectID(.jpki, 0x0018)) == 3)
            #expect(state.triesLeft(ObjectID(.jpki, 0x001B)) == passwordTries)
            let values = try state.changes().compactMap { change -> (salt: [UInt8], verifier: [UInt8])? in
                guard case .reference(ObjectID(.jpki, 0x0018), let salt, let verifier, _) = change else { return nil }
                return (salt, verifier)
            }
            let value = try #require(values.first)
            let changed = try OpenSSLCryptography().hmacSHA256(key: value.salt, Array("4321".utf8))
            #expect(value.verifier == changed, "\(name)")
        }
    }

    @Test func `have every kind of change in a file that was kept`() throws {
        var kinds: Set<Substring> = []
        for version in 1...(try Self.current()) {
            for (name, bytes) in try Self.cards(version: version) {
                let folder = try Folder()
                let path = folder.file(name)
                try write(bytes, to: path)
                for change in try Sample.open(path, key: try Self.storageKey(path, version)).changes {
                    kinds.insert("\(change)".prefix { $0 != "(" })
                }
            }
        }
        #expect(
            kinds == [
                "tries", "reference", "content", "record", "key", "publicKey", "dataObject", "terminalKey", "closed",
            ]
        )
    }

    /// Opens it, shortens it, spends a try; gives what the card is then.
    private static func use(_ path: String, _ key: [UInt8]) throws -> [Change] {
        let cryptography = OpenSSLCryptography()
        var file = try Sample.open(path, key: key)
        let state = try CardState(file.header.kind, replaying: file.changes, using: cryptography)
        try file.compact(try state.changes())
        var card = VirtualCard(state, cryptography: cryptography)
        let pin = ObjectID(.jpki, 0x0018)
        let tries = try #require(state.triesLeft(pin))
        let selected = card.respond(
            to: [0x00, 0xA4, 0x04, 0x0C, 0x0A, 0xD3, 0x92, 0xF0, 0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01],
            committingTo: &file
        )
        #expect(selected.suffix(2) == [0x90, 0x00])
        let answer = card.respond(to: [0x00, 0x20, 0x00, 0x98, 0x04, 0x30, 0x30, 0x30, 0x30], committingTo: &file)
        #expect(answer == [0x63, 0xC0 | UInt8(tries - 1)])
        return try card.state.changes()
    }

    private static func storageKey(_ path: String, _ version: UInt16) throws -> [UInt8] {
        let header = try CardFile.header(of: path)
        switch header.protection {
        case .keyFile: return try read(try #require(fixtures).appending(path: "version-\(version)/storage.key").path)
        case .passphrase: return try StorageKey.derive(passphrase: passphrase, salt: header.salt)
        }
    }
}
