import CardKeys
import CardStorage
import Foundation
import Testing
import VirtualCard

@Suite struct `A card file` {
    @Test func `gives back the card that was put into it`() throws {
        let folder = try Folder()
        let path = folder.file("a.card")
        try Sample.make(path, header: Sample.header(certificates: 3), blocks: 0)
        let file = try Sample.open(path)
        #expect(file.changes == Sample.snapshot)
        #expect(file.journalBlocks == 0)
        #expect(file.header == Sample.header(certificates: 3))
        #expect(folder.names == ["a.card"], "no temporary file is left")
    }

    @Test func `holds every commit that returned, also when it was never closed`() throws {
        let folder = try Folder()
        let path = folder.file("a.card")
        try Sample.make(path, blocks: 0)
        let file = try Sample.open(path)
        for number in 0..<20 {
            try file.commit(Sample.change(number))
            // What a power failure would leave is what stands on the disk now: a copy of it.
            let copy = folder.file("copy\(number).card")
            try write(try read(path), to: copy)
            #expect(try Sample.changes(copy) == Sample.content(blocks: number + 1))
        }
        #expect(file.journalBlocks == 20)
    }

    @Test func `goes on where it stopped after being opened again`() throws {
        let folder = try Folder()
        let path = folder.file("a.card")
        try Sample.make(path, blocks: 2)
        try Sample.open(path).commit(Sample.change(2))
        let file = try Sample.open(path)
        #expect(file.journalBlocks == 3)
        #expect(file.changes == Sample.content(blocks: 3))
    }

    @Test func `is a multiple of 512 bytes long, and grows by 512 a commit`() throws {
        let folder = try Folder()
        let empty = try Sample.make(folder.file("a.card"), blocks: 0)
        let used = try Sample.make(folder.file("b.card"), blocks: 3)
        #expect(empty.count % 512 == 0)
        #expect(used.count == empty.count + 3 * 512)
    }

    @Test func `can be read and written by its owner alone`() throws {
        let folder = try Folder()
        let path = folder.file("a.card")
        try Sample.make(path, blocks: 1)
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }

    @Test func `takes no commit that does not fit a block, and none after it`() throws {
        let folder = try Folder()
        let path = folder.file("a.card")
        try Sample.make(path, blocks: 1)
        let file = try Sample.open(path)
        let large = Change.content(Sample.auth, [UInt8](repeating: 7, count: 600))
        #expect(throws: StoreFailure()) { try file.commit([large]) }
        #expect(throws: StoreFailure()) { try file.commit(Sample.change(1)) }
        #expect(try read(path).count % 512 == 0)
    }

    @Test func `takes a commit that fills its block to the last byte`() throws {
        let folder = try Folder()
        let path = folder.file("a.card")
        try Sample.make(path, blocks: 0)
        // 512 less length, nonce and tag, less tag and length of the object and its name: 473 bytes of content.
        let largest = Change.content(Sample.auth, [UInt8](repeating: 7, count: 512 - 32 - 4 - 3))
        do {
            let file = try Sample.open(path)
            try file.commit([largest])
        }
        #expect(try Sample.changes(path) == Sample.snapshot + [largest])
    }

    // MARK: - Making

    @Test func `is not made over one that is there`() throws {
        let folder = try Folder()
        let path = folder.file("a.card")
        let before = try Sample.make(path, blocks: 1)
        #expect(throws: CardFileError.alreadyThere(path: path)) {
            try CardFile.create(at: path, Sample.header(), [], storageKey: Sample.key, replacing: false)
        }
        #expect(try read(path) == before)
        #expect(folder.names == ["a.card"])
    }

    @Test func `replaces one that is there when told to`() throws {
        let folder = try Folder()
        let path = folder.file("a.card")
        try Sample.make(path, blocks: 1)
        try CardFile.create(at: path, Sample.header(salt: 2), [.closed], storageKey: Sample.key, replacing: true)
        #expect(try Sample.changes(path) == [.closed])
    }

    @Test func `is not made where there is no folder`() throws {
        let folder = try Folder()
        #expect(throws: CardFileError.self) {
            try CardFile.create(
                at: folder.file("none/a.card"),
                Sample.header(),
                [],
                storageKey: Sample.key,
                replacing: false
            )
        }
        #expect(folder.names.isEmpty)
    }

    @Test func `is not made with a storage key that is too short`() throws {
        let folder = try Folder()
        #expect(throws: CardFileError.library("storage key shorter than 32 bytes")) {
            try CardFile.create(
                at: folder.file("a.card"),
                Sample.header(),
                [],
                storageKey: [1, 2, 3],
                replacing: false
            )
        }
        #expect(folder.names.isEmpty)
    }

    // MARK: - Compacting

    @Test func `is shorter after compacting and holds the same card`() throws {
        let folder = try Folder()
        let path = folder.file("a.card")
        let long = try Sample.make(path, blocks: 30)
        do {
            let file = try Sample.open(path)
            try file.compact(Sample.snapshot + Sample.change(29))
            #expect(file.journalBlocks == 0)
            #expect(try read(path).count < long.count - 29 * 512)
            try file.commit(Sample.change(40))
        }
        #expect(try Sample.changes(path) == Sample.snapshot + Sample.change(29) + Sample.change(40))
        #expect(folder.names == ["a.card"])
    }

    @Test func `is the same card behind every link to it, also after compacting`() throws {
        let folder = try Folder()
        let (real, link) = (folder.file("real.card"), folder.file("link.card"))
        try Sample.make(real, blocks: 3)
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "real.card")
        do {
            let file = try Sample.open(link)
            try file.compact(Sample.snapshot)
            try file.commit(Sample.change(7))
            #expect(throws: CardFileError.self) { try CardFile(opening: real, storageKey: Sample.key) }
        }
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "real.card")
        #expect(try Sample.changes(real) == Sample.snapshot + Sample.change(7))
    }

    @Test func `with a second name is not written anew, which would leave that name with old tries`() throws {
        let folder = try Folder()
        let (first, second) = (folder.file("first.card"), folder.file("second.card"))
        try Sample.make(first, blocks: 3)
        try FileManager.default.linkItem(atPath: first, toPath: second)
        do {
            let file = try Sample.open(first)
            try file.compact(Sample.snapshot)
            try file.commit(Sample.change(7))
        }
        #expect(try Sample.changes(second) == Sample.changes(first))
        #expect(try Sample.changes(second).suffix(Sample.change(7).count) == Sample.change(7)[...])
    }

    @Test func `stays locked while it is compacted and afterwards`() throws {
        let folder = try Folder()
        let path = folder.file("a.card")
        try Sample.make(path, blocks: 3)
        let file = try Sample.open(path)
        try file.compact(Sample.snapshot)
        #expect(throws: CardFileError.inUse(path: path)) { try CardFile(opening: path, storageKey: Sample.key) }
        try file.commit(Sample.change(1))
    }

    @Test func `is never missing or half written for those who look while it is compacted`() async throws {
        let folder = try Folder()
        let path = folder.file("a.card")
        try Sample.make(path, blocks: 1)
        let file = try Sample.open(path)
        let looker = Task.detached { () async throws -> Int in
            var looks = 0
            while !Task.isCancelled || looks == 0 {
                #expect(try CardFile.header(of: path) == Sample.header())
                #expect(throws: CardFileError.inUse(path: path)) { try CardFile(opening: path, storageKey: Sample.key) }
                looks += 1
            }
            return looks
        }
        for _ in 0..<40 { try file.compact(Sample.snapshot) }
        looker.cancel()
        #expect(try await looker.value > 0)
        withExtendedLifetime(file) {}
    }
}
