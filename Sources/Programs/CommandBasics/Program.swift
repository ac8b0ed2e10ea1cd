public import ArgumentParser
import CardStorage
public import Problems
import Terminal

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Runs a program's commands and ends it the way every program of this project ends.
public enum Program {
    /// Parses this process's arguments, runs the command and ends the process with the exit code of the outcome.
    ///
    /// Help goes to standard output and is no error; anything else about the arguments is exit code 2. `explain` turns
    /// the program's own errors into something a person can act on.
    public static func run(_ root: any ParsableCommand.Type, explain: (any Error) -> Problem?) -> Never {
        Terminal.hideMemory()
        do {
            var command = try root.parseAsRoot()
            try command.run()
            Glibc.exit(Outcome.done.rawValue)
        } catch let code as ExitCode {
            // Everything has been said already.
            Glibc.exit(code.rawValue)
        } catch let problem as Problem {
            Terminal.fail(problem)
        } catch let error as CardFileError {
            Terminal.fail(error.problem)
        } catch {
            if let problem = explain(error) { Terminal.fail(problem) }
            endWithUsage(root, error)
        }
    }

    private static func endWithUsage(_ root: any ParsableCommand.Type, _ error: any Error) -> Never {
        let message = root.fullMessage(for: error)
        // A group without one of its commands shows its help, too; but nobody has asked for that.
        let isAsked = CommandLine.arguments.dropFirst().contains { $0.hasPrefix("-") || $0 == "help" }
        if root.exitCode(for: error).isSuccess, isAsked {
            Terminal.out(message)
            Glibc.exit(Outcome.done.rawValue)
        }
        Terminal.note(message)
        Glibc.exit(Outcome.usage.rawValue)
    }
}
