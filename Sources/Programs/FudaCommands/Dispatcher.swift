import Glibc
import Problems
import Terminal

/// `fuda`: finds the program a command belongs to and becomes it.
///
/// Exec, not spawn: the process that was started is the program, with its number and its signals.
public enum Dispatcher {
    /// Command words and the program that carries them out, most words first.
    static let table: [(words: [String], program: String)] = [
        (["card", "new"], "fuda-issue"),
        (["card", "personas"], "fuda-issue"),
        (["card", "terminal"], "fuda-issue"),
        (["card", "insert"], "fuda-card"),
        (["card", "inspect"], "fuda-card"),
        (["card", "fault"], "fuda-card"),
    ]

    /// Ends this program by becoming another, or with an exit code.
    public static func run(_ arguments: [String]) -> Never {
        for entry in table where arguments.starts(with: entry.words) {
            become(entry.program, Array(arguments.dropFirst()))
        }
        if let first = arguments.first, ["--version", "version"].contains(first) {
            Terminal.out("fuda \(version)")
            exit(Outcome.done.rawValue)
        }
        let wantsHelp = arguments.isEmpty || arguments.contains("--help") || arguments.contains("-h")
        if wantsHelp {
            Terminal.out(help)
            exit(Outcome.done.rawValue)
        }
        Terminal.fail(
            Problem(
                code: "unknown-command",
                outcome: .usage,
                whatHappened: Text(ja: "知らないコマンドです。", en: "There is no such command."),
                whatToDo: Text(ja: "`fuda --help` に一覧があります。", en: "`fuda --help` lists them.")
            )
        )
    }

    public static let version = "0.1.0"

    private static var help: String {
        Terminal.say(
            """
            fuda — マイナンバーカードの模擬（本物としては使えません）

              fuda card personas             作れる模擬の人物の一覧
              fuda card new --persona 名前 -o ファイル
                                             カードを作る
              fuda card insert ファイル       仮想リーダーに挿入する（--own-reader で専用pcscd）
              fuda card inspect ファイル      カードの中と規則を見る
              fuda card fault ファイル 名前…  挿入中のカードに不具合を起こす
              fuda card terminal             端末認証の応答を計算する（模擬）

            各コマンドの --help に詳細、--lang ja|en で言語を選べます。
            """,
            """
            fuda — a simulated My Number Card (nothing here passes for real)

              fuda card personas             list the synthetic persons a card can be made for
              fuda card new --persona NAME -o FILE
                                             make a card
              fuda card insert FILE          put it into the virtual reader (--own-reader: into a pcscd of its own)
              fuda card inspect FILE         look at what it holds and obeys
              fuda card fault FILE NAME…     let it misbehave while it is inserted
              fuda card terminal             compute a terminal's authentication (simulated)

            Each command has --help; --lang ja|en chooses the language.
            """
        )
    }

    private static func become(_ program: String, _ arguments: [String]) -> Never {
        let path = Locations.programs + "/" + program
        var words = unsafe ([path] + arguments).map { unsafe strdup($0) } + [nil]
        _ = unsafe execv(path, &words)
        Terminal.fail(
            Problem(
                code: "program-missing",
                outcome: .other,
                whatHappened: Text(ja: "\(path) を起動できません。", en: "\(path) cannot be started."),
                whatToDo: Text(ja: "fuda を入れ直してください。", en: "Install fuda again.")
            )
        )
    }
}
