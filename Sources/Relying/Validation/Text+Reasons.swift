import Problems

/// Why a check of a certificate failed or was not made.
///
/// Nothing here quotes the certificate: no name, no number, no date.
extension Text {
    static let unread = Text(ja: "証明書が読めないため", en: "the certificate cannot be read")

    // MARK: Form

    static let notVersion3 = Text(ja: "バージョン 3 ではありません", en: "it is not of version 3")
    static let keyNotOfProfile = Text(
        ja: "鍵が RSA 2048 ビット（指数 65537）でも P-384 でもありません",
        en: "its key is neither RSA-2048 with exponent 65537 nor P-384"
    )
    static let algorithmUnknown = Text(
        ja: "署名方式が SHA-256 と RSA でも ECDSA と SHA-384 でもありません",
        en: "its signature is neither SHA-256 with RSA nor ECDSA with SHA-384"
    )

    // MARK: Issuer

    static let unknownGeneration = Text(
        ja: "未知の CA 世代です: 発行者の名前は一致しますが、手元のどの世代の鍵とも合いません",
        en: "unknown CA generation: the issuer's name is known, and none of its keys at hand is the one meant"
    )
    static let noIssuerKey = Text(ja: "発行者の鍵が手元にありません", en: "the issuer's key is not at hand")
    static let signatureWrong = Text(
        ja: "署名が発行者の鍵で確かめられません（改ざん、または別の鍵です）",
        en: "the issuer's key did not make this signature: altered, or signed by another key"
    )

    static func otherAuthority(issues: CertificatePurpose, wanted: CertificatePurpose) -> Text {
        Text(
            ja: "\(issues.word.ja)の認証局が発行したもので、\(wanted.word.ja)ではありません",
            en: "issued by the authority for \(issues.word.en), not the one for \(wanted.word.en)"
        )
    }

    /// The certificate is not of the hierarchy it was held against: no wrong, only not judged.
    static func foreignIssuer(_ name: CertificateName, _ hierarchy: Hierarchy) -> Text {
        if let organization = hierarchy.organization, organization == name.organization { return .absentAuthority }
        let owner = owner(of: name)
        return Text(
            ja: "\(owner.ja)の発行で、判定に使う\(hierarchy.word.ja)のものではありません。判定していません",
            en: "it belongs to \(owner.en) and not to what it was held against, \(hierarchy.word.en); it was not judged"
        )
    }

    private static let absentAuthority = Text(
        ja: "この階層の、手元に証明書がない認証局の発行です。判定していません",
        en: "an authority of this hierarchy issued it whose certificate is not at hand; it was not judged"
    )

    private static func owner(of name: CertificateName) -> Text {
        switch name.organization {
        case Hierarchy.productionName?: Text(ja: "本番の公的個人認証サービス（O=JPKI）", en: "the real JPKI (O=JPKI)")
        case "JPKI-SIM"?: Text(ja: "模擬の認証局（O=JPKI-SIM）", en: "a simulation (O=JPKI-SIM)")
        case "JPKI-TEST"?: Text(ja: "J-LIS の試験環境（O=JPKI-TEST）", en: "the test environment of J-LIS (O=JPKI-TEST)")
        default: Text(ja: "ほかの発行者", en: "some other issuer")
        }
    }

    // MARK: Validity

    static let notYetValid = Text(ja: "有効期間がまだ始まっていません", en: "it is not yet valid")
    static let expired = Text(ja: "有効期間が過ぎています", en: "it has expired")

    var withAuthorityOutside: Text {
        Text(
            ja: "\(ja)（認証局の証明書も有効期間外です）",
            en: "\(en) (and its authority's certificate is outside its validity, too)"
        )
    }

    // MARK: Profile

    static let noKeyUsage = Text(ja: "鍵の用途がありません", en: "it says no key usage")
    static let keyUsageNotCritical = Text(ja: "鍵の用途が重要とされていません", en: "its key usage is not marked critical")
    static let otherExtendedUsage = Text(
        ja: "拡張鍵用途がこの目的のものではありません",
        en: "its extended key usage is foreign to this purpose"
    )
    static let noPolicy = Text(ja: "証明書ポリシーがありません", en: "it has no certificate policy")
    static let severalPolicies = Text(ja: "証明書ポリシーが二つ以上あります", en: "it has more than one certificate policy")
    static let unknownCritical = Text(
        ja: "理解できない重要な拡張があります",
        en: "it has a critical extension that is not understood here"
    )
    static let isAnAuthority = Text(
        ja: "認証局の証明書であり、本人の証明書ではありません",
        en: "it is the certificate of an authority, not of a person"
    )

    static func otherKeyUsage(wanted: CertificatePurpose) -> Text {
        Text(
            ja: "鍵の用途が\(wanted.word.ja)のものではありません",
            en: "its key usage is not exactly that of a certificate for \(wanted.word.en)"
        )
    }

    static func otherPolicy(wanted: CertificatePurpose) -> Text {
        Text(
            ja: "証明書ポリシーが、この階層の\(wanted.word.ja)のものではありません",
            en: "its policy is none that this hierarchy has for \(wanted.word.en)"
        )
    }

    // MARK: Authorities

    static let isNoAuthority = Text(ja: "認証局の証明書ではありません", en: "it is not the certificate of an authority")
    static let claimsAnchor = Text(
        ja: "信頼する認証局の鍵を名乗りますが、同じ証明書ではありません",
        en: "it claims the key of a trusted authority and is another certificate"
    )
}
