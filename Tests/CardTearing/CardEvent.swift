import SmartCard

/// One thing that happens to a card in its file; each may write to the disk, and a crash may come within it.
public enum CardEvent: Hashable, Sendable {
    /// The card is made, or put in place of one that is there, and is opened.
    case make(Contents, replacing: Bool)
    case command([UInt8])
    /// GET CHALLENGE and EXTERNAL AUTHENTICATE with the terminal key of the tests.
    case authenticateTerminal
    /// The file is written anew with one snapshot.
    case shorten
    /// The card loses power and its file is closed; it is opened again.
    case powerOff

    public enum Contents: String, Hashable, Sendable {
        /// Nothing yet, not closed: filled by commands, each of which is a commit.
        case blank
        /// What fits such commits: PIN and password, two keys, a few values.
        case small
        /// Everything a card of the tests holds, in a snapshot of some 15 kB.
        case whole
    }
}

// MARK: - As a line

extension CardEvent {
    /// For another process; ``init(line:)`` reads it.
    public var line: String {
        switch self {
        case .make(let contents, let replacing): (replacing ? "replace " : "make ") + contents.rawValue
        case .command(let bytes): "command \(Hex(bytes))"
        case .authenticateTerminal: "terminal"
        case .shorten: "shorten"
        case .powerOff: "power"
        }
    }

    public init?(line: String) {
        let words = line.split(separator: " ", maxSplits: 1).map(String.init)
        switch (words.first, words.dropFirst().first) {
        case ("make", let name?), ("replace", let name?):
            guard let contents = Contents(rawValue: name) else { return nil }
            self = .make(contents, replacing: words[0] == "replace")
        case ("command", let digits?):
            guard let bytes = Hex(parsing: digits)?.bytes else { return nil }
            self = .command(bytes)
        case ("terminal", nil): self = .authenticateTerminal
        case ("shorten", nil): self = .shorten
        case ("power", nil): self = .powerOff
        default: return nil
        }
    }
}
