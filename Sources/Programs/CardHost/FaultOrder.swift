import CardFaults
import Problems

/// One word of what an inserted card is told about its faults.
enum FaultOrder: Hashable, Sendable {
    case add(CardFault)
    case clear
    case putBack

    init?(parsing word: String) {
        switch word {
        case "none": self = .clear
        case "put-back": self = .putBack
        default:
            guard let fault = CardFault(parsing: word) else { return nil }
            self = .add(fault)
        }
    }

    var word: String {
        switch self {
        case .add(let fault): fault.description
        case .clear: "none"
        case .putBack: "put-back"
        }
    }

    /// The words that are no faults, with what they do.
    static let others: [(name: String, meaning: Text)] = [
        ("none", Text(ja: "不具合をすべて解除する", en: "clears all faults")),
        ("put-back", Text(ja: "抜けたカードを戻す", en: "puts a card back that has left its reader")),
    ]

    /// Reads every word or none.
    static func parse(_ words: [String]) throws(Problem) -> [FaultOrder] {
        var orders: [FaultOrder] = []
        for word in words {
            guard let order = FaultOrder(parsing: word) else { throw unknown(word) }
            orders.append(order)
        }
        return orders
    }

    /// The faults a card is inserted with; nothing is out yet, so nothing can be put back.
    static func faults(_ words: [String]) throws(Problem) -> [CardFault] {
        var faults: [CardFault] = []
        for word in words {
            switch FaultOrder(parsing: word) {
            case .add(let fault)?: faults.append(fault)
            case .clear?: faults = []
            case .putBack?, nil: throw unknown(word)
            }
        }
        return faults
    }

    private static func unknown(_ word: String) -> Problem {
        Problem(
            code: "fault-unknown",
            outcome: .usage,
            whatHappened: Text(ja: "知らない不具合です: \(word)", en: "There is no such fault: \(word)"),
            whatToDo: Text(
                ja: "`fuda card fault` に一覧があります。名前:N のNは1以上です。",
                en: "`fuda card fault` lists them; in NAME:N, N begins at 1."
            )
        )
    }
}

/// What an inserted card says to its orders: where it is, and which faults are in force.
///
/// One line on the wire.
struct FaultAnswer: Hashable, Sendable {
    let isInReader: Bool
    let faults: [CardFault]

    var line: String { ([isInReader ? "in" : "out"] + faults.map(\.description)).joined(separator: " ") }

    init(isInReader: Bool, faults: [CardFault]) {
        self.isInReader = isInReader
        self.faults = faults
    }

    /// `nil` for a line that is no such answer: another version's, or a refusal.
    init?(parsing line: String) {
        let words = line.split(separator: " ").map(String.init)
        guard let first = words.first, ["in", "out"].contains(first) else { return nil }
        let faults = words.dropFirst().map { CardFault(parsing: $0) }
        guard !faults.contains(nil) else { return nil }
        self.init(isInReader: first == "in", faults: faults.compactMap(\.self))
    }
}
