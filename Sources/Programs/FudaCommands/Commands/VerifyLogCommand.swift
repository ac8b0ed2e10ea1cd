import ArgumentParser
import CommandBasics
import EventLog
import FoundationEssentials
import Problems
import Terminal
import Validation

/// `fuda verify log`: whether an authority's log is whole, and what it says of its certificates.
struct VerifyLogCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log",
        abstract: Terminal.say("認証局の記録を調べる", "examine an authority's log"),
        discussion: Terminal.say(
            "`fuda authority audit` が書き出したファイルを調べます。別に保管したチェックポイントを渡すと、末尾の切り取りも分かります。",
            "Examines what `fuda authority audit` wrote. With checkpoints that were kept elsewhere it also finds that the end was cut off."
        )
    )

    @Argument(help: ArgumentHelp(Terminal.say("記録ファイル", "log file"), valueName: "file"))
    var file: String

    @Option(help: ArgumentHelp(Terminal.say("監査鍵の公開鍵（PEM）", "public half of the audit key (PEM)"), valueName: "file"))
    var key: String

    @Option(
        help: ArgumentHelp(Terminal.say("別に保管したチェックポイント", "checkpoints that were kept elsewhere"), valueName: "file")
    )
    var checkpoints: String?

    @OptionGroup var common: CommonOptions

    func run() throws {
        guard let signature = DetachedSignature(publicKey: try Files.read(key)) else { throw Self.badKey(key) }
        let lines = try Self.lines(file)
        let apart = try checkpoints.map(Self.lines)
        var verifier = LogVerifier()
        for case .checkpoint(let checkpoint) in apart ?? lines {
            verifier.take(checkpoint) { signature.isRight($1, of: $0) }
        }
        var state = AuthorityState()
        for case .entry(let entry) in lines {
            verifier.take(entry)
            state.take(entry)
        }
        verifier.finish()
        try report(verifier, state)
    }

    private func report(_ verifier: LogVerifier, _ state: AuthorityState) throws {
        let faults = (verifier.faults + state.faults + state.impossible).map { $0.text.inLanguage(Terminal.language) }
        let isUnwitnessed = verifier.lastCheckpoint == nil
        let outcome: Outcome = faults.isEmpty ? (isUnwitnessed ? .undecided : .done) : .invalid
        var states: [String: Int] = [:]
        for certificate in state.certificates.values { states[certificate.state.rawValue, default: 0] += 1 }
        if common.json {
            struct Report: Encodable {
                let schema = 1
                let entries: Int
                let writers: [String: UInt64]
                let lastCheckpoint: UInt64?
                let certificates: [String: Int]
                let faults: [String]
            }
            Terminal.out(
                try jsonText(
                    Report(
                        entries: verifier.count,
                        writers: verifier.heads.mapValues(\.sequence),
                        lastCheckpoint: verifier.lastCheckpoint?.number,
                        certificates: states,
                        faults: faults
                    )
                )
            )
        } else {
            Terminal.out(
                Terminal.say(
                    "記録 \(verifier.count) 件、チェックポイント \(verifier.lastCheckpoint.map { "\($0.number)" } ?? "なし")",
                    "entries \(verifier.count), last checkpoint \(verifier.lastCheckpoint.map { "\($0.number)" } ?? "none")"
                )
            )
            for (name, count) in states.sorted(by: { $0.key < $1.key }) { Terminal.out("  \(name): \(count)") }
            for fault in faults { Terminal.out(Terminal.say("不合格: \(fault)", "failed: \(fault)")) }
            if faults.isEmpty {
                Terminal.out(
                    isUnwitnessed
                        ? Terminal.say("チェックポイントがないため判定できません", "undecided: there is no checkpoint")
                        : Terminal.say("確認: 連鎖とチェックポイントが一致します", "confirmed: chain and checkpoints agree")
                )
            }
        }
        if outcome != .done { throw ExitCode(outcome.rawValue) }
    }

    private static func lines(_ path: String) throws -> [LogFileLine] {
        try Files.read(path).split(separator: 0x0A).map { line in
            do throws(LogFileError) { return try LogFileLine(decoding: Array(line)) } catch {
                throw unreadable(path)
            }
        }
    }

    static func unreadable(_ path: String) -> Problem {
        Problem(
            code: "log-unreadable",
            outcome: .inputFile,
            whatHappened: Text(ja: "\(path) は記録ファイルではありません。", en: "\(path) is no log file."),
            whatToDo: Text(ja: "`fuda authority audit` で書き出してください。", en: "`fuda authority audit` writes one.")
        )
    }

    static func badKey(_ path: String) -> Problem {
        Problem(
            code: "audit-key",
            outcome: .inputFile,
            whatHappened: Text(ja: "\(path) は公開鍵（PEM）ではありません。", en: "\(path) is no public key in PEM."),
            whatToDo: Text(ja: "認証局のフォルダーの audit.pem を渡してください。", en: "Give the audit.pem of the authority's folder.")
        )
    }
}
