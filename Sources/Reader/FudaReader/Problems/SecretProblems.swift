public import CardClient
public import Problems

extension CardError {
    static func wrong(_ kind: SecretKind, _ left: Int?) -> Problem {
        if left == 0 { return blocked(kind, isNew: true) }
        let tries = left.map { Text(ja: "残り\($0)回です。", en: " \($0) \($0 == 1 ? "try is" : "tries are") left.") }
        return Problem(
            code: "pin-wrong",
            outcome: .wrongPIN,
            whatHappened: Text(
                ja: "\(kind.name.ja)が違います。\(tries?.ja ?? "")",
                en: "That is not the \(kind.name.en).\(tries?.en ?? "")"
            ),
            whatToDo: kind.hint
        )
    }

    static func blocked(_ kind: SecretKind, isNew: Bool) -> Problem {
        Problem(
            code: "pin-blocked",
            outcome: .blockedPIN,
            whatHappened: isNew
                ? Text(
                    ja: "\(kind.name.ja)が違い、これで閉塞しました。",
                    en: "That was not the \(kind.name.en), and it was the last try: it is blocked now."
                )
                : Text(ja: "\(kind.name.ja)は閉塞しています。", en: "The \(kind.name.en) is blocked."),
            whatToDo: kind.wayOut
        )
    }

    static func lastTry(_ kind: SecretKind) -> Problem {
        Problem(
            code: "pin-last-try",
            outcome: .refusedForSafety,
            whatHappened: Text(
                ja: "\(kind.name.ja)は残り1回です。間違えると閉塞します。",
                en: "The \(kind.name.en) has one try left; a wrong one blocks it."
            ),
            whatToDo: Text(
                ja: "確かなら --last-try を付けます。閉塞した場合: \(kind.wayOut.ja)",
                en: "If you are sure, add --last-try. Once it is blocked: \(kind.wayOut.en)"
            )
        )
    }

    static func unknown(_ kind: SecretKind) -> Problem {
        Problem(
            code: "outcome-unknown",
            outcome: .outcomeUnknown,
            whatHappened: Text(
                ja: "\(kind.name.ja)を送りましたが、応答が届きませんでした。照合されたか、回数が減ったかは不明です。",
                en:
                    "The \(kind.name.en) was sent and no answer came: whether it was right, and whether a try was spent, is unknown."
            ),
            whatToDo: Text(
                ja: "カードを置き直し、`fuda pin status` で残り回数を見てから続けてください。",
                en: "Put the card on again and look at `fuda pin status` before you go on."
            )
        )
    }

    static func shape(_ kind: SecretKind, _ flaw: ShapeFlaw) -> Problem {
        Problem(
            code: flaw.code,
            outcome: .refusedForSafety,
            whatHappened: flaw.text(kind),
            whatToDo: Text(
                ja: "カードには送っていません。\(kind.name.ja)は\(kind.shape.ja)です。",
                en: "Nothing was sent to the card. The \(kind.name.en) is \(kind.shape.en)."
            )
        )
    }
}

extension ShapeFlaw {
    fileprivate var code: String {
        switch self {
        case .looksLike, .securityCode: "pin-mixed-up"
        case .unchanged, .notRepeated, .needsLettersAndDigits: "pin-new"
        default: "pin-shape"
        }
    }

    fileprivate func text(_ kind: SecretKind) -> Text {
        switch self {
        case .empty: Text(ja: "何も入力されていません。", en: "Nothing was typed.")
        case .wrongLength: Text(ja: "\(kind.name.ja)の長さが違います。", en: "The \(kind.name.en) has another length.")
        case .wrongCharacters:
            Text(
                ja: "\(kind.name.ja)に使えない文字があります。",
                en: "There are characters in it that the \(kind.name.en) never has."
            )
        case .looksLike(let other):
            Text(
                ja: "これは\(other.isFourDigits ? "4桁の暗証番号" : other.name.ja)のようです。ここに入れるのは\(kind.name.ja)です。",
                en:
                    "This looks like \(other.isFourDigits ? "a four-digit PIN" : "the " + other.name.en); what belongs here is the \(kind.name.en)."
            )
        case .securityCode:
            Text(
                ja: "これは券面に印刷されたセキュリティコードです。暗証番号ではありません。",
                en: "This is the security code printed on the front, which is no PIN."
            )
        case .checkDigit:
            Text(
                ja: "個人番号の検査用数字が合いません。打ち間違いです。",
                en: "The check digit of My Number does not fit: there is a typing mistake."
            )
        case .notABirthDate:
            Text(ja: "最初の6桁が生年月日になっていません。", en: "The first six digits are no date of birth.")
        case .gregorianBirth:
            Text(
                ja: "生年月日の年は西暦4桁ではなく、元号の年2桁で入れます（昭和55年は55）。",
                en: "The year of birth goes in two digits of the Japanese era, not in four (昭和55, 1980, is 55)."
            )
        case .notAnExpiryYear:
            Text(ja: "7〜10桁目が有効期限の西暦になっていません。", en: "Digits 7 to 10 are no year a card can end in.")
        case .needsLettersAndDigits:
            Text(ja: "署名用パスワードには英字と数字の両方が必要です。", en: "A signature password needs letters and digits.")
        case .unchanged: Text(ja: "新しい値が今の値と同じです。", en: "The new value is the old one.")
        case .notRepeated: Text(ja: "新しい値の2回の入力が一致しません。", en: "The new value was not typed twice alike.")
        }
    }
}

extension SecretKind {
    fileprivate var isFourDigits: Bool { [.auth, .input, .register].contains(self) }

    /// What is often typed in its place.
    fileprivate var hint: Text {
        switch self {
        case .sign:
            Text(
                ja: "英字は大文字で、4桁の暗証番号とは別のものです。確かでなければここでやめてください。",
                en: "Its letters are capital, and it is not one of the four-digit PINs. If you are not sure, stop here."
            )
        case .auth, .input, .register:
            Text(
                ja: "4桁の暗証番号は3種類あり、券面のセキュリティコードとも違います。確かでなければここでやめてください。",
                en:
                    "There are three four-digit PINs, and the security code on the front is none of them. If you are not sure, stop here."
            )
        case .numberA, .numberB, .birthDate:
            Text(
                ja: "券面の数字を見て打ち直してください。年は元号です。",
                en: "Type what is printed on the card again; years of birth are those of the era."
            )
        }
    }

    /// What to do once it is blocked, in plain words.
    ///
    /// Municipal pages; the kiosk's service for the signature password and the authentication PIN is J-LIS's.
    public var wayOut: Text {
        switch self {
        case .sign, .auth:
            Text(
                ja: "お住まいの市区町村の窓口にカードと本人確認書類を持って行くと初期化できます。もう一方の暗証番号が分かれば、スマートフォンのアプリで予約してコンビニのキオスク端末でもできます。",
                en:
                    "The counter of your municipality resets it: bring the card and another proof of identity. If you know the other of the two, the smartphone app and a convenience-store kiosk do it too."
            )
        case .input, .register, .numberA, .numberB, .birthDate:
            Text(
                ja: "お住まいの市区町村の窓口にカードと本人確認書類を持って行くと初期化できます。",
                en: "The counter of your municipality resets it: bring the card and another proof of identity."
            )
        }
    }
}
