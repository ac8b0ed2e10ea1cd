import Foundation
import Testing

/// docs/card/profile.md is printed from the card's own tables; this keeps it from falling behind.
@Suite struct ProfilePageTests {
    @Test func `the printed page of files and rules is what the card has`() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let page = try String(contentsOf: root.appendingPathComponent("docs/card/profile.md"), encoding: .utf8)
        let process = Process()
        process.executableURL = Self.programs(root).appendingPathComponent("fuda-card")
        process.arguments = ["inspect", "--profile", "plastic", "--markdown", "--lang", "en"]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let printed = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        #expect(printed.contains("### JPKI application"))
        #expect(page.hasSuffix(printed), "run `make docs`")
    }

    private static func programs(_ root: URL) -> URL {
        ProcessInfo.processInfo.environment["FUDA_BIN"].map { URL(fileURLWithPath: $0) }
            ?? root.appendingPathComponent(".build/debug")
    }
}
