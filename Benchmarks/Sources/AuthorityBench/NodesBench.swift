import AuthorityAssembly
import CertificateProfiles
import EventLog
import ForeignTools
import Foundation
import PKIX

/// Two nodes over one PostgreSQL: how long a hold takes to be acknowledged, and how soon after that the other node says
/// so.
enum NodesBench {
    private static let holds = 300

    static func run(in folder: String) async throws {
        let database = try PostgresServer()
        let address = "postgres:" + (try database.database())
        let first = try await LoadedAuthority(folder + "/n1", count: holds, database: address)
        let second = folder + "/n2"
        try Program.demand(
            ["fuda-issue", "authority", "join", "--data", second, "--from", first.folder.path, "--node", "n2"],
            notes: folder + "/join.log"
        )
        let servers = try [first.folder.path, second].map { try Server($0) }
        defer { for server in servers { server.program.stop() } }
        let ports = try [first.folder, try AuthorityFolder(second)].map { try AuthorityPort($0) }
        let clients = try servers.map { try HTTPClient($0.statusPort) }
        var (acknowledged, visible) = ([Double](), [Double]())
        var wrong = 0
        for (number, serial) in first.serials.enumerated() {
            let writer = number % 2
            let began = ContinuousClock.now
            let reference = CertificateReference(.auth, serial)
            _ = try ports[writer].carryOut(.revoke(.serial(reference), .certificateHold), by: "bench")
            let told = ContinuousClock.now
            var asked = 0
            while try !isRevoked(clients[1 - writer], first.issuer, serial) { asked += 1 }
            visible.append((ContinuousClock.now - told).milliseconds)
            acknowledged.append((told - began).milliseconds)
            if asked > 0 { wrong += 1 }
        }
        for (name, times) in [
            ("hold ordered at one of two nodes → acknowledged", acknowledged),
            ("… acknowledged → revoked in OCSP of the other node", visible),
        ] {
            let p99 = times.quantile(0.99)
            Measure.say(
                name,
                "p50 \(times.median.rounded(1)) ms, p99 \(p99.rounded(1)) ms, max \((times.max() ?? 0).rounded(1)) ms",
                bar: "p99 1 s",
                p99 < 1000
            )
        }
        Measure.say("… of \(holds) answered with anything else in between", "\(wrong)", bar: "0", wrong == 0)
    }

    private static func isRevoked(_ client: HTTPClient, _ issuer: [UInt8], _ serial: UInt32) throws -> Bool {
        let nonce = (0..<16).map { _ in UInt8.random(in: 0...255) }
        let request = try OCSPRequest.encode([try AnswerBench.certID(issuer, serial)], nonce: nonce)
        let answer = try client.post("/ocsp/auth", request)
        guard case .answered(let basic) = try OCSPResponse(parsing: answer.body),
            case .revoked? = basic.answers.first?.status
        else { return false }
        return true
    }
}
