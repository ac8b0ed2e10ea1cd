import Foundation
import Testing

@Suite(.serialized) struct `A card that is told to misbehave` {
    private let desk: Desk

    init() throws { desk = try Desk() }

    private static let names = [
        "torn-out", "slow", "wrong-byte", "get-response", "wrong-le", "end-of-file-word", "verify-answer-lost",
        "garbage", "none", "put-back",
    ]

    /// Port 1 of the loopback: nobody listens there, so the card waits for its reader, and takes orders meanwhile.
    private func insert(_ file: String, _ options: [String] = []) throws -> RunningInsertion {
        try RunningInsertion(desk, [file, "--vpcd", "127.0.0.1:1"] + options)
    }

    private func mode(_ name: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: desk.path(name))[.posixPermissions] as? Int
    }

    @Test func `without a file the names are listed, in the language asked for`() throws {
        for language in ["ja", "en"] {
            let answer = try desk.fuda("card", "fault", "--lang", language)
            #expect(answer.status == 0 && answer.notes.isEmpty)
            let listed = answer.out.split(separator: "\n").map { $0.prefix { !" [".contains($0) } }.map(String.init)
            #expect(listed == Self.names)
        }
        let json = try #require(try desk.fuda("card", "fault", "--json").json)
        #expect(json["schema"] as? Int == 1)
        let faults = try #require(json["faults"] as? [[String: String]])
        #expect(faults.map { $0["name"] } == Self.names)
        #expect(faults.allSatisfy { $0["meaning"]?.isEmpty == false && $0["form"]?.isEmpty == false })
    }

    @Test(arguments: ["nonsense", "torn-out:0", "torn-out:x", "slow:1:0", "get-response:", "Garbage"])
    func `2 for a name there is not, before anything else is looked at`(name: String) throws {
        for arguments in [["fault", "a.card", "none", name], ["insert", "a.card", "--fault", name]] {
            let answer = try desk.fuda("card", arguments[0], arguments[1], arguments[2], arguments[3])
            #expect(answer.status == 2)
            #expect(answer.notes.contains("[fault-unknown]") && answer.notes.contains(name))
            #expect(answer.out.isEmpty)
        }
    }

    @Test func `2 for putting back what is only being inserted`() throws {
        let answer = try desk.fuda("card", "insert", "a.card", "--fault", "put-back")
        #expect(answer.status == 2 && answer.notes.contains("[fault-unknown]"))
    }

    @Test func `4 for a card that is not inserted, 14 for one that is not there`() throws {
        try desk.make("a.card")
        for word in ["--json", "torn-out", "put-back", "none"] {
            let answer = try desk.fuda("card", "fault", "a.card", word)
            #expect(answer.status == 4 && answer.notes.contains("[card-not-inserted]"), "\(word)")
            #expect(answer.notes.contains("fuda card insert a.card"))
            // Programs that asked for JSON are told the same on standard output.
            let error = answer.json?["error"] as? [String: Any]
            #expect(word == "--json" ? error?["code"] as? String == "card-not-inserted" : answer.out.isEmpty)
        }
        let missing = try desk.fuda("card", "fault", "b.card", "torn-out")
        #expect(missing.status == 14 && missing.notes.contains("[card-file-not-found]"))
    }

    @Test func `0 when it is in force, and what is in force is listed until it is cleared`() throws {
        try desk.make("a.card")
        let inserted = try insert("a.card")
        #expect(try desk.fuda("card", "fault", "a.card", "--lang", "en").out.contains("No fault is in force."))
        let set = try desk.fuda("card", "fault", "a.card", "torn-out:3", "slow:2:50", "get-response", "--json")
        #expect(set.status == 0 && set.notes.isEmpty)
        let listed = try desk.fuda("card", "fault", "a.card", "--json")
        #expect(listed.out == set.out)
        let json = try #require(listed.json)
        #expect(json["schema"] as? Int == 1)
        #expect(json["file"] as? String == "a.card")
        #expect(json["inReader"] as? Bool == true)
        let faults = try #require(json["faults"] as? [[String: Any]])
        #expect(faults.map { $0["name"] as? String } == ["torn-out", "slow", "get-response"])
        #expect(faults.map { $0["position"] as? Int } == [3, 2, 1])
        #expect(faults.map { $0["milliseconds"] as? Int } == [nil, 50, nil])
        let text = try desk.fuda("card", "fault", "a.card", "wrong-le", "--lang", "en")
        #expect(text.out.contains("torn-out:3 ") && text.out.contains("slow:2:50 ") && text.out.contains("wrong-le:1 "))
        let cleared = try desk.fuda("card", "fault", "a.card", "none", "garbage", "--json")
        #expect((cleared.json?["faults"] as? [[String: Any]])?.map { $0["name"] as? String } == ["garbage"])
        // It is in its reader, as far as it is concerned: putting it back changes nothing.
        #expect(try desk.fuda("card", "fault", "a.card", "put-back", "--json").json?["inReader"] as? Bool == true)
        inserted.stop()
    }

    @Test func `it can be inserted with faults, and none clears those before it`() throws {
        try desk.make("a.card")
        let options = ["garbage", "none", "wrong-byte:2", "torn-out:9"].flatMap { ["--fault", $0] }
        let inserted = try insert("a.card", options)
        let json = try desk.fuda("card", "fault", "a.card", "--json").json
        let faults = try #require(json?["faults"] as? [[String: Any]])
        #expect(faults.map { $0["name"] as? String } == ["wrong-byte", "torn-out"])
        inserted.stop()
    }

    @Test func `its socket is this user's alone and goes when the card goes`() throws {
        try desk.make("a.card")
        let inserted = try insert("a.card")
        #expect(try mode("a.card.control") == 0o600)
        inserted.stop()
        #expect(!desk.exists("a.card.control"))
        #expect(inserted.process.terminationStatus == 0)
    }

    @Test func `the socket of a process that was killed does not stand in the way`() throws {
        try desk.make("a.card")
        let killed = try insert("a.card")
        _ = kill(killed.process.processIdentifier, SIGKILL)
        killed.process.waitUntilExit()
        #expect(desk.exists("a.card.control"))
        let nobody = try desk.fuda("card", "fault", "a.card", "torn-out")
        #expect(nobody.status == 4 && nobody.notes.contains("[card-not-inserted]"))
        let inserted = try insert("a.card")
        #expect(try desk.fuda("card", "fault", "a.card", "torn-out").status == 0)
        inserted.stop()
    }

    @Test func `a second insertion that is refused leaves the first one's socket alone`() throws {
        try desk.make("a.card")
        let inserted = try insert("a.card")
        #expect(try desk.fuda("card", "insert", "a.card", "--vpcd", "127.0.0.1:1").status == 7)
        #expect(try desk.fuda("card", "fault", "a.card", "torn-out").status == 0)
        inserted.stop()
    }

    @Test func `a file that is in the socket's place is kept, and the card is inserted without`() throws {
        try desk.make("a.card")
        try desk.write("precious", to: "a.card.control")
        let inserted = try insert("a.card")
        let refused = try desk.fuda("card", "fault", "a.card", "torn-out")
        #expect(refused.status == 4)
        inserted.stop()
        #expect(inserted.process.terminationStatus == 0)
        #expect(try desk.read("a.card.control") == Data("precious".utf8))
    }

    @Test func `a path too long for a socket is said, and the card is inserted without`() throws {
        let name = String(repeating: "x", count: 107 - 8 - 5 + 1) + ".card"
        try desk.make(name)
        let process = desk.process(["card", "insert", name, "--vpcd", "127.0.0.1:1"])
        process.standardOutput = FileHandle.nullDevice
        let notes = Pipe()
        process.standardError = notes
        try process.run()
        var said = ""
        while !said.contains("waiting for a reader") {
            let more = notes.fileHandleForReading.availableData
            try #require(!more.isEmpty, "\(said)")
            said += String(decoding: more, as: UTF8.self)
        }
        #expect(said.contains("too long") && said.contains("`fuda card fault` cannot be used"))
        let refused = try desk.fuda("card", "fault", name, "torn-out")
        #expect(refused.status == 2 && refused.notes.contains("[control-path]"))
        process.terminate()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
    }
}
