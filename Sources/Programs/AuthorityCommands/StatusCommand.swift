import ArgumentParser
import AuthorityAssembly
import CertificateProfiles
import CommandBasics
import EventLog
import IssueCommands
import Terminal

/// `fuda authority status`: an authority at a glance, or what it knows of certificates.
struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: Terminal.say("認証局または証明書の状態を見る", "look at the authority, or at certificates")
    )

    @Option(help: ArgumentHelp(Terminal.say("認証局のフォルダー", "folder of the authority"), valueName: "folder"))
    var data: String

    @OptionGroup var which: SelectionOptions
    @OptionGroup var common: CommonOptions

    func run() throws {
        let port = try AuthorityPort(try AuthorityFolder(data))
        defer { port.close() }
        if which.card == nil, which.certificate == nil { return try OverviewReport(port, common).show() }
        guard case .status(let lines) = try port.carryOut(.status(try which.selection()), by: Operator.name) else {
            throw AuthorityProblems.strangeAnswer
        }
        struct Report: Encodable {
            let schema = 1
            let certificates: [AuthorityAnswer.StatusLine]
        }
        if common.json { return Terminal.out(try jsonText(Report(certificates: lines))) }
        for line in lines {
            let reason = line.reason.map { ", " + ReasonName($0).rawValue } ?? ""
            Terminal.out("\(line.kind.rawValue) \(line.serial): \(line.state.rawValue)\(reason)")
        }
    }
}
