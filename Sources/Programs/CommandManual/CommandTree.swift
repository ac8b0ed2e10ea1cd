/// Every command of the whole, as one tree, whichever program carries it out.
///
/// Each program prints its part as JSON when it is started with ``dumpOption``; the parts are put together here.
public struct CommandTree: Hashable, Sendable {
    /// The programs whose dumps make the tree, in the order in which their commands are listed; a program with more than
    /// one group of commands is told by its arguments which is meant.
    public static let programs: [(name: String, arguments: [String])] = [
        ("fuda", []), ("fuda-card", []), ("fuda-issue", []), ("fuda-issue", ["authority"]),
    ]
    /// The program that runs services: a tree of its own, for it is called by its own name.
    public static let serverProgram = "fuda-server"
    /// Makes a program print its commands in place of carrying one out; `--lang` may follow it.
    public static let dumpOption = "--experimental-dump-help"

    public let root: Command

    /// The commands that do something, depth first.
    public var leaves: [Command] { root.descendants.filter(\.subcommands.isEmpty) }

    /// A command: one that does something, or a group of others.
    public struct Command: Hashable, Sendable {
        /// The words it is called by, `fuda` first.
        public let words: [String]
        /// What it does, in a phrase; empty where the program says nothing.
        public internal(set) var abstract: String
        /// Paragraphs of explanation, with line ends as the program has them; may be empty.
        public internal(set) var discussion: String
        public internal(set) var arguments: [Argument]
        public internal(set) var subcommands: [Command]

        /// Its words with spaces between them.
        public var name: String { words.joined(separator: " ") }
        /// The last of its words.
        public var word: String { words.last ?? "" }
        /// The arguments that have names.
        public var options: [Argument] { arguments.filter { !$0.names.isEmpty } }
        /// The arguments that have none.
        public var positionals: [Argument] { arguments.filter(\.names.isEmpty) }
        /// This command and all below it, depth first.
        public var descendants: [Command] { [self] + subcommands.flatMap(\.descendants) }
    }
}

/// Why dumps do not make a tree.
public enum CommandTreeError: Error, Hashable, Sendable {
    /// The dump at this place is not the JSON that was expected.
    case notADump(index: Int)
    /// A dump is of a command that is not below the root.
    case foreignCommand(String)
    /// Two dumps hold the same command, and it is not a group in both.
    case twice(String)
}
