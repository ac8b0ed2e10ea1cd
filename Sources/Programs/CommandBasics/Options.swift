public import ArgumentParser
public import CardStorage
import Problems
import SmartCard
import Terminal

/// Options every command has.
public struct CommonOptions: ParsableArguments {
    // Read by Terminal before anything is parsed, since help texts need it; here it is checked.
    @Option(help: ArgumentHelp(Terminal.say("言語", "language"), valueName: "ja|en"))
    public var lang: LanguageName?

    @Flag(help: ArgumentHelp(Terminal.say("JSONで出力", "print JSON")))
    public var json = false

    public init() {}
}

/// The two languages by their ISO 639-1 names.
public enum LanguageName: String, ExpressibleByArgument, Sendable {
    case ja
    case en
}

/// The shapes of answer to reset a card can show.
public enum ATRShape: String, ExpressibleByArgument, Sendable {
    case contactless
    case contact

    public var bytes: [UInt8] {
        switch self {
        case .contactless: AnswerToReset.contactless.bytes
        case .contact: AnswerToReset.contact.bytes
        }
    }
}

/// Where storage keys come from, the same for every command about card files.
public struct StorageKeyOptions: ParsableArguments {
    @Option(help: ArgumentHelp(Terminal.say("保管鍵のファイル", "storage key file"), valueName: "path"))
    public var keyFile: String?

    @Option(
        help: ArgumentHelp(
            Terminal.say("鍵の代わりのパスフレーズの出所 (env:, fd:, file:)", "source of a passphrase instead (env:, fd:, file:)"),
            valueName: "source"
        )
    )
    public var passphrase: String?

    public init() {}

    /// The key in the key file, or in the user's own, which is made if there is none.
    public func readOrMakeKey() throws -> [UInt8] {
        if let keyFile { return try StorageKey.read(keyFile) }
        return try Self.ownKey()
    }

    /// The key behind the passphrase, if one was given.
    public func deriveKey(salt: [UInt8]) throws -> [UInt8]? {
        guard let passphrase else { return nil }
        return try StorageKey.derive(passphrase: try SecretSource(passphrase).read(), salt: salt)
    }

    /// The key that opens a card file with this header.
    public func key(for header: CardHeader) throws -> [UInt8] {
        switch header.protection {
        case .passphrase:
            guard let key = try deriveKey(salt: header.salt) else { throw Self.passphraseNeeded }
            return key
        case .keyFile:
            // A secret given as a value is refused also where none is needed.
            if let passphrase { _ = try SecretSource(passphrase) }
            return try StorageKey.read(try keyFile ?? Self.ownKeyFile())
        }
    }

    /// Whether the caller named a key, rather than leaving it to the default.
    public var isExplicit: Bool { keyFile != nil || passphrase != nil }

    /// The user's own key, made if there is none: what the test authority is sealed under.
    public static func ownKey() throws -> [UInt8] { try StorageKey.readOrMake(try ownKeyFile()) }

    private static func ownKeyFile() throws -> String { try Locations.userData() + "/storage.key" }

    private static var passphraseNeeded: Problem {
        Problem(
            code: "passphrase-needed",
            outcome: .usage,
            whatHappened: Text(ja: "このカードはパスフレーズで守られています。", en: "This card is protected by a passphrase."),
            whatToDo: Text(ja: "--passphrase env:名前 で渡してください。", en: "Give it with --passphrase env:NAME.")
        )
    }
}
