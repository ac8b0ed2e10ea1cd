import CardClient
import CardProfiles
import CardTesting
import ReaderTesting
import SmartCard
import Testing

/// Whatever a card answers: the client ends, in the right value or an error, and spends no try more.
@Suite struct `A hostile card` {
    /// More commands than this are an endless loop to whoever waits for it.
    private static let mostCommands = 2_000

    private let made: PersonaCard

    init() throws { made = try PersonaCards.card("adult") }

    @Test(arguments: Operation.all) func `that disturbs one answer`(operation: Operation) throws {
        let calm = try undisturbed(operation)
        try #require(!calm.exchanges.isEmpty)
        for index in calm.exchanges.indices {
            let answer = calm.exchanges[index].response
            for disturbed in Disturbance.all(of: answer, seed: UInt64(index)) {
                let outcome = try run(operation) { place, _, response in place == index ? disturbed : response }
                expectAtMost(calm, outcome, "\(operation.testDescription) \(index) \(Hex(Array(disturbed.suffix(40))))")
                // 6Cxx names another length, so it alters too.
                let isAltered =
                    disturbed.count < 2 || disturbed.dropLast(2) != answer.dropLast(2)
                    || disturbed[disturbed.count - 2] == 0x6C
                guard operation.isExact, !isAltered, case .success(let value) = outcome.result else { continue }
                #expect(value == calm.value, "\(operation.testDescription) \(index) \(Hex(Array(disturbed.suffix(2))))")
            }
        }
    }

    @Test(arguments: Operation.all) func `that goes on answering the same`(operation: Operation) throws {
        let calm = try undisturbed(operation)
        for index in calm.exchanges.indices {
            let answer = calm.exchanges[index].response
            for disturbed in Disturbance.all(of: answer, seed: UInt64(index)) {
                let outcome = try run(operation) { place, _, response in place >= index ? disturbed : response }
                expectAtMost(calm, outcome, "\(operation.testDescription) \(index) \(Hex(Array(disturbed.suffix(40))))")
            }
        }
    }

    @Test(arguments: Operation.all) func `that hands its answers out in crumbs`(operation: Operation) throws {
        let calm = try undisturbed(operation)
        for crumb in [
            [0x61, 0x01], [0x00, 0x61, 0x01], [0x00, 0x61, 0x00], [0x00, 0x90, 0x00], [0x00, 0x62, 0x82],
        ] as [[UInt8]] {
            for (index, beginsRight) in calm.exchanges.indices.flatMap({ [($0, true), ($0, false)] }) {
                // Where the beginning of a file is right, the client goes on for the rest.
                let outcome = try run(operation) { place, command, response in
                    let isBeginning = command.prefix(4) == [0x00, 0xB0, 0x00, 0x00]
                    return place < index || (beginsRight && isBeginning) ? response : crumb
                }
                expectAtMost(calm, outcome, "\(operation.testDescription) \(index) \(Hex(crumb))")
            }
        }
    }

    @Test(arguments: Operation.all) func `that answers at random`(operation: Operation) throws {
        let calm = try undisturbed(operation)
        for seed in 0..<400 {
            var generator = SeededGenerator(seed: UInt64(seed))
            let hand = CardInHand(made)
            hand.isAway = true
            hand.meddle = { place, command, _ throws(ChannelFailure) in
                guard place < Self.mostCommands, !generator.once(in: 200) else { throw .unresponsive }
                return Disturbance.invented(for: command, &generator)
            }
            var client = hand.client
            _ = Result { () throws(CardError) in try operation.run(&client, made) }
            #expect(hand.exchanges.count <= Self.mostCommands, "\(operation.testDescription) \(seed)")
            #expect(hand.verifications <= calm.verifications, "\(operation.testDescription) \(seed)")
        }
    }

    // MARK: - Runs

    private struct Outcome {
        let result: Result<AnyHashable, CardError>
        let exchanges: [(command: [UInt8], response: [UInt8])]
        let verifications: Int

        var value: AnyHashable? { try? result.get() }
    }

    private func undisturbed(_ operation: Operation) throws -> Outcome {
        let outcome = try run(operation) { _, _, response in response }
        _ = try outcome.result.get()
        return outcome
    }

    /// Sets up in peace, then runs with every answer passed through `meddle`.
    private func run(
        _ operation: Operation,
        meddle: @escaping (Int, [UInt8], [UInt8]) -> [UInt8]
    ) throws -> Outcome {
        let hand = CardInHand(made)
        var client = hand.client
        try operation.setUp(&client, made)
        hand.forgetExchanges()
        hand.meddle = { place, command, response throws(ChannelFailure) in
            guard place < Self.mostCommands else { throw .unresponsive }
            return meddle(place, command, response)
        }
        let result = Result { () throws(CardError) in try operation.run(&client, made) }
        return Outcome(result: result, exchanges: hand.exchanges, verifications: hand.verifications)
    }

    private func expectAtMost(_ calm: Outcome, _ outcome: Outcome, _ what: Comment) {
        #expect(outcome.exchanges.count < Self.mostCommands, what)
        #expect(outcome.verifications <= calm.verifications, what)
    }
}

/// Answers a card should not give.
enum Disturbance {
    /// Statuses of ISO/IEC 7816-4 and some that nobody defines.
    static let statuses: [UInt16] = [
        0x9000, 0x9001, 0x6100, 0x6101, 0x6110, 0x61FF, 0x6200, 0x6282, 0x6283, 0x6300, 0x63C0, 0x63C1, 0x63C2, 0x63CF,
        0x6400, 0x6500, 0x6581, 0x66F1, 0x6700, 0x6881, 0x6882, 0x6982, 0x6983, 0x6984, 0x6985, 0x6986, 0x6987, 0x6988,
        0x69FC, 0x6A80, 0x6A81, 0x6A82, 0x6A83, 0x6A84, 0x6A86, 0x6A88, 0x6B00, 0x6C00, 0x6C01, 0x6C10, 0x6CFF, 0x6D00,
        0x6E00, 0x6F00, 0x0000, 0xFFFF, 0x9100,
    ]

    static func all(of answer: [UInt8], seed: UInt64) -> [[UInt8]] {
        var generator = SeededGenerator(seed: seed)
        let data = Array(answer.dropLast(2))
        let status = answer.suffix(2)
        var all = [0, 1, 2, 3, answer.count / 2, answer.count - 3, answer.count - 2, answer.count - 1].filter {
            $0 >= 0
        }
        .map { Array(answer.prefix($0)) }
        all += [1, 2, 16, 256].map { answer + generator.bytes($0) }
        all += [answer + [0x90, 0x00], data + data + status, [0x90], [0x00, 0x90, 0x00], [0x90, 0x00]]
        all += (0x60...0x9F).map { [$0, generator.byte()] }
        all += [[UInt8](repeating: 0xFF, count: 70_000) + status, generator.bytes(70_000) + status]
        for byte in [0x00, 0xFF] as [UInt8] {
            all += [
                [UInt8](repeating: byte, count: answer.count), [UInt8](repeating: byte, count: data.count) + status,
            ]
        }
        all += (0..<32).map { _ in
            var flipped = answer
            flipped[generator.below(answer.count)] ^= 1 << UInt8(generator.below(8))
            return flipped
        }
        // Lengths stand at the beginning.
        all += data.indices.prefix(8).map { index in answer.enumerated().map { $0 == index ? generator.byte() : $1 } }
        all += statuses.map { data + [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        return all
    }

    /// Anything at all, often in a form that gets far.
    static func invented(for command: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
        let wanted = command.count == 5 ? (command[4] == 0 ? 256 : Int(command[4])) : 256
        let status = generator.once(in: 3) ? generator.one(of: statuses) : 0x9000
        let word = [UInt8(status >> 8), UInt8(status & 0xFF)]
        switch command[1] {
        case 0xA4 where !generator.once(in: 20): return [0x90, 0x00]
        case 0x20 where command.count == 4 && !generator.once(in: 3): return [0x63, 0xC0 | generator.byte() & 0x0F]
        default: break
        }
        switch generator.below(8) {
        case 0: return generator.bytes(generator.below(6))
        case 1: return generator.bytes(generator.below(600))
        case 2: return word
        case 3: return generator.bytes(generator.below(wanted + 2)) + word
        default:
            let tags: [[UInt8]] = [[0xFF, 0x10], [0xFF, 0x20], [0xFF, 0x30], [0xFF, 0x40], [0x30], [0x86], [0x01]]
            let tag = generator.one(of: tags)
            let inner: [UInt8] = generator.one(of: [[0xDF], [0x90], [0x91], [0x5F]]) + generator.bytes(4)
            let length: [UInt8] = generator.one(
                of: [
                    [generator.byte() & 0x7F], [0x81, generator.byte()],
                    [0x82, generator.byte() & 0x7F, generator.byte()], [0x84],
                ]
            )
            let bytes = tag + length + inner + generator.bytes(wanted)
            return bytes.prefix(generator.once(in: 4) ? generator.below(wanted + 1) : wanted) + word
        }
    }
}
