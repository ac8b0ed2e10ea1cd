extension Completions {
    /// For fish 3; a file `fuda.fish` in a folder of `fish_complete_path`.
    public static func fish(_ tree: CommandTree) -> String {
        let name = identifier(tree.root.words)
        let root = word(tree.root.word)
        let commands = tree.root.descendants
        let valued = commands.flatMap { command in
            command.options.filter { $0.valueName != nil }.flatMap(\.names).map { word("\(command.name) \($0)") }
        }
        let lines = commands.flatMap { command in
            let condition = "complete -c \(root) -n \(word("__\(name)_at \(word(command.name))"))"
            return command.subcommands.map { "\(condition) -a \(word($0.word))\(described($0.abstract))" }
                + command.options.map { condition + option($0) }
                + positional(command).map { condition + $0 }
        }
        return """
            # fish completion for \(tree.root.word)

            # The words of the command reached so far.
            function __\(name)_command
                set -l command \(root)
                set -l tokens (commandline -opc)
                set -e tokens[1]
                set -l is_value no
                for token in $tokens
                    if test $is_value = yes
                        set is_value no
                        continue
                    end
                    switch "$command $token"
                        case \(patterns(commands.dropFirst().map { word($0.name) }))
                            set command "$command $token"
                        case \(patterns(valued))
                            set is_value yes
                    end
                end
                echo $command
            end

            function __\(name)_at
                test (__\(name)_command) = "$argv[1]"
            end

            complete -c \(root) -f
            \(lines.joined(separator: "\n"))

            """
    }

    private static func option(_ option: CommandTree.Argument) -> String {
        let names = option.names.map { name in
            if name.hasPrefix("--") { return " -l \(word(String(name.dropFirst(2))))" }
            return (name.count == 2 ? " -s " : " -o ") + word(String(name.dropFirst()))
        }
        return names.joined() + (option.valueName == nil ? "" : value(option.completion)) + described(option.abstract)
    }

    /// `-x` requires a value and offers no files, `-r -F` offers them.
    private static func value(_ completion: CommandTree.Completion) -> String {
        switch completion {
        case .nothing: " -x"
        case .words(let words): " -x -a \(list(words))"
        case .files: " -r -F"
        case .folders: " -x -a '(__fish_complete_directories)'"
        }
    }

    private static func positional(_ command: CommandTree.Command) -> [String] {
        switch command.positionalCompletion {
        case .nothing: []
        case .words(let words): [" -a \(list(words))"]
        case .files: [" -F"]
        case .folders: [" -a '(__fish_complete_directories)'"]
        }
    }

    /// Words to offer, which fish takes apart once more: so each is quoted within the quotes.
    private static func list(_ words: [String]) -> String { word(words.map(word).joined(separator: " ")) }

    private static func described(_ abstract: String) -> String {
        abstract.isEmpty ? "" : " -d \(word(line(abstract)))"
    }

    private static func patterns(_ words: [String]) -> String {
        words.isEmpty ? "''" : words.joined(separator: " ")
    }

    /// In single quotes, in which fish knows two escapes.
    private static func word(_ text: String) -> String {
        "'" + text.map { "\\'".contains($0) ? "\\\($0)" : String($0) }.joined() + "'"
    }
}
