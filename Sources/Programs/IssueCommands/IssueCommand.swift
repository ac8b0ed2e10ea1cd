public import ArgumentParser
public import AuthorityAssembly
import CardKeys
import CardStorage
import CertificateProfiles
import CivilCalendar
import CommandBasics
import EventLog
import FoundationEssentials
import Glibc
import Issuance
import Personalization
import Problems
import Terminal

/// `fuda authority issue`: a card for a synthetic person, certified by an authority that revokes and answers.
public struct IssueCommand: ParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "issue",
        abstract: Terminal.say("認証局の証明書でカードを作る", "make a card that the authority certifies")
    )

    @Option(help: ArgumentHelp(Terminal.say("認証局のフォルダー", "folder of the authority"), valueName: "folder"))
    var data: String

    @Option(help: ArgumentHelp(Terminal.say("人物", "whose card"), valueName: "name"))
    var persona: String

    @Option(name: [.short, .long], help: ArgumentHelp(Terminal.say("カードファイル", "card file"), valueName: "file"))
    var output: String

    @Flag(name: [.short, .long], help: ArgumentHelp(Terminal.say("既存のファイルを置き換える", "replace an existing file")))
    var force = false

    @Flag(
        help: ArgumentHelp(
            Terminal.say("まだ交付しない（証明書は有効にならない）", "do not hand it over yet: its certificates stay unknown")
        )
    )
    var keep = false

    @Option(help: ArgumentHelp(Terminal.say("人物ファイルのフォルダー", "folder with persona files"), valueName: "folder"))
    var personas: String?

    @OptionGroup var key: StorageKeyOptions
    @OptionGroup var common: CommonOptions

    public init() {}

    public func run() throws {
        if !force, SealedFile.exists(output) { throw CardFileError.alreadyThere(path: output) }
        let persona = try PersonaLibrary(option: personas).persona(named: persona)
        let salt = try CardMaker.randomSalt()
        let derived = try key.deriveKey(salt: salt)
        let cardKey = try derived ?? key.readOrMakeKey()
        let folder = try AuthorityFolder(data)
        let port = try AuthorityPort(folder)
        defer { port.close() }
        let number = try CardIssuerFile(folder).nextSerial()
        var source = OrderedCertificates(port, actor: Operator.name)
        let maker = CardMaker(persona: persona, now: Int64(time(nil)))
        let made = try maker.make(
            &source,
            cards: number.cards,
            number: number.serial,
            atr: ATRShape.contactless.bytes,
            protection: derived == nil ? .keyFile : .passphrase,
            salt: salt
        ) { part in
            if Terminal.showsProgress { Terminal.note(Terminal.say("作成中: \(part)", "making \(part)")) }
        }
        try CardFile.create(at: output, made.header, made.changes, storageKey: cardKey, replacing: force)
        if !keep { _ = try port.carryOut(.release(source.issued.map(\.reference)), by: Operator.name) }
        try report(made.header, source.issued)
    }

    private func report(_ header: CardHeader, _ issued: [OrderedCertificates.Issued]) throws {
        struct Certificate: Encodable {
            let kind: String
            let serial: UInt32
        }
        struct Report: Encodable {
            let schema = 1
            let file: String
            let persona: String
            let serial: String
            let expiry: String
            let certificates: [Certificate]
            let released: Bool
            let trust: String
        }
        if common.json {
            return Terminal.out(
                try jsonText(
                    Report(
                        file: output,
                        persona: header.persona,
                        serial: header.serial,
                        expiry: header.expiry,
                        certificates: issued.map { Certificate(kind: $0.kind.rawValue, serial: $0.reference.serial) },
                        released: !keep,
                        trust: data
                    )
                )
            )
        }
        Terminal.out(
            Terminal.say(
                "\(output): \(header.persona) のカード、製造番号 \(header.serial)、有効期限 \(header.expiry)（模擬）",
                "\(output): a card for \(header.persona), serial \(header.serial), valid to \(header.expiry) (simulated)"
            )
        )
        for one in issued {
            Terminal.out(
                Terminal.say(
                    "  証明書 \(one.kind.rawValue): 発行番号 \(one.reference.serial)",
                    "  certificate \(one.kind.rawValue): serial \(one.reference.serial)"
                )
            )
        }
    }
}

/// Certificates from an authority, by orders.
struct OrderedCertificates: CertificateSource {
    struct Issued {
        let kind: CertificateKind
        let reference: CertificateReference
    }

    private let port: AuthorityPort
    private let actor: String
    private(set) var issued: [Issued] = []
    private var authorities: [CertificateAuthority: [UInt8]] = [:]

    init(_ port: AuthorityPort, actor: String) {
        self.port = port
        self.actor = actor
    }

    mutating func certificate(_ kind: CertificateKind, _ request: CardCertificateRequest) throws -> [UInt8] {
        let answer = try port.carryOut(
            .issue(
                IssueOrder(
                    kind: kind,
                    holder: IssueOrder.Holder(request.holder),
                    request: Data(request.proof).base64EncodedString(),
                    identifier: request.identifier,
                    notBefore: request.order.issuedAt,
                    end: request.order.certificateEnd.description,
                    holderReference: "persona-" + request.order.persona.name,
                    card: request.order.serial
                )
            ),
            by: actor
        )
        guard case .issued(let reference, let text) = answer, let der = Data(base64Encoded: text) else {
            throw IssuanceError.malformedCertificate
        }
        issued.append(Issued(kind: kind, reference: reference))
        return Array(der)
    }

    var signatureCACertificate: [UInt8] { get throws { try own(.sign) } }
    var authenticationCACertificate: [UInt8] { get throws { try own(.auth) } }

    private func own(_ authority: CertificateAuthority) throws -> [UInt8] {
        guard case .overview(let overview) = try port.carryOut(.overview, by: actor),
            let line = overview.authorities.first(where: { $0.authority == authority }),
            let der = Data(base64Encoded: line.certificate), !der.isEmpty
        else { throw IssuanceError.malformedAuthority }
        return Array(der)
    }
}

/// The keys of the card's own side of trust in an authority's folder, and the number of the next card.
public struct CardIssuerFile {
    private let folder: AuthorityFolder
    private static let purpose = "fuda card issuer"

    public init(_ folder: AuthorityFolder) { self.folder = folder }

    private var file: String { Self.file(folder.path) }
    private static func file(_ folder: String) -> String { folder + "/keys/cards.sealed" }
    /// How many numbers each node has for its cards, so that no two nodes give out the same.
    private static let numbersOfNode: UInt64 = 1_000_000_000
    private var storageKey: [UInt8] { get throws { try StorageKey.readOrMake(folder.path + "/keys/passphrase") } }

    /// Makes the keys, and writes beside the configuration whom a verifier of cards has to trust.
    public func make() throws {
        let issuer = CardIssuer(cards: try CVAuthority())
        for anchor in issuer.cards.publicAnchors() {
            try SealedFile.writePlain(anchor.bytes, to: folder.path + "/\(anchor.name).txt")
        }
        try write(issuer)
    }

    /// Gives the same keys to another node's folder, with numbers for its cards that are its own; `place` is where it stands
    /// among all nodes, from 2.
    public func copy(to path: String, place: Int) throws {
        let storageKey = try storageKey
        var issuer = try CardIssuer(
            decoding: try SealedFile.read(file, storageKey: storageKey, purpose: Self.purpose)
        )
        issuer.nextCardSerial = UInt64(place - 1) * Self.numbersOfNode + 1
        try SealedFile.write(
            issuer.encoded(),
            to: Self.file(path),
            storageKey: storageKey,
            purpose: Self.purpose
        )
        for anchor in issuer.cards.publicAnchors() {
            try SealedFile.writePlain(anchor.bytes, to: path + "/\(anchor.name).txt")
        }
    }

    /// Gives a number out, once; it is spent before it is known.
    func nextSerial() throws -> (serial: UInt64, cards: CVAuthority) {
        try SealedFile.exclusively(folder.path + "/keys/cards.lock") {
            var issuer = try CardIssuer(
                decoding: try SealedFile.read(file, storageKey: try storageKey, purpose: Self.purpose)
            )
            let serial = issuer.nextCardSerial
            issuer.nextCardSerial += 1
            try write(issuer)
            return (serial, issuer.cards)
        }
    }

    private func write(_ issuer: CardIssuer) throws {
        try SealedFile.write(issuer.encoded(), to: file, storageKey: try storageKey, purpose: Self.purpose)
    }
}

/// Who gives orders, as the log names them: the user's number on this machine, which is no name.
public enum Operator {
    public static var name: String { "uid-\(getuid())" }
}
