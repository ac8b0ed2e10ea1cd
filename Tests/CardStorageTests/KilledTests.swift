import CardStorage
import CardTearing
import ForeignTools
import Foundation
import Testing

/// The process that has the card, killed by itself before, within and after each of its steps, on a real disk.
@Suite struct `A card whose process is killed` {
    private static let isLong = Soak.rounds(0) > 0
    private static let events = Lives.written.map(\.event)

    /// The same life in memory: what it answers, what the card is, and the steps.
    private static func twin() throws -> (chronicle: Chronicle, log: [DiskStep]) {
        let disk = ForgetfulDisk()
        let life = CardLife(at: "/a.card", on: disk)
        for event in events { try life.live(event) }
        return (life.chronicle, disk.log)
    }

    @Test func `takes the same steps on a real disk as in memory`() throws {
        let (chronicle, log) = try Self.twin()
        let folder = try Folder()
        let run = try CardHammer.run(folder.file("a.card"), Self.events)
        #expect(run.end == .exited)
        #expect(run.answers == chronicle.answers.map(\.status))
        #expect(run.steps == log.count)
        let finding = chronicle.possible(at: log.count).examine(folder.file("a.card"), on: SystemDisk())
        #expect(finding == .state(0), "the last state is the only one that may be found: \(finding)")
    }

    @Test func `at any step is old or new, never mixed, and gives no try back`() throws {
        let (chronicle, log) = try Self.twin()
        var tally = Tally("killed at a step")
        for step in stride(from: 0, to: log.count, by: Self.isLong ? 1 : 4) {
            for moment in CardHammer.Moment.allCases where moment != .half || log[step].length > 0 {
                let folder = try Folder()
                let path = folder.file("a.card")
                let run = try CardHammer.run(path, Self.events, killedAt: step, moment)
                #expect(run.end == .killed, "step \(step), \(moment)")
                #expect(run.answers == chronicle.answers.prefix(run.answers.count).map(\.status))
                var possible = chronicle.possible(afterAnswers: run.answers.count)
                if moment == .half { try killRecovery(path, possible, &tally) }
                // By the number of the step it is known more closely than by the answers.
                tally.count(look(possible, path, "step \(step), \(moment)", goingOn: false))
                possible = chronicle.possible(at: moment == .after ? step + 1 : step)
                tally.count(look(possible, path, "step \(step), \(moment), by its number"))
            }
            Soak.progress("killed at a step", step + 1, of: log.count)
        }
        tally.tell()
        #expect(tally.old > 0)
        #expect(tally.newer > 0)
        #expect(tally.absent > 0)
    }

    /// A file that ends within a block is cut when it is opened: whoever does that is killed, too.
    private func killRecovery(_ path: String, _ possible: PossibleFindings, _ tally: inout Tally) throws {
        let torn = FileManager.default.contents(atPath: path)
        guard let torn, !torn.count.isMultiple(of: 512) else { return }
        for step in 0..<2 {
            for moment in [CardHammer.Moment.before, .after] {
                try torn.write(to: URL(filePath: path))
                let run = try CardHammer.run(path, [.powerOff], killedAt: step, moment)
                #expect(run.end == .killed, "cutting off what was torn: step \(step), \(moment)")
                tally.count(look(possible, path, "cutting off: step \(step), \(moment)", goingOn: false))
            }
        }
        try torn.write(to: URL(filePath: path))
    }

    private func look(_ possible: PossibleFindings, _ path: String, _ when: String, goingOn: Bool = true) -> Finding {
        let finding = possible.examine(path, on: SystemDisk(), goingOn: goingOn)
        #expect(!finding.isBroken, "\(when): \(finding)")
        return finding
    }
}

/// One run of the program that lives through a card's events and kills itself.
struct CardHammer {
    enum Moment: String, CaseIterable {
        case before, half, after
    }
    enum End: Hashable {
        case exited, killed, failed
    }

    var answers: [UInt16] = []
    /// How many there were, when it came to the end.
    var steps: Int?
    var end = End.failed

    static func run(
        _ path: String,
        _ events: [CardEvent],
        killedAt step: Int? = nil,
        _ moment: Moment = .before
    ) throws -> CardHammer {
        let process = Process()
        process.executableURL = URL(filePath: try program())
        process.arguments = [path] + (step.map { ["\($0)", moment.rawValue] } ?? [])
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        // All of it fits the pipe, so that nobody writes to one whose reader is dead.
        let text = events.map { $0.line + "\n" }.joined()
        try #require(text.utf8.count < 65_536)
        try input.fileHandleForWriting.write(contentsOf: Data(text.utf8))
        try input.fileHandleForWriting.close()
        try process.run()
        let said = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        var run = CardHammer()
        for line in said.split(separator: "\n") {
            let words = line.split(separator: " ")
            if words.first == "answer" { run.answers.append(try #require(words.last.flatMap { UInt16($0) })) }
            if words.first == "steps" { run.steps = words.last.flatMap { Int($0) } }
        }
        switch (process.terminationReason, process.terminationStatus) {
        case (.exit, 0): run.end = .exited
        case (.uncaughtSignal, SIGKILL): run.end = .killed
        default: break
        }
        return run
    }

    /// Built with the tests: beside the other programs.
    private static func program() throws -> String {
        let source = URL(filePath: #filePath)
        let repository = source.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let folder =
            ProcessInfo.processInfo.environment["FUDA_BIN"] ?? repository.appending(path: ".build/debug").path
        let path = folder + "/CardHammer"
        guard FileManager.default.isExecutableFile(atPath: path) else { throw NotBuilt(path: path) }
        return path
    }

    struct NotBuilt: Error {
        let path: String
    }
}
