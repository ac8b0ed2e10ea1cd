import ArgumentParser
import AuthorityAssembly
import CommandBasics
import IssueCommands
import Terminal

/// `fuda authority join`: one more node for an authority whose records are in PostgreSQL.
struct JoinCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "join",
        abstract: Terminal.say("認証局に二つ目以降のノードを加える", "add a node to an authority"),
        discussion: Terminal.say(
            "もとのノードのフォルダーから、新しいノードのフォルダーを作ります。CA鍵・パスフレーズ・データベースの場所を共有し、名前・ソケット・OCSP応答者の鍵・失効リストは別になります。別のマシンで動かすときは、このコマンドで作ったフォルダーを、秘密を守れる方法で運んでください。",
            "Makes the folder of a new node out of the one of a node that is there. They share the authorities' keys with their passphrase and the place of the database; name, sockets, responders' keys and lists are the new node's own. For another machine make the folder here and carry it there, by a way that keeps secrets."
        )
    )

    @Option(help: ArgumentHelp(Terminal.say("新しいノードのフォルダー", "folder of the new node"), valueName: "folder"))
    var data: String

    @Option(
        help: ArgumentHelp(Terminal.say("もとのノードのフォルダー", "folder of a node that is there"), valueName: "folder")
    )
    var from: String

    @Option(help: ArgumentHelp(Terminal.say("新しいノードの名前", "name of the new node"), valueName: "name"))
    var node: String

    @Option(
        help: ArgumentHelp(
            Terminal.say("TLSの終端がつなぐソケットのフォルダー（絶対パス）", "folder of the sockets for what ends TLS, an absolute path"),
            valueName: "folder"
        )
    )
    var sockets: String?

    @Option(
        help: ArgumentHelp(
            Terminal.say("チェックポイントの第二の置き場所（絶対パス）", "a second place for checkpoints, an absolute path"),
            valueName: "file"
        )
    )
    var checkpoints: String?

    @OptionGroup var common: CommonOptions

    func run() throws {
        let first = try AuthorityFolder(from)
        let joined = try AuthorityFolder.join(
            data,
            as: node,
            from: first,
            sockets: sockets,
            checkpoints: checkpoints
        ) { path, place in try CardIssuerFile(first).copy(to: path, place: place) }
        let shared = joined.shared + ["keys/cards.sealed"]
        struct Report: Encodable {
            let schema = 1
            let node: String
            let place: Int
            let folder: String
            let shared: [String]
        }
        if common.json {
            return Terminal.out(
                try jsonText(Report(node: node, place: joined.place, folder: data, shared: shared))
            )
        }
        Terminal.out(
            Terminal.say(
                "\(data): ノード \(node)、全部で \(joined.place) 番目（模擬）",
                "\(data): node \(node), number \(joined.place) of all (simulated)"
            )
        )
        Terminal.out(
            Terminal.say(
                "  もとのノードと共有: \(shared.joined(separator: " "))",
                "  shared with the node it was made from: \(shared.joined(separator: " "))"
            )
        )
    }
}
