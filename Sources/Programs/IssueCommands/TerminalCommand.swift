import ArgumentParser
import CardKeys
import CommandBasics
import Issuance
import SmartCard
import Terminal

/// `fuda card terminal`: what a municipal terminal would answer to a card's challenge (simulated).
struct TerminalCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "terminal",
        abstract: Terminal.say("端末認証の応答を計算する（模擬）", "compute a terminal's EXTERNAL AUTHENTICATE (simulated)"),
        discussion: Terminal.say(
            "GET CHALLENGE 0084000010 の16バイトを渡すと、00820000 20 に続ける32バイトを返します。",
            "Give the 16 bytes of GET CHALLENGE 0084000010; what comes back are the 32 bytes that follow 00820000 20."
        )
    )

    @Option(help: ArgumentHelp(Terminal.say("カードの製造番号15桁", "the card's serial, 15 digits"), valueName: "serial"))
    var serial: String

    @Option(help: ArgumentHelp(Terminal.say("乱数16バイトの16進", "the challenge, 16 bytes in hexadecimal"), valueName: "hex"))
    var challenge: String

    @Option(help: ArgumentHelp(Terminal.say("試験用認証局のフォルダー", "folder of the test authority"), valueName: "folder"))
    var authority: String?

    @OptionGroup var common: CommonOptions

    func run() throws {
        guard let bytes = Hex(parsing: challenge)?.bytes, bytes.count == 16 else {
            throw ValidationError(Terminal.say("--challenge は16バイトの16進です。", "--challenge is 16 bytes in hexadecimal"))
        }
        let folder = try TestAuthorityFolder(path: authority, storageKey: try StorageKeyOptions.ownKey())
        let terminalKey = try folder.existing().cards.terminalKey(cardSerial: serial)
        let cryptogram = Hex(try OpenSSLCryptography().hmacSHA256(key: terminalKey, bytes))
        Terminal.out(common.json ? "{\"schema\":1,\"cryptogram\":\"\(cryptogram)\"}" : "\(cryptogram)")
    }
}
