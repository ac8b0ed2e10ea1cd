import Foundation
import FudaReader
import Glibc
import Testing

@Suite(.serialized) struct `The library for programs` {
    private static let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Blocks of Swift on docs/reader/library.md.
    private static func blocks() throws -> [String] {
        let page = try String(contentsOf: repository.appending(path: "docs/reader/library.md"), encoding: .utf8)
        return page.components(separatedBy: "```swift\n").dropFirst().compactMap {
            $0.components(separatedBy: "```").first
        }
    }

    @Test(arguments: ["FourFactsExample", "ScriptedChannelExample"])
    func `is shown on its page by what is compiled here`(example: String) throws {
        let file = Self.repository.appending(path: "Tests/FudaReaderTests/\(example).swift")
        let source = try String(contentsOf: file, encoding: .utf8)
        #expect(try Self.blocks().contains(source))
        if example == "FourFactsExample" {
            #expect(source.split(separator: "\n", omittingEmptySubsequences: false).count - 1 == 10)
        }
    }

    @Test func `says in words and with an exit code that there is no service`() throws {
        unsafe setenv("PCSCLITE_CSOCK_NAME", "/nonexistent/pcscd", 1)
        var pin = Array("1234".utf8)
        let error = #expect(throws: ReaderError.self) { try printFourFacts(pin: &pin) }
        #expect(error?.problem.outcome == .noReader)
        #expect(error?.problem.code == "pcscd-not-running")
        #expect(error?.description.isEmpty == false)
        #expect(!pin.contains(0x31), "the bytes were taken over")
    }

    @Test func `works with any channel`() throws {
        #expect(try triesLeft([[0x90, 0], [0x90, 0], [0x63, 0xC2]]) == .left(2))
        #expect(try triesLeft([[0x6A, 0x82]]) == .absent)
        #expect(throws: CardError.channel(.cardRemoved, .query(SecretKind.auth.home))) {
            try triesLeft([[0x90, 0], [0x90, 0]])
        }
        #expect(throws: CardError.channel(.garbled, .select(.jpki))) { try triesLeft([[0x90]]) }
    }

    @Test func `tells nothing about the person in descriptions`() throws {
        let number = try #require(IndividualNumber("123456789018"))
        #expect(!"\(number)".contains("1234") && !String(reflecting: number).contains("1234"))
    }
}
