import CardClient
import CardTesting
import ForeignTools
import FudaReader
import Personalization
import Problems
import ReaderTesting
import SmartCard
import Testing

/// A real conversation in which answers are altered on their way, several in a row and in every manner.
@Suite struct `A card whose answers are altered on their way` {
    /// A few thousand where all tests run; a tenth of the card's commands in `make soak`.
    private static let wanted = Soak.commands.map { $0 / 10 } ?? 4_000
    private static let mostCommands = 2_000

    @Test func `is told from a good one, or gives what it should, and costs no try more`() throws {
        let made = try PersonaCards.card("adult")
        let calm = try Operation.all.map { try Round($0, made) { $1 } }
        for round in calm { _ = try round.result.get() }
        var mutation = Mutation(seed: 2026_1125)
        var errors = 0
        var commands = 0
        let gauge = SoakGauge("answers to the reader", commands: Self.wanted)
        while mutation.count < Self.wanted {
            for (operation, calm) in zip(Operation.all, calm) {
                let before = mutation.count
                mutation.begin()
                let round = try Round(operation, made) { place, answer throws(ChannelFailure) in
                    guard place < Self.mostCommands else { throw .unresponsive }
                    return mutation.altered(answer)
                }
                commands += round.exchanges
                let what: Comment = "\(operation.testDescription), after \(before) answers"
                #expect(round.exchanges < Self.mostCommands, what)
                #expect(round.verifications <= calm.verifications, what)
                #expect(round.wasCounterRead, what)
                #expect(round.triesSpent <= round.verifications, what)
                switch round.result {
                case .success(let value):
                    guard operation.isExact, !mutation.hasAlteredData else { break }
                    #expect(try value == calm.result.get(), what)
                case .failure(let error):
                    errors += 1
                    #expect(!Self.tells(error, of: made), what)
                }
                gauge.count(mutation.count - before)
            }
        }
        #expect(errors > Self.wanted / 100, "alterations are noticed")
        guard Soak.commands != nil, let report = gauge.report() else { return }
        Soak.say("soak: \(mutation.count) altered answers to the reader in \(commands): \(errors) errors, \(report)")
        #expect(report.growth.allocated < 1 << 20, "memory grows")
    }

    /// Whether an error, as programs show or log it, holds a secret or a personal number.
    private static func tells(_ error: CardError, of made: PersonaCard) -> Bool {
        let problem = error.problem
        let texts = [problem.whatHappened, problem.whatToDo].flatMap { [$0.ja, $0.en] } + [String(describing: error)]
        return ["ABC123", made.holder.individualNumber, made.numberB, made.order.birth.eraCompact].contains { secret in
            texts.contains { $0.contains(secret) }
        } || ["1234", "5678"].contains { pin in texts.dropLast().contains { $0.contains(pin) } }
    }
}

/// One operation with a fresh card.
private struct Round {
    let result: Result<AnyHashable, CardError>
    let exchanges: Int
    let verifications: Int
    /// Every secret was sent after an answer that said it may be.
    let wasCounterRead: Bool
    /// Tries that are gone from the card itself, over all its secrets.
    let triesSpent: Int

    init(
        _ operation: Operation,
        _ made: PersonaCard,
        _ meddle: @escaping (Int, [UInt8]) throws(ChannelFailure) -> [UInt8]
    ) throws {
        let hand = CardInHand(made)
        var client = hand.client
        try operation.setUp(&client, made)
        hand.forgetExchanges()
        let before = Self.tries(hand)
        var counter: StatusWord?
        var wasCounterRead = true
        hand.meddle = { place, command, answer throws(ChannelFailure) in
            let answer = try meddle(place, answer)
            guard command.count >= 4, command[1] == 0x20 else { return answer }
            if command.count > 4 {
                let left = counter?.triesLeft ?? (counter == .success || counter == .mismatch ? 2 : 0)
                if left < 2 { wasCounterRead = false }
                counter = nil
            } else {
                counter = ResponseAPDU(parsing: answer)?.status
            }
            return answer
        }
        result = Result { () throws(CardError) in try operation.run(&client, made) }
        exchanges = hand.exchanges.count
        verifications = hand.verifications
        self.wasCounterRead = wasCounterRead
        triesSpent = before - Self.tries(hand)
    }

    private static func tries(_ hand: CardInHand) -> Int {
        SecretKind.allCases.reduce(0) { $0 + (hand.triesLeft($1) ?? 0) }
    }
}

/// What happens to answers on their way: nothing to most of them, and something of every kind to the others.
private struct Mutation {
    private var random: SeededGenerator
    private var earlier: [UInt8] = [0x90, 0x00]
    /// One answer in so many is altered.
    private var rarity = 1
    private(set) var count = 0
    private(set) var hasAlteredData = false

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    mutating func begin() {
        hasAlteredData = false
        rarity = 1 + random.below(12)
    }

    mutating func altered(_ answer: [UInt8]) -> [UInt8] {
        defer { earlier = answer }
        guard random.once(in: rarity) else { return answer }
        count += 1
        var out = answer
        switch random.below(9) {
        case 0, 1:
            for _ in 0...random.below(4) { out[random.below(out.count)] ^= 1 << UInt8(random.below(8)) }
        case 2: out = Array(answer.prefix(random.below(answer.count)))
        case 3: out = answer.dropLast(2) + random.bytes(1 + random.below(20)) + answer.suffix(2)
        case 4: out = earlier
        case 5, 6:
            let status = random.one(of: Disturbance.statuses)
            out = answer.dropLast(2) + [UInt8(status >> 8), UInt8(status & 0xFF)]
        case 7: out = random.once(in: 3) ? [] : random.bytes(random.below(300))
        default: out = answer.dropFirst(random.below(answer.count)) + answer
        }
        // 61xx and 6Cxx ask for more answers, which are then other ones.
        let isAsking = out.count >= 2 && [0x61, 0x6C].contains(out[out.count - 2])
        if out.count < 2 || out.dropLast(2) != answer.dropLast(2) || isAsking { hasAlteredData = true }
        return out
    }
}
