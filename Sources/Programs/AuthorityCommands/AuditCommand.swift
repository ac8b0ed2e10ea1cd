import ArgumentParser
import AuthorityAssembly
import CommandBasics
import FoundationEssentials
import Glibc
import IssueCommands
import Problems
import Terminal

/// `fuda authority audit`: writes the log out for whoever examines it, and holds the tables against it.
struct AuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: Terminal.say("記録を書き出し、表と照合する", "write out the log, and hold the tables against it"),
        discussion: Terminal.say(
            "書き出したファイルは `fuda verify log` で調べます。",
            "`fuda verify log` examines what it writes."
        )
    )

    @Option(help: ArgumentHelp(Terminal.say("認証局のフォルダー", "folder of the authority"), valueName: "folder"))
    var data: String

    @Option(name: [.short, .long], help: ArgumentHelp(Terminal.say("記録ファイル", "log file"), valueName: "file"))
    var output: String

    @OptionGroup var common: CommonOptions

    func run() throws {
        let port = try AuthorityPort(try AuthorityFolder(data))
        defer { port.close() }
        let answer = try port.carryOut(.audit(try absolute(output)), by: Operator.name)
        guard case .audited(let audit) = answer else { throw AuthorityProblems.strangeAnswer }
        struct Report: Encodable {
            let schema = 1
            let file: String
            let audit: AuthorityAnswer.Audit
        }
        if common.json {
            Terminal.out(try jsonText(Report(file: output, audit: audit)))
        } else {
            Terminal.out(
                Terminal.say(
                    "\(output): 記録 \(audit.entries) 件、チェックポイント \(audit.checkpoints) 件、表との違い \(audit.differences.count) 件",
                    "\(output): entries \(audit.entries), checkpoints \(audit.checkpoints), differences from the tables \(audit.differences.count)"
                )
            )
            for difference in audit.differences { Terminal.out("  " + difference) }
        }
        if !audit.differences.isEmpty { throw ExitCode(Outcome.invalid.rawValue) }
    }

    /// A server has another working folder.
    private func absolute(_ path: String) throws -> String {
        if path.hasPrefix("/") { return path }
        guard let here = unsafe getcwd(nil, 0) else { return path }
        defer { unsafe free(here) }
        return unsafe String(cString: here) + "/" + path
    }
}
