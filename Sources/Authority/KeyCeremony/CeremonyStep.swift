public import Problems

/// What is done in a ceremony, one after the other.
public enum CeremonyStep: String, Hashable, Sendable, CaseIterable, Codable {
    /// The blank token gets its label and the security officer's PIN.
    case initializeToken = "initialize-token"
    /// The security officer sets the user's PIN.
    case setUserPIN = "set-user-pin"
    /// The token takes the user's PIN.
    case checkUserPIN = "check-user-pin"
    /// The key pair is made; in a token, that the key can never be taken out is read back.
    case generateKey = "generate-key"
    /// The key signs, and its public half verifies it.
    case testKey = "test-key"

    /// What people read.
    public var title: Text {
        switch self {
        case .initializeToken: Text(ja: "トークンの初期化", en: "Initialise the token")
        case .setUserPIN: Text(ja: "利用者PINの設定", en: "Set the user PIN")
        case .checkUserPIN: Text(ja: "利用者PINの確認", en: "Check the user PIN")
        case .generateKey: Text(ja: "鍵の生成", en: "Generate the key")
        case .testKey: Text(ja: "署名の試験", en: "Test the key")
        }
    }
}

/// How a step ended, and when.
public struct CeremonyEntry: Hashable, Sendable, Codable {
    public enum Outcome: String, Hashable, Sendable, Codable {
        case done
        case failed
        /// An earlier step failed.
        case notReached = "not-reached"
    }

    public let step: CeremonyStep
    public let outcome: Outcome
    /// Why it failed: a word such as `CKR_PIN_INCORRECT`.
    public let reason: String?
    /// UTC, `2026-01-31T00:00:00Z`; `nil` for steps that were not reached.
    public let at: String?
}
