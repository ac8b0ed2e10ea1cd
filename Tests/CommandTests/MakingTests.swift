import Foundation
import Glibc
import Testing

@Suite(.serialized) struct `Making cards` {
    private let desk: Desk

    init() throws { desk = try Desk() }

    private func persona() throws -> String {
        let repository = URL(filePath: #filePath).appending(path: "../../..").standardized
        return try String(contentsOf: repository.appending(path: "Personas/android.json"), encoding: .utf8)
    }

    private func own(_ text: String) throws {
        try FileManager.default.createDirectory(atPath: desk.path("own"), withIntermediateDirectories: true)
        try desk.write(text, to: "own/neighbour.json")
    }

    @Test func `for a person of one's own takes a file and no code`() throws {
        try own(try persona().replacing("\"android\",\n  \"title\"", with: "\"neighbour\",\n  \"title\""))
        let list = try desk.fuda("card", "personas", "--personas", "own", "--json")
        let names = (list.json?["personas"] as? [[String: Any]])?.compactMap { $0["name"] as? String } ?? []
        #expect(names.contains("neighbour") && names.contains("adult"))
        let made = try desk.fuda("card", "new", "--persona", "neighbour", "--personas", "own", "-o", "a.card", "--json")
        #expect(made.status == 0)
        #expect(made.json?["persona"] as? String == "neighbour")
        let elsewhere = try desk.fuda(
            "card",
            "new",
            "--persona",
            "neighbour",
            "-o",
            "b.card",
            environment: ["FUDA_PERSONAS": desk.path("own")]
        )
        #expect(elsewhere.status == 0)
        #expect(try desk.fuda("card", "new", "--persona", "neighbour", "-o", "c.card").status == 2)
    }

    @Test func `for a person who cannot be names the field and not its value`() throws {
        try own(
            try persona().replacing("\"android\",\n  \"title\"", with: "\"neighbour\",\n  \"title\"")
                .replacing("123456789018", with: "123456789011")
        )
        let answer = try desk.fuda("card", "new", "--persona", "neighbour", "--personas", "own", "-o", "a.card")
        #expect(answer.status == 14)
        #expect(answer.notes.contains("[persona-field]") && answer.notes.contains("holder.individualNumber"))
        #expect(!answer.notes.contains("123456789011"))
        #expect(!desk.exists("a.card"))
    }

    @Test(arguments: [
        ("{", "not JSON"), ("{\"name\": \"neighbour\"}", "title is missing"),
        ("", "certificates.sign is of the wrong kind"),
    ])
    func `from a file that describes no person says what is wrong, and leaves the others alone`(
        text: String,
        reason: String
    ) throws {
        try own(text.isEmpty ? try persona().replacing("\"sign\": true", with: "\"sign\": \"yes\"") : text)
        let list = try desk.fuda("card", "personas", "--personas", "own", "--json")
        #expect(list.status == 0)
        #expect((list.json?["personas"] as? [Any])?.count == 10)
        #expect(list.notes.contains("own/neighbour.json") && list.notes.contains(reason))
        let asked = try desk.fuda("card", "new", "--persona", "neighbour", "--personas", "own", "-o", "a.card")
        #expect(asked.status == 14)
        #expect(asked.notes.contains("[persona-json]") && asked.notes.contains(reason))
        #expect(asked.out.isEmpty && !desk.exists("a.card"))
    }

    @Test func `from a file with nothing where something must be says so like any other`() throws {
        try own(try persona().replacing("\"kind\": \"android\"", with: "\"kind\": null"))
        let asked = try desk.fuda("card", "new", "--persona", "neighbour", "--personas", "own", "-o", "a.card")
        #expect(asked.status != 0 && !desk.exists("a.card"))
        #expect(asked.status == 14)
        #expect(asked.notes.contains("[persona-json]"))
    }

    @Test func `gives every card another serial, also when they are made at once`() throws {
        try desk.make("first.card")
        let processes = (0..<4).map { desk.process(["card", "new", "--persona", "android", "-o", "\($0).card"]) }
        for process in processes {
            process.standardOutput = FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            try process.run()
        }
        for process in processes { process.waitUntilExit() }
        let serials = try (0..<4).map {
            try desk.fuda("card", "inspect", "\($0).card", "--json").json?["serial"] as? String
        }
        #expect(Set(serials.compactMap { $0 }).count == 4)
    }

    @Test func `killed at any moment leaves a whole card or none`() throws {
        try desk.make("first.card")
        let clock = ContinuousClock()
        let whole = try clock.measure { try desk.make("second.card") }
        var outcomes: Set<Bool> = []
        for round in 0..<10 {
            let name = "\(round).card"
            let process = desk.process(["card", "new", "--persona", "android", "-o", name])
            process.standardOutput = FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            try process.run()
            // Moments from the first instant to beyond the usual end.
            let moment = clock.now + whole * Double(round) / 7
            while clock.now < moment, process.isRunning { sched_yield() }
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            outcomes.insert(desk.exists(name))
            if desk.exists(name) {
                #expect(try desk.fuda("card", "inspect", name, "--json").json?["secrets"] is [Any], "round \(round)")
            }
            // Whatever was left behind does not stand in the way of the next attempt.
            let again = try desk.fuda("card", "new", "--persona", "android", "-o", name, "--force")
            #expect(again.status == 0, "\(again.notes)")
        }
        #expect(outcomes.contains(false), "some were killed before they were done")
    }
}
