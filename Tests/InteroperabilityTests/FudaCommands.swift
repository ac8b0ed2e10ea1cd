import Foundation

extension CardInReader {
    /// Runs `fuda` beside the reader until its end.
    func fuda(
        _ arguments: String...,
        with more: [String: String] = [:],
        input: String = "",
        timeout: Double = 60
    ) throws -> Answer {
        let program = try RunningProgram(
            try CardLibrary.program(),
            arguments,
            environment: environment.merging(more) { $1 },
            input: input,
            folder: folder
        )
        return try program.waitForEnd(timeout: timeout)
    }

    /// Where the test authority of these cards keeps what verifiers trust.
    var authority: String { CardLibrary.folder.appending(path: "data/fuda/authority").path }

    /// Says a fault to the inserted card, which obeys before this returns.
    func fault(_ words: String...) throws {
        let answer = try start(["card", "fault", cards[0].path] + words).waitForEnd()
        guard answer.status == 0 else { throw ProgramFailure(description: "fault: \(answer.text)") }
    }

    /// Puts a card back that was torn out, once the reader has noticed, and waits until it tells of it.
    func putBack() throws {
        try wait(forCard: false)
        try fault("put-back")
        try wait(forCard: true)
    }

    /// Waits until the first slot has a card, or none.
    func wait(forCard isThere: Bool) throws {
        let limit = ContinuousClock.now + .seconds(60)
        while try run(.openscTool, ["--list-readers"]).output.contains(/Yes .*Virtual PCD 00 00/) != isThere {
            guard ContinuousClock.now < limit else { throw ProgramFailure(description: "a card: never \(isThere)") }
        }
    }

    func bytes(_ name: String) throws -> Data { try Data(contentsOf: file(name)) }
}

extension Answer {
    /// Standard output as a JSON object.
    var json: [String: Any] {
        (try? JSONSerialization.jsonObject(with: Data(output.utf8))) as? [String: Any] ?? [:]
    }

    /// The code of an error that was told as JSON.
    var errorCode: String? { (json["error"] as? [String: Any])?["code"] as? String }

    /// Findings of a verification, by their names.
    var findings: [String: String] {
        let list = json["findings"] as? [[String: Any]] ?? []
        return Dictionary(
            uniqueKeysWithValues: list.map { ($0["check"] as? String ?? "", $0["state"] as? String ?? "") }
        )
    }
}
