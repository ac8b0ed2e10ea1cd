import CommandManual
import ForeignTools
import Foundation
import Problems

/// The programs as they were built: what they say of themselves is what the manual and the completions are made of.
enum BuiltPrograms {
    struct Unusable: Error {
        let program: String
        let notes: String
    }

    /// The tree of all programs in one language, dumped once.
    static func tree(_ language: Language) throws -> CommandTree {
        switch language {
        case .japanese: try japanese.get()
        case .english: try english.get()
        }
    }

    /// The tree of the program that runs services.
    static func serverTree(_ language: Language) throws -> CommandTree {
        let arguments = [CommandTree.dumpOption, "--lang", language.rawValue]
        let answer = try ForeignProgram.run(folder + "/" + CommandTree.serverProgram, arguments)
        guard answer.status == 0 else { throw Unusable(program: CommandTree.serverProgram, notes: answer.notes) }
        return try CommandTree(parsing: [answer.output], under: CommandTree.serverProgram)
    }

    /// What `fuda` writes to standard output.
    static func output(_ arguments: String...) throws -> String {
        let answer = try ForeignProgram.run(folder + "/fuda", arguments)
        guard answer.status == 0 else { throw Unusable(program: "fuda", notes: answer.notes) }
        return answer.text
    }

    /// What a command prints for `--help`.
    static func help(_ command: CommandTree.Command, _ language: Language) throws -> String {
        let words = command.words.dropFirst() + ["--help", "--lang", language.rawValue]
        let answer = try ForeignProgram.run(folder + "/" + (command.words.first ?? ""), Array(words))
        guard answer.status == 0 else { throw Unusable(program: command.name, notes: answer.notes) }
        return answer.text
    }

    private static let japanese = Result { try dumped(.japanese) }
    private static let english = Result { try dumped(.english) }

    private static func dumped(_ language: Language) throws -> CommandTree {
        var dumps: [[UInt8]] = []
        for program in CommandTree.programs {
            let arguments = program.arguments + [CommandTree.dumpOption, "--lang", language.rawValue]
            let answer = try ForeignProgram.run(folder + "/" + program.name, arguments)
            if answer.status == 0 {
                dumps.append(answer.output)
            } else if program.name != "fuda" {
                throw Unusable(program: program.name, notes: answer.notes)
            }
            // A `fuda` that only hands commands on has none of its own to tell of.
        }
        return try CommandTree(parsing: dumps)
    }

    private static let folder: String = {
        let repository = URL(filePath: #filePath).appending(path: "../../..").standardized
        return ProcessInfo.processInfo.environment["FUDA_BIN"] ?? repository.appending(path: ".build/debug").path
    }()
}

extension CommandTree {
    /// The commands that do something, without the root where it is one of them.
    var named: [Command] { leaves.filter { $0 != root } }

    func command(_ name: String) -> Command? { root.descendants.first { $0.name == name } }
}

/// The options that a `--help` lists, read by the test itself: at the beginning of lines indented by two spaces.
func optionsInHelp(_ help: String) -> Set<String> {
    help.split(separator: "\n").reduce(into: []) { options, line in
        guard let match = line.prefixMatch(of: /\ {2}(-[^ ,]+(, -[^ ,]+)*)/) else { return }
        options.formUnion(match.1.split { ", /".contains($0) }.map(String.init))
    }
}
