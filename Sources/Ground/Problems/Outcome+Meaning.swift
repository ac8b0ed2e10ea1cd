extension Outcome {
    /// What the exit code tells, in the words of the manual.
    public var meaning: Text {
        switch self {
        case .done: Text(ja: "指示どおり終わった。", en: "What was asked for is done.")
        case .other: Text(ja: "以下のどれでもない失敗。", en: "A failure that is none of those below.")
        case .usage: Text(ja: "引数の誤り。", en: "The arguments are wrong.")
        case .noReader: Text(ja: "カードリーダーがない。", en: "There is no card reader.")
        case .noCard: Text(ja: "カードがない、または違う種類のカード。", en: "There is no card, or one of another kind.")
        case .wrongPIN: Text(ja: "暗証番号が違う。", en: "The PIN is wrong.")
        case .blockedPIN: Text(ja: "暗証番号がロックされている。", en: "The PIN is blocked.")
        case .refusedForSafety:
            Text(ja: "安全のため実行しなかった。", en: "Refused for safety; nothing was done.")
        case .invalid: Text(ja: "検証したものは正しくない。", en: "What was checked is not valid.")
        case .undecided: Text(ja: "正しいともそうでないとも確かめられなかった。", en: "It could not be decided whether it is valid.")
        case .revokedOrExpired: Text(ja: "失効している、または有効期限が切れている。", en: "Revoked or expired.")
        case .cancelled: Text(ja: "利用者が取り消した。", en: "Cancelled by the user.")
        case .outcomeUnknown:
            Text(
                ja: "カードで実行されたかどうか分からない。",
                en: "It is not known whether the card carried it out."
            )
        case .network: Text(ja: "通信の失敗。", en: "The network failed.")
        case .inputFile:
            Text(
                ja: "ファイルまたはフォルダーを読み書きできない、または内容が正しくない。",
                en: "A file or folder cannot be read or written, or its content is wrong."
            )
        }
    }
}
