import CardCryptography
import CardKeys
import CardModel
import CardProfiles
import CardTesting
import SmartCard
import VirtualCard

/// A program that serves a card, beside the model of that card, over a wire whose reader has bad manners: frames are
/// split and joined, empty, oversize or never finished, control bytes stand between commands, connections break.
struct SocketRun {
    private let reader: ReaderEnd
    private(set) var model: ReferenceModel
    private var generator: CommandGenerator
    private var random: SeededGenerator
    private var answerToReset: [UInt8]?
    private var recent: [String] = []

    private(set) var statuses: [UInt16: Int] = [:]
    private(set) var commands = 0
    private(set) var connections = 0
    /// The longest time that commands sent together took until their last answer, in seconds.
    private(set) var longestWait = 0.0
    /// How often each bad manner was shown.
    private(set) var manners: [Manner: Int] = [:]

    enum Manner: String, CaseIterable {
        case split, joined, empty, oversize, unfinished, broken, unread
    }

    /// What stands for one frame when answers come.
    private enum Expected {
        case answer(to: [UInt8], Verdict, ModelPlace)
        case answerToReset
    }

    init(_ reader: ReaderEnd, _ sample: SampleCard<OpenSSLCryptography>, seed: UInt64) throws {
        self.reader = reader
        let cryptography = sample.cryptography
        let position = KeyPosition(SampleContents.inputSupportAID, SampleContents.sessionKeyFile)
        let modulus = sample.moduli[position] ?? []
        let encoded = try sample.card.state.changes().compactMap { change -> [UInt8]? in
            guard case .key(let object, let bytes) = change, object.place == .inputSupport,
                object.file.rawValue == SampleContents.sessionKeyFile
            else { return nil }
            return bytes
        }
        let key = try cryptography.key(decoding: encoded.first ?? [])
        model = ReferenceModel(sessionModulus: modulus) { try? key.decryptOAEP($0, length: 36).text }
        generator = CommandGenerator(seed: seed) {
            try? cryptography.encryptOAEP($0, modulus: modulus, exponent: [0x01, 0x00, 0x01])
        }
        random = SeededGenerator(seed: seed &+ 1)
        try connect()
    }

    /// Sends a few commands and compares what comes back; what was wrong, if anything.
    mutating func step() throws -> String? {
        if random.once(in: 3_000) { try reconnect() }
        var outgoing: [UInt8] = []
        var expected: [Expected] = []
        let wanted = random.once(in: 2) ? 2 + random.below(15) : 1
        while expected.count < wanted {
            add(&outgoing, &expected)
            // Nobody can foretell a challenge, and the commands behind it may need it.
            if case .answer(_, let verdict, _)? = expected.last, case .length = verdict.data { break }
        }
        if expected.count > 1 { manners[.joined, default: 0] += 1 }
        let start = ContinuousClock.now
        try send(outgoing)
        for frame in expected {
            if let fault = judge(try reader.receive(), frame) { return fault }
        }
        longestWait = max(longestWait, (ContinuousClock.now - start) / .seconds(1))
        return reader.hasSurplus ? "more answers than commands" : nil
    }

    // MARK: - Frames

    private mutating func add(_ outgoing: inout [UInt8], _ expected: inout [Expected]) {
        if random.once(in: 40) {
            outgoing += [0x00, 0x00]
            manners[.empty, default: 0] += 1
        }
        if random.once(in: 200) {
            outgoing += Self.frame([0x04])
            expected.append(.answerToReset)
            return
        }
        switch generator.next(model) {
        case .powerOff:
            outgoing += Self.frame([0x00]) + Self.frame([0x01])
            model.powerOff()
            note("power off and on")
        case .reset:
            outgoing += Self.frame([0x02])
            model.powerOff()
            note("reset")
        case .command(let command):
            add(random.once(in: 500) ? oversize(command) : command, &outgoing, &expected)
        }
    }

    private mutating func add(_ command: [UInt8], _ outgoing: inout [UInt8], _ expected: inout [Expected]) {
        outgoing += Self.frame(command)
        switch command {
        case []: break
        case [0x00], [0x01], [0x02]: model.powerOff()
        case [0x04]: expected.append(.answerToReset)
        default:
            let place = model.place
            expected.append(.answer(to: command, model.judge(command), place))
        }
    }

    /// The header of a command with far more behind it than any command holds.
    private mutating func oversize(_ command: [UInt8]) -> [UInt8] {
        manners[.oversize, default: 0] += 1
        let count = random.once(in: 3) ? 65_535 : 2_000 + random.below(63_000)
        let byte = random.byte()
        let head = command.prefix(7)
        return head + [UInt8](repeating: byte, count: count - head.count)
    }

    private mutating func send(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        if random.once(in: 5) {
            manners[.split, default: 0] += 1
            let most = random.once(in: 20) ? 1 : 1 + random.below(max(1, rest.count))
            for _ in 0..<64 where rest.count > 1 {
                let piece = rest.prefix(1 + random.below(most))
                rest = rest.dropFirst(piece.count)
                try reader.send(piece)
            }
        }
        try reader.send(rest)
    }

    private mutating func judge(_ answer: [UInt8], _ expected: Expected) -> String? {
        switch expected {
        case .answerToReset:
            if answerToReset == nil { answerToReset = answer }
            return answer == answerToReset ? nil : "another answer to reset"
        case .answer(let command, let verdict, let place):
            commands += 1
            guard answer.count >= 2 else { return "an answer of \(answer.count) bytes" }
            let answer = Answer(answer)
            // The last of those sent together; those before it are not what the model waits for.
            if case .length = verdict.data { model.observe(answer) }
            note("\(place) \(Hex(Array(command.prefix(300)))) -> \(answer)")
            statuses[answer.status, default: 0] += 1
            return verdict.fault(in: answer, to: command)
        }
    }

    // MARK: - Connections

    private mutating func reconnect() throws {
        switch random.below(4) {
        case 0: reader.leave()
        case 1:
            // A frame that never ends.
            manners[.unfinished, default: 0] += 1
            try reader.send(([0xFF, 0xFF] + random.bytes(random.below(200)))[...])
            reader.leave()
        case 2:
            manners[.broken, default: 0] += 1
            reader.leave(abruptly: true)
        default:
            // Answers for nobody.
            manners[.unread, default: 0] += 1
            let command = Self.frame([0x00, 0xB0, 0x82, 0x00, 0x00, 0x00, 0x00])
            try reader.send(Array(repeating: command, count: 1 + random.below(40)).flatMap { $0 }[...])
            reader.leave(abruptly: random.once(in: 2))
        }
        note("the reader went away and came back")
        try connect()
    }

    private mutating func connect() throws {
        try reader.accept()
        connections += 1
        model.powerOff()
        try reader.send(Self.frame([0x01])[...])
    }

    private static func frame(_ bytes: [UInt8]) -> [UInt8] {
        [UInt8(bytes.count >> 8), UInt8(bytes.count & 0xFF)] + bytes
    }

    private mutating func note(_ line: String) {
        recent.append(line)
        if recent.count > 10 { recent.removeFirst() }
    }

    func history() -> String { recent.joined(separator: "\n") }
}
