import ArgumentParser
import CommandBasics
import FudaReader
import PCSC
import Problems
import SmartCard
import Terminal

/// `fuda readers`: what is attached, and what lies in it.
struct ReadersCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "readers",
        abstract: Terminal.say("リーダーの一覧", "list the readers")
    )

    @Flag(help: ArgumentHelp(Terminal.say("変わるたびに1行ずつ表示し続ける", "stay, and tell every change in a line")))
    var watch = false

    @OptionGroup var common: CommonOptions

    func run() throws {
        let context = try ReaderChoice.context()
        let states = try ReaderChoice.readers(context)
        if states.isEmpty, !watch { throw Problem.noReader }
        try show(states)
        if watch { try tellChanges(context, from: states) }
    }

    /// Goes on until the service or the person ends it.
    private func tellChanges(_ context: PCSCContext, from first: [ReaderState]) throws {
        var states = first
        repeat {
            let now = try Self.wait(context, states)
            if Self.facts(now) != Self.facts(states) { try show(now) }
            states = now
        } while watch
    }

    private static func wait(_ context: PCSCContext, _ states: [ReaderState]) throws -> [ReaderState] {
        do throws(PCSCFault) {
            return try context.waitForChange(from: states, milliseconds: 60_000)
        } catch {
            throw error.problem
        }
    }

    private func show(_ states: [ReaderState]) throws {
        if common.json {
            var report = Report(kind: "readers")
            report.add("readers", nil, .list(states.enumerated().map { .report(Self.report($0 + 1, $1)) }))
            return Terminal.out(try report.json())
        }
        let rows = states.enumerated().map { index, state in
            ["\(index + 1)", Terminal.harmless(state.name), Self.words(state), Hex(state.answerToReset).description]
        }
        for line in Terminal.table(rows) { Terminal.out(line) }
    }

    private static func report(_ number: Int, _ state: ReaderState) -> Report {
        var report = Report()
        report.add("number", nil, .number(number))
        report.add("name", nil, .text(state.name))
        report.add("card", nil, .flag(state.hasCard))
        report.add("mute", nil, .flag(state.isMute))
        report.add("inUse", nil, .flag(state.isInUse || state.isExclusive))
        report.add("atr", nil, state.hasCard ? .text(Hex(state.answerToReset).description) : .absent(nil))
        return report
    }

    private static func facts(_ states: [ReaderState]) -> [String] { states.map { "\($0.name) \(words($0))" } }

    static func words(_ state: ReaderState) -> String {
        if state.isMute { return Terminal.say("カードが応答しない", "a card that does not answer") }
        guard state.hasCard else { return Terminal.say("カードなし", "no card") }
        if state.isExclusive { return Terminal.say("カードあり（占有中）", "a card, taken by another program") }
        return state.isInUse ? Terminal.say("カードあり（使用中）", "a card, in use") : Terminal.say("カードあり", "a card")
    }
}
