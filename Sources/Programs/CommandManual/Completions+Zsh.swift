extension Completions {
    /// For zsh 5; a file `_fuda` in a folder of `fpath`, or to be sourced after `compinit`.
    public static func zsh(_ tree: CommandTree) -> String {
        let name = identifier(tree.root.words)
        return """
            #compdef \(tree.root.word)

            \(tree.root.descendants.map(function).joined(separator: "\n\n"))

            if [[ $funcstack[1] == _\(name) ]]; then
                _\(name) "$@"
            else
                compdef _\(name) \(quoted(tree.root.word))
            fi

            """
    }

    private static func function(_ command: CommandTree.Command) -> String {
        let name = "_" + identifier(command.words)
        let options = command.options.flatMap(specifications)
        guard !command.subcommands.isEmpty else {
            return arguments(name, options + command.positionals.map(positional))
        }
        let entries = command.subcommands.map { subcommand in
            "        " + quoted(escaped(subcommand.word, ":") + ":" + escaped(line(subcommand.abstract), "\\"))
        }
        let calls = command.subcommands.map { subcommand in
            "        \(quoted(subcommand.word))) _\(identifier(subcommand.words)) ;;"
        }
        return """
            \(name)() {
                local curcontext=$curcontext context state state_descr line
                local -A opt_args
                local -a commands=(
            \(entries.joined(separator: "\n"))
                )
                \((["_arguments -C -S"] + options + ["': :->command'", "'*:: :->arguments'"]).joined(separator: " \\\n        "))
                case $state in
                command) _describe -t commands \(quoted(command.name)) commands ;;
                arguments)
                    case $words[1] in
            \(calls.joined(separator: "\n"))
                    esac ;;
                esac
            }
            """
    }

    private static func arguments(_ name: String, _ specifications: [String]) -> String {
        """
        \(name)() {
            \((["_arguments -S"] + specifications).joined(separator: " \\\n        "))
        }
        """
    }

    /// One for each name of the option; a name shuts out itself and the others unless they may be repeated.
    private static func specifications(_ option: CommandTree.Argument) -> [String] {
        option.names.map { name in
            let shut = option.isRepeating ? "*" : "(\(option.names.joined(separator: " ")))"
            // A long option takes its value behind "=" too.
            let form = option.valueName != nil && name.hasPrefix("--") ? name + "=" : name
            let description = "[\(escaped(line(option.abstract), "\\[]:"))]"
            return quoted(shut + form + description + (option.valueName.map { action($0, option.completion) } ?? ""))
        }
    }

    private static func positional(_ argument: CommandTree.Argument) -> String {
        let place = argument.isRepeating ? "*" : argument.isOptional ? ":" : ""
        return quoted(place + action(argument.valueName ?? "", argument.completion))
    }

    /// The message that is shown and what is offered.
    private static func action(_ valueName: String, _ completion: CommandTree.Completion) -> String {
        let message = ":\(escaped(valueName, "\\:")):"
        switch completion {
        case .nothing: return message + " "
        case .words(let words):
            return message + "(\(words.map { escaped($0, "\\ :()'\"$`*?[]~#;&|<>") }.joined(separator: " ")))"
        case .files: return message + "_files"
        case .folders: return message + "_files -/"
        }
    }

    private static func escaped(_ text: String, _ special: String) -> String {
        text.map { special.contains($0) ? "\\\($0)" : String($0) }.joined()
    }
}
