import FudaReader
import Problems
import SmartCard

/// What every status word, exit code and problem code means, for `fuda explain` and for messages.
enum Explanations {
    struct Entry {
        let code: String
        let meaning: Text
        let whatToDo: Text
    }

    /// Status words after which a person can do something.
    private static let advice: [UInt16: Text] = [
        0x6982: Text(ja: "暗証番号か照合番号を照合してから行います。", en: "Verify the PIN or number that opens it."),
        0x6983: Text(ja: "市区町村の窓口で初期化します。", en: "The counter of your municipality resets it."),
        0x6984: Text(ja: "市区町村の窓口で初期化します。", en: "The counter of your municipality resets it."),
        0x6A82: Text(ja: "カードの種類を `fuda read card` で確かめます。", en: "See what the card is with `fuda read card`."),
        0x6F00: Text(ja: "カードを置き直します。", en: "Put the card on again."),
    ]

    /// What a status, an exit code or a problem's code means; `nil` for anything else.
    static func entry(_ code: String) -> Entry? {
        let plain = code.filter { $0 != " " && $0 != ":" }
        if plain.count == 4, let bytes = Hex(parsing: plain)?.bytes {
            let status = StatusWord(rawValue: UInt16(bytes[0]) << 8 | UInt16(bytes[1]))
            return Entry(
                code: status.description,
                meaning: status.meaning,
                whatToDo: advice[status.rawValue] ?? status.triesLeft.map(triesAdvice) ?? nothing
            )
        }
        if let number = Int32(plain), let outcome = Outcome(rawValue: number) {
            return Entry(code: "exit \(number)", meaning: outcome.meaning, whatToDo: outcome.advice)
        }
        return ProblemCatalogue.entries.first { $0.code == code.lowercased() }
            .map { Entry(code: $0.code, meaning: $0.meaning, whatToDo: $0.whatToDo) }
    }

    private static func triesAdvice(_ left: Int) -> Text {
        left == 0
            ? Text(ja: "閉塞しています。市区町村の窓口で初期化します。", en: "It is blocked. The counter of your municipality resets it.")
            : Text(ja: "確かでなければ、ここでやめてください。", en: "If you are not sure, stop here.")
    }

    private static let nothing = Text(ja: "–", en: "–")
}

extension Outcome {
    fileprivate var advice: Text {
        switch self {
        case .done: Text(ja: "–", en: "–")
        case .usage: Text(ja: "--help を見てください。", en: "See --help.")
        case .noReader: Text(ja: "`fuda doctor` で原因を調べられます。", en: "`fuda doctor` looks for the cause.")
        case .noCard: Text(ja: "マイナンバーカードを置いてください。", en: "Put a My Number Card on.")
        case .wrongPIN, .outcomeUnknown:
            Text(ja: "`fuda pin status` で残り回数を確かめます。", en: "See how many tries are left with `fuda pin status`.")
        case .blockedPIN: Text(ja: "`fuda pin unblock` に手順があります。", en: "`fuda pin unblock` tells the way out.")
        case .undecided:
            Text(ja: "未確認の項目と理由を見てください。", en: "See what was not checked, and why.")
        default: Text(ja: "メッセージの2行目に従ってください。", en: "Do what the message's second line says.")
        }
    }
}
