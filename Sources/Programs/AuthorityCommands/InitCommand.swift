import ArgumentParser
import AuthorityAssembly
import CertificateProfiles
import CommandBasics
import IssueCommands
import Problems
import Terminal

/// `fuda authority init`: a new authority in a folder, with both its keys and its first generation.
struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: Terminal.say("認証局を作る", "make an authority"),
        discussion: Terminal.say(
            "鍵は暗号化ファイルとして作られます。PKCS#11の鍵を使うには --sign-key と --auth-key にURIを渡します（`fuda authority ceremony` で作ります）。",
            "Its keys are encrypted files; for keys in a token give URIs to --sign-key and --auth-key (`fuda authority ceremony` makes them)."
        )
    )

    @Option(help: ArgumentHelp(Terminal.say("認証局のフォルダー", "folder of the authority"), valueName: "folder"))
    var data: String

    @Option(help: ArgumentHelp(Terminal.say("データベース", "database"), valueName: "sqlite:file|postgres:url"))
    var database: String?

    @Option(help: ArgumentHelp(Terminal.say("このノードの名前", "name of this node"), valueName: "name"))
    var node: String?

    @Option(help: ArgumentHelp(Terminal.say("カードの世代", "generation of cards"), valueName: "current|next"))
    var cards: String?

    @Option(help: ArgumentHelp(Terminal.say("署名用認証局の鍵", "key of the authority for signatures"), valueName: "uri"))
    var signKey: String?

    @Option(
        help: ArgumentHelp(Terminal.say("利用者証明用認証局の鍵", "key of the authority for authentication"), valueName: "uri")
    )
    var authKey: String?

    @OptionGroup var common: CommonOptions

    func run() throws {
        var configuration = AuthorityConfiguration()
        if let database { configuration.database = database }
        if let node { configuration.node = node }
        if let cards { configuration.cards = cards }
        let folder = try AuthorityFolder.make(data, configuration)
        if Terminal.showsProgress { Terminal.note(Terminal.say("鍵を作っています…", "making keys…")) }
        try CardIssuerFile(folder).make()
        let port = try AuthorityPort(folder)
        defer { port.close() }
        _ = try port.carryOut(.begin(.sign, key: signKey), by: Operator.name)
        _ = try port.carryOut(.begin(.auth, key: authKey), by: Operator.name)
        _ = try port.carryOut(.publish(nil, partitions: nil), by: Operator.name)
        try OverviewReport(port, common).show(made: data)
    }
}
