public import ArgumentParser
import AuthorityAssembly
import CAKeys
import CommandBasics
import IssueCommands
import KeyCeremony
import Problems
import Terminal

/// `fuda authority`: what operators of an authority do.
///
/// Carried out by `fuda-issue`.
public struct AuthorityRoot: ParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "fuda authority",
        abstract: Terminal.say("模擬認証局を運用する", "operate a simulated authority"),
        subcommands: [
            InitCommand.self, IssueCommand.self, RevokeCommand.self, StatusCommand.self, ListCommand.self,
            GenerationCommand.self, AuditCommand.self, VerifierCommand.self, UsageCommand.self, CeremonyCommand.self,
            ActivateCommand.self, ClockCommand.self, JoinCommand.self,
        ]
    )

    /// The first argument by which a program knows that these commands are meant.
    public static let word = "authority"

    public init() {}

    /// Runs the command that follows ``word`` and ends the process with the exit code of the outcome.
    public static func runAndExit() -> Never {
        Program.run(Self.self, arguments: Array(CommandLine.arguments.dropFirst(2))) { error in
            switch error {
            case let refusal as CeremonyRefusal: refusal.problem
            default: IssueCommands.problem(error) ?? AuthorityProblems.known(error)
            }
        }
    }
}
