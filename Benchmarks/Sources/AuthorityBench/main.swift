import Foundation

// Figures of the authority, each beside what it is measured against in the same run. Arguments: a folder to work in, and
// the parts to run (status, answers, list, server, nodes, issue; all if none is named). `server` needs `fuda-server`,
// `BareServer` and `wrk`; `nodes` needs `fuda-server`, `fuda-issue` and PostgreSQL.

guard let folder = CommandLine.arguments.dropFirst().first, FileManager.default.fileExists(atPath: folder) else {
    print("usage: AuthorityBench FOLDER [status|answers|list|server|nodes|issue …]")
    exit(2)
}
let parts = Set(CommandLine.arguments.dropFirst(2))

func wanted(_ name: String) -> Bool { parts.isEmpty || parts.contains(name) }

if wanted("status") { try StatusBench.run() }
if wanted("answers") { try AnswerBench.run() }
if wanted("list") { try ListBench.run(in: folder) }
if wanted("server") { try await ServerBench.run(in: folder) }
if wanted("nodes") { try await NodesBench.run(in: folder) }
if wanted("issue") { try await IssueBench.run(in: folder) }
