import CardTesting
import Foundation
import Testing

/// Dialogues that foreign programs really had, played to our card.
struct TranscriptTests {
    @Test(arguments: ["opensc-0.23.0", "opensc-0.27.1"])
    func `the card answers a recorded dialogue as the program needs it`(name: String) throws {
        let url = try #require(
            Bundle.module.url(forResource: name, withExtension: "apdu", subdirectory: "Fixtures/Transcripts")
        )
        let script = try CardScript(String(contentsOf: url, encoding: .utf8))
        #expect(script.lines.count > 300)
        var dialogue = try SampleCards.fast().dialogue()
        script.play(&dialogue, named: name)
    }

    @Test(arguments: [
        "00A4 9000", "00A4 =>", "00A4 => 90 00 00", "00A => 9000", "00A4 => 3082… 9000", "@nowhere", "{41*} => 9000",
    ])
    func `a line that is no exchange is refused`(line: String) {
        #expect(throws: CardScript.SyntaxError.self) { try CardScript(line) }
    }
}
