import Foundation
import Testing

@Suite(.serialized) struct `The JSON documents of the reader` {
    private let reader: CardInReader
    private let schema: String

    init() throws {
        reader = try CardInReader("adult")
        schema =
            URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "docs/reader/schema.json").path
    }

    /// Runs `fuda … --json` beside the reader.
    private func fuda(_ line: String) throws -> Answer {
        let program = try RunningProgram(
            try CardLibrary.program(),
            line.split(separator: " ").map(String.init) + ["--json"],
            environment: reader.environment.merging(
                ["NEW_PIN": "5678", "BIRTH": "010331", "NUMBER_B": "01033120362285"]
            ) { $1 },
            folder: reader.folder
        )
        return try program.waitForEnd(timeout: 60)
    }

    private func judge(_ documents: [String]) throws -> [String] {
        let script = try #require(
            Bundle.module.path(forResource: "documents", ofType: "py", inDirectory: "Scripts")
        )
        let lines = documents.map { $0.filter { $0 != "\n" } + "\n" }.joined()
        let answer = try reader.run(.jsonschema, [script, schema], input: lines)
        if answer.complaint.contains("No module named 'jsonschema'") {
            throw MissingPeer(name: "jsonschema", package: "python3-jsonschema")
        }
        try #require(answer.status == 0, "\(answer.text)")
        return answer.output.split(separator: "\n").map(String.init)
    }

    private var authority: String { CardLibrary.folder.appending(path: "data/fuda/authority").path }

    /// A command, its exit code and the kind of its document.
    private var commands: [(line: String, status: Int32, kind: String)] {
        [
            ("explain 63C2", 0, "explanation"), ("explain 3", 0, "explanation"), ("readers", 0, "readers"),
            ("read card", 0, "card"), ("read basic --pin env:PIN", 0, "basic"),
            ("read basic --by b --pin env:NUMBER_B", 0, "basic"), ("read number --pin env:PIN", 0, "number"),
            ("read face --by b --pin env:NUMBER_B", 0, "face"),
            ("read face --by pin --pin env:PIN --images", 0, "face"), ("read age --pin env:BIRTH", 0, "age"),
            ("read certs", 0, "certificates"), ("read certs --sign --pin env:PASSWORD", 0, "certificates"),
            ("read register", 0, "register"), ("read register --terminal --pin env:PIN", 0, "register"),
            ("read all --pin env:PIN", 0, "all"),
            ("read all --pin env:PIN --sign-pin env:PASSWORD --images -o all", 0, "all"),
            ("pin status", 0, "pin-status"), ("pin unblock sign", 0, "pin-advice"), ("doctor", 0, "doctor"),
            ("cert auth", 0, "certificate"), ("cert auth-ca", 0, "certificate"),
            ("cert sign --pin env:PASSWORD", 0, "certificate"),
            ("verify face --by pin --pin env:PIN --trust \(authority)", 0, "face-verification"),
            ("verify face all --trust \(authority)", 9, "face-verification"),
            ("verify face --by birth-date --pin env:BIRTH", 9, "face-verification"),
            ("verify cert auth --trust \(authority)", 9, "certificate-verification"),
            ("verify cert sign-ca --trust \(authority)", 0, "certificate-verification"),
            ("apdu 00A4040C0AD392F000260100000001 00B0000000", 0, "apdu"),
            ("pin change auth --pin env:PIN --new-pin env:NEW_PIN", 0, "pin-changed"),
            ("pin unblock auth --terminal --new-pin env:PIN", 0, "pin-unblocked"),
            ("read basic --pin env:WRONG_PIN", 5, "error"), ("read basic --pin env:PASSWORD", 7, "error"),
            ("read basic --pin 1234", 2, "error"), ("read card --reader nobody", 3, "error"),
            ("apdu 002000", 2, "error"), ("apdu 002000800431323334", 7, "error"),
            ("explain nonsense", 2, "error"), ("pin", 2, "error"), ("verify face nowhere", 14, "error"),
        ]
    }

    @Test func `are what their schema says, those of every command`() throws {
        let commands = commands
        let answers = try commands.map { try fuda($0.line) }
        let verdicts = try judge(answers.map(\.output))
        try #require(verdicts.count == commands.count)
        var kinds: Set<String> = []
        for ((command, answer), verdict) in zip(zip(commands, answers), verdicts) {
            let document = try Self.object(answer.output)
            let error = document["error"] as? [String: Any]
            let kind = document["kind"] as? String ?? (error == nil ? "none" : "error")
            #expect(verdict == "valid", "\(command.line): \(verdict)")
            #expect(answer.status == command.status && kind == command.kind, "\(command.line): \(answer.text)")
            if let error { #expect(error["exit"] as? Int32 == answer.status, "\(command.line)") }
            kinds.insert(kind)
        }
        #expect(kinds == (try Self.kinds(of: schema)).union(["error"]), "every kind of the schema is met here")
    }

    @Test func `are the same in both languages but for the words`() throws {
        for line in ["read card", "verify cert auth --trust \(authority)", "pin status", "doctor"] {
            let documents = try ["ja", "en"].map { try Self.object(try fuda("\(line) --lang \($0)").output) }
            #expect(Self.words(documents[0]) == Self.words(documents[1]), "\(line)")
        }
    }

    @Test func `are refused by the schema when a type is wrong, a field lacks or another comes`() throws {
        let good = try Self.object(try fuda("read card").output)
        var broken: [[String: Any]] = []
        for (key, value) in [
            ("schema", 2), ("kind", "cards"), ("serial", 1), ("simulated", "yes"), ("expiry", "31.3.2036"),
            ("atr", "3b"), ("secrets", [1]), ("token", "credit-card"), ("keypad", NSNull()), ("more", 1),
        ] as [(String, Any)] {
            broken.append(good.merging([key: value]) { $1 })
        }
        for key in ["serial", "secrets", "kind", "schema", "problem"] { broken.append(good.filter { $0.key != key }) }
        broken.append(["schema": 1, "error": ["code": "x", "exit": "2", "what": "", "todo": ""]])
        broken.append(["schema": 1, "error": ["code": "x", "exit": 0, "what": "", "todo": ""]])
        let texts = try ([good] + broken).map {
            String(decoding: try JSONSerialization.data(withJSONObject: $0), as: UTF8.self)
        }
        let verdicts = try judge(texts)
        #expect(verdicts.first == "valid")
        for (text, verdict) in zip(texts, verdicts).dropFirst() { #expect(verdict != "valid", "\(text)") }
        #expect(verdicts.count == texts.count)
    }

    // MARK: - Documents

    private static func object(_ text: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any], "\(text)")
    }

    private static func kinds(of schema: String) throws -> Set<String> {
        let schema = try object(try String(contentsOfFile: schema, encoding: .utf8))
        let other = try #require(schema["else"] as? [String: Any])
        let properties = try #require(other["properties"] as? [String: [String: Any]])
        return Set(try #require(properties["kind"]?["enum"] as? [String]))
    }

    /// Every value with its path, but for those that are words of a language.
    private static func words(_ value: Any, _ path: String = "") -> Set<String> {
        if let object = value as? [String: Any] {
            let stable = object.filter { !["name", "subject", "reason", "what", "todo", "detail"].contains($0.key) }
            return stable.reduce(into: []) { $0.formUnion(words($1.value, path + "/" + $1.key)) }
        }
        if let list = value as? [Any] {
            return list.enumerated().reduce(into: []) { $0.formUnion(words($1.element, path + "/\($1.offset)")) }
        }
        return ["\(path) \(value)"]
    }
}
