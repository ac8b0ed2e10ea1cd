import CardKeys
import CardProfiles
public import CardStorage
import CardTesting
import VirtualCard

/// What may be found in a file after a crash.
public struct PossibleFindings: Sendable {
    /// The states in one of which the card has to be, the oldest first.
    public let states: [[UInt8]]
    /// States that it has left for good.
    public let past: [[UInt8]]
    /// Whether there may be no card, since making it has not returned.
    public let mayBeAbsent: Bool
    public let told: ToldTries
}

/// What was found.
public enum Finding: Hashable, Sendable, CustomStringConvertible {
    case absent
    /// The state with this number among the expected ones: 0 is the old one.
    case state(Int)
    case broken(String)

    public var isBroken: Bool { if case .broken = self { true } else { false } }

    public var description: String {
        switch self {
        case .absent: "no card"
        case .state(let number): number == 0 ? "the old state" : "a newer state (\(number))"
        case .broken(let how): how
        }
    }
}

extension PossibleFindings {
    /// Opens the file and looks.
    ///
    /// `goingOn`: also lets the card found commit, opens it again and looks whether that is there.
    public func examine(_ path: String, on disk: any CardDisk, goingOn: Bool = true) -> Finding {
        guard disk.exists(path) else { return mayBeAbsent ? .absent : .broken("the card is gone") }
        do {
            let state = try CardLife.state(try CardLife.open(path, on: disk))
            let bytes = try CardLife.encoded(state)
            guard let number = states.lastIndex(of: bytes) else {
                return .broken(past.contains(bytes) ? "an older state came back" : "the state is a mixture")
            }
            let card = CardLife.Card(state, cryptography: FakeCryptography())
            if let wrong = askTries(card) { return .broken(wrong) }
            if goingOn, !(try goesOn(card, path, disk)) { return .broken("what it did next is not there") }
            return .state(number)
        } catch {
            return .broken("it does not open: \(error)")
        }
    }

    /// Lets the card commit and its file be shortened, and tells whether that is what is found when it is opened once more.
    private func goesOn(_ found: CardLife.Card, _ path: String, _ disk: any CardDisk) throws -> Bool {
        func use() throws -> [UInt8] {
            var card = found
            var file = try CardLife.open(path, on: disk)
            _ = card.respond(to: card.state.isClosed ? Lives.selectJPKI : Lives.mark, committingTo: &file)
            _ = card.respond(to: Lives.verify(0x98, Array("0000".utf8)), committingTo: &file)
            try file.compact(try card.state.changes())
            return try CardLife.encoded(card.state)
        }
        let used = try use()
        let again = try CardLife.open(path, on: disk)
        return try again.journalBlocks == 0 && CardLife.encoded(try CardLife.state(again)) == used
    }

    /// What is wrong with the tries that the card tells, asked as a terminal asks.
    private func askTries(_ found: CardLife.Card) -> String? {
        var card = found
        var store = VolatileStore()
        _ = card.respond(to: Lives.selectJPKI, committingTo: &store)
        for (value, left) in told.left {
            let now = Answer(card.respond(to: [0x00, 0x20, 0x00, value], committingTo: &store)).status
            guard now & 0xFFF0 == 0x63C0, Int(now & 0xF) <= left else { return "\(left) tries were told, now \(now)" }
            guard left == 0 else { continue }
            for guess in Lives.candidates(value) {
                let answer = Answer(card.respond(to: Lives.verify(value, guess), committingTo: &store)).status
                guard answer == 0x6984 else { return "a blocked value was compared" }
            }
        }
        return nil
    }
}
