import ArgumentParser
import CommandBasics
import CommandManual
import Problems
import Terminal

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A shell that completes words.
enum ShellName: String, ExpressibleByArgument, CaseIterable {
    case bash
    case zsh
    case fish
}

/// A program that people call by its name, and its commands.
enum CalledProgram: String, ExpressibleByArgument, CaseIterable {
    case fuda
    case server = "fuda-server"
}

/// `fuda completion`: a script that completes every command of `fuda`, or of the servers.
struct CompletionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "completion",
        abstract: Terminal.say("シェルの補完スクリプトを出力する", "print a completion script for a shell"),
        discussion: Terminal.say("例: source <(fuda completion bash)", "Example: source <(fuda completion bash)")
    )

    @Argument(help: ArgumentHelp(Terminal.say("シェル", "shell"), valueName: "bash|zsh|fish"))
    var shell: ShellName

    @Option(help: ArgumentHelp(Terminal.say("補完するプログラム", "program to complete"), valueName: "fuda|fuda-server"))
    var program = CalledProgram.fuda

    @OptionGroup var common: CommonOptions

    func run() throws {
        let tree = try WholeTree.read(program)
        let script =
            switch shell {
            case .bash: Completions.bash(tree)
            case .zsh: Completions.zsh(tree)
            case .fish: Completions.fish(tree)
            }
        Terminal.out(bytes: Array(script.utf8))
    }
}

/// `fuda manual`: manual pages of every command of every program.
struct ManualCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "manual",
        abstract: Terminal.say("マニュアルページを書き出す", "write manual pages"),
        discussion: Terminal.say(
            "--lang の言語で、コマンドごとに1ページを書きます。man -l で読めます。",
            "One page a command, in the language of --lang; man -l shows one."
        )
    )

    @Option(help: ArgumentHelp(Terminal.say("ページの日付", "date of the pages"), valueName: "YYYY-MM-DD"))
    var date: String?

    @Option(name: .shortAndLong, help: ArgumentHelp(Terminal.say("出力先フォルダー", "where to write"), valueName: "folder"))
    var output: String

    @Flag(name: .shortAndLong, help: ArgumentHelp(Terminal.say("あるファイルを置き換える", "replace files that are there")))
    var force = false

    @OptionGroup var common: CommonOptions

    func run() throws {
        let folder = try Files.folder(output)
        let today = Report.Value.japaneseTime(Int64(time(nil))).split(separator: " ").first.map(String.init)
        let pages = try CalledProgram.allCases.flatMap { program in
            ManualPage.pages(
                try WholeTree.read(program),
                language: Terminal.language,
                version: Dispatcher.version,
                date: date ?? today ?? ""
            )
        }
        for page in pages { try Files.write(Array(page.text.utf8), to: folder + "/" + page.name, replacing: force) }
        Terminal.out(Terminal.say("\(folder): \(pages.count)ページ", "\(folder): \(pages.count) pages"))
    }
}

/// The commands of all programs, as they say themselves.
enum WholeTree {
    static func read(_ called: CalledProgram) throws -> CommandTree {
        let programs: [(name: String, arguments: [String])] =
            switch called {
            case .fuda: CommandTree.programs
            case .server: [(name: CommandTree.serverProgram, arguments: [])]
            }
        let dumps = try programs.map { program in
            let words = program.arguments + [CommandTree.dumpOption, "--lang", Terminal.language.rawValue]
            return Array(try Subprocess.output(of: program.name, words).utf8)
        }
        do {
            return try CommandTree(parsing: dumps, under: called.rawValue)
        } catch {
            throw Problem.programMismatch
        }
    }
}

extension Problem {
    static var programMismatch: Problem {
        Problem(
            code: "program-mismatch",
            outcome: .other,
            whatHappened: Text(ja: "プログラムの版が揃っていません。", en: "The programs are not of one version."),
            whatToDo: Text(ja: "fuda を入れ直してください。", en: "Install fuda again.")
        )
    }
}
