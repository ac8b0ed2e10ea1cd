import Foundation

// Figures of the authority, each beside what it is measured against in the same run. Arguments: a folder to work in, and
// the parts to run (status, answers, issue, list; all if none is named).

let folder = CommandLine.arguments.dropFirst().first ?? NSTemporaryDirectory()
let parts = Set(CommandLine.arguments.dropFirst(2))

func wanted(_ name: String) -> Bool { parts.isEmpty || parts.contains(name) }

if wanted("status") { try StatusBench.run() }
if wanted("answers") { try AnswerBench.run() }
if wanted("list") { try ListBench.run(in: folder) }
if wanted("issue") { try await IssueBench.run(in: folder) }
