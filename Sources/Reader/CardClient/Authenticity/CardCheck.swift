import Problems

/// Every check of a card's evidence, by the name reports use.
public enum CardCheck: String, Hashable, Sendable, CaseIterable {
    case manager = "card-manager-certificate"
    case managerLower = "card-manager-key"
    case textCertificate = "text-certificate"
    case textSignature = "text-signature"
    case numberDigest = "text-digest-number"
    case factsDigest = "text-digest-facts"
    case textKey = "text-key"
    case textChip = "text-chip"
    case faceCertificate = "face-certificate"
    case faceSignature = "face-signature"
    case ageSignature = "age-signature"
    case numberImageSignature = "number-image-signature"
    case faceChip = "face-chip"

    var subject: Text {
        switch self {
        case .manager: Text(ja: "カードマネージャの中間証明書", en: "card manager's intermediate certificate")
        case .managerLower: Text(ja: "カードマネージャの鍵の証明書", en: "certificate of the card manager's key")
        case .textCertificate: Text(ja: "入力補助の市区町村証明書", en: "municipality's certificate in the input support")
        case .textSignature: Text(ja: "入力補助の署名", en: "signature over the input support's digests")
        case .numberDigest: Text(ja: "個人番号と署名済みハッシュの一致", en: "My Number against its signed digest")
        case .factsDigest: Text(ja: "4情報と署名済みハッシュの一致", en: "the four facts against their signed digest")
        case .textKey: Text(ja: "入力補助のカード鍵の署名", en: "signature over the card's key in the input support")
        case .textChip: Text(ja: "入力補助でのチップの応答", en: "the chip's answer in the input support")
        case .faceCertificate: Text(ja: "券面事項確認の市区町村証明書", en: "municipality's certificate in the card face")
        case .faceSignature: Text(ja: "券面情報の署名", en: "signature over the face record")
        case .ageSignature: Text(ja: "生年月日レコードの署名", en: "signature over the age record")
        case .numberImageSignature: Text(ja: "個人番号画像の署名", en: "signature over the My Number image")
        case .faceChip: Text(ja: "券面事項確認でのチップの応答", en: "the chip's answer in the card face")
        }
    }

    /// Why a check is not confirmed.
    enum Reason {
        case nothingRead
        case noIssuer
        case noChallenge
        case signature
        case digest
        case challenge
        case keysDiffer
        case malformed
        case unknownAuthority(KeyFamily, CardKeyRing.Hierarchy)

        var text: Text {
            switch self {
            case .nothingRead: Text(ja: "データを読み出していません。", en: "What it needs was not read.")
            case .noIssuer: Text(ja: "発行者の証明書がありません。", en: "The issuer's certificate is missing.")
            case .noChallenge: Text(ja: "チップへの問いかけをしていません。", en: "The chip was not asked.")
            case .signature: Text(ja: "署名が一致しません。", en: "The signature does not fit.")
            case .digest: Text(ja: "ハッシュ値が一致しません。", en: "The digest does not fit.")
            case .challenge: Text(ja: "チップの応答が鍵と一致しません。", en: "The chip's answer does not fit the key.")
            case .keysDiffer: Text(ja: "レコードごとに鍵が異なります。", en: "The records name different keys.")
            case .malformed: Text(ja: "データの形式が正しくありません。", en: "The data is malformed.")
            case .unknownAuthority(.simulated, .production):
                Text(
                    ja: "模擬の階層 (JPKI-SIM) のカードです。--trust で模擬の認証局を指定できます。",
                    en: "The card belongs to a simulated hierarchy (JPKI-SIM); name it with --trust."
                )
            case .unknownAuthority(.test, _):
                Text(ja: "J-LISの試験用カードの階層です。", en: "The card belongs to the hierarchy of J-LIS's test cards.")
            case .unknownAuthority(.production, .simulated):
                Text(
                    ja: "本番の階層のカードです。模擬の鍵では判定しません。",
                    en: "The card belongs to the production hierarchy, which simulated keys do not judge."
                )
            case .unknownAuthority:
                Text(ja: "信頼する鍵の中に発行者がありません。", en: "Its authority is not among the trusted keys.")
            }
        }
    }
}
