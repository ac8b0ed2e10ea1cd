public import CardClient
import SmartCard

/// A conversation with a card as it may be kept and sent to somebody: names, numbers, pictures, PINs and keys blanked,
/// every length and status as it was.
public struct CardTrace: Sendable, Hashable {
    /// One command and what became of it.
    public struct Exchange: Sendable, Hashable {
        /// `nil` where a byte is withheld: such a byte matches any.
        public let command: [UInt8?]
        public let outcome: Outcome

        public init(command: [UInt8?], outcome: Outcome) {
            self.command = command
            self.outcome = outcome
        }
    }

    public enum Outcome: Sendable, Hashable {
        case response([UInt8])
        case failure(ChannelFailure)
    }

    public let exchanges: [Exchange]

    public init(_ exchanges: [Exchange]) { self.exchanges = exchanges }
}

// MARK: - As text

extension CardTrace {
    /// First line of every trace.
    private static let title = "# fuda card trace 1"

    /// One line a command (`>`), one for what came back (`<`, or `!` and the failure), `**` for withheld bytes, `#` for
    /// what the command is.
    public var lines: [String] {
        var lines = [Self.title, "# Personal data, PINs and keys are blanked; lengths and status words are not."]
        var place = TracedPlace()
        for exchange in exchanges {
            let command = exchange.command.map { $0.map { Hex([$0]).description } ?? "**" }.joined()
            let note = place.note(exchange)
            lines.append("> \(command)  # \(note)")
            switch exchange.outcome {
            case .response(let bytes): lines.append("< \(Hex(bytes))")
            case .failure(let failure): lines.append("! \(failure.traceName)")
            }
        }
        return lines
    }

    /// Reads what ``lines`` wrote.
    public init(parsing text: String) throws(TraceFlaw) {
        var exchanges: [Exchange] = []
        var command: [UInt8?]?
        var commandLine = 1
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let flaw = TraceFlaw(line: index + 1)
            guard index > 0 || line == Self.title else { throw flaw }
            let content = line.prefix { $0 != "#" }.filter { $0 != " " && $0 != "\t" }
            guard let mark = content.first else { continue }
            let rest = String(content.dropFirst())
            switch mark {
            case ">":
                guard command == nil, let bytes = Self.withheld(rest) else { throw flaw }
                command = bytes
                commandLine = index + 1
            case "<":
                guard let sent = command, let bytes = Hex(parsing: rest)?.bytes else { throw flaw }
                exchanges.append(Exchange(command: sent, outcome: .response(bytes)))
                command = nil
            case "!":
                guard let sent = command, let failure = ChannelFailure(traceName: rest) else { throw flaw }
                exchanges.append(Exchange(command: sent, outcome: .failure(failure)))
                command = nil
            default: throw flaw
            }
        }
        // A command that nothing came back for is not how a recording ends.
        guard command == nil else { throw TraceFlaw(line: commandLine) }
        self.exchanges = exchanges
    }

    private static func withheld(_ text: String) -> [UInt8?]? {
        let characters = Array(text)
        guard characters.count % 2 == 0 else { return nil }
        var bytes: [UInt8?] = []
        for start in stride(from: 0, to: characters.count, by: 2) {
            let pair = String(characters[start..<(start + 2)])
            if pair == "**" {
                bytes.append(nil)
            } else {
                guard let byte = Hex(parsing: pair)?.bytes.first else { return nil }
                bytes.append(byte)
            }
        }
        return bytes
    }
}

/// A line that is not part of a trace.
public struct TraceFlaw: Error, Hashable, Sendable {
    /// From 1.
    public let line: Int
}

extension ChannelFailure {
    private static let traceNames: [(String, ChannelFailure)] = [
        ("card-removed", .cardRemoved), ("card-reset", .cardReset), ("unresponsive", .unresponsive),
        ("reader-gone", .readerGone), ("service-gone", .serviceGone), ("garbled", .garbled),
        ("not-recorded", .notRecorded),
    ]

    var traceName: String {
        if case .other(let code) = self { return "code-\(code)" }
        return Self.traceNames.first { $0.1 == self }?.0 ?? "garbled"
    }

    init?(traceName: String) {
        if traceName.hasPrefix("code-"), let code = UInt32(traceName.dropFirst(5)) {
            self = .other(code)
        } else if let named = Self.traceNames.first(where: { $0.0 == traceName }) {
            self = named.1
        } else {
            return nil
        }
    }
}
