import Foundation
import Testing

@Suite(.serialized) struct `fuda explain` {
    private let desk: Desk

    init() throws { desk = try Desk(hasAuthority: false) }

    /// What it says of a code in both languages.
    private func explain(_ code: String) throws -> [(meaning: String, todo: String, code: String)] {
        try ["ja", "en"].map { language in
            let answer = try desk.fuda("explain", code, "--json", "--lang", language)
            #expect(answer.status == 0 && answer.notes.isEmpty, "\(code)")
            func field(_ name: String) throws -> String { try #require(answer.json?[name] as? String, "\(code)") }
            return (try field("meaning"), try field("todo"), try field("code"))
        }
    }

    private func expectWords(_ code: String, as name: String) throws {
        let words = try explain(code)
        #expect(words.map(\.code) == [name, name])
        #expect(words[0].meaning.isJapanese && !words[1].meaning.isJapanese, "\(code)")
        #expect(!words[1].meaning.isEmpty && !words[0].todo.isEmpty && !words[1].todo.isEmpty, "\(code)")
        #expect(!words[1].todo.isJapanese, "\(code)")
    }

    @Test func `knows every class of status word`() throws {
        for status in [
            "9000", "6100", "61FF", "6281", "6282", "6283", "6300", "6381", "63C0", "63C1", "63CF", "6400", "6581",
            "66F1", "6700", "6881", "6882", "6884", "6981", "6982", "6983", "6984", "6985", "6986", "6987", "6988",
            "69FC", "6A80", "6A81", "6A82", "6A83", "6A84", "6A85", "6A86", "6A87", "6A88", "6B00", "6C00", "6C10",
            "6D00", "6E00", "6F00", "0000", "FFFF",
        ] { try expectWords(status, as: status) }
        #expect(try explain("63 c2").map(\.code) == ["63C2", "63C2"])
        #expect(try explain("63C2").allSatisfy { $0.meaning.contains("2") })
    }

    @Test func `knows every exit code, and no other number`() throws {
        for number in 0...14 { try expectWords("\(number)", as: "exit \(number)") }
        for code in ["15", "255", "-1"] { #expect(try desk.run(["explain", "--", code]).status == 2) }
    }

    @Test func `knows the code of every message of the reader`() throws {
        let codes = try Self.codes(in: "Sources/Reader", "Sources/Programs/FudaCommands", "Sources/Adapters/Terminal")
        #expect(codes.count > 50)
        for code in Set(codes).union(["pin-shape", "pin-mixed-up", "pin-new", "usage"]) {
            try expectWords(code, as: code)
            #expect(try explain(code.uppercased()).first?.code == code)
        }
        let twice = Set(codes.filter { code in codes.count { $0 == code } > 1 })
        #expect(twice == ["cancelled", "cryptography", "pcscd-not-running"], "one meaning a code; these have it twice")
    }

    @Test(arguments: ["nonsense", "", " ", "63", "63C", "63C2F", "pin-", "番号", "\u{1B}[2J", "--x"])
    func `ends with 2 for a code there is not`(code: String) throws {
        let answer = try desk.run(["explain", "--json", "--", code])
        #expect(answer.status == 2)
        #expect((answer.json?["error"] as? [String: Any])?["code"] as? String == "unknown-code")
        #expect(!answer.notes.contains("\u{1B}"))
    }

    /// Codes of problems as the sources have them.
    private static func codes(in folders: String...) throws -> [String] {
        let repository = URL(filePath: #filePath).appending(path: "../../..").standardized
        return try folders.flatMap { folder -> [String] in
            let root = repository.appending(path: folder).path
            let files = try FileManager.default.subpathsOfDirectory(atPath: root).filter { $0.hasSuffix(".swift") }
            return try files.flatMap { file in
                try String(contentsOfFile: root + "/" + file, encoding: .utf8)
                    .matches(of: /code: "([a-z0-9-]+)",/).map { String($0.output.1) }
            }
        }
    }
}

extension String {
    /// Whether any of it is kana or kanji.
    var isJapanese: Bool {
        unicodeScalars.contains { (0x3041...0x30FF).contains($0.value) || (0x4E00...0x9FFF).contains($0.value) }
    }
}
