import ArgumentParser
import CommandBasics
import Problems
import Terminal

/// Which reader, and how it is talked to: the same for every command about a card in a reader.
struct ReaderOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            Terminal.say(
                "リーダーの番号か名前の一部、または replay:ファイル",
                "the reader's number or part of its name, or replay:FILE"
            ),
            valueName: "name"
        )
    )
    var reader: String?

    @Option(
        help: ArgumentHelp(
            Terminal.say("カードが置かれるまで待つ秒数", "seconds to wait for a card to be put on"),
            valueName: "seconds"
        )
    )
    var wait: Int?

    @Flag(
        help: ArgumentHelp(
            Terminal.say("拡張長で読む（遅いリーダーでは使えないことがある）", "read with extended lengths (not every reader can)")
        )
    )
    var extended = false

    @Flag(
        name: .shortAndLong,
        help: ArgumentHelp(
            Terminal.say(
                "コマンドの種類・長さ・応答を表示（中身は表示しない）",
                "show each command's kind, lengths and status, and nothing of its content"
            )
        )
    )
    var verbose = false

    init() {}

    func validate() throws {
        // A day is longer than anybody waits for a card, and no number of seconds may overflow.
        guard let wait, !(0...86_400).contains(wait) else { return }
        throw ValidationError(Terminal.say("--wait は0〜86400です。", "--wait is 0 to 86400 seconds"))
    }
}

/// Where a secret comes from, and how careful to be with it.
struct SecretOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            Terminal.say(
                "暗証番号の出所 (env:名前, fd:番号, file:パス)。なければ尋ねる",
                "source of the secret (env:NAME, fd:N, file:PATH); asked for if not given"
            ),
            valueName: "source"
        )
    )
    var pin: String?

    @Option(
        help: ArgumentHelp(
            Terminal.say(
                "券面のセキュリティコードの出所。4桁の暗証番号と取り違えたら送らない",
                "source of the security code on the front; typed in place of a four-digit PIN it is not sent"
            ),
            valueName: "source"
        )
    )
    var securityCode: String?

    @Flag(help: ArgumentHelp(Terminal.say("残り1回でも照合する", "go on even with the last try")))
    var lastTry = false

    init() {}

    func validate() throws {
        Self.check(pin)
        Self.check(securityCode)
    }

    /// Ends the program where a source cannot be one, before any reader is asked for: it may be a secret as a value.
    ///
    /// Ends it here, since an error thrown from `validate` loses its code on the way through the parser.
    static func check(_ source: String?) {
        guard let source else { return }
        do throws(Problem) {
            _ = try SecretSource(source)
        } catch {
            Terminal.fail(error)
        }
    }
}

/// Where results go that are files.
struct OutputOptions: ParsableArguments {
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(Terminal.say("出力先", "where to write"), valueName: "path")
    )
    var output: String?

    @Flag(name: .shortAndLong, help: ArgumentHelp(Terminal.say("あるファイルを置き換える", "replace a file that is there")))
    var force = false

    init() {}
}
