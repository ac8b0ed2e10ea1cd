import ArgumentParser
import AuthorityAssembly
import CardStorage
import CertificateProfiles
import CommandBasics
import EventLog
import Problems
import Terminal

/// Which certificates a command is about: those of a card, or one by its number.
struct SelectionOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            Terminal.say("カードファイルか製造番号15桁", "card file, or its serial of 15 digits"),
            valueName: "file|serial"
        )
    )
    var card: String?

    @Option(help: ArgumentHelp(Terminal.say("証明書", "certificate"), valueName: "sign|auth:number"))
    var certificate: String?

    func selection() throws -> CertificateSelection {
        switch (card, certificate) {
        case (let card?, nil): return .card(try Self.serial(card))
        case (nil, let text?):
            let parts = text.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count == 2, let authority = CertificateAuthority(rawValue: String(parts[0])),
                let serial = UInt32(parts[1])
            else {
                throw ValidationError(
                    Terminal.say("--certificate は sign:番号 か auth:番号 です。", "--certificate is sign:NUMBER or auth:NUMBER")
                )
            }
            return .serial(CertificateReference(authority, serial))
        default:
            throw ValidationError(
                Terminal.say("--card か --certificate のどちらか一つが要ります。", "one of --card and --certificate is needed")
            )
        }
    }

    /// The head of a card file is plain, so that a card can be told also while it is inserted.
    private static func serial(_ card: String) throws -> String {
        if card.utf8.count == 15, card.utf8.allSatisfy({ (0x30...0x39).contains($0) }) { return card }
        return try CardFile.header(of: card).serial
    }
}
