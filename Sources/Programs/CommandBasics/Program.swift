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
    /// the program's own errors into something a person can act on. `arguments` nil means all of this process.
    public static func run(
        _ root: any ParsableCommand.Type,
        arguments: [String]? = nil,
        explain: (any Error) -> Problem?
    ) -> Never {
        Terminal.hideMemory()
        do {
            var command = try root.parseAsRoot(arguments)
            let kind = type(of: command)
            if !kind.configuration.subcommands.isEmpty { endWithHelp(root.helpMessage(for: kind)) }
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

    /// Ends a program that was given a group of commands and none of them: nothing was asked for, so the list of what can
    /// be is an error and no result.
    public static func endWithHelp(_ help: String) -> Never {
        Terminal.note(Terminal.say("コマンドがありません。", "a command is missing."))
        Terminal.note(help)
        if Terminal.wantsJSON { Terminal.report(usage(Terminal.say("コマンドがありません。", "A command is missing."))) }
        Glibc.exit(Outcome.usage.rawValue)
    }

    /// An error in the arguments, for programs; people get the whole message with the usage.
    public static func usage(_ what: String) -> Problem {
        Problem(
            code: "usage",
            outcome: .usage,
            whatHappened: Text(ja: "引数の誤り: \(what)", en: what),
            whatToDo: Text(ja: "--help を見てください。", en: "See --help.")
        )
    }

    private static func endWithUsage(_ root: any ParsableCommand.Type, _ error: any Error) -> Never {
        let message = root.fullMessage(for: error)
        if root.exitCode(for: error).isSuccess {
            Terminal.out(message)
            Glibc.exit(Outcome.done.rawValue)
        }
        guard message.contains("nexpected argument") else {
            Terminal.note(message)
            if Terminal.wantsJSON { Terminal.report(usage(root.message(for: error))) }
            Glibc.exit(Outcome.usage.rawValue)
        }
        // What is one too many may be a secret: it is not repeated.
        let what = Terminal.say("引数が多すぎます。", "There are arguments too many.")
        let usageLine = message.split(separator: "\n").first { $0.hasPrefix("Usage:") } ?? ""
        Terminal.note(what + "\n" + usageLine)
        if Terminal.wantsJSON { Terminal.report(usage(what)) }
        Glibc.exit(Outcome.usage.rawValue)
    }
}
