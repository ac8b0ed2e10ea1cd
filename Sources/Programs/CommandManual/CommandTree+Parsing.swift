import FoundationEssentials

extension CommandTree {
    /// Puts the dumps of several programs together into one tree with the root `name`.
    ///
    /// A dump's root says where it belongs: `fuda card` hangs its commands under `card`. Groups that are in several
    /// dumps become one, described as in the first. Commands and arguments that are hidden are left out, and so is
    /// the command `help`, which every program adds.
    public init(parsing dumps: [[UInt8]], under name: String = "fuda") throws(CommandTreeError) {
        var root = Command(words: [name])
        for (index, dump) in dumps.enumerated() {
            guard let part = try? JSONDecoder().decode(Dump.self, from: Data(dump)), part.serializationVersion == 0
            else { throw .notADump(index: index) }
            let words = part.command.commandName.split(separator: " ").map(String.init)
            guard words.first == name else { throw .foreignCommand(part.command.commandName) }
            try root.merge(part.command.command(words))
        }
        self.root = root
    }
}

// MARK: - Merging

extension CommandTree.Command {
    init(words: [String]) {
        self.init(words: words, abstract: "", discussion: "", arguments: [], subcommands: [])
    }

    /// Takes in a command that is this one or is below it.
    fileprivate mutating func merge(_ other: CommandTree.Command) throws(CommandTreeError) {
        guard other.words.count > words.count else { return try unite(other) }
        let path = Array(other.words.prefix(words.count + 1))
        if let index = subcommands.firstIndex(where: { $0.words == path }) {
            try subcommands[index].merge(other)
        } else if path == other.words {
            subcommands.append(other)
        } else {
            var step = CommandTree.Command(words: path)
            try step.merge(other)
            subcommands.append(step)
        }
    }

    private mutating func unite(_ other: CommandTree.Command) throws(CommandTreeError) {
        // Only the root is there before anything is known of it.
        if self == CommandTree.Command(words: words), words.count == 1 { return self = other }
        guard !subcommands.isEmpty, !other.subcommands.isEmpty else { throw .twice(name) }
        if abstract.isEmpty { abstract = other.abstract }
        if discussion.isEmpty { discussion = other.discussion }
        for argument in other.arguments where !arguments.contains(where: { $0.names == argument.names }) {
            arguments.append(argument)
        }
        for subcommand in other.subcommands { try merge(subcommand) }
    }
}

// MARK: - What programs print

/// The dump of swift-argument-parser, as far as it is used here (its `ToolInfoV0`).
private struct Dump: Decodable {
    let serializationVersion: Int
    let command: DumpedCommand
}

private struct DumpedCommand: Decodable {
    let commandName: String
    let shouldDisplay: Bool?
    let abstract: String?
    let discussion: String?
    let arguments: [DumpedArgument]?
    let subcommands: [DumpedCommand]?

    func command(_ words: [String]) -> CommandTree.Command {
        CommandTree.Command(
            words: words,
            abstract: abstract ?? "",
            discussion: discussion ?? "",
            arguments: (arguments ?? []).filter(\.shouldDisplay).map(\.argument),
            subcommands: (subcommands ?? [])
                .filter { $0.shouldDisplay ?? true && $0.commandName != "help" }
                .map { $0.command(words + [$0.commandName]) }
        )
    }
}

private struct DumpedArgument: Decodable {
    struct Name: Decodable {
        let kind: String
        let name: String
    }

    let kind: String
    let shouldDisplay: Bool
    let isOptional: Bool
    let isRepeating: Bool
    let names: [Name]?
    let valueName: String?
    let defaultValue: String?
    let allValues: [String]?
    let completionKind: DumpedCompletion?
    let abstract: String?
    let discussion: String?

    var argument: CommandTree.Argument {
        CommandTree.Argument(
            names: kind == "positional" ? [] : (names ?? []).map { ($0.kind == "long" ? "--" : "-") + $0.name },
            valueName: kind == "flag" ? nil : valueName ?? "value",
            abstract: abstract ?? "",
            discussion: discussion ?? "",
            defaultValue: defaultValue,
            isOptional: isOptional,
            isRepeating: isRepeating,
            completion: kind == "flag" ? .nothing : completion
        )
    }

    private var completion: CommandTree.Completion {
        if let values = completionKind?.list?.values ?? allValues, !values.isEmpty { return .words(values) }
        if completionKind?.file != nil { return .files }
        if completionKind?.directory != nil { return .folders }
        return CommandTree.Completion(valueName: valueName ?? "")
    }
}

/// What the program itself says of completing a value: one of these, or something only its own scripts could use.
private struct DumpedCompletion: Decodable {
    struct List: Decodable { let values: [String] }
    struct Nothing: Decodable {}

    let list: List?
    let file: Nothing?
    let directory: Nothing?
}
