/// What came of one check: three words, everywhere, and never one green word for all of them.
public enum FindingState: String, Hashable, Sendable, CaseIterable {
    case confirmed
    case failed
    case notChecked = "not-checked"

    /// The word people read.
    public var word: Text {
        switch self {
        case .confirmed: Text(ja: "確認", en: "confirmed")
        case .failed: Text(ja: "不合格", en: "failed")
        case .notChecked: Text(ja: "未確認", en: "not checked")
        }
    }
}

/// One check of something that claims to be genuine, and what came of it.
///
/// Reasons are shown and logged: they hold no name, number, PIN or key.
public struct Finding: Hashable, Sendable {
    /// Stable identifier such as `text-signature`.
    public let check: String
    /// What was looked at, in words.
    public let subject: Text
    public let state: FindingState
    /// Why it failed or was not looked at; `nil` where it was confirmed.
    public let reason: Text?

    public init(_ check: String, _ subject: Text, _ state: FindingState, reason: Text? = nil) {
        self.check = check
        self.subject = subject
        self.state = state
        self.reason = reason
    }
}
