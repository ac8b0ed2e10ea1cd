import Foundation
import Testing

@Suite(.serialized) struct `What the programs say` {
    private let desk: Desk

    init() throws { desk = try Desk() }

    private static let helps = [
        ["--help"], ["-h"], [], ["card", "--help"], ["card", "new", "--help"], ["card", "personas", "--help"],
        ["card", "insert", "--help"], ["card", "inspect", "--help"], ["card", "terminal", "--help"],
        ["card", "fault", "--help"],
    ]

    private func run(_ arguments: [String], _ environment: [String: String] = [:]) throws -> (
        status: Int32, out: String, notes: String
    ) {
        let process = desk.process(arguments, environment: environment)
        let out = Pipe()
        let notes = Pipe()
        process.standardOutput = out
        process.standardError = notes
        try process.run()
        let said = out.fileHandleForReading.readDataToEndOfFile()
        let noted = notes.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (
            process.terminationStatus, String(decoding: said, as: UTF8.self), String(decoding: noted, as: UTF8.self)
        )
    }

    private func isJapanese(_ text: String) -> Bool {
        text.unicodeScalars.contains { (0x3041...0x30FF).contains($0.value) || (0x4E00...0x9FFF).contains($0.value) }
    }

    @Test(arguments: helps) func `as help is a result, in both languages`(arguments: [String]) throws {
        let english = try run(arguments + ["--lang", "en"].filter { _ in !arguments.isEmpty })
        let japanese = try run(arguments, ["LC_ALL": "ja_JP.UTF-8"])
        for help in [english, japanese] {
            #expect(help.status == 0)
            #expect(help.out.contains("fuda"))
            #expect(help.notes.isEmpty)
        }
        #expect(isJapanese(japanese.out) && !isJapanese(english.out))
    }

    @Test func `is in the language asked for before that of the locale`() throws {
        let japanese = try desk.fuda("card", "inspect", "a.card", "--lang", "ja")
        let english = try desk.fuda("card", "inspect", "a.card", "--lang=en", environment: ["LC_ALL": "ja_JP.UTF-8"])
        #expect(isJapanese(japanese.notes) && !isJapanese(english.notes))
        for answer in [japanese, english] {
            #expect(answer.notes.contains("[card-file-not-found]"), "one code for both")
        }
        for (name, value) in [("LC_MESSAGES", "ja_JP.UTF-8"), ("LANG", "ja_JP.UTF-8")] {
            let answer = try desk.fuda("card", "inspect", "a.card", environment: ["LC_ALL": "", name: value])
            #expect(isJapanese(answer.notes), "\(name)")
        }
    }

    @Test func `as JSON has the same keys in both languages, and a schema`() throws {
        try desk.make("a.card", persona: "adult")
        let commands = [["card", "inspect", "a.card", "--json"], ["card", "personas", "--json"]]
        for command in commands {
            let answers = try ["ja", "en"].map { try run(command + ["--lang", $0]) }
            let objects = try answers.map { answer in
                try #require(try JSONSerialization.jsonObject(with: Data(answer.out.utf8)) as? [String: Any])
            }
            #expect(answers.allSatisfy { $0.status == 0 && $0.notes.isEmpty })
            #expect(objects.allSatisfy { $0["schema"] as? Int == 1 })
            #expect(Self.keys(objects[0]) == Self.keys(objects[1]))
        }
        let texts = try ["ja", "en"].map { try run(["card", "inspect", "a.card", "--lang", $0]).out }
        #expect(isJapanese(texts[0]) && !isJapanese(texts[1]))
    }

    /// Every key in a document, with its path.
    private static func keys(_ value: Any, _ path: String = "") -> Set<String> {
        if let object = value as? [String: Any] {
            return object.reduce(into: []) {
                $0.formUnion(keys($1.value, path + "." + $1.key).union([path + "." + $1.key]))
            }
        }
        if let list = value as? [Any] { return list.reduce(into: []) { $0.formUnion(keys($1, path + "[]")) } }
        return []
    }

    @Test func `about a new card is JSON, the work itself on standard error`() throws {
        let desk = try Desk(hasAuthority: false)
        let answer = try desk.fuda("card", "new", "--persona", "android", "-o", "a.card", "--json")
        #expect(answer.status == 0)
        #expect(
            Set(answer.json?.keys.map { $0 } ?? []) == [
                "schema", "file", "persona", "kind", "serial", "expiry", "trust",
            ]
        )
        #expect(answer.json?["schema"] as? Int == 1)
        #expect((answer.json?["serial"] as? String)?.hasPrefix("8") == true)
        #expect(answer.notes.contains("authority"))
        let second = try desk.fuda("card", "new", "--persona", "android", "-o", "b.card")
        #expect(second.out.contains("simulated"))
        #expect(second.notes.isEmpty, "the authority is there by now")
    }

    @Test func `of a card in clear never tells a number, a name or a key`() throws {
        try desk.make("a.card", persona: "adult")
        for lang in ["ja", "en"] {
            for format in [[], ["--json"]] {
                let answer = try run(["card", "inspect", "a.card", "--lang", lang] + format)
                for secret in ["123456789018", "12345678903", "花子", "ABC123", "霞が関", "01033120362285"] {
                    #expect(!answer.out.contains(secret) && !answer.notes.contains(secret))
                }
            }
        }
    }

    @Test(arguments: ["plastic", "android", "iphone"]) func `as the rules of a card names every file in a table`(
        kind: String
    ) throws {
        let answer = try desk.fuda("card", "inspect", "--profile", kind, "--markdown")
        #expect(answer.status == 0 && answer.notes.isEmpty)
        let rows = answer.out.split(separator: "\n").filter { $0.hasPrefix("| 0") }
        #expect(rows.allSatisfy { $0.split(separator: "|", omittingEmptySubsequences: false).count == 7 })
        let ids = rows.map { String($0.dropFirst(2).prefix(4)) }
        let jpki = [
            "0001", "0002", "0005", "0006", "0008", "0009", "000A", "000B", "0010", "0016", "0017", "0018", "0019",
            "001A",
            "001B", "001C", "001E",
        ]
        let face = ["0001", "0002", "0003", "0004", "0005", "0006", "0011", "0012", "0013", "001A", "001C", "001E"]
        let text = [
            "0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008", "0010", "0011", "0012", "0013", "0014",
            "0015",
            "001C", "001E",
        ]
        for list in kind == "plastic" ? [jpki, face, text, ["0001", "0002", "0019", "001C"]] : [jpki] {
            #expect(ids.indices.contains { start in Array(ids[start...].prefix(list.count)) == list }, "\(list)")
        }
        #expect(answer.out.components(separatedBy: "### ").count - 1 == (kind == "plastic" ? 6 : 2))
    }

    @Test func `as the version is one line`() throws {
        for word in ["--version", "version"] {
            let answer = try desk.fuda(word)
            #expect(answer.status == 0)
            #expect(answer.out.wholeMatch(of: /fuda \d+\.\d+\.\d+\n/) != nil)
        }
    }

    @Test func `to a terminal's challenge is 32 bytes, the same for the same card only`() throws {
        let challenge = String(repeating: "A5", count: 16)
        func cryptogram(_ serial: String, _ challenge: String) throws -> String {
            let answer = try desk.fuda("card", "terminal", "--serial", serial, "--challenge", challenge, "--json")
            #expect(answer.json?["schema"] as? Int == 1)
            return try #require(answer.json?["cryptogram"] as? String)
        }
        let one = try cryptogram("800000000000001", challenge)
        #expect(one.wholeMatch(of: /[0-9A-F]{64}/) != nil)
        #expect(try cryptogram("800000000000001", challenge) == one)
        #expect(try cryptogram("800000000000002", challenge) != one)
        #expect(try cryptogram("800000000000001", String(repeating: "5A", count: 16)) != one)
    }
}
