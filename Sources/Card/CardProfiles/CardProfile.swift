public import Problems

/// The three things that answer to a JPKI client.
///
/// The raw value is written into card files and persona files and never changes.
public enum CardKind: String, Hashable, Sendable, CaseIterable {
    /// The card itself, with all six places.
    case plastic
    /// The token in an Android phone's secure element: JPKI-AP alone, its authentication certificate behind the PIN.
    case android
    /// The token in an iPhone: JPKI-AP alone, with a command that ends the exchange.
    case iphone
}

/// Everything one kind of card consists of.
public struct CardProfile: Sendable {
    public let kind: CardKind
    /// The card manager first: it is current after a reset.
    public let applications: [ApplicationProfile]

    public static func of(_ kind: CardKind) -> CardProfile {
        switch kind {
        case .plastic:
            CardProfile(
                kind: kind,
                applications: [.cardManager, .common, .jpki, .cardFace, .inputSupport, .residentRegister]
            )
        case .android:
            CardProfile(kind: kind, applications: [.cardManager, .jpkiOnAndroid])
        case .iphone:
            CardProfile(kind: kind, applications: [.cardManager, .jpki])
        }
    }

    public func application(_ place: Place) -> ApplicationProfile? {
        for application in applications where application.place == place { return application }
        return nil
    }
}

/// Departures from the card as observed, for testing clients; none is on unless it is asked for.
public struct Leniency: OptionSet, Hashable, Sendable {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// An empty VERIFY answers 9000 once the PIN is verified, as some cards do (docs/card, U4).
    public static let verifiedQueryAnswers9000 = Self(rawValue: 1 << 0)
    /// VERIFY on a blocked PIN answers ISO's 6983 (docs/card, U5).
    public static let blockedAnswers6983 = Self(rawValue: 1 << 1)
    /// READ BINARY that meets the end of the file answers 6282 (docs/card, U6).
    public static let shortReadAnswers6282 = Self(rawValue: 1 << 2)
    /// A warm reset keeps the verified state (docs/card, U27).
    public static let warmResetKeepsState = Self(rawValue: 1 << 3)
    /// `80 A2` is obeyed (docs/card, 5.10, U16).
    public static let terminalCertificates = Self(rawValue: 1 << 4)
    /// The first command after power-up is answered 6F00 (docs/card, 1.1).
    public static let firstCommandAnswers6F00 = Self(rawValue: 1 << 5)

    /// Every switch with the name the command line and the documentation use.
    public static let named: [(name: String, leniency: Leniency, meaning: Text)] = [
        (
            "verified-query-9000", .verifiedQueryAnswers9000,
            Text(ja: "照合済みの空VERIFYに9000を返す", en: "an empty VERIFY answers 9000 once verified")
        ),
        (
            "blocked-6983", .blockedAnswers6983,
            Text(ja: "閉塞した暗証番号のVERIFYに6983を返す", en: "VERIFY on a blocked PIN answers 6983")
        ),
        (
            "short-read-6282", .shortReadAnswers6282,
            Text(ja: "ファイル末尾で短い読出しに6282を返す", en: "a read cut short by the end of the file answers 6282")
        ),
        (
            "warm-reset-keeps-state", .warmResetKeepsState,
            Text(ja: "ウォームリセットで照合状態を保つ", en: "a warm reset keeps the verified state")
        ),
        (
            "terminal-certificates", .terminalCertificates,
            Text(ja: "端末証明書(80 A2)を受け付ける", en: "terminal certificates (80 A2) are obeyed")
        ),
        (
            "first-command-6f00", .firstCommandAnswers6F00,
            Text(ja: "電源投入後の最初のコマンドに6F00を返す", en: "the first command after power-up answers 6F00")
        ),
    ]
}
