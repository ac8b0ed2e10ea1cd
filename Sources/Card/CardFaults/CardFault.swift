public import Problems

/// One way in which a card misbehaves, and when.
///
/// Written as `name`, `name:N` or, for the slow card, `slow:N:MS`.
public struct CardFault: Hashable, Sendable {
    public let kind: Kind
    /// Which command from now it strikes, 1 being the next; a lasting fault strikes from that one on.
    public var position: Int
    /// How long a slow answer takes; 0 for every other kind.
    public let milliseconds: Int

    /// What can go wrong.
    ///
    /// The raw value is the name the command line and the documentation use and never changes.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        case tornOut = "torn-out"
        case slow
        case wrongByte = "wrong-byte"
        case getResponse = "get-response"
        case wrongLe = "wrong-le"
        case endOfFileWord = "end-of-file-word"
        case verifyAnswerLost = "verify-answer-lost"
        case garbage

        /// Whether it goes on until it is cleared; every other kind strikes once.
        public var isLasting: Bool {
            switch self {
            case .getResponse, .wrongLe, .endOfFileWord: true
            case .tornOut, .slow, .wrongByte, .verifyAnswerLost, .garbage: false
            }
        }

        public var meaning: Text {
            switch self {
            case .tornOut:
                Text(ja: "N番目のコマンドに答えず、カードが抜ける", en: "the card leaves instead of answering the N-th command")
            case .slow:
                Text(
                    ja: "N番目のコマンドにMSミリ秒（既定3000）遅れて答える",
                    en: "the N-th command is answered MS milliseconds late (3000)"
                )
            case .wrongByte: Text(ja: "N番目の応答のデータが1バイト化ける", en: "one byte of the N-th answer's data is flipped")
            case .getResponse:
                Text(ja: "データを61xxとGET RESPONSEで渡す", en: "data is announced by 61xx and fetched with GET RESPONSE")
            case .wrongLe: Text(ja: "Leがちょうどでない読出しに6Cxxを返す", en: "a read whose Le is not exact is answered 6Cxx")
            case .endOfFileWord:
                Text(
                    ja: "ファイル末尾に届く読出しに6282、末尾以降に6A86を返す",
                    en: "a read that reaches the end of the file is answered 6282, one beyond it 6A86"
                )
            case .verifyAnswerLost:
                Text(
                    ja: "N番目の照合は実行されるが、応答の前にカードが抜ける",
                    en: "the N-th VERIFY is carried out, but the card leaves before its answer"
                )
            case .garbage: Text(ja: "N番目の応答が1バイトだけになる", en: "the N-th answer is a single byte")
            }
        }
    }

    /// Positions that can be asked for.
    public static let positions = 1...1_000_000
    /// Delays that can be asked for, in milliseconds.
    public static let delays = 1...600_000
    /// How long a slow answer takes unless told otherwise, in milliseconds.
    public static let usualDelay = 3000

    /// Position and delay are brought within ``positions`` and ``delays``.
    public init(_ kind: Kind, position: Int = 1, milliseconds: Int = usualDelay) {
        self.kind = kind
        self.position = min(max(position, Self.positions.lowerBound), Self.positions.upperBound)
        let delay = min(max(milliseconds, Self.delays.lowerBound), Self.delays.upperBound)
        self.milliseconds = kind == .slow ? delay : 0
    }

    /// Reads a fault as the command line has it; `nil` for a name there is not and numbers out of bounds.
    public init?(parsing text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard let kind = Kind(rawValue: String(parts[0])), parts.count <= (kind == .slow ? 3 : 2) else { return nil }
        var numbers: [Int] = []
        for part in parts.dropFirst() {
            let isNumber = part.utf8.allSatisfy { (0x30...0x39).contains($0) }
            guard isNumber, let number = Int(part) else { return nil }
            numbers.append(number)
        }
        let position = numbers.first ?? 1
        let milliseconds = numbers.count > 1 ? numbers[1] : Self.usualDelay
        guard Self.positions.contains(position), Self.delays.contains(milliseconds) else { return nil }
        self.init(kind, position: position, milliseconds: milliseconds)
    }

    /// Every fault with its name, how it is written and what it means.
    public static let named: [(name: String, form: String, kind: Kind, meaning: Text)] = Kind.allCases.map { kind in
        (kind.rawValue, kind.rawValue + (kind == .slow ? "[:N[:MS]]" : "[:N]"), kind, kind.meaning)
    }
}

extension CardFault: CustomStringConvertible {
    /// The fault as ``init(parsing:)`` reads it, as short as it gets.
    public var description: String {
        if kind == .slow, milliseconds != Self.usualDelay { return "\(kind.rawValue):\(position):\(milliseconds)" }
        return position == 1 ? kind.rawValue : "\(kind.rawValue):\(position)"
    }
}
