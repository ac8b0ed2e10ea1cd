public import ArgumentParser
import CardStorage
import CommandBasics
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
        subcommands: [InsertCommand.self, FaultCommand.self, InspectCommand.self]
    )

    public init() {}

    /// Runs the program with this process's arguments and ends it with the exit code of the outcome.
    public static func runAndExit() -> Never {
        Program.run(Self.self) { error in
            switch error {
            case let error as ReaderHostError: error.problem
            case let fault as VPCDFault: ReaderHostError.system(fault.call, fault.errno).problem
            case is StateFailure: CardFileError.notACardFile(path: "").problem
            default: nil
            }
        }
    }
}
