import ArgumentParser
import CardFaults
import CardStorage
import CommandBasics
import Problems
import Terminal

/// `fuda card fault`: lets an inserted card misbehave, or ends that.
struct FaultCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fault",
        abstract: Terminal.say("挿入中のカードに不具合を起こす", "let an inserted card misbehave"),
        discussion: Terminal.say(
            """
            ファイル無しで名前の一覧、名前無しで有効な不具合を示します。名前:N は今からN番目のコマンドで起こります。
            none はすべて解除し、put-back は抜けたカードを戻します。
            """,
            """
            Without a file the names are listed, without a name what is in force. NAME:N strikes at the N-th command \
            from now. none clears all; put-back puts a card back that has left its reader.
            """
        )
    )

    @Argument(help: ArgumentHelp(Terminal.say("カードファイル", "card file"), valueName: "file"))
    var file: String?

    @Argument(help: ArgumentHelp(Terminal.say("不具合の名前", "names of faults"), valueName: "name"))
    var names: [String] = []

    @OptionGroup var common: CommonOptions

    func run() throws {
        guard let file else {
            let list = FaultList()
            if common.json { Terminal.out(try jsonText(list)) } else { list.lines.forEach(Terminal.out) }
            return
        }
        let orders = try FaultOrder.parse(names)
        _ = try CardFile.header(of: file)
        let report = FaultReport(file, try CardControl.tell(file, orders))
        if common.json { Terminal.out(try jsonText(report)) } else { report.lines.forEach(Terminal.out) }
    }
}

/// Every fault there is, with its meaning.
private struct FaultList: Encodable {
    /// Version of this JSON document's shape.
    let schema = 1
    let faults: [Entry]

    struct Entry: Encodable {
        let name: String
        /// The name with what may follow it, such as `torn-out[:N]`.
        let form: String
        let meaning: String
    }

    init() {
        faults =
            CardFault.named.map {
                Entry(name: $0.name, form: $0.form, meaning: $0.meaning.inLanguage(Terminal.language))
            }
            + FaultOrder.others.map {
                Entry(name: $0.name, form: $0.name, meaning: $0.meaning.inLanguage(Terminal.language))
            }
    }

    var lines: [String] { faults.map { "\(column($0.form))  \($0.meaning)" } }
}

/// What an inserted card says of itself.
private struct FaultReport: Encodable {
    /// Version of this JSON document's shape.
    let schema = 1
    let file: String
    let inReader: Bool
    let faults: [Entry]

    struct Entry: Encodable {
        let name: String
        /// Which command from now it strikes at, or from which on.
        let position: Int
        /// `nil` for all but slow answers.
        let milliseconds: Int?
        let meaning: String
    }

    init(_ file: String, _ answer: FaultAnswer) {
        self.file = file
        inReader = answer.isInReader
        faults = answer.faults.map { fault in
            Entry(
                name: fault.kind.rawValue,
                position: fault.position,
                milliseconds: fault.kind == .slow ? fault.milliseconds : nil,
                meaning: fault.kind.meaning.inLanguage(Terminal.language)
            )
        }
    }

    var lines: [String] {
        let place =
            inReader
            ? Terminal.say("カードはリーダーに入っています。", "The card is in the reader.")
            : Terminal.say(
                "カードは抜けています。put-back で戻ります。",
                "The card has left the reader; put-back puts it back."
            )
        if faults.isEmpty { return [place, Terminal.say("不具合はありません。", "No fault is in force.")] }
        return [place]
            + faults.map { fault in
                let delay = fault.milliseconds.map { ":\($0)" } ?? ""
                return "\(column("\(fault.name):\(fault.position)\(delay)"))  \(fault.meaning)"
            }
    }
}

/// A word with spaces up to the next column.
private func column(_ word: String) -> String { word + String(repeating: " ", count: max(0, 24 - word.count)) }
