import ForeignTools
import Foundation
import Testing

/// How much memory a command asks for: counted, not timed, so the same at every run.
struct AllocationTests {
    /// Counts by command, as `AllocationProbe` says them.
    private static let counts = Result {
        let source = URL(filePath: #filePath)
        let repository = source.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let folder = ProcessInfo.processInfo.environment["FUDA_BIN"] ?? repository.appending(path: ".build/debug").path
        let probe = try ForeignProgram.run(folder + "/AllocationProbe")
        try #require(probe.status == 0, "\(probe.notes)")
        return Dictionary(
            uniqueKeysWithValues: probe.text.split(separator: "\n").compactMap { line -> (String, Int)? in
                let words = line.split(separator: "\t")
                return words.count == 2 ? Int(words[1]).map { (String(words[0]), $0) } : nil
            }
        )
    }

    @Test(
        arguments: [
            "read 256 bytes", "read 32 bytes at an offset", "read the whole file, extended", "read beyond the content",
        ]
    )
    func `a READ allocates its response and, where nothing is optimised, no more than four times besides`(
        command: String
    ) throws {
        let counts = try Self.counts.get()
        let count = try #require(counts[command])
        #expect(counts["optimised"] == 1 ? count == 1 : (1...5).contains(count))
    }

    @Test func `a READ of 256 bytes allocates as often as one of 32`() throws {
        let counts = try Self.counts.get()
        let count = try #require(counts["read 256 bytes"])
        #expect(counts["read 32 bytes at an offset"] == count)
    }
}
