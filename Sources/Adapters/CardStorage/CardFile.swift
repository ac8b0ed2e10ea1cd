import CardCryptography
import CardKeys
public import VirtualCard

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A card on disk, opened for use: nobody else can write to it meanwhile.
///
/// Every commit is one appended block and one `fdatasync`; when ``commit(_:)`` has returned, its changes survive a kill and
/// a power failure. After a write that failed the file takes no more: what is on the disk is then known only to a fresh
/// opening.
public final class CardFile: CardStore {
    public let header: CardHeader
    /// What the card is made of, as found at opening.
    public let changes: [Change]
    /// Blocks in the journal since the last snapshot.
    public private(set) var journalBlocks: Int

    private let disk: any CardDisk
    private var file: any DiskFile
    private var journal: Journal
    private var end: Int
    private var isBroken = false
    private let prologue: [UInt8]
    private let key: SealingKey

    /// Opens a card file and takes its lock.
    ///
    /// Throws ``CardFileError/inUse(path:)`` while another process has it, ``CardFileError/wrongKeyOrAltered(path:)`` or
    /// ``CardFileError/altered(path:block:)`` when something does not fit. A block that was cut off in writing is dropped:
    /// its commit never returned.
    public init(
        opening path: String,
        storageKey: [UInt8],
        on disk: any CardDisk = SystemDisk()
    ) throws(CardFileError) {
        let path = disk.resolved(path)
        var file = try disk.open(path, .readAndWrite)
        try file.lock()
        // The file may have been replaced between opening and locking.
        while !file.isCurrent() {
            file = try disk.open(path, .readAndWrite)
            try file.lock()
        }
        if file.hasSeveralNames { Self.takeLeftoverName(of: file, on: disk) }
        let bytes = try file.readAll(limit: 64 << 20)
        let (header, prologue) = try Self.parsePrologue(bytes, path: path)
        let key = try Self.fileKey(storageKey, header)
        let content = try Self.replay(bytes, prologue: prologue, key: key, path: path)
        if content.end < bytes.count {
            try file.truncate(to: content.end)
            try file.syncData()
        }
        self.disk = disk
        self.file = file
        self.header = header
        self.prologue = prologue
        self.key = key
        changes = content.changes
        journal = content.journal
        end = content.end
        journalBlocks = content.blocks
    }

    /// Reads what is plain in a card file, also while the card is inserted somewhere.
    public static func header(of path: String) throws(CardFileError) -> CardHeader {
        let file = try OpenFile(path, O_RDONLY)
        return try parsePrologue(try file.readAll(limit: 64 << 20), path: path).header
    }

    /// Makes a card file: complete and durable, or not there at all.
    public static func create(
        at path: String,
        _ header: CardHeader,
        _ changes: [Change],
        storageKey: [UInt8],
        replacing: Bool,
        on disk: any CardDisk = SystemDisk()
    ) throws(CardFileError) {
        let path = disk.resolved(path)
        if !replacing, disk.exists(path) { throw .alreadyThere(path: path) }
        // A card that is inserted somewhere is not replaced under its reader, and none is inserted meanwhile.
        let old = disk.exists(path) ? try disk.open(path, .readAndWrite) : nil
        try old?.lock()
        let written = try write(
            beside: path,
            Journal.prologue(header),
            changes,
            key: try fileKey(storageKey, header),
            on: disk
        )
        try disk.give(written.file.path, theName: path, replacing: replacing)
        withExtendedLifetime(old) {}
    }

    public func commit(_ changes: [Change]) throws(StoreFailure) {
        guard !isBroken else { throw StoreFailure() }
        do throws(CardFileError) {
            let block = try journal.seal(changes.flatMap(\.encoded))
            guard block.count == Journal.blockLength else { throw .altered(path: file.path, block: journalBlocks) }
            try file.write(block, at: end)
            try file.syncData()
            end += block.count
            journalBlocks += 1
        } catch {
            isBroken = true
            throw StoreFailure()
        }
    }

    /// Writes the file anew with one snapshot and an empty journal.
    ///
    /// To be called between commands, with the card's state.
    public func compact(_ changes: [Change]) throws(CardFileError) {
        guard !isBroken, !file.hasSeveralNames else { return }
        let path = file.path
        let written = try Self.write(beside: path, prologue, changes, key: key, on: disk)
        do throws(CardFileError) {
            // The new file is locked before it gets the name, so that nobody can come in between.
            try written.file.lock()
            try disk.give(written.file.path, theName: path, replacing: true)
            adopt(written, at: path)
        } catch {
            written.file.path = path
            // With the name already given, the new file is the card, but nobody knows whether the name is durable.
            if written.file.isCurrent() {
                adopt(written, at: path)
                isBroken = true
            }
            throw error
        }
    }

    private func adopt(_ written: Written, at path: String) {
        written.file.path = path
        file = written.file
        journal = written.journal
        end = written.end
        journalBlocks = 0
    }
}

// MARK: - Reading

extension CardFile {
    private static func parsePrologue(
        _ bytes: [UInt8],
        path: String
    ) throws(CardFileError) -> (header: CardHeader, prologue: [UInt8]) {
        guard bytes.count >= Journal.blockLength, bytes.starts(with: Journal.magic) else {
            throw .notACardFile(path: path)
        }
        let version = UInt16(bytes[8]) << 8 | UInt16(bytes[9])
        guard version == Journal.version else { throw .unknownVersion(path: path, version) }
        let length = bytes[10..<14].reduce(0) { $0 << 8 | Int($1) }
        let end = 14 + length + Journal.padding(14 + length)
        guard end <= bytes.count, let header = CardHeader(decoding: Array(bytes[14..<(14 + length)])) else {
            throw .notACardFile(path: path)
        }
        return (header, Array(bytes[..<end]))
    }

    private static func fileKey(_ storageKey: [UInt8], _ header: CardHeader) throws(CardFileError) -> SealingKey {
        do {
            return try SealingKey(storageKey: storageKey, salt: header.salt, purpose: "fuda card file")
        } catch {
            throw .library(error.operation)
        }
    }

    private struct Content {
        var changes: [Change]
        var journal: Journal
        var end: Int
        var blocks: Int
    }

    private static func replay(
        _ bytes: [UInt8],
        prologue: [UInt8],
        key: SealingKey,
        path: String
    ) throws(CardFileError) -> Content {
        var journal = Journal(key: key, headerBytes: prologue)
        let start = prologue.count
        guard let length = Journal.sealedLength(bytes, at: start), start + length <= bytes.count,
            let snapshot = try journal.open(bytes, at: start, length: length)
        else { throw .wrongKeyOrAltered(path: path) }
        var content = Content(
            changes: try decode(snapshot, path: path, block: 0),
            journal: journal,
            end: start + length,
            blocks: 0
        )
        while bytes.count - content.end >= Journal.blockLength {
            let isLast = bytes.count - content.end < 2 * Journal.blockLength
            if isLast, Journal.lacksTag(bytes, at: content.end) { break }
            let block = try content.journal.open(bytes, at: content.end, length: Journal.blockLength)
            guard let block else { throw .altered(path: path, block: content.blocks + 1) }
            content.changes += try decode(block, path: path, block: content.blocks + 1)
            content.blocks += 1
            content.end += Journal.blockLength
        }
        return content
    }

    private static func decode(_ plain: [UInt8], path: String, block: Int) throws(CardFileError) -> [Change] {
        do throws(StateFailure) {
            return try Change.decodeAll(plain)
        } catch {
            throw .altered(path: path, block: block)
        }
    }
}

// MARK: - Writing a whole file

extension CardFile {
    /// A complete file under a temporary name, not yet in its place.
    fileprivate struct Written {
        let file: any DiskFile
        let journal: Journal
        let end: Int
    }

    private static let temporaryEnd = ".new"

    /// Takes away the temporary name of this very file, which is left when the maker was killed just before its end.
    ///
    /// With it the file could not be written anew, and would only grow.
    fileprivate static func takeLeftoverName(of file: any DiskFile, on disk: any CardDisk) {
        let path = file.path
        for name in disk.namesakes(of: path) where name.hasPrefix(path + ".") && name.hasSuffix(temporaryEnd) {
            guard UInt32(name.dropFirst(path.count + 1).dropLast(temporaryEnd.count)) != nil else { continue }
            file.path = name
            if file.isCurrent() { disk.remove(name) }
        }
        file.path = path
    }

    private static func write(
        beside path: String,
        _ prologue: [UInt8],
        _ changes: [Change],
        key: SealingKey,
        on disk: any CardDisk
    ) throws(CardFileError) -> Written {
        let temporary = "\(path).\(getpid())\(temporaryEnd)"
        disk.remove(temporary)
        let file = try disk.open(temporary, .create)
        var journal = Journal(key: key, headerBytes: prologue)
        do throws(CardFileError) {
            let snapshot = try journal.seal(changes.flatMap(\.encoded))
            try file.write(prologue + snapshot, at: 0)
            try file.sync()
            return Written(file: file, journal: journal, end: prologue.count + snapshot.count)
        } catch {
            disk.remove(temporary)
            throw error
        }
    }
}
