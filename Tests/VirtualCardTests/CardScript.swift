import CardModel
import CardTesting
import SmartCard
import Testing
import VirtualCard

/// A dialogue as text, one exchange a line: `00 A4 02 0C 02 0018 => 9000`.
///
/// The right side is optional data and a status: `(256) 9000` is 256 bytes, `3082… (256) 9000` 256 bytes that begin so,
/// `8F8F00 9000` exactly these; statuses may be alternatives, `6D00|6A88`. On the left `{41*245}` is 245 bytes 41, `-` no
/// byte at all. `@jpki` selects an application, `@off` and `@reset` are the reader's; `#` begins a comment.
struct CardScript {
    enum Line {
        case power
        case reset
        case exchange(command: [UInt8], Expectation)
    }

    struct Expectation {
        var prefix: [UInt8]?
        var count: Int?
        var statuses: [UInt16]

        func accepts(_ answer: Answer) -> Bool {
            guard statuses.contains(answer.status) else { return false }
            if let prefix, !answer.data.starts(with: prefix) { return false }
            return answer.data.count == count ?? prefix?.count ?? 0
        }
    }

    struct SyntaxError: Error {
        let line: String
    }

    let lines: [(number: Int, text: String, line: Line)]

    init(_ text: String) throws(SyntaxError) {
        var lines: [(number: Int, text: String, line: Line)] = []
        for (index, raw) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let words = raw.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace)
            guard let first = words.first else { continue }
            guard let line = Self.line(String(first), words.map(String.init)) else {
                throw SyntaxError(line: "\(index + 1): \(raw)")
            }
            lines.append((index + 1, String(raw), line))
        }
        self.lines = lines
    }

    private static func line(_ first: String, _ words: [String]) -> Line? {
        let places: [String: ModelPlace] = [
            "@manager": .manager, "@common": .common, "@jpki": .jpki, "@face": .face, "@text": .text, "@juki": .juki,
        ]
        if first == "@off" { return .power }
        if first == "@reset" { return .reset }
        if let place = places[first] {
            return .exchange(
                command: commandBytes([0x00, 0xA4, 0x04, 0x0C], place.aid),
                Expectation(statuses: [0x9000])
            )
        }
        guard let arrow = words.firstIndex(of: "=>"), let command = bytes(words[..<arrow].joined()),
            let expectation = expectation(Array(words[(arrow + 1)...]))
        else { return nil }
        return .exchange(command: command, expectation)
    }

    private static func bytes(_ text: String) -> [UInt8]? {
        if text == "-" { return [] }
        var out: [UInt8] = []
        for piece in text.split(separator: "{", omittingEmptySubsequences: false).enumerated() {
            let halves = piece.element.split(separator: "}", omittingEmptySubsequences: false)
            guard piece.offset > 0 else {
                guard let plain = Hex(parsing: String(piece.element)) else { return nil }
                out += plain.bytes
                continue
            }
            let repeated = halves[0].split(separator: "*")
            guard halves.count == 2, repeated.count == 2, let unit = Hex(parsing: String(repeated[0])),
                let count = Int(repeated[1]), let rest = Hex(parsing: String(halves[1]))
            else { return nil }
            out += (0..<count).flatMap { _ in unit.bytes } + rest.bytes
        }
        return out
    }

    private static func expectation(_ words: [String]) -> Expectation? {
        guard let last = words.last else { return nil }
        let alternatives = last.split(separator: "|")
        var expectation = Expectation(statuses: alternatives.compactMap { UInt16($0, radix: 16) })
        guard !alternatives.isEmpty, alternatives.allSatisfy({ $0.count == 4 }),
            expectation.statuses.count == alternatives.count
        else { return nil }
        for word in words.dropLast() {
            if word.hasPrefix("("), word.hasSuffix(")") {
                guard let count = Int(word.dropFirst().dropLast()) else { return nil }
                expectation.count = count
            } else {
                guard let prefix = Hex(parsing: String(word.prefix { $0 != "…" })) else { return nil }
                expectation.prefix = prefix.bytes
                // A prefix alone says nothing about the length.
                guard !word.hasSuffix("…") || words.contains(where: { $0.hasPrefix("(") }) else { return nil }
            }
        }
        return expectation
    }

    /// Plays the dialogue; every line that was not answered as written is an issue that names the line.
    func play<Cryptography>(_ dialogue: inout CardDialogue<Cryptography>, named name: String) {
        for (number, text, line) in lines {
            switch line {
            case .power: dialogue.card.powerOff()
            case .reset: dialogue.card.reset()
            case .exchange(let command, let expectation):
                let answer = dialogue.send(command)
                if !expectation.accepts(answer) {
                    Issue.record("\(name), line \(number): \(text)\n  answered \(answer)")
                }
            }
        }
    }
}
