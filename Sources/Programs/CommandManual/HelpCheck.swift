/// Compares a command's manual page with its `--help`.
public enum HelpCheck {
    /// An option or argument that only one of the two has.
    public enum Difference: Hashable, Sendable {
        /// Such as `--lang` or `<file>`.
        case onlyInPage(String)
        case onlyInHelp(String)
    }

    /// What stands in one and not in the other, in order of names; empty where they agree.
    ///
    /// `page` is a page's source as ``ManualPage`` makes it, `help` what the command prints for `--help`.
    public static func differences(page: String, help: String) -> [Difference] {
        let inPage = names(page: page)
        let inHelp = names(help: help)
        return inPage.subtracting(inHelp).sorted().map(Difference.onlyInPage)
            + inHelp.subtracting(inPage).sorted().map(Difference.onlyInHelp)
    }

    /// The tags of a page: the lines that follow `.TP`.
    private static func names(page: String) -> Set<String> {
        let lines = page.split(separator: "\n", omittingEmptySubsequences: false)
        return zip(lines, lines.dropFirst()).reduce(into: []) { names, pair in
            let (request, tag) = pair
            guard request == ".TP" else { return }
            // A tag that begins in italics is the name of an argument.
            if tag.hasPrefix("\\fI") {
                names.insert("<\(Roff.plain(String(tag)))>")
            } else {
                names.formUnion(options(in: Roff.plain(String(tag))))
            }
        }
    }

    /// What is listed behind the line of usage, indented by two spaces.
    private static func names(help: String) -> Set<String> {
        let lines = help.split(separator: "\n").drop { !$0.hasPrefix("USAGE:") }
        return lines.reduce(into: []) { names, line in
            let entry = line.dropFirst(2)
            guard line.hasPrefix("  ") else { return }
            if entry.hasPrefix("<"), let end = entry.firstIndex(of: ">") {
                names.insert(String(entry[...end]))
            } else if entry.hasPrefix("-") {
                names.formUnion(options(in: String(entry)))
            }
        }
    }

    /// The names at the beginning of an entry such as `-o, --output <file>  where to` or `--colour/--no-colour`.
    private static func options(in entry: String) -> [String] {
        var names: [String] = []
        for word in entry.split(separator: " ") {
            guard word.hasPrefix("-") else { break }
            names += word.split(separator: "/").map { String($0.last == "," ? $0.dropLast() : $0) }
            // Only a comma promises another name; what follows without one is a value or a description.
            if word.last != "," { break }
        }
        return names
    }
}
