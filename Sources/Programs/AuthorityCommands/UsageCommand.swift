import ArgumentParser
import AuthorityAssembly
import CertificateProfiles
import CommandBasics
import IssueCommands
import Terminal

/// `fuda authority usage`: what verifiers are charged for.
struct UsageCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "usage",
        abstract: Terminal.say("検証者ごとの利用件数を見る", "show what verifiers were answered in a month"),
        discussion: Terminal.say(
            "動いているサーバーの件数は10秒以内に加わります。",
            "What a running server counts is added within ten seconds."
        )
    )

    @Option(help: ArgumentHelp(Terminal.say("認証局のフォルダー", "folder of the authority"), valueName: "folder"))
    var data: String

    @Option(help: ArgumentHelp(Terminal.say("月（日本時間）", "month, in Japan's time"), valueName: "YYYY-MM"))
    var month: String

    @OptionGroup var common: CommonOptions

    func run() throws {
        let port = try AuthorityPort(try AuthorityFolder(data))
        defer { port.close() }
        guard case .usage(let lines) = try port.carryOut(.usage(month: month), by: Operator.name) else {
            throw AuthorityProblems.strangeAnswer
        }
        struct Report: Encodable {
            let schema = 1
            let month: String
            let usage: [AuthorityAnswer.UsageLine]
        }
        if common.json { return Terminal.out(try jsonText(Report(month: month, usage: lines))) }
        if lines.isEmpty { return Terminal.out(Terminal.say("\(month): なし", "\(month): nothing")) }
        for line in lines {
            let way = "\(line.method) \(line.authority.rawValue)"
            let purpose =
                line.purpose == "signature"
                ? Terminal.say("署名検証", "signature") : Terminal.say("現況確認", "liveness")
            Terminal.out("\(line.verifier): \(way), \(purpose), \(line.number)")
        }
    }
}
