import ArgumentParser
import CommandBasics
import Problems
import Terminal

/// `fuda explain`: any status word, exit code or problem code, in plain words.
struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: Terminal.say("ステータスワードやコードの意味を説明する", "say what a status word or a code means")
    )

    @Argument(
        help: ArgumentHelp(
            Terminal.say("63C2、6984、終了コード、pin-blocked など", "63C2, 6984, an exit code, pin-blocked and the like"),
            valueName: "code"
        )
    )
    var code: String

    @OptionGroup var common: CommonOptions

    func run() throws {
        guard let entry = Explanations.entry(code) else {
            throw Problem.unknownCode
        }
        var report = Report(kind: "explanation")
        report.add("code", ja: "コード", en: "code", .text(entry.code))
        report.add("meaning", ja: "意味", en: "meaning", .text(entry.meaning.inLanguage(Terminal.language)))
        report.add("todo", ja: "対処", en: "what to do", .text(entry.whatToDo.inLanguage(Terminal.language)))
        try report.print(asJSON: common.json)
    }
}

extension Problem {
    static var unknownCode: Problem {
        Problem(
            code: "unknown-code",
            outcome: .usage,
            whatHappened: Text(ja: "知らないコードです。", en: "There is no such code."),
            whatToDo: Text(
                ja: "16進4桁のステータスワード、0〜14の終了コード、[ ] の中のコードを指定します。",
                en:
                    "Give four hexadecimal digits of a status, an exit code 0 to 14, or the code in brackets of a message."
            )
        )
    }
}
