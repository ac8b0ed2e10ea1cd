import ArgumentParser
import CardClient
import CardCryptography
import CommandBasics
import FudaReader
import PCSC
import Problems
import Terminal

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// `fuda`: finds the program a command belongs to and becomes it.
///
/// Exec, not spawn: the process that was started is the program, with its number and its signals.
public enum Dispatcher {
    /// Command words and the program that carries them out, most words first.
    static let table: [(words: [String], program: String)] = [
        (["card", "new"], "fuda-issue"),
        (["card", "personas"], "fuda-issue"),
        (["card", "terminal"], "fuda-issue"),
        (["card", "insert"], "fuda-card"),
        (["card", "inspect"], "fuda-card"),
        (["card", "fault"], "fuda-card"),
        (["authority"], "fuda-issue"),
    ]

    /// Ends this program by becoming another, or with an exit code.
    public static func run(_ arguments: [String]) -> Never {
        for entry in table where arguments.starts(with: entry.words) {
            // `card` is what the programs are about anyway; other groups are told apart by their word.
            become(entry.program, arguments.first == "card" ? Array(arguments.dropFirst()) : arguments)
        }
        if arguments.first == "card" { helpOnCards(arguments) }
        if let first = arguments.first, ["--version", "version"].contains(first) {
            Terminal.out("fuda \(version)")
            exit(Outcome.done.rawValue)
        }
        if arguments.isEmpty {
            Terminal.out(FudaRoot.helpMessage())
            exit(Outcome.done.rawValue)
        }
        Program.run(FudaRoot.self) { error in
            switch error {
            case let error as CardError: error.problem
            case let fault as PCSCFault: fault.problem
            case let failure as CryptographyFailure: Problem.libraryFailed(failure.operation)
            default: nil
            }
        }
    }

    /// `fuda card` alone, or with a word nobody knows.
    private static func helpOnCards(_ arguments: [String]) -> Never {
        if arguments.count == 1 { Program.endWithHelp(FudaRoot.helpMessage()) }
        guard arguments.contains("--help") || arguments.contains("-h") else {
            Terminal.fail(.unknownCommand)
        }
        Terminal.out(FudaRoot.helpMessage())
        exit(Outcome.done.rawValue)
    }

    public static let version = "0.1.0"

    private static func become(_ program: String, _ arguments: [String]) -> Never {
        let path = Locations.programs + "/" + program
        var words = unsafe ([path] + arguments).map { unsafe strdup($0) } + [nil]
        _ = unsafe execv(path, &words)
        Terminal.fail(.missingProgram(path))
    }
}

extension Problem {
    static var unknownCommand: Problem {
        Problem(
            code: "unknown-command",
            outcome: .usage,
            whatHappened: Text(ja: "知らないコマンドです。", en: "There is no such command."),
            whatToDo: Text(ja: "`fuda --help` に一覧があります。", en: "`fuda --help` lists them.")
        )
    }

    fileprivate static func libraryFailed(_ operation: String) -> Problem {
        Problem(
            code: "cryptography",
            outcome: .other,
            whatHappened: Text(
                ja: "暗号ライブラリーの処理が失敗しました: \(operation)",
                en: "The cryptographic library failed: \(operation)."
            ),
            whatToDo: Text(ja: "libcrypto (libssl3) の状態を確かめてください。", en: "Check this system's libcrypto (libssl3).")
        )
    }
}
