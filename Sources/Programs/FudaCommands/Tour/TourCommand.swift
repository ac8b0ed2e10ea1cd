import ArgumentParser
import CommandBasics
import FoundationEssentials
import Problems
import Terminal

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// `fuda tour`: the whole loop against real components, each step a line with its time.
struct TourCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tour",
        abstract: Terminal.say("発行から失効までを一巡りする（模擬）", "go the whole way, from issue to hold (simulated)"),
        discussion: Terminal.say(
            "認証局、サーバー、カード、専用のpcscd、検証を本物のプログラムで動かします。実物のカードには触れません。",
            "Runs an authority, its server, a card, a pcscd of its own and the validation as the programs they are. No real card is touched."
        )
    )

    @Option(help: ArgumentHelp(Terminal.say("すべてを残すフォルダー", "leave everything in this folder"), valueName: "folder"))
    var keep: String?

    @OptionGroup var common: CommonOptions

    func run() throws {
        let folder = try keep.map { try Locations.makeFolder($0) } ?? temporaryFolder()
        defer { if keep == nil { removeTree(folder) } }
        let began = ContinuousClock.now
        var steps: [Report.Step] = []
        let tour = Tour(folder: folder) { step in
            steps.append(Report.Step(name: step.name, result: step.result, milliseconds: step.took.milliseconds))
            if !common.json { Terminal.out(line(step)) }
        }
        try tour.run()
        let total = (ContinuousClock.now - began).milliseconds
        if common.json {
            return Terminal.out(try jsonText(Report(steps: steps, milliseconds: total, kept: keep)))
        }
        Terminal.out(Terminal.say("一巡りしました: \(total) ミリ秒", "all the way round: \(total) ms"))
    }

    private struct Report: Encodable {
        struct Step: Encodable {
            let name: String
            let result: String
            let milliseconds: Int64
        }
        let schema = 1
        let steps: [Step]
        let milliseconds: Int64
        let kept: String?
    }

    private func line(_ step: TourStep) -> String {
        let time = String(step.took.milliseconds)
        let padding = String(repeating: " ", count: max(0, 6 - time.utf8.count))
        return padding + time + " ms  " + step.title.inLanguage(Terminal.language) + " — " + step.result
    }

    /// Short, since a socket's path may have 107 bytes.
    private func temporaryFolder() throws -> String {
        var template = Array(((Terminal.environment("TMPDIR") ?? "/tmp") + "/fuda-XXXXXX").utf8CString)
        guard unsafe mkdtemp(&template) != nil else { throw Problem.missingProgram("mkdtemp") }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private func removeTree(_ folder: String) { try? FileManager.default.removeItem(atPath: folder) }
}

extension Duration {
    fileprivate var milliseconds: Int64 { components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000 }
}
