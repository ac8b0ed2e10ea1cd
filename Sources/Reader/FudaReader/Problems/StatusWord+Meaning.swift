public import Problems
public import SmartCard

extension StatusWord {
    /// What a status means (ISO/IEC 7816-4, 5.6; JICSAP v1.1, table 25; docs/card/commands.md for this card).
    public var meaning: Text {
        if let left = triesLeft {
            return Text(ja: "照合に失敗、残り\(left)回", en: "comparison failed, tries left: \(left)")
        }
        switch rawValue >> 8 {
        case 0x61: return Text(ja: "続きのデータあり", en: "more data waits to be fetched")
        case 0x6C: return Text(ja: "長さの指定が違う", en: "wrong Le; the second byte is the right one")
        default:
            return Self.statusWords[rawValue] ?? Text(ja: "意味の決まっていない応答", en: "a status without a defined meaning")
        }
    }

    // swift-format-ignore
    private static let statusWords: [UInt16: Text] = [
        0x9000: Text(ja: "正常終了", en: "done"),
        0x6281: Text(ja: "出力データに異常", en: "part of the data may be damaged"),
        0x6282: Text(ja: "ファイルの終わりに達した", en: "the end of the file came before Le bytes"),
        0x6283: Text(ja: "アプリケーションが閉塞している", en: "the application is locked"),
        0x6300: Text(ja: "照合に失敗（回数制限なし）", en: "comparison failed, tries are not counted"),
        0x6381: Text(ja: "ファイルが一杯", en: "the file is full"),
        0x6400: Text(ja: "ファイル制御情報に異常", en: "the file's control information is damaged"),
        0x6581: Text(ja: "書込みに失敗", en: "writing to memory failed"),
        0x66F1: Text(ja: "セキュリティ環境が合わない", en: "the security environment does not fit"),
        0x6700: Text(ja: "長さが違う", en: "wrong length"),
        0x6881: Text(ja: "論理チャネルは使えない", en: "logical channels are not supported"),
        0x6882: Text(ja: "セキュアメッセージングは使えない", en: "secure messaging is not supported"),
        0x6884: Text(ja: "コマンドチェイニングは使えない", en: "command chaining is not supported"),
        0x6981: Text(ja: "ファイルの種類が違う", en: "the command does not fit the kind of file"),
        0x6982: Text(ja: "照合が済んでいない", en: "something has to be verified first"),
        0x6983: Text(ja: "閉塞している", en: "the secret is blocked"),
        0x6984: Text(ja: "暗証番号が閉塞している", en: "the PIN is blocked"),
        0x6985: Text(ja: "使用条件を満たさない", en: "conditions of use are not met"),
        0x6986: Text(ja: "ファイルが選択されていない", en: "no file is selected"),
        0x6987: Text(ja: "セキュアメッセージングの要素がない", en: "a secure messaging object is missing"),
        0x6988: Text(ja: "セキュアメッセージングの要素が違う", en: "a secure messaging object is wrong"),
        0x69FC: Text(ja: "セキュアメッセージングが始まっていない", en: "there is no secure messaging session"),
        0x6A80: Text(ja: "データが正しくない", en: "wrong data"),
        0x6A81: Text(ja: "この機能はない", en: "the function is not supported"),
        0x6A82: Text(ja: "ファイルがない", en: "no such application or file"),
        0x6A83: Text(ja: "レコードがない", en: "no such record"),
        0x6A84: Text(ja: "空きがない", en: "not enough memory"),
        0x6A85: Text(ja: "長さがデータの構造と合わない", en: "the length does not fit the data's structure"),
        0x6A86: Text(ja: "P1・P2が違う", en: "wrong P1 or P2"),
        0x6A87: Text(ja: "長さがP1・P2と合わない", en: "the length does not fit P1 and P2"),
        0x6A88: Text(ja: "参照データがない", en: "no such data object or key"),
        0x6B00: Text(ja: "ファイルの外を指している", en: "the offset is outside the file"),
        0x6D00: Text(ja: "このコマンドはない", en: "the instruction is not known"),
        0x6E00: Text(ja: "このクラスはない", en: "the class is not known"),
        0x6F00: Text(ja: "カード内部の異常", en: "the card found a fault in itself"),
    ]
}
