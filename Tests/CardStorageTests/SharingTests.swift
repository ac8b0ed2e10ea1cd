import CardStorage
import Foundation
import Testing
import VirtualCard

@Suite struct `A card file that is in use` {
    @Test func `opens for nobody else`() throws {
        let folder = try Folder()
        let path = folder.file("a.card")
        try Sample.make(path, blocks: 1)
        let file = try Sample.open(path)
        #expect(throws: CardFileError.inUse(path: path)) { try CardFile(opening: path, storageKey: Sample.key) }
        try file.commit(Sample.change(1))
    }

    @Test func `opens again when the one who had it has gone`() throws {
        let folder = try Folder()
        let path = folder.file("a.card")
        try Sample.make(path, blocks: 1)
        for _ in 0..<3 { #expect(try Sample.changes(path) == Sample.content(blocks: 1)) }
    }

    @Test func `can be looked at from outside`() throws {
        let folder = try Folder()
        let path = folder.file("a.card")
        try Sample.make(path, blocks: 1)
        let file = try Sample.open(path)
        #expect(try CardFile.header(of: path) == file.header)
    }

    @Test func `is not replaced`() throws {
        let folder = try Folder()
        let path = folder.file("a.card")
        let before = try Sample.make(path, blocks: 1)
        let file = try Sample.open(path)
        #expect(throws: CardFileError.inUse(path: path)) {
            try CardFile.create(at: path, Sample.header(), [], storageKey: Sample.key, replacing: true)
        }
        #expect(try read(path) == before)
        #expect(folder.names == ["a.card"])
        withExtendedLifetime(file) {}
    }

    @Test func `is kept from other processes, and by them`() throws {
        let folder = try Folder()
        let path = folder.file("a.card")
        try Sample.make(path, blocks: 1)
        // flock(1) of util-linux: exit code 1 when somebody else has the lock.
        func canLock() throws -> Bool {
            let other = Process()
            other.executableURL = URL(filePath: "/usr/bin/env")
            other.arguments = ["flock", "--nonblock", path, "true"]
            try other.run()
            other.waitUntilExit()
            return other.terminationStatus == 0
        }
        do {
            let file = try Sample.open(path)
            #expect(try !canLock())
            withExtendedLifetime(file) {}
        }
        let end = ContinuousClock.now + .seconds(5)
        while try !canLock() { try #require(ContinuousClock.now < end, "the lock is gone with the file") }

        let holder = Process()
        let said = Pipe()
        let wait = Pipe()
        holder.executableURL = URL(filePath: "/usr/bin/env")
        holder.arguments = ["flock", "--nonblock", "--no-fork", path, "sh", "-c", "echo locked; read line"]
        holder.standardOutput = said
        holder.standardInput = wait
        try holder.run()
        #expect(said.fileHandleForReading.availableData == Data("locked\n".utf8))
        #expect(throws: CardFileError.inUse(path: path)) { try CardFile(opening: path, storageKey: Sample.key) }
        #expect(try CardFile.header(of: path) == Sample.header())
        try wait.fileHandleForWriting.close()
        holder.waitUntilExit()
        #expect(try Sample.changes(path) == Sample.content(blocks: 1))
    }
}

@Suite struct `A key file` {
    private func make(_ count: Int, mode: Int) throws -> (Folder, String) {
        let folder = try Folder()
        let path = folder.file("storage.key")
        try write([UInt8](repeating: 7, count: count), to: path)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        return (folder, path)
    }

    @Test(arguments: [(32, 0o600), (32, 0o400), (33, 0o600), (4096, 0o700)])
    func `of 32 bytes or more that its owner alone can read is taken as it is`(count: Int, mode: Int) throws {
        let (folder, path) = try make(count, mode: mode)
        #expect(try StorageKey.read(path) == [UInt8](repeating: 7, count: count))
        withExtendedLifetime(folder) {}
    }

    @Test(arguments: [0o640, 0o604, 0o660, 0o644, 0o610, 0o601, 0o620, 0o602, 0o666])
    func `that others can reach is refused`(mode: Int) throws {
        let (folder, path) = try make(32, mode: mode)
        #expect(throws: CardFileError.badKeyFile(path: path)) { try StorageKey.read(path) }
        #expect(throws: CardFileError.badKeyFile(path: path)) { try StorageKey.readOrMake(path) }
        withExtendedLifetime(folder) {}
    }

    @Test(arguments: [0, 1, 31]) func `of fewer than 32 bytes is refused`(count: Int) throws {
        let (folder, path) = try make(count, mode: 0o600)
        #expect(throws: CardFileError.badKeyFile(path: path)) { try StorageKey.read(path) }
        #expect(throws: CardFileError.badKeyFile(path: path)) { try StorageKey.readOrMake(path) }
        #expect(try CardStorageTests.read(path).count == count, "and is left as it is")
        withExtendedLifetime(folder) {}
    }

    @Test func `that is not there is not read, but made when asked for, once`() throws {
        let folder = try Folder()
        let path = folder.file("storage.key")
        #expect(throws: CardFileError.badKeyFile(path: path)) { try StorageKey.read(path) }
        let key = try StorageKey.readOrMake(path)
        #expect(key.count == 32)
        #expect(try StorageKey.readOrMake(path) == key)
        #expect(try StorageKey.read(path) == key)
        #expect(folder.names == ["storage.key"])
        #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
        #expect(try StorageKey.readOrMake(folder.file("other.key")) != key)
    }
}

@Suite struct `A sealed file` {
    private static let plain = Array("authority keys".utf8)

    private func make() throws -> (Folder, String, [UInt8]) {
        let folder = try Folder()
        let path = folder.file("authority.sealed")
        try SealedFile.write(Self.plain, to: path, storageKey: Sample.key, purpose: "a test")
        return (folder, path, try read(path))
    }

    @Test func `gives back what was put into it, and what replaced that`() throws {
        let (folder, path, first) = try make()
        #expect(try SealedFile.read(path, storageKey: Sample.key, purpose: "a test") == Self.plain)
        try SealedFile.write([], to: path, storageKey: Sample.key, purpose: "a test")
        #expect(try SealedFile.read(path, storageKey: Sample.key, purpose: "a test") == [])
        #expect(first.count == 54 + Self.plain.count)
        #expect(folder.names == ["authority.sealed"])
    }

    @Test func `shows nothing of its content`() throws {
        let (folder, _, bytes) = try make()
        #expect(Data(bytes).range(of: Data("keys".utf8)) == nil)
        withExtendedLifetime(folder) {}
    }

    @Test func `with any byte changed or missing is refused`() throws {
        let (folder, path, bytes) = try make()
        for index in bytes.indices {
            var altered = bytes
            altered[index] ^= 0x10
            try write(altered, to: path)
            let error: CardFileError = index < 10 ? .notACardFile(path: path) : .wrongKeyOrAltered(path: path)
            #expect(throws: error) { try SealedFile.read(path, storageKey: Sample.key, purpose: "a test") }
            try write(Array(bytes.prefix(index)), to: path)
            let short: CardFileError = index < 54 ? .notACardFile(path: path) : .wrongKeyOrAltered(path: path)
            #expect(throws: short) { try SealedFile.read(path, storageKey: Sample.key, purpose: "a test") }
        }
        withExtendedLifetime(folder) {}
    }

    @Test func `under another key or for another purpose is refused`() throws {
        let (folder, path, _) = try make()
        let refused = CardFileError.wrongKeyOrAltered(path: path)
        #expect(throws: refused) { try SealedFile.read(path, storageKey: Sample.key, purpose: "another") }
        #expect(throws: refused) { try SealedFile.read(path, storageKey: Sample.key.reversed(), purpose: "a test") }
        withExtendedLifetime(folder) {}
    }

    @Test func `is written by one at a time`() async throws {
        let folder = try Folder()
        let path = folder.file("counter")
        try SealedFile.writePlain([0], to: path)
        let lock = folder.file("lock")
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    try? SealedFile.exclusively(lock) {
                        try SealedFile.writePlain([try read(path)[0] + 1], to: path)
                    }
                }
            }
        }
        #expect(try read(path) == [20])
    }
}
