extension CommandTree {
    /// An option, a flag or a positional argument of a command.
    public struct Argument: Hashable, Sendable {
        /// With their hyphens, in the program's order; none for a positional argument.
        public let names: [String]
        /// What stands for the value in texts; `nil` for a flag.
        public let valueName: String?
        public let abstract: String
        public let discussion: String
        public let defaultValue: String?
        public let isOptional: Bool
        public let isRepeating: Bool
        public let completion: Completion

        /// Every command has it, and the library that parses arguments describes it, in English only.
        var isHelp: Bool { names.contains("--help") }
    }

    /// What a shell can offer for a value.
    public enum Completion: Hashable, Sendable {
        case nothing
        case words([String])
        case files
        case folders
    }
}

extension CommandTree.Completion {
    /// Read from a value's name: `file` and `path`, `folder`, and names that list the values, such as `ja|en`.
    init(valueName: String) {
        let parts = valueName.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
        if parts.contains(where: ["file", "path"].contains) {
            self = .files
        } else if parts.contains(where: ["folder", "directory"].contains) {
            self = .folders
        } else if parts.count > 1, parts.allSatisfy(Self.isWord) {
            self = .words(parts)
        } else {
            self = .nothing
        }
    }

    private static func isWord(_ part: String) -> Bool {
        !part.isEmpty
            && part.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }
}
