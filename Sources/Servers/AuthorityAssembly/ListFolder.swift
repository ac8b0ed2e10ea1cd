import AuthorityRecords
import CardStorage
public import CertificateProfiles
public import EventLog
import FoundationEssentials
public import Revocation
import Synchronization

/// The folder that revocation lists are published in, as `sign/13101.crl`, `sign/all.crl` or `sign/all-delta.crl`.
///
/// A list takes its place whole, by a rename, and never that of one with a higher number. `manifest.json` names each list
/// with its number and SHA-256; `manifest.sig` is the authority's signature over it.
public final class ListFolder: Sendable {
    public let path: String
    /// Authorities whose manifest is known to say what is published; none at the start.
    private let sealed = Mutex<Set<CertificateAuthority>>([])
    private let manifests = Mutex<[CertificateAuthority: [String: Line]]>([:])

    /// A list as the manifest tells of it.
    public struct Line: Hashable, Sendable, Codable {
        public let file: String
        public let partition: String
        public let number: UInt64
        public let base: UInt64?
        public let thisUpdate: Int64
        public let nextUpdate: Int64
        public let entries: Int
        public let bytes: Int
        public let sha256: String
    }

    struct Manifest: Codable {
        var authority: String
        var lists: [Line]
    }

    public init(_ path: String) { self.path = path }

    /// The file's name of a list, beneath the authority's own folder.
    public static func file(_ event: ListPublished) -> String {
        event.partition + (event.base == nil ? "" : "-delta") + ".crl"
    }

    /// Puts a list in its place; passes over one whose number is not higher than that of the list there.
    public func publish(_ list: SignedRevocationList) throws {
        let authority = list.event.authority
        let folder = try folder(authority)
        let file = Self.file(list.event)
        sealed.withLock { _ = $0.remove(authority) }
        try SealedFile.exclusively(folder + "/lock") {
            var lines = try lines(authority)
            if let there = lines[file], there.number >= list.event.number { return }
            try SealedFile.writePlain(list.der, to: folder + "/" + file)
            lines[file] = Line(
                file: file,
                partition: list.event.partition,
                number: list.event.number,
                base: list.event.base,
                thisUpdate: list.event.thisUpdate,
                nextUpdate: list.event.nextUpdate,
                entries: list.event.entries,
                bytes: list.der.count,
                sha256: list.event.fingerprint
            )
            let kept = lines
            manifests.withLock { $0[authority] = kept }
        }
    }

    /// Writes the manifest with what is published now, signed by `sign`.
    public func seal(_ authority: CertificateAuthority, sign: ([UInt8]) throws -> [UInt8]) throws {
        let folder = try folder(authority)
        try SealedFile.exclusively(folder + "/lock") {
            let manifest = Manifest(
                authority: authority.rawValue,
                lists: try lines(authority).values.sorted { $0.file < $1.file }
            )
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            let bytes = Array(try encoder.encode(manifest)) + [0x0A]
            let signature = try sign(bytes)
            try SealedFile.writePlain(bytes, to: folder + "/manifest.json")
            try SealedFile.writePlain(signature, to: folder + "/manifest.sig")
        }
        sealed.withLock { _ = $0.insert(authority) }
    }

    /// Whether the manifest is known to say what is published.
    public func isSealed(_ authority: CertificateAuthority) -> Bool { sealed.withLock { $0.contains(authority) } }

    /// The lists that have to be published again: their files are not what the manifest says, or the manifest does not
    /// say what the records do.
    ///
    /// So it is where a process ended between recording a list, writing it, and writing the manifest.
    func stale(_ authority: CertificateAuthority, recorded: [ListRecord]) throws -> Set<Stale> {
        let folder = try folder(authority)
        return try SealedFile.exclusively(folder + "/lock") {
            let lines = try lines(authority).values
            var stale: Set<Stale> = []
            for line in lines {
                let path = folder + "/" + line.file
                let found =
                    SealedFile.exists(path) ? Fingerprint.of(try SealedFile.readPlain(path)) : nil
                if found != line.sha256 { stale.insert(Stale(partition: line.partition, isDelta: line.base != nil)) }
            }
            for record in recorded
            where !lines.contains(where: { $0.partition == record.partition && $0.sha256 == record.fingerprint }) {
                stale.insert(Stale(partition: record.partition, isDelta: record.number != record.fullNumber))
            }
            return stale
        }
    }

    /// A list that stands otherwise than it should.
    struct Stale: Hashable {
        let partition: String
        let isDelta: Bool
    }

    /// The lists that stand there, by their files.
    public func published(_ authority: CertificateAuthority) throws -> [String: Line] { try lines(authority) }

    private func folder(_ authority: CertificateAuthority) throws -> String {
        let folder = path + "/" + authority.rawValue
        try Folders.make(folder)
        return folder
    }

    /// What the manifest said when it was last read, and everything published since.
    private func lines(_ authority: CertificateAuthority) throws -> [String: Line] {
        if let known = manifests.withLock({ $0[authority] }) { return known }
        let file = path + "/" + authority.rawValue + "/manifest.json"
        var lines: [String: Line] = [:]
        if SealedFile.exists(file) {
            let manifest = try JSONDecoder().decode(Manifest.self, from: Data(try SealedFile.readPlain(file)))
            for line in manifest.lists { lines[line.file] = line }
        }
        let kept = lines
        manifests.withLock { $0[authority] = kept }
        return lines
    }
}
