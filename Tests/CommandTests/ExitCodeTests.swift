import Foundation
import Testing

@Suite(.serialized) struct `The exit code says what went wrong` {
    private let desk: Desk

    init() throws { desk = try Desk() }

    @Test(arguments: [
        ["nonsense"], ["card"], ["card", "nonsense"], ["sign"], ["sign", "raw"], ["read"], ["card", "new"],
        ["--nonsense"],
    ])
    func `2 for a command there is not, or one without what it needs`(arguments: [String]) throws {
        let process = desk.process(arguments)
        let out = Pipe()
        process.standardOutput = out
        process.standardError = FileHandle.nullDevice
        try process.run()
        let said = out.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        #expect(process.terminationStatus == 2)
        #expect(said.isEmpty, "nothing on standard output that a script could take for a result")
    }

    @Test func `2 for options there are not and values they do not take`() throws {
        for arguments in [
            ["card", "inspect"], ["card", "inspect", "--profile", "steel"], ["card", "insert"],
            ["card", "personas", "-x"],
            ["card", "insert", "a.card", "--lenient", "everything"], ["card", "insert", "a.card", "--atr", "none"],
            ["card", "new", "--persona", "adult", "-o", "a.card", "--atr", "none"],
            ["card", "terminal", "--serial", "800000000000001", "--challenge", "00"],
            ["card", "terminal", "--serial", "800000000000001", "--challenge", "zz"],
        ] {
            let process = desk.process(arguments)
            process.standardOutput = FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            try process.run()
            process.waitUntilExit()
            #expect(process.terminationStatus == 2, "\(arguments)")
        }
    }

    @Test func `2 for a persona that there is not, naming those there are`() throws {
        let answer = try desk.fuda("card", "new", "--persona", "nobody", "-o", "a.card")
        #expect(answer.status == 2)
        #expect(answer.out.isEmpty)
        #expect(answer.notes.contains("[persona-unknown]") && answer.notes.contains("rare-characters"))
        #expect(!desk.exists("a.card"))
    }

    @Test func `14 for a card file that is not there or is none`() throws {
        try desk.write("not a card", to: "b.card")
        let missing = try desk.fuda("card", "inspect", "a.card")
        #expect(missing.status == 14 && missing.notes.contains("[card-file-not-found]"))
        let other = try desk.fuda("card", "inspect", "b.card")
        #expect(other.status == 14 && other.notes.contains("[card-file-not-a-card]"))
        let insert = try desk.fuda("card", "insert", "a.card")
        #expect(insert.status == 14 && insert.notes.contains("[card-file-not-found]"))
        #expect(missing.out.isEmpty && other.out.isEmpty && insert.out.isEmpty)
    }

    @Test func `14 for a file that is there already, unless it may be replaced`() throws {
        let desk = try Desk(hasAuthority: false)
        try desk.write("precious", to: "a.card")
        let refused = try desk.fuda("card", "new", "--persona", "android", "-o", "a.card")
        #expect(refused.status == 14 && refused.notes.contains("[card-file-exists]"))
        #expect(try desk.read("a.card") == Data("precious".utf8))
        #expect(!desk.exists("data/fuda/authority"), "nothing is made for a card that will not be")
        #expect(try desk.fuda("card", "new", "--persona", "android", "-o", "a.card", "--force").status == 0)
        #expect(try desk.fuda("card", "inspect", "a.card").status == 0)
    }

    @Test func `14 for the wrong key, and for a key file that others can read`() throws {
        try desk.make("a.card")
        try desk.write(String(repeating: "k", count: 32), to: "other.key")
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: desk.path("other.key"))
        let wrong = try desk.fuda("card", "inspect", "a.card", "--key-file", "other.key")
        #expect(wrong.status == 14 && wrong.notes.contains("[card-file-key]"))
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: desk.path("other.key"))
        let open = try desk.fuda("card", "inspect", "a.card", "--key-file", "other.key")
        #expect(open.status == 14 && open.notes.contains("[key-file]"))
    }

    @Test func `7 for a card that is inserted elsewhere, which can still be looked at`() throws {
        try desk.make("a.card")
        let before = try desk.read("a.card")
        // Port 1 of the loopback: nobody listens there, so the card waits for its reader.
        let inserted = try RunningInsertion(desk, ["a.card", "--vpcd", "127.0.0.1:1"])
        let second = try desk.fuda("card", "insert", "a.card", "--vpcd", "127.0.0.1:1")
        #expect(second.status == 7 && second.notes.contains("[card-file-in-use]"))
        let replace = try desk.fuda("card", "new", "--persona", "android", "-o", "a.card", "--force")
        #expect(replace.status == 7 && replace.notes.contains("[card-file-in-use]"))
        #expect(try desk.read("a.card") == before)
        let look = try desk.fuda("card", "inspect", "a.card", "--json")
        #expect(look.status == 0)
        #expect(look.json?["persona"] as? String == "android")
        #expect(look.json?["secrets"] == nil && look.json?["note"] is String)
        inserted.stop()
        #expect(try desk.fuda("card", "inspect", "a.card", "--json").json?["secrets"] is [Any])
    }

    @Test func `0 for a card that was taken out by a signal`() throws {
        try desk.make("a.card")
        let inserted = try RunningInsertion(desk, ["a.card", "--vpcd", "127.0.0.1:1"])
        inserted.stop()
        #expect(inserted.process.terminationReason == .exit)
        #expect(inserted.process.terminationStatus == 0)
    }
}
