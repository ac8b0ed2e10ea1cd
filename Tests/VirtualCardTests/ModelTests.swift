import CardModel
import CardTesting
import ForeignTools
import SmartCard
import Testing
import VirtualCard

/// The card beside a model of it (case 106 of docs/card/conformance.md), over sequences that no person would write.
struct ModelTests {
    /// Eight runs, so that they go in parallel; a failure names its seed.
    static let seeds: [UInt64] = Array(2026_0001...2026_0008)
    /// 100,000 commands in all; `make soak` asks for more.
    static let commandsPerRun = (Soak.commands ?? 100_000) / seeds.count
    /// All eight runs together, since memory is one for all of them.
    static let gauge = SoakGauge("in process", commands: commandsPerRun * seeds.count)

    @Test(arguments: seeds)
    func `card and model give the same answer to every command of a random sequence`(seed: UInt64) throws {
        var run = try ModelRun(seed: seed)
        for index in 0..<Self.commandsPerRun {
            if index % 400 == 0 { try run.takeFreshCard() }
            if index % 500 == 499 { Self.gauge.count(500) }
            guard let failure = try run.step(index) else { continue }
            Issue.record("seed \(seed), command \(index): \(failure)\n\(run.history())")
            return
        }
        print("model run: seed \(seed), \(Self.commandsPerRun) commands, \(run.statuses.count) different statuses")
        Self.gauge.count(Self.commandsPerRun % 500)
        // A generator that no longer reaches the depths would make this test say nothing.
        let reached: [UInt16] = [
            0x9000, 0x63C2, 0x6700, 0x6881, 0x6882, 0x6884, 0x6981, 0x6982, 0x6985, 0x6986, 0x69FC, 0x6A82, 0x6A86,
            0x6A88, 0x6B00, 0x6D00, 0x6E00,
        ]
        #expect(reached.filter { run.statuses[$0] == nil }.isEmpty, "statuses that were never reached")

        // Only a soak has the process to itself, so that time and memory mean something; the last run speaks for all.
        guard Soak.commands != nil, let report = Self.gauge.report() else { return }
        Soak.say("soak: \(report.commands) commands in process: 0 deaths, 0 silences, \(report)")
        #expect(report.growth.allocated < 1 << 20, "memory grows")
        #expect(report.slowestQuarter < 2, "commands take longer and longer")
    }
}

private struct ModelRun {
    private var dialogue: CardDialogue<FakeCryptography>
    private var model: ReferenceModel
    private var generator: CommandGenerator
    private var recent: [String] = []
    private(set) var statuses: [UInt16: Int] = [:]

    init(seed: UInt64) throws {
        generator = CommandGenerator(seed: seed)
        dialogue = try SampleCards.fast().dialogue()
        model = ReferenceModel(sessionModulus: [])
        try takeFreshCard()
    }

    mutating func takeFreshCard() throws {
        let sample = try SampleCards.fast()
        let position = KeyPosition(SampleContents.inputSupportAID, SampleContents.sessionKeyFile)
        dialogue = sample.dialogue()
        model = ReferenceModel(sessionModulus: sample.moduli[position] ?? [])
    }

    /// One event; what was wrong with the card's answer, if anything.
    mutating func step(_ index: Int) throws -> String? {
        switch generator.next(model) {
        case .powerOff:
            dialogue.card.powerOff()
            model.powerOff()
            note("power off")
            return nil
        case .reset:
            dialogue.card.reset()
            model.powerOff()
            note("reset")
            return nil
        case .command(let bytes):
            return try step(bytes, index)
        }
    }

    private mutating func step(_ bytes: [UInt8], _ index: Int) throws -> String? {
        let before = index % 50 == 0 ? try dialogue.card.state.changes() : nil
        dialogue.store.commits = []
        let place = model.place
        let verdict = model.judge(bytes)
        let answer = dialogue.send(bytes)
        model.observe(answer)
        note("\(place) \(Hex(bytes)) -> \(answer), model \(describe(verdict))")
        statuses[answer.status, default: 0] += 1

        if let fault = verdict.fault(in: answer, to: bytes) { return fault }
        if answer.status == 0x9000 { return nil }
        for case let change in dialogue.store.commits.joined() {
            guard case .tries = change else { return "an error changed something durable" }
        }
        if let before, dialogue.store.commits.isEmpty, try before != dialogue.card.state.changes() {
            return "an error changed the card's state"
        }
        return nil
    }

    private func describe(_ verdict: Verdict) -> String {
        verdict.statuses.map { Hex([UInt8($0 >> 8), UInt8($0 & 0xFF)]).description }.sorted().joined(separator: " or ")
    }

    private mutating func note(_ line: String) {
        recent.append(line)
        if recent.count > 10 { recent.removeFirst() }
    }

    func history() -> String { recent.joined(separator: "\n") }
}
