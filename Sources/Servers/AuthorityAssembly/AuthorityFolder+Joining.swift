import AuthorityRecords
import CAKeys
import CardStorage
import CertificateProfiles
import EventLog
import FoundationEssentials
import Glibc
import PostgresRecords
import Problems
import Secrets

/// One more node for an authority whose records are in PostgreSQL.
extension AuthorityFolder {
    /// What became of joining: for whoever has to carry the folder to another machine.
    public struct Joined: Hashable, Sendable {
        /// Where the node stands among all that there are, from 2.
        public let place: Int
        /// The files that both nodes have, within the folder.
        public let shared: [String]
    }

    /// Makes the folder of one more node out of the one of a node that is there.
    ///
    /// Shared are the configuration, the keys of the authorities in files, that of the log and their passphrase, and what
    /// verifiers have to trust. Its own are the name, the responders' keys and certificates, made at the first start, the
    /// status, the lists, and everything that is named here. `completing` adds what this part does not know of, before
    /// the folder counts as an authority; it is told the path, and where the node stands. The name is taken in the
    /// records when this returns; when it throws, nothing is left in the folder.
    public static func join(
        _ path: String,
        as node: String,
        from first: AuthorityFolder,
        sockets: String?,
        checkpoints: String?,
        completing: (_ path: String, _ place: Int) throws -> Void
    ) throws -> Joined {
        guard !first.configuration.database.hasPrefix("sqlite:") else { throw JoiningProblems.oneNodeOnly }
        guard Ledger.isNodeName(node) else { throw JoiningProblems.nodeName }
        guard !SealedFile.exists(path + "/authority.json") else { throw occupied(path) }
        var configuration = first.configuration
        configuration.node = node
        configuration.sockets = sockets
        configuration.checkpoints = checkpoints
        let text = try checkedText(configuration)
        let (writers, generations) = try recorded(first.configuration.database)
        guard !generations.isEmpty else { throw missing(first.path) }
        guard !writers.contains(node) else { throw JoiningProblems.nodeIsThere(node) }
        let files = try SharedFiles(generations)
        let place = writers.count + 1
        var made: [String] = []
        do {
            try Folders.make(path + "/keys")
            let shared = try files.copy(from: first.path, to: path, noting: &made)
            made.append("keys/cards.sealed")
            try completing(path, place)
            try take(node, in: first.configuration.database)
            try SealedFile.writePlain(text, to: path + "/authority.json")
            return Joined(place: place, shared: shared)
        } catch {
            for name in made { SealedFile.remove(path + "/" + name) }
            for folder in [path + "/keys", path] { _ = unsafe rmdir(folder) }
            throw error
        }
    }

    private static func recorded(_ address: String) throws -> (writers: Set<String>, generations: [GenerationRecord]) {
        let database = try PostgresDatabase(address, readers: 1)
        defer { Waiting.run { await database.close() } }
        return try Waiting.run {
            try await database.read { connection in
                let records = Records(connection)
                let generations = try CertificateAuthority.allCases.flatMap { try records.generations($0) }
                return (Set(try records.heads().map(\.writer)), generations)
            }
        }
    }

    /// From here on the name is a node's; nobody else can take it.
    private static func take(_ node: String, in address: String) throws {
        let clock = SystemClock()
        try Waiting.run {
            let ledger = try await Ledger.open(try PostgresDatabase(address, readers: 1), node: node) {
                clock.milliseconds
            }
            await ledger.close()
        }
    }
}

/// What one node's folder gives to another's.
private struct SharedFiles {
    /// Without these a node cannot issue, or its checkpoints are another's.
    private var needed = ["keys/audit", "keys/passphrase"]
    /// Older generations' keys may have gone, and some of the rest is made later.
    private var useful = ["audit.pem"]

    init(_ generations: [GenerationRecord]) throws {
        for authority in CertificateAuthority.allCases {
            let own = generations.filter { $0.authority == authority }
            let name = authority.rawValue
            useful.append("\(name)-ca.der")
            for generation in own {
                if case .file(let file) = try KeyLocator(generation.key) {
                    if generation.generation == own.last?.generation {
                        needed.append("keys/" + file)
                    } else {
                        useful.append("keys/" + file)
                    }
                }
                useful.append("\(name)-ca-\(generation.generation).der")
                for other in own where other.generation != generation.generation {
                    useful.append("\(name)-link-\(generation.generation)-\(other.generation).der")
                }
            }
        }
    }

    /// Copies what is there; the names come back, and those that were made are noted.
    func copy(from source: String, to target: String, noting made: inout [String]) throws -> [String] {
        let names = needed + useful.filter { SealedFile.exists(source + "/" + $0) }
        for name in names {
            let path = target + "/" + name
            guard !SealedFile.exists(path) else { throw CardFileError.alreadyThere(path: path) }
            var bytes = try SealedFile.readPlain(source + "/" + name)
            defer { wipe(&bytes) }
            made.append(name)
            try SealedFile.writePlain(bytes, to: path)
        }
        return names.sorted()
    }
}

/// What can stand against one more node.
enum JoiningProblems {
    static let oneNodeOnly = Problem(
        code: "join-needs-postgres",
        outcome: .refusedForSafety,
        whatHappened: Text(
            ja: "この認証局の記録はSQLiteにあり、一つのノードでしか使えません。",
            en: "The records of this authority are in SQLite, which one node alone can use."
        ),
        whatToDo: Text(
            ja: "複数のノードには、PostgreSQLに記録する認証局を作ってください（`fuda authority init --database postgres:…`）。",
            en:
                "For several nodes make an authority with records in PostgreSQL (`fuda authority init --database postgres:…`)."
        )
    )

    static let nodeName = Problem(
        code: "node-name",
        outcome: .usage,
        whatHappened: Text(ja: "ノードの名前が正しくありません。", en: "This cannot be the name of a node."),
        whatToDo: Text(
            ja: "英数字と . - _ を64文字まで使えます。",
            en: "Use at most 64 of letters, digits, full stop, hyphen and underscore."
        )
    )

    static func nodeIsThere(_ node: String) -> Problem {
        Problem(
            code: "node-there",
            outcome: .refusedForSafety,
            whatHappened: Text(ja: "ノード \(node) はすでにあります。", en: "There is a node \(node) already."),
            whatToDo: Text(
                ja: "別の名前にしてください。何も作っていません。",
                en: "Take another name; nothing was made."
            )
        )
    }
}
