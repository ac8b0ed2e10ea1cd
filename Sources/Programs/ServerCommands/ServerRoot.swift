public import ArgumentParser
import AuthorityAssembly
import CommandBasics
import Terminal

/// `fuda-server`: the services.
public struct ServerRoot: ParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "fuda-server",
        abstract: Terminal.say("模擬認証局などのサーバー", "the servers of the simulation"),
        subcommands: [AuthorityCommand.self]
    )

    public init() {}

    /// Runs the program with this process's arguments and ends it with the exit code of the outcome.
    public static func runAndExit() -> Never {
        Program.run(Self.self) { AuthorityProblems.known($0) }
    }
}
