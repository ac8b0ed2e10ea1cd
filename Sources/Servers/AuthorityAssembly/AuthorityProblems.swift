import AuthorityCryptography
import AuthorityRecords
import AuthorityService
import CAKeys
import CardStorage
import CertificateProfiles
import EventLog
import Issuance
public import Problems
import Revocation

/// What errors of an authority are to a person.
public enum AuthorityProblems {
    public static func problem(_ error: any Error) -> Problem { known(error) ?? failed }

    /// An answer of another kind than the order asks for: the server is of another version.
    public static let strangeAnswer = Problem(
        code: "authority-answer",
        outcome: .other,
        whatHappened: Text(ja: "認証局の答えが読めません。", en: "The authority's answer cannot be read."),
        whatToDo: Text(ja: "サーバーと同じ版の fuda を使ってください。", en: "Use the fuda of the server's version.")
    )

    private static let failed = Problem(
        code: "authority-failed",
        outcome: .other,
        whatHappened: Text(ja: "認証局の処理が失敗しました。", en: "The authority failed."),
        whatToDo: Text(ja: "サーバーの記録を調べてください。", en: "Look into the server's log.")
    )

    /// What an error is to a person, for those that are an authority's.
    public static func known(_ error: any Error) -> Problem? {
        switch error {
        case let problem as Problem: problem
        case let error as RecordsError: error.problem
        case let error as ConfigurationError: error.problem
        case let error as CardFileError: error.problem
        case let failure as AuthorityKeyFailure: failure.problem
        case let error as KeyLocatorError: error.problem
        case let error as IssuanceError: issuance(error)
        case let refusal as LedgerRefusal: refused(refusal)
        case let error as AuthorityServiceError: service(error)
        case let error as StatusLogError: log(error)
        case let error as RevocationListError: service(.list(error))
        default: nil
        }
    }

    private static func issuance(_ error: IssuanceError) -> Problem {
        if case .keyFailed(let failure) = error { return failure.problem }
        return Problem(
            code: "issuance-refused",
            outcome: .refusedForSafety,
            whatHappened: Text(ja: "発行できません: \(error)", en: "It cannot be issued: \(error)."),
            whatToDo: Text(ja: "要求の内容を直してください。", en: "Correct the request.")
        )
    }

    private static func refused(_ refusal: LedgerRefusal) -> Problem {
        let (ja, en) =
            switch refusal {
            case .unknownCertificate(let reference):
                (
                    "証明書 \(reference.authority.rawValue) \(reference.serial) はありません",
                    "there is no certificate \(reference.authority.rawValue) \(reference.serial)"
                )
            case .transition(let reference, let rule):
                (
                    "証明書 \(reference.authority.rawValue) \(reference.serial) の状態では許されません（\(rule.rules.joined(separator: ", "))）",
                    "the state of certificate \(reference.authority.rawValue) \(reference.serial) does not allow it (\(rule.rules.joined(separator: ", ")))"
                )
            default: ("\(refusal)", "\(refusal)")
            }
        return Problem(
            code: "ledger-refused",
            outcome: .refusedForSafety,
            whatHappened: Text(ja: "記録と矛盾します: \(ja)。", en: "The records say otherwise: \(en)."),
            whatToDo: Text(ja: "`fuda authority status` で確かめてください。", en: "Check with `fuda authority status`.")
        )
    }

    private static func service(_ error: AuthorityServiceError) -> Problem {
        if case .list(.keyFailed(let word)) = error { return AuthorityKeyFailure.unavailable(word).problem }
        let (code, outcome, happened): (String, Outcome, Text) =
            switch error {
            case .noGeneration(let authority):
                (
                    "authority-key-missing", .other,
                    Text(
                        ja: "認証局 \(authority.rawValue) の鍵を使えません。",
                        en: "The key of authority \(authority.rawValue) cannot be used."
                    )
                )
            case .clock(let milliseconds):
                (
                    "clock-behind", .refusedForSafety,
                    Text(
                        ja: "時計が最後の記録より \(milliseconds) ミリ秒遅れています。",
                        en: "The clock is \(milliseconds) ms behind the last record."
                    )
                )
            case .clockJumped(let seconds):
                (
                    "clock-jumped", .refusedForSafety,
                    Text(ja: "時計が \(seconds) 秒変えられました。", en: "The clock was set by \(seconds) s.")
                )
            case .clockAhead(let seconds):
                (
                    "clock-ahead", .refusedForSafety,
                    Text(
                        ja: "最後の記録から \(seconds / 86_400) 日たっています。時計が進んでいるかもしれません。",
                        en: "The last record is \(seconds / 86_400) days old, or the clock is ahead."
                    )
                )
            case .requestUnfinished(let reference), .requestDiffers(let reference):
                (
                    "request-taken", .refusedForSafety,
                    Text(
                        ja: "この要求番号は証明書 \(reference.serial) に使われました。",
                        en: "This request's identifier was used for certificate \(reference.serial)."
                    )
                )
            case .nothingToRevoke:
                (
                    "certificate-unknown", .inputFile,
                    Text(ja: "該当する証明書がありません。", en: "There is no such certificate.")
                )
            case .list(.unknownPartition(let name)):
                (
                    "list-unknown", .inputFile,
                    Text(ja: "失効リスト \(name) はありません。", en: "There is no list \(name).")
                )
            case .list(let error):
                ("list-failed", .other, Text(ja: "失効リストを作れません: \(error)", en: "The list cannot be made: \(error)."))
            }
        return Problem(code: code, outcome: outcome, whatHappened: happened, whatToDo: advice(error))
    }

    private static func advice(_ error: AuthorityServiceError) -> Text {
        switch error {
        case .clockJumped, .clockAhead:
            Text(
                ja: "時計を確かめ、正しければ `fuda authority clock --trust` で信用させてください。",
                en: "Check the clock; if it is right, have it believed with `fuda authority clock --trust`."
            )
        default: Text(ja: "docs/authority/README.md を見てください。", en: "See docs/authority/README.md.")
        }
    }

    private static func log(_ error: StatusLogError) -> Problem {
        Problem(
            code: "log-broken",
            outcome: .invalid,
            whatHappened: Text(ja: "記録の連鎖が壊れています: \(error)", en: "The log's chain is broken: \(error)."),
            whatToDo: Text(ja: "`fuda verify log` で調べてください。", en: "Examine it with `fuda verify log`.")
        )
    }
}
