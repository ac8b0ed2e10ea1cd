extension Completions {
    /// For bash 4.4 or later; to be sourced, or put where bash-completion looks.
    public static func bash(_ tree: CommandTree) -> String {
        let name = identifier(tree.root.words)
        let commands = tree.root.descendants
        let tables = commands.map { command in
            """
                \(quoted(command.name)))
                    words=(\(list(command.subcommands.map(\.word))))
                    options=(\(list(command.options.flatMap(\.names))))
                    kind=\(kind(command.positionalCompletion)) values=(\(list(values(command.positionalCompletion)))) ;;
            """
        }
        return """
            # bash completion for \(tree.root.word)

            # About a command: the words below it, its options, and what can stand without an option's name.
            _\(name)_command() {
                case $1 in
            \(tables.joined(separator: "\n"))
                esac
            }

            # About the value of a command's option; fails where the option takes none.
            _\(name)_value() {
                case "$1 $2" in
            \(commands.compactMap(valueTable).joined(separator: "\n"))
                *) return 1 ;;
                esac
            }
            \(walk(name, tree.root))
            complete -F _\(name) \(quoted(tree.root.word))

            """
    }

    /// The function that bash calls: finds the command reached, then offers.
    private static func walk(_ name: String, _ root: CommandTree.Command) -> String {
        #"""

        _\#(name)() {
            local current=${COMP_WORDS[COMP_CWORD]} command=\#(quoted(root.name)) option= ended= before= word i
            local words=() options=() values=() kind=none
            COMPREPLY=()
            for ((i = 1; i < COMP_CWORD; i++)); do
                word=${COMP_WORDS[i]}
                if [[ -n $option ]]; then
                    # Where bash breaks words at "=", that of --option=value is a word of its own.
                    [[ $word == = ]] || option=
                elif [[ -n $ended ]]; then
                    :
                elif [[ $word == -- ]]; then
                    ended=1
                elif [[ $word == -* ]]; then
                    _\#(name)_value "$command" "$word" && option=$word
                else
                    _\#(name)_command "$command"
                    [[ -n $word && " ${words[*]} " == *" $word "* ]] && command+=" $word"
                fi
            done
            [[ -n $option && $current == = ]] && current=
            # Where bash does not break words at "=", what is offered repeats what stands before the value.
            if [[ -z $option && -z $ended && $current == --*=* ]]; then
                option=${current%%=*} before=${current%%=*}= current=${current#*=}
            fi
            _\#(name)_command "$command"
            if [[ -n $option ]]; then
                words=() options=() values=() kind=none
                _\#(name)_value "$command" "$option"
            elif [[ -z $ended && $current == -* ]]; then
                kind=words values=("${options[@]}")
            elif [[ ${#words[@]} -gt 0 ]]; then
                kind=words values=("${words[@]}")
            elif [[ -z $ended && $kind == none ]]; then
                kind=words values=("${options[@]}")
            fi
            case $kind in
            words)
                for word in "${values[@]}"; do
                    [[ $word == "$current"* ]] && COMPREPLY+=("$before$(printf '%q' "$word")")
                done ;;
            files)
                compopt -o filenames 2>/dev/null
                mapfile -t COMPREPLY < <(compgen -P "$before" -f -- "$current") ;;
            folders)
                compopt -o filenames 2>/dev/null
                mapfile -t COMPREPLY < <(compgen -P "$before" -d -- "$current") ;;
            esac
        }
        """#
    }

    private static func valueTable(_ command: CommandTree.Command) -> String? {
        let lines = command.options.filter { $0.valueName != nil }.map { option in
            let patterns = option.names.map { quoted("\(command.name) \($0)") }.joined(separator: " | ")
            let words = list(values(option.completion))
            return "    \(patterns)) kind=\(kind(option.completion)) values=(\(words)) ;;"
        }
        return lines.isEmpty ? nil : lines.joined(separator: "\n")
    }

    private static func kind(_ completion: CommandTree.Completion) -> String {
        switch completion {
        case .nothing: "none"
        case .words: "words"
        case .files: "files"
        case .folders: "folders"
        }
    }

    private static func values(_ completion: CommandTree.Completion) -> [String] {
        if case .words(let words) = completion { words } else { [] }
    }

    private static func list(_ words: [String]) -> String { words.map(quoted).joined(separator: " ") }
}
