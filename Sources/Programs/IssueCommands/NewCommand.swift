import ArgumentParser
import CardKeys
import CardProfiles
import CardStorage
import CommandBasics
import Glibc
import Issuance
import Terminal

/// `fuda card new`: a personalised virtual card, offline, with a test authority of one's own.
struct NewCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: Terminal.say("模擬の人物のカードを作る", "make a card for a synthetic person")
    )

    @Option(help: ArgumentHelp(Terminal.say("人物", "whose card"), valueName: "name"))
    var persona: String

    @Option(name: [.short, .long], help: ArgumentHelp(Terminal.say("カードファイル", "card file"), valueName: "file"))
    var output: String

    @Flag(name: [.short, .long], help: ArgumentHelp(Terminal.say("既存のファイルを置き換える", "replace an existing file")))
    var force = false

    @Option(help: ArgumentHelp(Terminal.say("ATRの形", "shape of the ATR"), valueName: "contactless|contact"))
    var atr: ATRShape = .contactless

    @Option(help: ArgumentHelp(Terminal.say("人物ファイルのフォルダー", "folder with persona files"), valueName: "folder"))
    var personas: String?

    @Option(help: ArgumentHelp(Terminal.say("試験用認証局のフォルダー", "folder of the test authority"), valueName: "folder"))
    var authority: String?

    @OptionGroup var key: StorageKeyOptions
    @OptionGroup var common: CommonOptions

    func run() throws {
        if !force, SealedFile.exists(output) { throw CardFileError.alreadyThere(path: output) }
        let persona = try PersonaLibrary(option: personas).persona(named: persona)
        let salt = try CardMaker.randomSalt()
        let derived = try key.deriveKey(salt: salt)
        let cardKey = try derived ?? key.readOrMakeKey()
        let maker = CardMaker(persona: persona, now: Int64(time(nil)))
        let folder = try TestAuthorityFolder(path: authority, storageKey: try StorageKeyOptions.ownKey())
        let made = try folder.withAuthority(now: maker.now) { authority in
            try maker.make(
                &authority,
                atr: atr.bytes,
                protection: derived == nil ? .keyFile : .passphrase,
                salt: salt
            ) { part in
                if Terminal.showsProgress { Terminal.note(Terminal.say("作成中: \(part)", "making \(part)")) }
            }
        }
        try CardFile.create(
            at: output,
            made.header,
            made.changes,
            storageKey: cardKey,
            replacing: force
        )
        try report(made.header, folder)
    }

    private func report(_ header: CardHeader, _ folder: TestAuthorityFolder) throws {
        struct Report: Encodable {
            let schema = 1
            let file: String
            let persona: String
            let kind: String
            let serial: String
            let expiry: String
            let trust: String
        }
        if common.json {
            let report = Report(
                file: output,
                persona: header.persona,
                kind: header.kind.rawValue,
                serial: header.serial,
                expiry: header.expiry,
                trust: folder.path
            )
            Terminal.out(try jsonText(report))
        } else {
            Terminal.out(
                Terminal.say(
                    "\(output): \(header.persona) のカード、製造番号 \(header.serial)、有効期限 \(header.expiry)（模擬）",
                    "\(output): a card for \(header.persona), serial \(header.serial), valid to \(header.expiry) (simulated)"
                )
            )
        }
    }
}
