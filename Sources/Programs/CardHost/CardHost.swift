public import ArgumentParser
import CardStorage
import Glibc
import Problems
import ReaderHost
import Terminal
import VPCD
import VirtualCard

/// `fuda-card`: the virtual card alone, so that it starts in milliseconds.
public struct CardHost: ParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "fuda card",
        abstract: Terminal.say("仮想マイナンバーカード（模擬）", "the virtual My Number Card (simulated)"),
        subcommands: [InsertCommand.self, InspectCommand.self]
    )

    public init() {}

    /// Runs the program with this process's arguments and ends it with the exit code of the outcome.
    public static func runAndExit() -> Never {
        do {
            var command = try parseAsRoot()
            try command.run()
            Glibc.exit(Outcome.done.rawValue)
        } catch let problem as Problem {
            Terminal.fail(problem)
        } catch let error as CardFileError {
            Terminal.fail(error.problem)
        } catch let error as ReaderHostError {
            Terminal.fail(error.problem)
        } catch let fault as VPCDFault {
            Terminal.fail(ReaderHostError.system(fault.call, fault.errno).problem)
        } catch is StateFailure {
            Terminal.fail(CardFileError.notACardFile(path: "").problem)
        } catch {
            endWithUsage(error)
        }
    }

    /// Help goes to standard output and is no error; everything else about the arguments is exit code 2.
    private static func endWithUsage(_ error: any Error) -> Never {
        let message = fullMessage(for: error)
        if exitCode(for: error).isSuccess {
            Terminal.out(message)
            Glibc.exit(Outcome.done.rawValue)
        }
        Terminal.note(message)
        Glibc.exit(Outcome.usage.rawValue)
    }
}

/// Options every command has.
struct CommonOptions: ParsableArguments {
    @Option(help: ArgumentHelp(Terminal.say("言語", "language"), valueName: "ja|en"))
    var lang: String?
}
