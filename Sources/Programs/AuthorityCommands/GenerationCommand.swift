import ArgumentParser
import AuthorityAssembly
import AuthorityCryptography
import CertificateProfiles
import CommandBasics
import IssueCommands
import Terminal

/// `fuda authority generation`: from now on an authority issues with a new key; those before go on being answered for.
struct GenerationCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generation",
        abstract: Terminal.say("認証局の新しい世代を始める", "begin a new generation of an authority"),
        discussion: Terminal.say(
            "新しい鍵、自己署名のCA証明書、前の世代との間の両方向のリンク証明書を作ります。発行済みの証明書の失効の状態には、これまでどおり答えます。アルゴリズムは authority.json の cards で決まります。",
            "Makes a key, its self-signed CA certificate, and link certificates both ways with each generation before. What was issued before goes on being answered for. The algorithm follows from cards in authority.json."
        )
    )

    @Option(help: ArgumentHelp(Terminal.say("認証局のフォルダー", "folder of the authority"), valueName: "folder"))
    var data: String

    @Option(help: ArgumentHelp(Terminal.say("認証局", "authority"), valueName: "sign|auth"))
    var authority: AuthorityName

    @Option(
        help: ArgumentHelp(
            Terminal.say("PKCS#11の鍵（省略時は暗号化ファイルに作る）", "its key in a token; an encrypted file is made if left out"),
            valueName: "uri"
        )
    )
    var key: String?

    @OptionGroup var common: CommonOptions

    func run() throws {
        let folder = try AuthorityFolder(data)
        let port = try AuthorityPort(folder)
        defer { port.close() }
        let answer = try port.carryOut(.begin(authority.authority, key: key), by: Operator.name)
        guard case .begun(let begun) = answer else { throw AuthorityProblems.strangeAnswer }
        struct Report: Encodable {
            let schema = 1
            let generation: AuthorityAnswer.BegunGeneration
        }
        if common.json { return Terminal.out(try jsonText(Report(generation: begun))) }
        let name = begun.authority.rawValue
        Terminal.out(
            Terminal.say(
                "\(name): 世代 \(begun.generation) を始めました（\(begun.algorithm.rawValue)、模擬）",
                "\(name): generation \(begun.generation) began (\(begun.algorithm.rawValue), simulated)"
            )
        )
        Terminal.out(
            Terminal.say(
                "  CA証明書 番号 \(begun.serial): \(data)/\(name)-ca.der",
                "  CA certificate, number \(begun.serial): \(data)/\(name)-ca.der"
            )
        )
        for link in begun.links {
            let file = "\(data)/\(name)-link-\(link.from)-\(link.to).der"
            Terminal.out(
                Terminal.say(
                    "  リンク証明書 番号 \(link.serial): 世代 \(link.from) から \(link.to) へ、\(file)",
                    "  link certificate, number \(link.serial): generation \(link.from) about \(link.to), \(file)"
                )
            )
        }
        for generation in begun.unlinked {
            Terminal.note(
                Terminal.say(
                    "世代 \(generation) の鍵を使えないため、その世代とのリンク証明書はありません。",
                    "no link with generation \(generation): its key cannot be reached"
                )
            )
        }
    }
}
