public import AuthorityCryptography
public import Problems

/// Why a key cannot be used, where it is not a token that says so: the stable words in ``AuthorityKeyFailure``.
public enum KeyReason: String, Hashable, Sendable, CaseIterable {
    /// The passphrase does not open the key file, or the file was altered.
    case wrongPassphrase = "wrong-passphrase-or-altered"
    case notAKeyFile = "not-a-key-file"
    case fileExists = "file-exists"
    case fileMissing = "file-missing"
    case readableByOthers = "readable-by-others"
    case fileFailed = "file-failed"
    /// Longer than any key or PIN.
    case fileTooLong = "file-too-long"
    case emptySecret = "empty-secret"
    case keyNotFound = "key-not-found"
    case severalKeys = "several-keys-match"
    case severalTokens = "several-tokens-match"
    /// Neither RSA-2048 with exponent 65537 nor P-384, or a key that may not sign.
    case keyOfAnotherKind = "key-of-another-kind"
    /// The public half that is beside the key is not the key's own.
    case foreignPublicKey = "public-key-of-another"
    /// The token holds another key under the name than it did before.
    case keyReplaced = "key-replaced"
    /// A PIN that the token has refused already; it is not shown again, since tries are counted.
    case pinRefusedBefore = "pin-refused-before"
    /// Only one try is left, and a program may not spend it.
    case lastTry = "last-try"
    case moduleNotLoaded = "module-not-loaded"
    /// Neither the locator nor the configuration names the module.
    case noModule = "no-module-path"
    /// Neither the locator nor the configuration names the file with the PIN.
    case noPINSource = "no-pin-source"
    /// What was made in the token could be taken out of it, or was not made there.
    case keyNotSafe = "key-not-safe"
    /// Every session is in use and none came free in time, or the library does not answer.
    case busy = "busy"
    case noBlankSlot = "no-blank-slot"
    case tokenExists = "token-exists"
    case keyExists = "key-exists"
    /// The token takes no PIN of the length that is needed.
    case pinLength = "pin-length"
    case library = "libcrypto-failed"
}

extension AuthorityKeyFailure {
    static func unavailable(_ reason: KeyReason) -> Self { .unavailable(reason.rawValue) }
    static func refused(_ reason: KeyReason) -> Self { .refused(reason.rawValue) }

    /// The word in it: a ``KeyReason``, or a name that PKCS #11 gives to a return value.
    public var word: String {
        switch self {
        case .unavailable(let word), .refused(let word): word
        }
    }

    /// For people.
    public var problem: Problem {
        let reason = KeyReason(rawValue: word)
        let said = reason?.sentence ?? Text(ja: "トークンの答え: \(word)", en: "The token answered \(word).")
        switch self {
        case .unavailable:
            return Problem(
                code: "key-unavailable",
                outcome: .other,
                whatHappened: Text(ja: "鍵を使えません。\(said.ja)", en: "The key cannot be reached. \(said.en)"),
                whatToDo: reason?.advice
                    ?? Text(
                        ja: "トークンとモジュールの状態を確かめてください。戻れば再開します。",
                        en: "Check the token and its module; work goes on when it is back."
                    )
            )
        case .refused:
            return Problem(
                code: "key-refused",
                outcome: outcome,
                whatHappened: Text(ja: "鍵の利用が拒まれました。\(said.ja)", en: "The key was refused. \(said.en)"),
                whatToDo: reason?.advice ?? advice
            )
        }
    }

    private var outcome: Outcome {
        switch word {
        case "CKR_PIN_INCORRECT", KeyReason.pinRefusedBefore.rawValue: .wrongPIN
        case "CKR_PIN_LOCKED": .blockedPIN
        case KeyReason.lastTry.rawValue, KeyReason.tokenExists.rawValue, KeyReason.keyExists.rawValue: .refusedForSafety
        case _ where word.hasPrefix("CKR_"): .other
        default: .inputFile
        }
    }

    private var advice: Text {
        switch word {
        case "CKR_PIN_INCORRECT", "CKR_PIN_LOCKED":
            Text(
                ja: "二人の秘密を確かめてください。トークンは失敗の回数を数えることがあります。",
                en: "Check the secrets of both custodians; the token may be counting wrong tries."
            )
        default: Text(ja: "鍵の場所と種類を確かめてください。", en: "Check where the key is, and its kind.")
        }
    }
}

extension KeyReason {
    private static let text: [KeyReason: Text] = [
        .wrongPassphrase: Text(
            ja: "パスフレーズが違うか、鍵ファイルが変えられています。",
            en: "The passphrase is wrong, or the key file was altered."
        ),
        .notAKeyFile: Text(
            ja: "暗号化された鍵ファイル（PBES2、scrypt、AES-256-CBC）ではありません。",
            en: "It is no encrypted key file (PBES2 with scrypt and AES-256-CBC)."
        ),
        .fileExists: Text(ja: "その名前のファイルがあります。", en: "A file of that name is there already."),
        .fileMissing: Text(ja: "ファイルがありません。", en: "The file is not there."),
        .readableByOthers: Text(ja: "ほかの利用者が読めるファイルです。", en: "Others can read the file."),
        .fileFailed: Text(ja: "ファイルを読み書きできません。", en: "The file cannot be read or written."),
        .fileTooLong: Text(ja: "ファイルが長すぎます。", en: "The file is too long."),
        .emptySecret: Text(ja: "秘密が空か、長すぎます。", en: "The secret is empty or too long."),
        .keyNotFound: Text(ja: "その鍵がトークンにありません。", en: "There is no such key in the token."),
        .severalKeys: Text(ja: "当てはまる鍵が二つ以上あります。", en: "More than one key matches."),
        .severalTokens: Text(ja: "当てはまるトークンが二つ以上あります。", en: "More than one token matches."),
        .keyOfAnotherKind: Text(
            ja: "RSA-2048（指数65537）でもP-384でもないか、署名できない鍵です。",
            en: "It is neither RSA-2048 with exponent 65537 nor P-384, or it may not sign."
        ),
        .foreignPublicKey: Text(
            ja: "隣にある公開鍵がこの鍵のものではありません。",
            en: "The public key beside it is not its own."
        ),
        .keyReplaced: Text(ja: "同じ名前の別の鍵になっています。", en: "Another key now bears its name."),
        .pinRefusedBefore: Text(
            ja: "トークンが前に拒んだPINなので、送りませんでした。",
            en: "The token has refused this PIN before, so it was not sent again."
        ),
        .lastTry: Text(ja: "PINの残り回数が1回なので、送りませんでした。", en: "One try is left, so the PIN was not sent."),
        .moduleNotLoaded: Text(
            ja: "PKCS#11モジュールを読み込めません。",
            en: "The PKCS #11 module cannot be loaded."
        ),
        .noModule: Text(ja: "PKCS#11モジュールが指定されていません。", en: "No PKCS #11 module is named."),
        .noPINSource: Text(ja: "PINファイルが指定されていません。", en: "No PIN file is named."),
        .keyNotSafe: Text(
            ja: "トークンで作られた鍵が、取り出せない鍵になっていません。",
            en: "The key that the token made is not one that stays in it."
        ),
        .busy: Text(ja: "モジュールが時間内に答えません。", en: "The module did not answer in time."),
        .noBlankSlot: Text(ja: "初期化されていないトークンがありません。", en: "There is no token that is not initialised yet."),
        .tokenExists: Text(ja: "その名前のトークンがあります。", en: "A token of that name is there already."),
        .keyExists: Text(ja: "その名前の鍵がトークンにあります。", en: "A key of that name is in the token already."),
        .pinLength: Text(
            ja: "トークンが必要な長さのPINを受け付けません。",
            en: "The token takes no PIN of the length that is needed."
        ),
        .library: Text(ja: "libcryptoの処理が失敗しました。", en: "libcrypto failed."),
    ]

    var sentence: Text { Self.text[self] ?? Text(ja: rawValue, en: rawValue) }

    fileprivate var advice: Text? {
        switch self {
        case .readableByOthers: Text(ja: "chmod 600 で直してください。", en: "Mend it with chmod 600.")
        case .fileExists, .keyExists, .tokenExists:
            Text(ja: "別の名前にしてください。何も変えていません。", en: "Choose another name; nothing was changed.")
        case .lastTry:
            Text(
                ja: "二人の管理者が `fuda authority activate` で確かめてください。",
                en: "Let both custodians run `fuda authority activate`."
            )
        case .noBlankSlot:
            Text(
                ja: "空のトークンを用意するか、既存のものには --existing-token を付けてください。",
                en: "Provide a blank token, or use --existing-token for one that is there."
            )
        default: nil
        }
    }
}
