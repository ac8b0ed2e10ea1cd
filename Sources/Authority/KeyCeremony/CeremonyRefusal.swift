public import Problems

/// Why a ceremony does not begin.
///
/// Nothing was done then; no case holds a name or a secret.
public enum CeremonyRefusal: String, Error, Hashable, Sendable, CaseIterable {
    /// Dual control takes two custodians, no fewer and no more.
    case notTwoCustodians = "not-two-custodians"
    case sameCustodian = "same-custodian"
    case witnessIsCustodian = "witness-is-custodian"
    /// A name of a person: 1 to 100 characters, none of them a control character.
    case badName = "bad-name"
    /// A label: 1 to 32 of A–Z a–z 0–9 `.` `_` `-`, not beginning with a point.
    case badLabel = "bad-label"
    case secretTooShort = "secret-too-short"
    /// A secret has characters other than printable ASCII, which keyboards and systems write in more ways than one.
    case secretCharacters = "secret-characters"
    case sameSecrets = "same-secrets"

    /// For people.
    public var problem: Problem {
        Problem(
            code: "ceremony-" + rawValue,
            outcome: .usage,
            whatHappened: whatHappened,
            whatToDo: Text(
                ja: "何も行っていません。docs/authority/keys.md を見てください。",
                en: "Nothing was done; see docs/authority/keys.md."
            )
        )
    }

    private var whatHappened: Text {
        switch self {
        case .notTwoCustodians: Text(ja: "管理者は二人必要です。", en: "Two custodians are needed, and no more.")
        case .sameCustodian: Text(ja: "管理者の名前が同じです。", en: "Both custodians have the same name.")
        case .witnessIsCustodian:
            Text(ja: "立会人は管理者とは別の人でなければなりません。", en: "A witness is somebody other than the custodians.")
        case .badName: Text(ja: "名前は1〜100文字です。", en: "A name has 1 to 100 characters.")
        case .badLabel:
            Text(
                ja: "ラベルは英数字と . _ - の1〜32文字です。",
                en: "A label has 1 to 32 of the characters A–Z a–z 0–9 . _ -."
            )
        case .secretTooShort:
            Text(
                ja: "秘密は\(CustodianSecrets.leastLength)文字以上必要です。",
                en: "A secret has at least \(CustodianSecrets.leastLength) characters."
            )
        case .secretCharacters:
            Text(ja: "秘密には印字できるASCII文字だけを使えます。", en: "A secret has printable ASCII characters only.")
        case .sameSecrets: Text(ja: "二人の秘密が同じです。", en: "Both secrets are the same.")
        }
    }
}
