public import AuthorityCryptography
import AuthorityRecords
public import AuthorityService
import CAKeys
import CardStorage
import CertificateProfiles
import FoundationEssentials
import Glibc
import Issuance
import PostgresRecords
import Problems
import Revocation
import SQLiteRecords

/// The folder of an authority: configuration, keys, records, lists, and what others have to know of it.
///
/// ```
/// authority.json   configuration
/// keys/            encrypted key files and their passphrase (0600)
/// authority.sqlite records
/// status.snapshot  the status to start from
/// public/crl/      revocation lists
/// sign-ca.der …    whom verifiers have to trust
/// sign-link-1-2.der … how generations vouch for each other
/// control.sock     while a server runs: where commands reach it
/// ocsp.sock …      while a server runs: where what ends TLS connects
/// endpoints.json   while a server runs: what it serves, and where
/// ```
public struct AuthorityFolder: Sendable {
    public let path: String
    public let configuration: AuthorityConfiguration
    let recordClock = SteadyClock()

    /// One for all who publish from this folder or serve it: it knows the manifest without reading it again.
    public let lists: ListFolder
    public var controlSocket: String { path + "/control.sock" }
    /// Where what ends TLS connects, for OCSP and for the rest.
    public var statusSocket: String { (configuration.sockets ?? path) + "/ocsp.sock" }
    public var webSocket: String { (configuration.sockets ?? path) + "/web.sock" }
    public var endpoints: String { path + "/endpoints.json" }
    var snapshot: String { path + "/status.snapshot" }

    /// Opens the folder of an authority that was made before.
    public init(_ path: String) throws {
        self.path = path
        lists = ListFolder(path + "/public/crl")
        let file = path + "/authority.json"
        guard SealedFile.exists(file) else { throw Self.missing(path) }
        do {
            configuration = try AuthorityConfiguration(parsing: try SealedFile.readPlain(file))
        } catch let error as ConfigurationError {
            throw error.problem
        }
    }

    /// Makes the folder, with a configuration to begin with; one that holds an authority already is refused.
    public static func make(_ path: String, _ configuration: AuthorityConfiguration) throws -> AuthorityFolder {
        let file = path + "/authority.json"
        guard !SealedFile.exists(file) else { throw occupied(path) }
        let text = try checkedText(configuration)
        try Folders.make(path)
        try Folders.make(path + "/keys")
        try SealedFile.writePlain(text, to: file)
        return try AuthorityFolder(path)
    }

    /// The text of `authority.json`.
    ///
    /// Looked at before anything is made, so that a mistake leaves nothing that would have to be cleared away.
    static func checkedText(_ configuration: AuthorityConfiguration) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let text = Array(try encoder.encode(configuration)) + [0x0A]
        do throws(ConfigurationError) {
            _ = try AuthorityConfiguration(parsing: text)
        } catch {
            throw error.problem
        }
        return text
    }

    /// Starts the node that the configuration describes, in this process.
    ///
    /// Throws `records-node-taken` where another process runs it, and what stands against a key that is opened.
    public func start(opening: KeyOpening = .atStart) async throws -> AuthorityService {
        let clock = SystemClock()
        var policy = OCSPResponder.Policy()
        policy.lifetime = Int64(configuration.answerLifetime)
        policy.renewal = max(1, policy.lifetime / 2)
        policy.cacheLimit = configuration.answersKept
        let database = try database()
        let ledger = try await Ledger.open(database, node: configuration.node) { [recordClock] in
            recordClock.milliseconds
        }
        let gap = Int64(configuration.clockGap) * 86_400_000
        let last = ledger.lastInstant
        let isDoubted = gap > 0 && last > 0 && clock.milliseconds - last > gap
        if isDoubted { recordClock.doubt(since: last) }
        do {
            return try await AuthorityService.start(
                ledger: ledger,
                database: database,
                keys: FolderKeys(folder: path + "/keys", configuration),
                clock: clock,
                locations: PublicLocations(
                    practiceStatement: configuration.practiceStatement,
                    authResponder: configuration.authResponder
                ),
                policy: policy,
                snapshot: SealedFile.exists(snapshot) ? try? SealedFile.readPlain(snapshot) : nil,
                opening: opening,
                isClockDoubted: isDoubted
            )
        } catch {
            await ledger.close()
            throw error
        }
    }

    private func database() throws -> any SQLDatabase {
        let text = configuration.database
        if text.hasPrefix("sqlite:") {
            let name = String(text.dropFirst("sqlite:".count))
            return try SQLiteDatabase(path: name.hasPrefix("/") ? name : path + "/" + name)
        }
        if text.hasPrefix("postgres:") || text.hasPrefix("postgresql:") { return try PostgresDatabase(text) }
        throw ConfigurationError.wrongValue("database").problem
    }

    /// Writes the certificates that verifiers have to trust beside the configuration.
    public func writeAnchors(of service: AuthorityService) throws {
        try SealedFile.writePlain(
            PublicKeyInfo.pem(try service.auditKey().subjectPublicKeyInfo),
            to: path + "/audit.pem"
        )
        for authority in CertificateAuthority.allCases {
            let generations = service.responder.status.generations.filter { $0.authority == authority }
            guard let newest = generations.last else { continue }
            try SealedFile.writePlain(newest.certificate, to: path + "/\(authority.rawValue)-ca.der")
            for generation in generations.dropLast() {
                try SealedFile.writePlain(
                    generation.certificate,
                    to: path + "/\(authority.rawValue)-ca-\(generation.number).der"
                )
            }
        }
    }

    /// Writes the certificates by which generations vouch for each other, by the numbers of the one that signed and of
    /// the one it is about.
    func write(_ links: [AuthorityService.Begun.Link], of authority: CertificateAuthority) throws {
        for link in links {
            try SealedFile.writePlain(link.der, to: path + "/\(authority.rawValue)-link-\(link.from)-\(link.to).der")
        }
    }

    /// Keeps the status, so that the next start need not read the whole log.
    public func writeSnapshot(of service: AuthorityService) throws {
        try SealedFile.writePlain(service.snapshot(), to: snapshot)
    }

    /// The algorithm of new generations.
    public var algorithm: SignatureAlgorithm {
        (configuration.cards == "next" ? CardGeneration.next : .current).algorithm
    }

    static func missing(_ path: String) -> Problem {
        Problem(
            code: "authority-missing",
            outcome: .inputFile,
            whatHappened: Text(ja: "認証局がありません: \(path)", en: "There is no authority in \(path)."),
            whatToDo: Text(
                ja: "`fuda authority init --data \(path)` で作ります。",
                en: "`fuda authority init --data \(path)` makes one."
            )
        )
    }

    static func occupied(_ path: String) -> Problem {
        Problem(
            code: "authority-there",
            outcome: .refusedForSafety,
            whatHappened: Text(ja: "認証局がすでにあります: \(path)", en: "There is an authority in \(path) already."),
            whatToDo: Text(ja: "別のフォルダーを指定してください。", en: "Name another folder.")
        )
    }
}

enum Folders {
    /// Makes a folder and those above it, for their owner alone; existing ones are left as they are.
    static func make(_ path: String) throws {
        var made = path.hasPrefix("/") ? "" : "."
        for part in path.split(separator: "/") {
            made += "/" + part
            if unsafe mkdir(made, 0o700) != 0, errno != EEXIST {
                throw CardFileError.system(call: "mkdir", path: made, errno: errno)
            }
        }
    }
}
