import ArgumentParser
import AuthorityAssembly
import CommandBasics
import IssueCommands
import Problems
import Terminal

/// `fuda authority clock`: an operator's word that the clock was set on purpose.
struct ClockCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "clock",
        abstract: Terminal.say("設定し直した時計を信用させる", "have a clock believed that was set on purpose"),
        discussion: Terminal.say(
            "動いているサーバーは、時計が2秒を超えて動かされると署名をやめます。最後の記録から30日（`clockGap`）を超えて起動したときも同じです。時刻が正しいときに使います。最後の記録より前の時刻は信用されません。",
            "A running server signs nothing once its clock was set by more than two seconds, nor one that was started more than 30 days (`clockGap`) after the last record. This is for when the time is right now. A time before the last record is never believed."
        )
    )

    @Option(help: ArgumentHelp(Terminal.say("認証局のフォルダー", "folder of the authority"), valueName: "folder"))
    var data: String

    @Flag(help: ArgumentHelp(Terminal.say("今の時刻は正しい", "the time is right now")))
    var trust = false

    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard trust else {
            throw ValidationError(Terminal.say("--trust が必要です。", "--trust is needed."))
        }
    }

    func run() throws {
        let port = try AuthorityPort(try AuthorityFolder(data))
        defer { port.close() }
        _ = try port.carryOut(.trustClock, by: Operator.name)
    }
}
