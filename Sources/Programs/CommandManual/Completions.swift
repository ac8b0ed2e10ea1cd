/// Scripts with which shells complete the words of commands.
///
/// Each needs nothing but its shell, and does not start a program of the project while it completes. They offer the
/// commands of a group; the options of the command reached; and for values and arguments the fixed words, files or
/// folders that ``CommandTree/Completion`` knows of.
public enum Completions {
    /// A word in single quotes, for shells in which nothing is special between them (bash, zsh).
    static func quoted(_ text: String) -> String {
        "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }

    /// A description on one line: shells show no more.
    static func line(_ text: String) -> String {
        text.split { $0.isNewline }.joined(separator: " ")
    }

    /// A name for a function: letters, digits and underscores.
    static func identifier(_ words: [String]) -> String {
        words.map { word in
            String(word.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
        }.joined(separator: "_")
    }
}

extension CommandTree.Command {
    /// What can be offered where an argument without a name stands: the first that is known of any.
    var positionalCompletion: CommandTree.Completion {
        positionals.map(\.completion).first { $0 != .nothing } ?? .nothing
    }
}
