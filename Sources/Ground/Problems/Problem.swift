/// A sentence in the two languages every command speaks.
public struct Text: Hashable, Sendable {
    public let ja: String
    public let en: String

    public init(ja: String, en: String) {
        self.ja = ja
        self.en = en
    }

    public func inLanguage(_ language: Language) -> String {
        switch language {
        case .japanese: ja
        case .english: en
        }
    }
}

public enum Language: String, Hashable, Sendable, CaseIterable {
    case japanese = "ja"
    case english = "en"

    /// Picks a language from `--lang`, else from the locale (`LC_ALL`, `LC_MESSAGES`, `LANG`): Japanese where that
    /// begins with `ja`, English otherwise.
    public init(option: String?, locale: String?) {
        if let option, let chosen = Language(rawValue: option) {
            self = chosen
        } else {
            self = locale?.hasPrefix("ja") == true ? .japanese : .english
        }
    }
}

/// How a command ended, as its exit code: one table for all programs.
public enum Outcome: Int32, Hashable, Sendable, CaseIterable {
    case done = 0
    case other = 1
    case usage = 2
    case noReader = 3
    case noCard = 4
    case wrongPIN = 5
    case blockedPIN = 6
    case refusedForSafety = 7
    case invalid = 8
    case undecided = 9
    case revokedOrExpired = 10
    case cancelled = 11
    case outcomeUnknown = 12
    case network = 13
    case inputFile = 14
}

/// An error on its way to a person: what happened, what to do, a code to look up, and how the program ends.
///
/// The texts are written to be shown and logged: they never hold a PIN, a key, a My Number or a name.
public struct Problem: Error, Hashable, Sendable {
    /// Stable identifier such as `card-file-locked`.
    public let code: String
    public let outcome: Outcome
    public let whatHappened: Text
    public let whatToDo: Text

    public init(code: String, outcome: Outcome, whatHappened: Text, whatToDo: Text) {
        self.code = code
        self.outcome = outcome
        self.whatHappened = whatHappened
        self.whatToDo = whatToDo
    }
}
