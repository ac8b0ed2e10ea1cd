import Foundation
import Glibc

/// One card or more in a pcscd of their own, and the programs that talk to them.
final class CardInReader {
    let folder: URL
    let cards: [URL]
    private(set) var environment: [String: String]
    private let options: [String]
    private var insertion: RunningProgram?

    /// Puts the cards of these personas into one virtual reader after another.
    init(_ personas: String..., options: [String] = []) throws {
        folder = try CardLibrary.makeFolder()
        environment = CardLibrary.environment(home: folder)
        self.options = options
        var cards: [URL] = []
        for (number, persona) in personas.enumerated() {
            let file = folder.appending(path: "\(number).card")
            try CardLibrary.shared.putCard(persona, at: file)
            cards.append(file)
        }
        self.cards = cards
        try insert()
    }

    deinit {
        _ = try? remove()
        try? FileManager.default.removeItem(at: folder)
    }

    /// Puts the cards in and waits until the reader tells of every one of them.
    func insert() throws {
        let insertion = try start(["card", "insert"] + cards.map(\.path) + ["--own-reader", folder.path] + options)
        self.insertion = insertion
        let line = try insertion.waitForLine("export PCSCLITE_CSOCK_NAME=")
        environment["PCSCLITE_CSOCK_NAME"] = String(line.drop { $0 != "=" }.dropFirst())
        // The cards are in; the reader has yet to notice.
        let limit = ContinuousClock.now + .seconds(60)
        var listed: Answer
        repeat {
            listed = try run(.openscTool, ["--list-readers"])
            guard ContinuousClock.now < limit else { throw ProgramFailure(description: "no card: \(listed.text)") }
        } while listed.output.matches(of: /Yes .*Virtual PCD/).count < cards.count
    }

    /// Takes the cards out as a user does, and tells how that ended.
    @discardableResult
    func remove(by signal: Int32 = SIGTERM) throws -> Answer? {
        guard let insertion else { return nil }
        self.insertion = nil
        insertion.signal(signal)
        return try insertion.waitForEnd(timeout: 60)
    }

    /// Starts `fuda` beside the reader.
    func start(_ arguments: [String]) throws -> RunningProgram {
        try RunningProgram(try CardLibrary.program(), arguments, environment: environment, folder: folder)
    }

    /// Runs a peer in the test's folder until its end.
    func run(
        _ peer: Peer,
        _ arguments: [String],
        input: String = "",
        with more: [String: String] = [:],
        timeout: Double = 60
    ) throws -> Answer {
        let program = try RunningProgram(
            try peer.path(),
            arguments,
            environment: environment.merging(more) { $1 },
            input: input,
            folder: folder
        )
        return try program.waitForEnd(timeout: timeout)
    }

    func file(_ name: String) -> URL { folder.appending(path: name) }

    func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: file(name))
    }
}
