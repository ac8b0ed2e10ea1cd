import Foundation
import Testing

/// The whole loop, as one command.
@Suite struct `fuda tour` {
    @Test func `goes from an authority to a held card with real programs, and leaves what was made`() throws {
        let desk = try Desk(hasAuthority: false)
        // A socket's path may have 107 bytes, so the folder has a short name of its own.
        let folder = "/tmp/fuda-tour-\(ProcessInfo.processInfo.processIdentifier)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let answer = try desk.fuda("tour", "--json", "--keep", folder)
        #expect(answer.status == 0, "\(answer.notes)")
        let steps = try #require(answer.json?["steps"] as? [[String: Any]])
        #expect(
            steps.compactMap { $0["name"] as? String } == [
                "authority", "server", "issue", "insert", "read", "challenge", "validate", "hold", "refuse",
            ]
        )
        #expect(steps.last?["result"] as? String == "exit 10")
        for name in ["auth.der", "challenge", "challenge.sig", "valid.json", "held.json", "adult.card"] {
            #expect(FileManager.default.fileExists(atPath: folder + "/" + name), "\(name)")
        }
        // The same certificate, the same question, two answers.
        for (name, conclusion) in [("valid", "valid"), ("held", "revoked")] {
            let data = try Data(contentsOf: URL(filePath: folder + "/\(name).json"))
            let report = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
            #expect("\(report)".contains(conclusion))
        }
        // Nobody runs any more: the server took its endpoints away.
        #expect(!FileManager.default.fileExists(atPath: folder + "/authority/endpoints.json"))
    }
}
