import CommandManual
import ForeignTools

/// Shells that complete a command line with a script of ours; the cursor is at the line's end.
enum Shell: String, CaseIterable {
    case bash
    case zsh
    case fish

    struct Failed: Error {
        let shell: Shell
        let notes: String
    }

    func script(_ tree: CommandTree) -> String {
        switch self {
        case .bash: Completions.bash(tree)
        case .zsh: Completions.zsh(tree)
        case .fish: Completions.fish(tree)
        }
    }

    /// What is offered, in a folder that holds the file `one.card` and the folder `cards` with nothing else in sight.
    ///
    /// `described` asks for descriptions beside the words; `breaksAtEquals` false is a bash that is set up so.
    func offers(
        _ line: String,
        _ tree: CommandTree,
        described: Bool = false,
        breaksAtEquals: Bool = true
    ) throws -> [String] {
        let answer = try run(program(line, tree, described: described, breaksAtEquals: breaksAtEquals), tree)
        guard answer.status == 0 else { throw Failed(shell: self, notes: answer.notes) }
        let lines =
            switch self {
            case .bash: answer.text.split(separator: "\n").map(String.init)
            case .fish:
                answer.text.split(separator: "\n").map { described ? String($0) : String($0.prefix { $0 != "\t" }) }
            case .zsh: try listed(answer.text, line, described: described)
            }
        return lines.filter { !$0.isEmpty }
    }

    /// Whether the shell takes the script for one of its own language.
    func parses(_ tree: CommandTree) throws -> (status: Int32, notes: String) {
        let answer = try run([rawValue, "-n", "../script"], tree)
        return (answer.status, answer.notes)
    }

    private func run(_ command: [String], _ tree: CommandTree) throws -> ForeignProgram {
        let start = """
            mkdir -p here/cards && cp script _\(name(tree)) && touch here/one.card && cd here && exec timeout 60 "$@"
            """
        return try ForeignProgram.run(
            "sh",
            ["-c", start, "sh"] + command,
            files: ["script": Array(script(tree).utf8), "zsh-in-a-terminal": Array(Self.terminal.utf8)],
            environment: ["TERM": "xterm", "LC_ALL": "C.UTF-8"]
        )
    }

    /// A program's name where no hyphen may be.
    private func name(_ tree: CommandTree) -> String { tree.root.word.replacing("-", with: "_") }

    private func program(
        _ line: String,
        _ tree: CommandTree,
        described: Bool,
        breaksAtEquals: Bool
    ) -> [String] {
        switch self {
        case .bash:
            // Bash takes the line apart itself, at "=" too, and gives these variables to the function.
            let words = line.split(separator: " ", omittingEmptySubsequences: false).flatMap { word in
                guard breaksAtEquals, let equals = word.firstIndex(of: "=") else { return [String(word)] }
                return [word[..<equals], "=", word[equals...].dropFirst()].filter { !$0.isEmpty }.map(String.init)
            }
            let call = """
                source ../script; complete -p \(tree.root.word) >/dev/null && COMP_WORDS=("$@") \
                && COMP_CWORD=$(($# - 1)) && { _\(name(tree)); printf '%s\n' "${COMPREPLY[@]}"; }
                """
            return ["bash", "--norc", "-uc", call, "bash"] + words
        case .fish:
            return ["fish", "--no-config", "-c", "source ../script; complete -C $argv[1]", "--", line]
        case .zsh:
            return ["zsh", "-f", "../zsh-in-a-terminal", line, described ? "yes" : "no"]
        }
    }

    // MARK: - zsh

    /// Zsh completes only at a terminal: this gives it one, types the line, asks for the list and prints the screen.
    ///
    /// The words it waits for are typed in two parts, for what is typed may be echoed before it is obeyed.
    private static let terminal = """
        zmodload zsh/zpty
        zpty shell zsh -f -i
        zpty -w shell 'PS1=; stty -echo columns 900 rows 100; fpath=(.. $fpath); autoload -U compinit; compinit -u -D'
        zpty -w shell 'zstyle ":completion:*" verbose '$2'; zstyle ":completion:*" format "<%d>"; LISTMAX=1000'
        zpty -w shell 'finish() { zle -R; print FINI""SHED; exit }; zle -N finish; bindkey "^B" finish'
        zpty -w shell 'bindkey "^D" list-choices; print RE""ADY'
        zpty -r shell screen '*READY*'
        zpty -n -w shell "$1"$'\\x04\\x02'
        zpty -r shell screen '*FINISHED*'
        print -r -- $screen
        """

    /// The list between the line that was typed and its repetition.
    private func listed(_ screen: String, _ line: String, described: Bool) throws -> [String] {
        let scalars = screen.unicodeScalars.filter { $0 != "\r" }
        let plain = String(String.UnicodeScalarView(scalars)).replacing(/\u{1B}\[[0-9;?]*[A-Za-z]/, with: "")
        let typed = line.split(separator: " ").joined(separator: " ")
        guard let from = plain.firstRange(of: typed), let last = plain.ranges(of: typed).last, from != last else {
            throw Failed(shell: self, notes: plain)
        }
        let lines = plain[from.upperBound..<last.lowerBound].split(separator: "\n").map(String.init)
        let list = lines.filter { !$0.hasPrefix("<") }
        return described ? list : list.flatMap { $0.split(separator: " ").map(String.init) }
    }
}
