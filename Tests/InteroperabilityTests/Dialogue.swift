import Foundation
import Testing

extension CardInReader {
    /// Plays steps through pyscard (Scripts/dialogue.py) and gives what each was answered.
    func play(_ steps: [String]) throws -> [String] {
        let answer = try run(.python, [try Self.script("dialogue")], input: steps.map { $0 + "\n" }.joined())
        let answers = answer.output.split(separator: "\n").map(String.init)
        guard answer.status == 0, answers.count == steps.count else { throw Self.failure(answer) }
        return answers
    }

    /// Plays a dialogue of lines `step -> answer`; an answer that begins with `*` may have any data before it.
    func expect(_ dialogue: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let lines = dialogue.split(separator: "\n").map { line in
            line.split(separator: "->").map { $0.trimmingCharacters(in: .whitespaces) }
        }
        try #require(lines.allSatisfy { $0.count == 2 }, sourceLocation: sourceLocation)
        let answers = try play(lines.map { $0[0] })
        for (line, answer) in zip(lines, answers) {
            let wanted = line[1].hasPrefix("*") ? line[1] : line[1].filter { $0 != " " }
            let isRight = wanted.hasPrefix("*") ? answer.hasSuffix(wanted.dropFirst()) : answer == wanted
            #expect(isRight, "\(line[0]) -> \(answer), not \(line[1])", sourceLocation: sourceLocation)
        }
    }

    /// Runs another script of the tests.
    func runScript(_ name: String) throws -> [String] {
        let answer = try run(.python, [try Self.script(name)])
        guard answer.status == 0 else { throw Self.failure(answer) }
        return answer.output.split(separator: "\n").map(String.init)
    }

    private static func script(_ name: String) throws -> String {
        try #require(Bundle.module.path(forResource: name, ofType: "py", inDirectory: "Scripts"))
    }

    private static func failure(_ answer: Answer) -> any Error {
        if answer.complaint.contains("No module named 'smartcard'") {
            return MissingPeer(name: "pyscard", package: "python3-pyscard")
        }
        return ProgramFailure(description: "pyscard: \(answer.text)")
    }
}

/// Names of applications and files in the commands of the tests.
enum Command {
    static let selectJPKI = "00A4040C 0A D392F000260100000001"
    static let selectInputSupport = "00A4040C 0A D3921000310001010408"
    static let selectCardFace = "00A4040C 0A D3921000310001010402"
    static let selectCommon = "00A4040C 0A D3921000310001010100"
    static let selectManager = "00A4040C 07 A0000001510000"
    static let askTries = "00200080"

    static func selectFile(_ id: String) -> String { "00A4020C 02 \(id)" }

    static func verify(_ secret: String) -> String {
        let bytes = Array(secret.utf8)
        return "00200080" + hex([UInt8(bytes.count)] + bytes)
    }

    static func hex(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined()
    }
}
