import ArgumentParser
import AuthorityAssembly
import CertificateProfiles
import CommandBasics
import EventLog
import IssueCommands
import Terminal

/// `fuda authority crl`: publishes revocation lists now.
struct ListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "crl",
        abstract: Terminal.say("失効リストを公開する", "publish revocation lists")
    )

    @Option(help: ArgumentHelp(Terminal.say("認証局のフォルダー", "folder of the authority"), valueName: "folder"))
    var data: String

    @Option(help: ArgumentHelp(Terminal.say("認証局", "authority"), valueName: "sign|auth"))
    var authority: AuthorityName?

    @Option(
        help: ArgumentHelp(
            Terminal.say(
                "市区町村コード5桁など（省略時は全部）",
                "municipality's five digits, all, authorities, services (all lists if left out)"
            ),
            valueName: "name"
        )
    )
    var partition: [String] = []

    @OptionGroup var common: CommonOptions

    func run() throws {
        let folder = try AuthorityFolder(data)
        let port = try AuthorityPort(folder)
        defer { port.close() }
        let answer = try port.carryOut(
            .publish(authority?.authority, partitions: partition.isEmpty ? nil : partition),
            by: Operator.name
        )
        guard case .published(let lists) = answer else { throw AuthorityProblems.strangeAnswer }
        struct Report: Encodable {
            let schema = 1
            let folder: String
            let lists: [ListPublished]
        }
        if common.json { return Terminal.out(try jsonText(Report(folder: folder.lists.path, lists: lists))) }
        for list in lists {
            Terminal.out(
                Terminal.say(
                    "\(list.authority.rawValue)/\(list.partition).crl: 番号 \(list.number)、\(list.entries) 件",
                    "\(list.authority.rawValue)/\(list.partition).crl: number \(list.number), entries \(list.entries)"
                )
            )
        }
    }
}

enum AuthorityName: String, ExpressibleByArgument {
    case sign
    case auth

    var authority: CertificateAuthority { self == .sign ? .sign : .auth }
}
