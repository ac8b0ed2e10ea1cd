import ArgumentParser
import AuthorityAssembly
import CertificateProfiles
import CommandBasics
import EventLog
import FoundationEssentials
import IssueCommands
import Problems
import Terminal

/// `fuda authority revoke`: ends certificates; returns when nobody says any more that they are good.
struct RevokeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: Terminal.say("証明書を失効・一時保留にする", "revoke certificates, or put them on hold"),
        discussion: Terminal.say(
            "一時保留 (hold) は解除されません。見つかったカードには新しい証明書を発行します。",
            "A hold is never lifted: a card that was found gets new certificates."
        )
    )

    @Option(help: ArgumentHelp(Terminal.say("認証局のフォルダー", "folder of the authority"), valueName: "folder"))
    var data: String

    @OptionGroup var which: SelectionOptions

    @Option(
        help: ArgumentHelp(
            Terminal.say("理由", "reason"),
            valueName: "hold|key-compromise|changed|superseded|ceased|unspecified"
        )
    )
    var reason: ReasonName

    @OptionGroup var common: CommonOptions

    func run() throws {
        let selection = try which.selection()
        let port = try AuthorityPort(try AuthorityFolder(data))
        defer { port.close() }
        guard case .revoked(let lines) = try port.carryOut(.revoke(selection, reason.reason), by: Operator.name) else {
            throw AuthorityProblems.strangeAnswer
        }
        struct Report: Encodable {
            let schema = 1
            let revoked: [AuthorityAnswer.RevokedLine]
        }
        if common.json { return Terminal.out(try jsonText(Report(revoked: lines))) }
        for line in lines {
            let name = "\(line.kind.rawValue) \(line.serial)"
            let already = line.wasAlready ? Terminal.say("（すでに）", " (already)") : ""
            Terminal.out(
                Terminal.say(
                    "\(name): 失効 \(ReasonName(line.reason).rawValue)\(already)",
                    "\(name): revoked, \(ReasonName(line.reason).rawValue)\(already)"
                )
            )
        }
    }
}

/// Reasons by words that are easy to type.
enum ReasonName: String, ExpressibleByArgument, CaseIterable {
    case hold
    case keyCompromise = "key-compromise"
    case changed
    case superseded
    case ceased
    case unspecified
    case authorityCompromise = "authority-compromise"

    init(_ reason: RevocationReason) {
        self =
            switch reason {
            case .unspecified: .unspecified
            case .keyCompromise: .keyCompromise
            case .cACompromise: .authorityCompromise
            case .affiliationChanged: .changed
            case .superseded: .superseded
            case .cessationOfOperation: .ceased
            case .certificateHold: .hold
            }
    }

    var reason: RevocationReason {
        switch self {
        case .unspecified: .unspecified
        case .keyCompromise: .keyCompromise
        case .authorityCompromise: .cACompromise
        case .changed: .affiliationChanged
        case .superseded: .superseded
        case .ceased: .cessationOfOperation
        case .hold: .certificateHold
        }
    }
}
