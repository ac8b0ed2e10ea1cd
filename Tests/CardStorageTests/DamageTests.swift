import CardStorage
import Foundation
import Testing
import VirtualCard

/// What may happen to a file on a disk, and what may be done to one on purpose.
@Suite struct `A card file that is not what was written` {
    private static let blocks = 4

    /// Puts bytes where the file was and tries to open it.
    private func outcome(_ bytes: [UInt8], _ path: String, key: [UInt8] = Sample.key) throws -> Result<
        [Change], CardFileError
    > {
        try write(bytes, to: path)
        do throws(CardFileError) {
            return .success(try Sample.open(path, key: key).changes)
        } catch {
            return .failure(error)
        }
    }

    private func made() throws -> (folder: Folder, path: String, bytes: [UInt8]) {
        let folder = try Folder()
        let path = folder.file("a.card")
        return (folder, path, try Sample.make(path, blocks: Self.blocks))
    }

    @Test func `cut off anywhere in its last block is the card before that block`() throws {
        let (folder, path, bytes) = try made()
        for cut in 0..<Sample.block {
            let left = Array(bytes.prefix(bytes.count - Sample.block + cut))
            #expect(try outcome(left, path) == .success(Sample.content(blocks: Self.blocks - 1)), "cut at \(cut)")
            #expect(try read(path).count == bytes.count - Sample.block, "the rest is cut off")
        }
        withExtendedLifetime(folder) {}
    }

    @Test func `cut off in its last block takes new commits in that place`() throws {
        let (folder, path, bytes) = try made()
        try write(Array(bytes.dropLast(100)), to: path)
        do {
            let file = try Sample.open(path)
            try file.commit(Sample.change(77))
        }
        #expect(try Sample.changes(path) == Sample.content(blocks: Self.blocks - 1) + Sample.change(77))
        withExtendedLifetime(folder) {}
    }

    @Test func `cut off in its snapshot or its header is refused`() throws {
        let folder = try Folder()
        let path = folder.file("a.card")
        let bytes = try Sample.make(path, blocks: 0)
        let header = 512
        #expect(bytes.count == 2 * 512)
        for cut in 0..<bytes.count {
            let error: CardFileError = cut < header ? .notACardFile(path: path) : .wrongKeyOrAltered(path: path)
            #expect(try outcome(Array(bytes.prefix(cut)), path) == .failure(error), "cut at \(cut)")
        }
    }

    @Test func `with any byte changed is refused`() throws {
        let (folder, path, bytes) = try made()
        let last = bytes.count - 3 * Sample.block
        for index in bytes.indices where index % 7 == 0 || index >= last {
            var altered = bytes
            altered[index] ^= UInt8(1 << (index % 8))
            guard case .failure(let error) = try outcome(altered, path) else {
                Issue.record("byte \(index) was changed and nobody noticed")
                continue
            }
            #expect(expectedErrors(index, bytes.count, path).contains(error), "byte \(index): \(error)")
        }
        withExtendedLifetime(folder) {}
    }

    /// The errors that fit a change at an offset: what a person can act on differs by part.
    private func expectedErrors(_ index: Int, _ count: Int, _ path: String) -> [CardFileError] {
        let journal = count - Self.blocks * Sample.block
        switch index {
        case 0..<8: return [.notACardFile(path: path)]
        case 8: return [.unknownVersion(path: path, 0x0101)]
        case 9: return [.unknownVersion(path: path, 0x0003)]
        case 10..<512: return [.notACardFile(path: path), .wrongKeyOrAltered(path: path)]
        case ..<journal: return [.wrongKeyOrAltered(path: path)]
        default: return [.altered(path: path, block: (index - journal) / Sample.block + 1)]
        }
    }

    @Test func `whose last block has no tag yet is the card before that block`() throws {
        let (folder, path, bytes) = try made()
        let zeroed = Array(bytes.dropLast(16)) + [UInt8](repeating: 0, count: 16)
        #expect(try outcome(zeroed, path) == .success(Sample.content(blocks: Self.blocks - 1)))
        withExtendedLifetime(folder) {}
    }

    @Test(arguments: 1..<blocks) func `whose tag is missing in an earlier block is refused`(block: Int) throws {
        let (folder, path, bytes) = try made()
        let end = bytes.count - (Self.blocks - block) * Sample.block
        var zeroed = bytes
        for index in (end - 16)..<end { zeroed[index] = 0 }
        #expect(try outcome(zeroed, path) == .failure(.altered(path: path, block: block)))
        withExtendedLifetime(folder) {}
    }

    // MARK: - Whole blocks

    private struct Pieces {
        var head: [UInt8]
        var blocks: [[UInt8]]
        var joined: [UInt8] { head + blocks.flatMap { $0 } }

        init(_ bytes: [UInt8], count: Int) {
            let start = bytes.count - count * Sample.block
            head = Array(bytes[..<start])
            blocks = (0..<count).map { Array(bytes[(start + $0 * Sample.block)..<(start + ($0 + 1) * Sample.block)]) }
        }
    }

    @Test func `with two blocks exchanged is refused`() throws {
        let (folder, path, bytes) = try made()
        for first in 0..<Self.blocks {
            for second in (first + 1)..<Self.blocks {
                var pieces = Pieces(bytes, count: Self.blocks)
                pieces.blocks.swapAt(first, second)
                #expect(try outcome(pieces.joined, path) == .failure(.altered(path: path, block: first + 1)))
            }
        }
        withExtendedLifetime(folder) {}
    }

    @Test(arguments: 0..<blocks) func `with a block twice is refused`(block: Int) throws {
        let (folder, path, bytes) = try made()
        var pieces = Pieces(bytes, count: Self.blocks)
        pieces.blocks.insert(pieces.blocks[block], at: block + 1)
        #expect(try outcome(pieces.joined, path) == .failure(.altered(path: path, block: block + 2)))
        pieces = Pieces(bytes, count: Self.blocks)
        pieces.blocks.append(pieces.blocks[block])
        #expect(try outcome(pieces.joined, path) == .failure(.altered(path: path, block: Self.blocks + 1)))
        withExtendedLifetime(folder) {}
    }

    @Test(arguments: 0..<(blocks - 1)) func `with a block left out of the middle is refused`(block: Int) throws {
        let (folder, path, bytes) = try made()
        var pieces = Pieces(bytes, count: Self.blocks)
        pieces.blocks.remove(at: block)
        #expect(try outcome(pieces.joined, path) == .failure(.altered(path: path, block: block + 1)))
        withExtendedLifetime(folder) {}
    }

    @Test func `with a block of another card is refused`() throws {
        let (folder, path, bytes) = try made()
        let other = try Sample.make(folder.file("b.card"), header: Sample.header(salt: 2), blocks: Self.blocks)
        for block in 0..<Self.blocks {
            var pieces = Pieces(bytes, count: Self.blocks)
            pieces.blocks[block] = Pieces(other, count: Self.blocks).blocks[block]
            #expect(try outcome(pieces.joined, path) == .failure(.altered(path: path, block: block + 1)))
        }
    }

    @Test func `with the snapshot or the journal of the same card made anew is refused`() throws {
        let (folder, path, bytes) = try made()
        // Same header, salt and key, so the same file key: only the chain tells the two apart.
        let again = Pieces(try Sample.make(folder.file("b.card"), blocks: Self.blocks), count: Self.blocks)
        var pieces = Pieces(bytes, count: Self.blocks)
        pieces.blocks = again.blocks
        #expect(try outcome(pieces.joined, path) == .failure(.altered(path: path, block: 1)))
    }

    @Test func `with a header of another card is refused`() throws {
        let (folder, path, bytes) = try made()
        var header = Sample.header()
        header.persona = "child"
        let other = try Sample.make(folder.file("b.card"), header: header, blocks: 0)
        #expect(
            try outcome(Array(other[..<512]) + bytes[512...], path) == .failure(.wrongKeyOrAltered(path: path))
        )
    }

    @Test func `with noise behind it is refused`() throws {
        let (folder, path, bytes) = try made()
        let noise = [UInt8](repeating: 0xA5, count: Sample.block)
        #expect(try outcome(bytes + noise, path) == .failure(.altered(path: path, block: Self.blocks + 1)))
        withExtendedLifetime(folder) {}
    }

    // MARK: - Not this card at all

    @Test func `under another storage key is refused`() throws {
        let (folder, path, bytes) = try made()
        for index in [0, 15, 31] {
            var key = Sample.key
            key[index] ^= 1
            #expect(try outcome(bytes, path, key: key) == .failure(.wrongKeyOrAltered(path: path)))
        }
        #expect(
            try outcome(bytes, path, key: Sample.key + [0]) == .failure(.wrongKeyOrAltered(path: path))
        )
        withExtendedLifetime(folder) {}
    }

    @Test(arguments: [0, 2, 0x0100, 0xFFFF] as [UInt16]) func `of another version says which`(version: UInt16) throws {
        let (folder, path, bytes) = try made()
        var other = bytes
        other[8] = UInt8(version >> 8)
        other[9] = UInt8(version & 0xFF)
        #expect(try outcome(other, path) == .failure(.unknownVersion(path: path, version)))
        #expect(throws: CardFileError.unknownVersion(path: path, version)) { try CardFile.header(of: path) }
        withExtendedLifetime(folder) {}
    }

    @Test func `but something else is no card file`() throws {
        let (folder, path, bytes) = try made()
        var longHeader = bytes
        longHeader[10] = 0x7F
        let others: [[UInt8]] = [
            [], Array("FUDACARD".utf8), [UInt8](repeating: 0, count: 2048), Array("{\"name\":\"adult\"}".utf8),
            longHeader,
        ]
        for other in others { #expect(try outcome(other, path) == .failure(.notACardFile(path: path))) }
        #expect(throws: CardFileError.notACardFile(path: "/dev/null")) { try CardFile.header(of: "/dev/null") }
        withExtendedLifetime(folder) {}
    }

    @Test func `or nothing at all is not found`() throws {
        let folder = try Folder()
        let path = folder.file("a.card")
        #expect(throws: CardFileError.notFound(path: path)) { try CardFile(opening: path, storageKey: Sample.key) }
        #expect(throws: CardFileError.notFound(path: path)) { try CardFile.header(of: path) }
        #expect(folder.names.isEmpty, "opening makes no file")
    }
}
