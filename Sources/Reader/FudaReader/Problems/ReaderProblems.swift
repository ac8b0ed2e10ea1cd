public import CardClient
public import PCSC
public import Problems
import SmartCard

extension ChannelFailure {
    public func problem(during step: CardStep) -> Problem {
        switch self {
        case .cardRemoved:
            Problem(
                code: "card-removed",
                outcome: .noCard,
                whatHappened: Text(
                    ja: "\(step.fileName.ja)の処理中にカードが離れました。",
                    en: "The card left the reader at the \(step.fileName.en)."
                ),
                whatToDo: Text(
                    ja: "カードをしっかり置き、終わるまで動かさずにもう一度実行してください。",
                    en: "Put it on firmly, leave it there until the end, and run the command again."
                )
            )
        case .cardReset:
            Problem(
                code: "card-reset",
                outcome: .other,
                whatHappened: Text(ja: "別のプログラムがカードをリセットしました。", en: "Another program has reset the card."),
                whatToDo: Text(ja: "そのプログラムを終えて、もう一度実行してください。", en: "End that program and run the command again.")
            )
        case .unresponsive:
            Problem(
                code: "card-unresponsive",
                outcome: .noCard,
                whatHappened: Text(
                    ja: "\(step.fileName.ja)でカードが応答しません。",
                    en: "The card does not answer at the \(step.fileName.en)."
                ),
                whatToDo: Text(
                    ja: "カードの向きと位置を変えて置き直してください。",
                    en: "Put the card on again, the right way round and in the middle."
                )
            )
        case .readerGone:
            Problem(
                code: "reader-gone",
                outcome: .noReader,
                whatHappened: Text(ja: "リーダーが外されました。", en: "The reader has been unplugged."),
                whatToDo: Text(ja: "リーダーをつなぎ直してください。", en: "Plug it in again.")
            )
        case .serviceGone:
            Problem(
                code: "pcsc-gone",
                outcome: .noReader,
                whatHappened: Text(ja: "PC/SCサービス (pcscd) が終了しました。", en: "The PC/SC service (pcscd) has ended."),
                whatToDo: Text(ja: "`fuda doctor` で原因を調べられます。", en: "`fuda doctor` looks for the cause.")
            )
        case .garbled:
            Problem(
                code: "answer-garbled",
                outcome: .other,
                whatHappened: Text(
                    ja: "\(step.fileName.ja)への応答が短すぎて読めません。",
                    en: "The answer at the \(step.fileName.en) is too short to be one."
                ),
                whatToDo: Text(ja: "カードを置き直してもう一度実行してください。", en: "Put the card on again and run the command again.")
            )
        case .notRecorded:
            Problem(
                code: "not-recorded",
                outcome: .other,
                whatHappened: Text(ja: "この記録には次のコマンドへの応答がありません。", en: "The trace has no answer to the next command."),
                whatToDo: Text(
                    ja: "記録したときと同じコマンドを実行してください。",
                    en: "Run the command that was recorded."
                )
            )
        case .other(let code):
            PCSCFault("SCardTransmit", PCSCCode(rawValue: code)).problem
        }
    }
}

extension PCSCFault {
    public var problem: Problem {
        switch code {
        case .noService, .serviceStopped: .serviceMissing
        case .securityViolation: .notAllowed
        case .noReaders, .readerUnavailable: .noReader
        case .noCard, .removedCard: .noCard
        case .unresponsiveCard, .unpoweredCard, .protocolMismatch: .mute(reader: nil)
        case .sharingViolation: .inUse
        default:
            Problem(
                code: "pcsc-failure",
                outcome: .noReader,
                whatHappened: Text(ja: "PC/SCの呼出しが失敗しました: \(self)", en: "A call of PC/SC failed: \(self)."),
                whatToDo: Text(ja: "`fuda doctor` で原因を調べられます。", en: "`fuda doctor` looks for the cause.")
            )
        }
    }
}

extension Problem {
    public static var serviceMissing: Problem {
        Problem(
            code: "pcscd-not-running",
            outcome: .noReader,
            whatHappened: Text(ja: "PC/SCサービス (pcscd) が動いていません。", en: "The PC/SC service (pcscd) is not running."),
            whatToDo: Text(
                ja: "sudo apt install pcscd のあと sudo systemctl start pcscd.socket。",
                en: "sudo apt install pcscd, then sudo systemctl start pcscd.socket."
            )
        )
    }

    public static var notAllowed: Problem {
        Problem(
            code: "pcsc-not-allowed",
            outcome: .noReader,
            whatHappened: Text(
                ja: "このユーザーはPC/SCサービスを使えません（polkitの規則）。",
                en: "This user may not use the PC/SC service (a polkit rule)."
            ),
            whatToDo: Text(
                ja: "画面の前でログインするか、org.debian.pcsc-lite.access_pcsc と access_card を許す規則を置いてください。",
                en:
                    "Log in at the machine itself, or add a polkit rule that allows org.debian.pcsc-lite.access_pcsc and access_card."
            )
        )
    }

    public static var noReader: Problem {
        Problem(
            code: "no-reader",
            outcome: .noReader,
            whatHappened: Text(ja: "カードリーダーがありません。", en: "There is no card reader."),
            whatToDo: Text(
                ja: "リーダーをつないでください。つながっていれば `fuda doctor` で調べられます。",
                en: "Plug one in. If one is plugged in, `fuda doctor` looks for the cause."
            )
        )
    }

    public static func unknownReader(_ name: String) -> Problem {
        Problem(
            code: "reader-unknown",
            outcome: .noReader,
            whatHappened: Text(ja: "「\(name)」に当たるリーダーがありません。", en: "No reader goes by \(name)."),
            whatToDo: Text(ja: "`fuda readers` に一覧があります。", en: "`fuda readers` lists them.")
        )
    }

    public static var noCard: Problem {
        Problem(
            code: "no-card",
            outcome: .noCard,
            whatHappened: Text(ja: "リーダーにカードがありません。", en: "There is no card in the reader."),
            whatToDo: Text(ja: "カードを置いてください。--wait 秒 で待てます。", en: "Put it on; --wait SECONDS waits for it.")
        )
    }

    public static func mute(reader: String?) -> Problem {
        Problem(
            code: "card-mute",
            outcome: .noCard,
            whatHappened: Text(ja: "カードが応答しません。", en: "The card does not answer."),
            whatToDo: Text(
                ja: "接触式ならICチップの向き、非接触なら位置を確かめ、ほかのカードを離してください。",
                en: "Check which way round the chip goes in, or where it lies, and take other cards away."
            )
        )
    }

    public static var inUse: Problem {
        Problem(
            code: "card-in-use",
            outcome: .noReader,
            whatHappened: Text(ja: "別のプログラムがカードを占有しています。", en: "Another program has the card for itself."),
            whatToDo: Text(
                ja: "ブラウザーやgpg-agent (scdaemon) を終えて、もう一度実行してください。",
                en: "End it (a browser, or gpg-agent's scdaemon) and run the command again."
            )
        )
    }

    /// Another kind of card; phones answer like this too, and their answer to reset tells.
    public static func notThisCard(answerToReset: [UInt8]) -> Problem {
        if answerToReset == AnswerToReset.bareContactless {
            return Problem(
                code: "phone-on-reader",
                outcome: .noCard,
                whatHappened: Text(
                    ja: "スマートフォンか別の非接触カードが置かれているようです。",
                    en: "This seems to be a phone, or another contactless card."
                ),
                whatToDo: Text(
                    ja: "スマートフォンを離し、マイナンバーカードだけを置いてください。",
                    en: "Take the phone away and put only the My Number Card on."
                )
            )
        }
        return Problem(
            code: "not-this-card",
            outcome: .noCard,
            whatHappened: Text(
                ja: "これはマイナンバーカードではありません（公的個人認証APがありません）。",
                en: "This is not a My Number Card: it has no JPKI application."
            ),
            whatToDo: Text(ja: "マイナンバーカードを置いてください。", en: "Put a My Number Card on.")
        )
    }
}
