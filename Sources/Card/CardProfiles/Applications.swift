import Problems
import SmartCard

// Sources are the public programs and pages that agree on a fact, as docs/card/README.md lists them, and the choices of
// docs/card/choices.md.

extension ApplicationProfile {
    /// The GlobalPlatform issuer security domain: current after a reset.
    // swift-format-ignore
    public static let cardManager = ApplicationProfile(
        place: .cardManager,
        name: Text(ja: "カードマネージャ", en: "card manager"),
        aid: "A0 00 00 01 51 00 00",
        commands: [.everywhere, .contentManagement],
        files: [
            .init(0x001E, Text(ja: "用途非公開", en: "purpose not public"), .placeholder, source: "myna-card"),
        ]
    )

    /// 共通カードAP: the card's serial number and a key that answers challenges.
    // swift-format-ignore
    public static let common = ApplicationProfile(
        place: .common,
        name: Text(ja: "共通カードAP", en: "common application"),
        aid: "D392 1000 3100 0101 0100",
        commands: [.everywhere, .changeKey, .internalAuthenticate, .setSessionKey],
        sessionKey: .refused(.securityEnvironmentFaulty),
        files: [
            .init(0x0001, Text(ja: "製造番号・市区町村コード・有効期限", en: "serial, municipality, expiry"), .records(read: .always), source: "myna-card, myna"),
            .init(0x0002, Text(ja: "鍵識別子", en: "key id"),                             .records(read: .always), source: "myna-card"),
            .init(0x0019, Text(ja: "内部認証鍵", en: "internal authentication key"),
                  .privateKey(KeyRule(sign: .never, internalAuthenticate: .allowed)), source: "myna-card"),
            .init(0x001C, Text(ja: "住民基本台帳用の暗証番号", en: "resident register PIN"),
                  .reference(.residentRegisterPIN(sharedWith: ObjectID(.residentRegister, 0x001C))), source: "myna-card, TRETJapanNFCReader; choice C17"),
            .init(0x001E, Text(ja: "用途非公開", en: "purpose not public"), .placeholder, source: "myna-card"),
        ]
    )

    /// 公的個人認証AP: two certificates with their keys, PINs and CA certificates.
    public static let jpki = jpkiApplication(readAuthenticationCertificate: .always)

    /// The same in an Android phone, where the authentication certificate, too, is behind its PIN.
    public static let jpkiOnAndroid = jpkiApplication(readAuthenticationCertificate: .verified(0x0018))

    // swift-format-ignore
    private static func jpkiApplication(readAuthenticationCertificate: AccessRule) -> ApplicationProfile {
        ApplicationProfile(
            place: .jpki,
            name: Text(ja: "公的個人認証AP (JPKI-AP)", en: "JPKI application"),
            aid: "D392 F000 2601 0000 0001",
            commands: [.everywhere, .changeReferenceData, .computeDigitalSignature, .internalAuthenticate, .setSessionKey,
                       .terminalCertificate, .issuerCommands],
            sessionKey: .refused(.securityStatusNotSatisfied),
            files: [
                .init(0x0001, Text(ja: "署名用電子証明書", en: "signature certificate"),            .transparent(size: 3000, read: .verified(0x001B)), source: "OpenSC, myna, myna-card"),
                .init(0x0002, Text(ja: "署名用CA証明書", en: "signature CA certificate"),           .transparent(size: 2000, read: .always), source: "OpenSC, myna, myna-card"),
                .init(0x0005, Text(ja: "用途非公開", en: "purpose not public"),                     .placeholder, source: "jsapdu; choice U11"),
                .init(0x0006, Text(ja: "トークン情報", en: "token information"),                    .transparent(size: 160, read: .always), source: "myna, myna-card, TRETJapanNFCReader"),
                .init(0x0008, Text(ja: "証明書の有無", en: "certificate availability"),             .transparent(size: nil, read: .always), source: "myna-card"),
                .init(0x0009, Text(ja: "用途非公開（保護）", en: "purpose not public, protected"),  .transparent(size: 256, read: .never), source: "myna-card, jsapdu; choice U11"),
                .init(0x000A, Text(ja: "利用者証明用電子証明書", en: "authentication certificate"), .transparent(size: 3000, read: readAuthenticationCertificate), source: "OpenSC, myna, myna-card"),
                .init(0x000B, Text(ja: "利用者証明用CA証明書", en: "authentication CA certificate"), .transparent(size: 2000, read: .always), source: "OpenSC, myna, myna-card"),
                .init(0x0010, Text(ja: "用途非公開", en: "purpose not public"),                     .placeholder, source: "jsapdu; choice U11"),
                .init(0x0016, Text(ja: "端末CA公開鍵", en: "terminal CA public key"),               .publicKey, source: "myna-card, jsapdu"),
                .init(0x0017, Text(ja: "利用者証明用秘密鍵", en: "authentication key"),
                      .privateKey(KeyRule(sign: AccessRule(anyOf: [.verified(0x0018), .terminalCertificate]), internalAuthenticate: .refused(.securityStatusNotSatisfied))), source: "OpenSC, myna, myna-card; choice U16"),
                .init(0x0018, Text(ja: "利用者証明用暗証番号", en: "authentication PIN"),
                      .reference(ReferenceRule(length: 4...4, tries: 3, change: .verified(0x0018))), source: "OpenSC, myna, myna-card, municipalities"),
                .init(0x0019, Text(ja: "用途非公開", en: "purpose not public"),                     .placeholder, source: "jsapdu; choice U11"),
                .init(0x001A, Text(ja: "署名用秘密鍵", en: "signature key"),
                      .privateKey(KeyRule(sign: .verified(0x001B), internalAuthenticate: .refused(.securityStatusNotSatisfied))), source: "OpenSC, myna, myna-card"),
                .init(0x001B, Text(ja: "署名用パスワード", en: "signature password"),
                      .reference(ReferenceRule(length: 6...16, alphabet: .upperCaseAndDigits, tries: 5, change: .verified(0x001B))), source: "OpenSC, myna, myna-card, municipalities"),
                .init(0x001C, Text(ja: "用途非公開", en: "purpose not public"),                     .placeholder, source: "jsapdu; choice U11"),
                .init(0x001E, Text(ja: "用途非公開", en: "purpose not public"),                     .placeholder, source: "jsapdu; choice U11"),
            ]
        )
    }

    /// 券面事項確認AP: what is printed on the card, as signed images.
    // swift-format-ignore
    public static let cardFace = ApplicationProfile(
        place: .cardFace,
        name: Text(ja: "券面事項確認AP", en: "card-face application"),
        aid: "D392 1000 3100 0101 0402",
        commands: [.everywhere, .computeDigitalSignature, .internalAuthenticate, .setSessionKey],
        defaultKey: 0x001A,
        sessionKey: .refused(.securityEnvironmentFaulty),
        files: [
            .init(0x0001, Text(ja: "生年月日レコード (FF10)", en: "age record (FF10)"),      .transparent(size: 600, read: .verified(0x0011)), source: "myna-card, jsapdu; size C24"),
            .init(0x0002, Text(ja: "券面情報 (FF20)", en: "face record (FF20)"),             .transparent(size: 0x6000, read: .verified(0x0012, 0x0013)), source: "myna, myna-card, jsapdu, jpki-rs; size C24"),
            .init(0x0003, Text(ja: "AP基本情報 (FF30)", en: "application basics (FF30)"),    .transparent(size: 512, read: .always), source: "myna, myna-card, jsapdu; size C24"),
            .init(0x0004, Text(ja: "市区町村CV証明書", en: "municipality CV certificate"),   .transparent(size: 568, read: .always), source: "myna-card, jsapdu"),
            .init(0x0005, Text(ja: "個人番号画像 (FF40)", en: "My Number image (FF40)"),     .transparent(size: 1024, read: .verified(0x0013)), source: "myna-card, jsapdu; size C24"),
            .init(0x0006, Text(ja: "用途非公開 (FF×16)", en: "purpose not public (FF×16)"), .transparent(size: 16, read: .always), source: "myna-card, jsapdu; choice U11"),
            .init(0x0011, Text(ja: "生年月日キー", en: "birth-date key"),                    .reference(ReferenceRule(length: 6...6, tries: 10)), source: "myna-card, jsapdu"),
            .init(0x0012, Text(ja: "照合番号B", en: "verification number B"),                .reference(ReferenceRule(length: 14...14, tries: 10)), source: "myna, myna-card, jsapdu, jpki-rs"),
            .init(0x0013, Text(ja: "照合番号A", en: "verification number A"),                .reference(ReferenceRule(length: 12...12, tries: 10)), source: "myna, myna-card, jsapdu, jpki-rs"),
            .init(0x001A, Text(ja: "券面AP秘密鍵", en: "card-face key"),
                  .privateKey(KeyRule(sign: .always, internalAuthenticate: .refused(.conditionsNotSatisfied))), source: "myna-card, jsapdu"),
            .init(0x001C, Text(ja: "用途非公開", en: "purpose not public"),                  .placeholder, source: "jsapdu; choice U11"),
            .init(0x001E, Text(ja: "用途非公開", en: "purpose not public"),                  .placeholder, source: "jsapdu; choice U11"),
        ]
    )

    /// 券面事項入力補助AP: My Number and the four facts as text.
    // swift-format-ignore
    public static let inputSupport = ApplicationProfile(
        place: .inputSupport,
        name: Text(ja: "券面事項入力補助AP", en: "input-support application"),
        aid: "D392 1000 3100 0101 0408",
        commands: [.everywhere, .changeReferenceData, .computeDigitalSignature, .internalAuthenticate, .setSessionKey],
        defaultKey: 0x0013,
        sessionKey: .available(pin: 0x0011, key: 0x0106),
        files: [
            .init(0x0001, Text(ja: "個人番号 (FF10)", en: "My Number (FF10)"),               .transparent(size: 17, read: .verified(0x0011, 0x0014)), source: "myna, myna-card, jsapdu, pymyna"),
            .init(0x0002, Text(ja: "4情報 (FF20)", en: "the four facts (FF20)"),             .transparent(size: 1024, read: .verified(0x0011, 0x0015)), source: "myna, myna-card, jsapdu, pymyna; size C24"),
            .init(0x0003, Text(ja: "署名データ (FF30)", en: "digests and signature (FF30)"), .transparent(size: 336, read: .verified(0x0011, 0x0014, 0x0015)), source: "myna, myna-card, jsapdu, pymyna"),
            .init(0x0004, Text(ja: "市区町村CV証明書", en: "municipality CV certificate"),   .transparent(size: 568, read: .always), source: "myna, myna-card, jsapdu, pymyna"),
            .init(0x0005, Text(ja: "AP基本情報 (FF40)", en: "application basics (FF40)"),    .transparent(size: 256, read: .always), source: "myna, myna-card, jsapdu; size C24"),
            .init(0x0006, Text(ja: "セッション鍵設定用公開鍵", en: "public key for SET SESSION KEY"), .transparent(size: 269, read: .verified(0x0011, 0x0014, 0x0015)), source: "myna-card, jsapdu"),
            .init(0x0007, Text(ja: "0013の公開鍵 (FF50)", en: "public half of 0013 (FF50)"), .transparent(size: 536, read: .verified(0x0011, 0x0014, 0x0015)), source: "myna-card, jsapdu"),
            .init(0x0008, Text(ja: "用途非公開 (FF×16)", en: "purpose not public (FF×16)"), .transparent(size: 16, read: .always), source: "myna-card, jsapdu; choice U11"),
            .init(0x0010, Text(ja: "用途非公開", en: "purpose not public"),                  .placeholder, source: "jsapdu; choice U11"),
            .init(0x0011, Text(ja: "券面事項入力補助用暗証番号", en: "input-support PIN"),
                  .reference(ReferenceRule(length: 4...4, tries: 3, change: .verified(0x0011))), source: "myna, myna-card, jsapdu, municipalities"),
            .init(0x0012, Text(ja: "発行時から閉塞", en: "blocked from issue"),
                  .reference(ReferenceRule(length: 4...4, tries: 3, unblock: .never, isVoid: true)), source: "myna-card, jsapdu"),
            .init(0x0013, Text(ja: "入力補助AP秘密鍵", en: "input-support key"),
                  .privateKey(KeyRule(sign: .always, internalAuthenticate: .refused(.conditionsNotSatisfied))), source: "myna-card, jsapdu"),
            .init(0x0014, Text(ja: "照合番号A", en: "verification number A"),                .reference(ReferenceRule(length: 12...12, tries: 10)), source: "myna, myna-card, jsapdu, nfcpy_mynacard"),
            .init(0x0015, Text(ja: "照合番号B", en: "verification number B"),                .reference(ReferenceRule(length: 14...14, tries: 10)), source: "myna, myna-card, jsapdu, nfcpy_mynacard"),
            .init(0x001C, Text(ja: "用途非公開", en: "purpose not public"),                  .placeholder, source: "jsapdu; choice U11"),
            .init(0x001E, Text(ja: "用途非公開", en: "purpose not public"),                  .placeholder, source: "jsapdu; choice U11"),
            .init(0x0106, Text(ja: "セッション鍵設定用秘密鍵（選択不可）", en: "private key for SET SESSION KEY (not selectable)"),
                  .privateKey(KeyRule(sign: .never, internalAuthenticate: .refused(.conditionsNotSatisfied), deciphersSessionKey: true)), source: "choice"),
        ]
    )

    /// 住基AP: the resident register code.
    // swift-format-ignore
    public static let residentRegister = ApplicationProfile(
        place: .residentRegister,
        name: Text(ja: "住基AP", en: "resident-register application"),
        aid: "D392 1000 3100 0101 0401",
        commands: [.everywhere, .changeKey, .setSessionKey],
        sessionKey: .refused(.securityStatusNotSatisfied),
        files: [
            .init(0x0001, Text(ja: "住民票コード（本実装の選択）", en: "resident register code (this project's choice)"),
                  .records(read: .verifiedByTerminal(0x001C)), source: "choice U1"),
            .init(0x0002, Text(ja: "鍵識別子", en: "key id"), .records(read: .always), source: "myna-card"),
            .init(0x001C, Text(ja: "住民基本台帳用の暗証番号", en: "resident register PIN"),
                  .reference(.residentRegisterPIN(sharedWith: nil)), source: "myna-card, municipalities"),
        ]
    )
}

extension ReferenceRule {
    /// One PIN for the common and the resident-register application.
    fileprivate static func residentRegisterPIN(sharedWith: ObjectID?) -> ReferenceRule {
        ReferenceRule(length: 4...4, tries: 3, change: .verified(0x001C), sharedWith: sharedWith)
    }
}
