import AuthorityAssembly
import CertificateProfiles
import CommandBasics
import IssueCommands
import Terminal

/// An authority at a glance, for people and for programs.
struct OverviewReport {
    private let overview: AuthorityOverview
    private let wantsJSON: Bool

    init(_ port: AuthorityPort, _ common: CommonOptions) throws {
        guard case .overview(let overview) = try port.carryOut(.overview, by: Operator.name) else {
            throw AuthorityProblems.strangeAnswer
        }
        self.overview = overview
        wantsJSON = common.json
    }

    func show(made: String? = nil) throws {
        struct Report: Encodable {
            let schema = 1
            let overview: AuthorityOverview
        }
        if wantsJSON { return Terminal.out(try jsonText(Report(overview: overview))) }
        if let made {
            Terminal.out(
                Terminal.say("\(made): 認証局を作りました（模擬）", "\(made): an authority (simulated)")
            )
        }
        for line in overview.authorities {
            Terminal.out(
                Terminal.say(
                    "  \(line.authority.rawValue): 世代 \(line.generations)、発行 \(line.issued)、未交付 \(line.inactive)、失効 \(line.revoked)、失効リスト \(line.lists)",
                    "  \(line.authority.rawValue): generations \(line.generations), issued \(line.issued), not handed over \(line.inactive), revoked \(line.revoked), lists \(line.lists)"
                )
            )
        }
    }
}
