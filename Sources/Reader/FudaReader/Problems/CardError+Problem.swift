public import CardClient
import CardProfiles
public import Problems
import SmartCard

extension CardError {
    /// What happened, what to do, and how the program ends.
    public var problem: Problem {
        switch self {
        case .channel(let failure, let step): failure.problem(during: step)
        case .notThisCard: Problem.notThisCard(answerToReset: [])
        case .missing(let step): Self.missing(step)
        case .notPermitted(let step): Self.notPermitted(step)
        case .refused(let step, let status): Self.refused(step, status)
        case .misbehaved(let step, let misbehaviour): Self.misbehaved(step, misbehaviour)
        case .malformed(let file, let flaw): Self.malformed(.read(file), flaw)
        case .wrongSecret(let kind, let left): Self.wrong(kind, left)
        case .blocked(let kind): Self.blocked(kind, isNew: false)
        case .lastTry(let kind): Self.lastTry(kind)
        case .badShape(let kind, let flaw): Self.shape(kind, flaw)
        case .outcomeUnknown(let kind, _): Self.unknown(kind)
        case .cryptography(let step): Self.cryptography(step)
        }
    }

    // MARK: - The card's side

    private static func missing(_ step: CardStep) -> Problem {
        Problem(
            code: "card-lacks-file",
            outcome: .noCard,
            whatHappened: Text(ja: "このカードには\(step.fileName.ja)がありません。", en: "This card has no \(step.fileName.en)."),
            whatToDo: Text(
                ja: "スマートフォンの電子証明書や、発行されていない証明書では読めません。`fuda read card` で確かめられます。",
                en: "Phones hold certificates only, and not every card has both. `fuda read card` shows what there is."
            )
        )
    }

    private static func notPermitted(_ step: CardStep) -> Problem {
        Problem(
            code: "card-not-permitted",
            outcome: .other,
            whatHappened: Text(
                ja: "\(step.fileName.ja)には照合が必要です (6982)。",
                en: "The card wants something verified first for the \(step.fileName.en) (6982)."
            ),
            whatToDo: Text(
                ja: "必要な暗証番号か照合番号を指定してください。",
                en: "Give the PIN or number that opens it; --help names it."
            )
        )
    }

    private static func refused(_ step: CardStep, _ status: StatusWord) -> Problem {
        let meaning = status.meaning
        return Problem(
            code: "card-refused",
            outcome: .other,
            whatHappened: Text(
                ja: "カードが\(step.fileName.ja)で\(status)（\(meaning.ja)）と応答しました。",
                en: "The card answered \(status) (\(meaning.en)) at the \(step.fileName.en)."
            ),
            whatToDo: Text(
                ja: "もう一度試し、続くなら `fuda trace` の記録を添えて報告してください。",
                en: "Try once more; if it stays so, report it with a record made by `fuda trace`."
            )
        )
    }

    private static func misbehaved(_ step: CardStep, _ misbehaviour: Misbehaviour) -> Problem {
        Problem(
            code: "card-misbehaved",
            outcome: .other,
            whatHappened: Text(
                ja: "\(step.fileName.ja)でカードの応答が規則に反しています: \(misbehaviour.text.ja)",
                en: "At the \(step.fileName.en) the card broke a rule: \(misbehaviour.text.en)"
            ),
            whatToDo: Text(
                ja: "カードを置き直し、別のリーダーでも試してください。",
                en: "Put the card on again, and try another reader."
            )
        )
    }

    private static func malformed(_ step: CardStep, _ flaw: RecordFlaw) -> Problem {
        Problem(
            code: "card-data",
            outcome: .other,
            whatHappened: Text(
                ja: "\(step.fileName.ja)の内容を読み取れません: \(flaw.text.ja)",
                en: "What the \(step.fileName.en) holds cannot be understood: \(flaw.text.en)"
            ),
            whatToDo: Text(
                ja: "もう一度読み、続くなら `fuda trace` の記録を添えて報告してください。",
                en: "Read it again; if it stays so, report it with a record made by `fuda trace`."
            )
        )
    }

    private static func cryptography(_ step: CardStep) -> Problem {
        Problem(
            code: "cryptography",
            outcome: .other,
            whatHappened: Text(ja: "暗号ライブラリーの処理が失敗しました。", en: "The cryptographic library failed."),
            whatToDo: Text(ja: "libcrypto (libssl3) の状態を確かめてください。", en: "Check this system's libcrypto (libssl3).")
        )
    }
}

// MARK: - Names of steps, files and flaws

extension CardStep {
    /// The file a step is about, or the step itself where it is about none.
    public var fileName: Text {
        if let file {
            let profile = CardProfile.of(.plastic).application(file.place)
            let name = profile?.file(file.file)?.name ?? profile?.name ?? Text(ja: "ファイル", en: "file")
            // The sentences around it have the article.
            let english = name.en.hasPrefix("the ") ? String(name.en.dropFirst(4)) : name.en
            return Text(ja: "\(name.ja) (EF \(file.file))", en: "\(english) (EF \(file.file))")
        }
        switch self {
        case .select(let place):
            return CardProfile.of(.plastic).application(place)?.name ?? Text(ja: "アプリケーション", en: "application")
        case .getData: return Text(ja: "カード全体の情報", en: "card's own data object")
        case .challenge: return Text(ja: "乱数の要求", en: "request for a challenge")
        case .authenticateTerminal: return Text(ja: "端末の認証", en: "terminal's authentication")
        default: return Text(ja: "セキュアメッセージングの開始", en: "start of secure messaging")
        }
    }
}

extension Misbehaviour {
    fileprivate var text: Text {
        switch self {
        case .tooManyBytes: Text(ja: "要求より長い応答", en: "more bytes than were asked for.")
        case .endlessResponse: Text(ja: "終わらない応答 (61xx)", en: "an answer without end (61xx).")
        case .alwaysAnotherLength: Text(ja: "長さの指定が定まらない (6Cxx)", en: "a length it named itself is wrong again (6Cxx).")
        case .brokenSecureMessage: Text(ja: "暗号化された応答を復号できない", en: "an enciphered answer that does not decipher.")
        case .wrongSignatureLength: Text(ja: "署名の長さが256バイトでない", en: "a signature that is not 256 bytes long.")
        }
    }
}

extension RecordFlaw {
    fileprivate var text: Text {
        switch self {
        case .empty: Text(ja: "空です。", en: "it is empty.")
        case .notADataObject: Text(ja: "データの先頭が壊れています。", en: "its beginning is no data object.")
        case .cutOff: Text(ja: "途中で終わっています。", en: "it ends too early.")
        case .badStructure: Text(ja: "中のデータの長さが合いません。", en: "the objects inside do not add up.")
        case .wrongTag(let tag):
            Text(ja: "タグ\(Self.hex(tag))は想定外です。", en: "its tag \(Self.hex(tag)) is not the expected one.")
        case .missing(let tag): Text(ja: "タグ\(Self.hex(tag))がありません。", en: "object \(Self.hex(tag)) is missing.")
        case .wrongLength(let tag):
            Text(ja: "タグ\(Self.hex(tag))の長さが違います。", en: "object \(Self.hex(tag)) has the wrong length.")
        case .notText(let tag):
            Text(ja: "タグ\(Self.hex(tag))は文字として読めません。", en: "object \(Self.hex(tag)) is no text in UTF-8.")
        case .notADate(let tag): Text(ja: "タグ\(Self.hex(tag))は日付ではありません。", en: "object \(Self.hex(tag)) is no date.")
        case .notANumber(let tag):
            Text(ja: "タグ\(Self.hex(tag))は正しい番号ではありません。", en: "object \(Self.hex(tag)) is no valid number.")
        }
    }

    private static func hex(_ tag: UInt32) -> String {
        Hex(stride(from: 24, through: 0, by: -8).map { UInt8(tag >> UInt32($0) & 0xFF) }.drop { $0 == 0 }.map { $0 })
            .description
    }
}
