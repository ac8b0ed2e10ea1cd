public import CardProfiles
public import Problems
import SmartCard

/// The secrets a card compares what is typed with.
///
/// The raw value is the name that commands and JSON use.
public enum SecretKind: String, Hashable, Sendable, CaseIterable {
    /// 署名用パスワード.
    case sign
    /// 利用者証明用暗証番号.
    case auth
    /// 券面事項入力補助用暗証番号.
    case input
    /// 住民基本台帳用暗証番号.
    case register
    /// 照合番号A: the My Number.
    case numberA = "number-a"
    /// 照合番号B: birth, year of expiry and security code, as printed.
    case numberB = "number-b"
    /// 生年月日: opens the age record alone.
    case birthDate = "birth-date"

    /// The four that a holder chooses and may change.
    public static let changeable: [SecretKind] = [.sign, .auth, .input, .register]

    /// The file in which an application compares it; `nil` where the application does not know it.
    public func file(in place: Place) -> ObjectID? {
        switch (self, place) {
        case (.sign, .jpki): ObjectID(place, 0x001B)
        case (.auth, .jpki): ObjectID(place, 0x0018)
        case (.input, .inputSupport): ObjectID(place, 0x0011)
        case (.register, .residentRegister), (.register, .common): ObjectID(place, 0x001C)
        case (.numberA, .inputSupport): ObjectID(place, 0x0014)
        case (.numberB, .inputSupport): ObjectID(place, 0x0015)
        case (.numberA, .cardFace): ObjectID(place, 0x0013)
        case (.numberB, .cardFace): ObjectID(place, 0x0012)
        case (.birthDate, .cardFace): ObjectID(place, 0x0011)
        default: nil
        }
    }

    /// The application it belongs to first of all.
    public var homePlace: Place {
        switch self {
        case .sign, .auth: .jpki
        case .input: .inputSupport
        case .register: .residentRegister
        case .numberA, .numberB, .birthDate: .cardFace
        }
    }

    /// Its file in the application it belongs to first of all.
    public var home: ObjectID { file(in: homePlace) ?? ObjectID(homePlace, 0) }

    /// Length, letters and tries, from the card's own table.
    public var rule: ReferenceRule {
        if case .reference(let rule) = CardProfile.of(.plastic).application(homePlace)?.file(home.file)?.kind {
            return rule
        }
        return ReferenceRule(length: 1...16, tries: 0)
    }

    public var name: Text {
        switch self {
        case .sign: Text(ja: "署名用パスワード", en: "signature password")
        case .auth: Text(ja: "利用者証明用暗証番号", en: "authentication PIN")
        case .input: Text(ja: "券面事項入力補助用暗証番号", en: "input-support PIN")
        case .register: Text(ja: "住民基本台帳用暗証番号", en: "resident register PIN")
        case .numberA: Text(ja: "照合番号A（個人番号）", en: "verification number A (My Number)")
        case .numberB: Text(ja: "照合番号B", en: "verification number B")
        case .birthDate: Text(ja: "生年月日", en: "birth date")
        }
    }

    /// What it looks like, for a prompt.
    public var shape: Text {
        switch self {
        case .sign: Text(ja: "英大文字と数字6〜16文字", en: "6 to 16 capital letters and digits")
        case .auth, .input, .register: Text(ja: "数字4桁", en: "4 digits")
        case .numberA: Text(ja: "数字12桁", en: "12 digits")
        case .numberB:
            Text(
                ja: "数字14桁: 生年月日6桁（元号の年・月・日）＋有効期限の西暦4桁＋セキュリティコード4桁",
                en: "14 digits: birth in 6 (year of the era, month, day), year of expiry in 4, security code in 4"
            )
        case .birthDate: Text(ja: "数字6桁（元号の年・月・日）", en: "6 digits (year of the era, month, day)")
        }
    }
}
