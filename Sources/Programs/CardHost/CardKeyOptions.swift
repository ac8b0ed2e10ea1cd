import ArgumentParser
import CardStorage
import Problems
import Terminal

/// Where the key that opens the card file comes from, the same for every command about card files.
struct CardKeyOptions: ParsableArguments {
    @Option(help: ArgumentHelp(Terminal.say("保管鍵のファイル", "storage key file"), valueName: "path"))
    var keyFile: String?

    @Option(
        help: ArgumentHelp(
            Terminal.say("パスフレーズの出所 (env:, fd:, file:)", "source of the passphrase (env:, fd:, file:)"),
            valueName: "source"
        )
    )
    var passphrase: String?

    /// The storage key for a card file with this header.
    func storageKey(for header: CardHeader) throws -> [UInt8] {
        switch header.protection {
        case .passphrase:
            guard let passphrase else { throw Self.passphraseNeeded }
            return try StorageKey.derive(passphrase: try SecretSource(passphrase).read(), salt: header.salt)
        case .keyFile:
            if let keyFile { return try StorageKey.read(keyFile) }
            return try StorageKey.readOrMake(try Locations.userData() + "/storage.key")
        }
    }

    private static var passphraseNeeded: Problem {
        Problem(
            code: "passphrase-needed",
            outcome: .usage,
            whatHappened: Text(ja: "このカードはパスフレーズで守られています。", en: "This card is protected by a passphrase."),
            whatToDo: Text(ja: "--passphrase env:名前 で渡してください。", en: "Give it with --passphrase env:NAME.")
        )
    }
}
