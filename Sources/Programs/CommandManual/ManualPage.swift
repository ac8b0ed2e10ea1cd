public import Problems

/// One manual page, as the source that `man` formats.
public struct ManualPage: Hashable, Sendable {
    /// The file's name, such as `fuda-card-new.1`.
    public let name: String
    /// roff with the macros of man(7), in UTF-8.
    public let text: String

    /// An overview, named for the root, and a page for each command that does something.
    ///
    /// `tree` has to be dumped in the same language. `date` is shown as it is given; YYYY-MM-DD is customary.
    public static func pages(_ tree: CommandTree, language: Language, version: String, date: String) -> [ManualPage] {
        let writer = PageWriter(tree: tree, language: language, version: version, date: date)
        return [writer.overview()] + tree.leaves.filter { $0 != tree.root }.map(writer.page)
    }
}

/// Writes the pages of one tree in one language.
private struct PageWriter {
    let tree: CommandTree
    let language: Language
    let version: String
    let date: String

    func overview() -> ManualPage {
        let root = tree.root
        let abstract = root.abstract.isEmpty ? say(.whatItIs) : root.abstract
        var lines = heading(root) + name(root, abstract)
        lines += section(.synopsis) + [Roff.bold(root.word), Roff.italic(say(.command)) + "\\ \\&...\\&"]
        lines += section(.description) + [Roff.text(sentence(abstract))]
        if !root.discussion.isEmpty { lines += [".PP"] + Roff.paragraphs(root.discussion, separator: ".PP") }
        lines += [".PP", Roff.text(say(.languages))]
        lines += section(.commands)
        for leaf in tree.leaves where leaf != root {
            lines += [".TP", Roff.bold(leaf.name), leaf.abstract.isEmpty ? "\\&" : Roff.text(leaf.abstract)]
        }
        return file(root, lines + arguments(root) + exitStatus() + seeAlso(tree.leaves.filter { $0 != root }))
    }

    func page(_ command: CommandTree.Command) -> ManualPage {
        var lines = heading(command) + name(command, command.abstract)
        lines += section(.synopsis) + synopsis(command)
        lines += section(.description) + [Roff.text(sentence(command.abstract))]
        if !command.discussion.isEmpty { lines += [".PP"] + Roff.paragraphs(command.discussion, separator: ".PP") }
        let siblings = tree.leaves.filter { $0.words.dropLast() == command.words.dropLast() && $0 != command }
        return file(command, lines + arguments(command) + exitStatus() + seeAlso([tree.root] + siblings))
    }

    // MARK: - Sections

    private func heading(_ command: CommandTree.Command) -> [String] {
        // Japanese has no spaces between words: without the rules of this file no line of it could be broken.
        let rules = language == .japanese ? [".if \\n(.g .mso ja.tmac"] : []
        let title = Roff.text(pageName(command).uppercased())
        let source = Roff.text("\(tree.root.word) \(version)")
        return rules + [
            ".TH \(title) 1 \"\(Roff.text(date))\" \"\(source)\" \"\(Roff.text(say(.manual)))\"", ".nh", ".ad l",
        ]
    }

    private func name(_ command: CommandTree.Command, _ abstract: String) -> [String] {
        section(.name) + ["\(Roff.text(pageName(command))) \\- \(Roff.text(abstract))"]
    }

    private func synopsis(_ command: CommandTree.Command) -> [String] {
        [Roff.bold(command.name)]
            + command.arguments.filter { !$0.isHelp }.map { argument in
                let shown = tag(argument, names: argument.names.last.map { [$0] } ?? [], space: "\\ ")
                let repeated = argument.isRepeating ? shown + "\\ ...\\&" : shown
                return argument.isOptional ? "[\(repeated)]" : repeated
            }
    }

    private func arguments(_ command: CommandTree.Command) -> [String] {
        let positionals = command.positionals
        let options = command.options
        return (positionals.isEmpty ? [] : section(.arguments) + positionals.flatMap(entry))
            + (options.isEmpty ? [] : section(.options) + options.flatMap(entry))
    }

    private func exitStatus() -> [String] {
        section(.exitStatus)
            + Outcome.allCases.flatMap { outcome in
                [".TP", Roff.bold("\(outcome.rawValue)"), Roff.text(outcome.meaning.inLanguage(language))]
            }
    }

    private func seeAlso(_ commands: [CommandTree.Command]) -> [String] {
        guard !commands.isEmpty else { return [] }
        let last = commands.count - 1
        return section(.seeAlso)
            + commands.enumerated().map { index, command in
                ".BR \(Roff.text(pageName(command))) (1)\(index == last ? "" : ",")"
            }
    }

    // MARK: - Parts

    private func entry(_ argument: CommandTree.Argument) -> [String] {
        var text = argument.isHelp ? say(.help) : argument.abstract
        if let value = argument.defaultValue { text += say(Text(ja: "（既定: \(value)）", en: " (default: \(value))")) }
        if case .words(let words) = argument.completion, argument.valueName != words.joined(separator: "|") {
            text += say(
                Text(ja: "（値: \(words.joined(separator: ", "))）", en: " (one of: \(words.joined(separator: ", ")))")
            )
        }
        // A tag without any text below it would swallow what follows.
        let shown = text.isEmpty ? "\\&" : Roff.text(text)
        let more = argument.discussion.isEmpty ? [] : [".IP"] + Roff.paragraphs(argument.discussion, separator: ".IP")
        return [".TP", tag(argument, names: argument.names, space: " "), shown] + more
    }

    /// The names in bold, the value in italics.
    private func tag(_ argument: CommandTree.Argument, names: [String], space: String) -> String {
        let bold = names.map(Roff.bold).joined(separator: ", ")
        let value = argument.valueName.map(Roff.italic) ?? ""
        return bold + (bold.isEmpty || value.isEmpty ? "" : space) + value
    }

    private func section(_ title: Text) -> [String] { [".SH \"\(Roff.text(say(title)))\""] }

    private func pageName(_ command: CommandTree.Command) -> String { command.words.joined(separator: "-") }

    private func file(_ command: CommandTree.Command, _ lines: [String]) -> ManualPage {
        ManualPage(name: pageName(command) + ".1", text: lines.joined(separator: "\n") + "\n")
    }

    private func say(_ text: Text) -> String { text.inLanguage(language) }

    /// With the capital and the stop that an abstract, being a phrase, does not have.
    private func sentence(_ phrase: String) -> String {
        let begun = phrase.prefix(1).uppercased() + phrase.dropFirst()
        guard let last = begun.last, !".。!?".contains(last) else { return begun }
        return begun + (language == .japanese ? "。" : ".")
    }
}

extension Text {
    fileprivate static var name: Text { Text(ja: "名前", en: "NAME") }
    fileprivate static var synopsis: Text { Text(ja: "書式", en: "SYNOPSIS") }
    fileprivate static var description: Text { Text(ja: "説明", en: "DESCRIPTION") }
    fileprivate static var commands: Text { Text(ja: "コマンド", en: "COMMANDS") }
    fileprivate static var arguments: Text { Text(ja: "引数", en: "ARGUMENTS") }
    fileprivate static var options: Text { Text(ja: "オプション", en: "OPTIONS") }
    fileprivate static var exitStatus: Text { Text(ja: "終了ステータス", en: "EXIT STATUS") }
    fileprivate static var seeAlso: Text { Text(ja: "関連項目", en: "SEE ALSO") }
    fileprivate static var manual: Text { Text(ja: "Fuda マニュアル", en: "Fuda manual") }
    fileprivate static var command: Text { Text(ja: "コマンド", en: "command") }
    fileprivate static var help: Text { Text(ja: "使い方を表示する", en: "Show help information") }
    fileprivate static var whatItIs: Text {
        Text(ja: "模擬マイナンバーカード（本物としては使えない）", en: "a simulated My Number Card (nothing here passes for real)")
    }
    fileprivate static var languages: Text {
        Text(
            ja: "各コマンドに --help がある。言語は --lang ja|en、なければロケールで決まる。",
            en: "Every command has --help. The language is that of --lang ja|en, else that of the locale."
        )
    }
}
