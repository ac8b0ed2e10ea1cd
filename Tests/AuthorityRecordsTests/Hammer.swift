import Dispatch
import Foundation

/// One run of the program that issues and suspends until it is killed.
struct Hammer: Sendable {
    /// What it said, line by line.
    var lines: [String] = []

    /// Runs it until it has acknowledged so many things, then kills it; or until it ends.
    static func run(
        _ place: Place,
        run: String,
        until count: Int,
        limit: Int? = nil,
        environment: [String: String] = [:],
        meanwhile: (@Sendable () throws -> Void)? = nil
    ) async throws -> Hammer {
        let process = Process()
        process.executableURL = URL(filePath: try program())
        process.arguments = [place.engine.rawValue, place.address, run] + (limit.map { ["\($0)"] } ?? [])
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardInput = FileHandle.nullDevice
        try process.run()
        async let other: Void = away { try meanwhile?() }
        let text = try await away {
            var text = Data()
            var seen = 0
            while true {
                let more = pipe.fileHandleForReading.availableData
                if more.isEmpty { return text }
                text += more
                // Refusals, which may come by the thousand, are not counted.
                seen += String(decoding: more, as: UTF8.self).split(separator: "\n").count { !$0.hasPrefix("failed") }
                if seen >= count { kill(process.processIdentifier, SIGKILL) }
            }
        }
        try await other
        process.waitUntilExit()
        // The last line may have been cut.
        let whole = text.prefix(through: text.lastIndex(of: UInt8(ascii: "\n")) ?? text.startIndex)
        return Hammer(lines: String(decoding: whole, as: UTF8.self).split(separator: "\n").map(String.init))
    }

    /// Does what waits on a thread that other tests do not need.
    private static func away<R: Sendable>(_ work: @escaping @Sendable () throws -> R) async throws -> R {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(with: Result { try work() }) }
        }
    }

    /// Numbers acknowledged as `planned`, `valid` or `held`.
    func serials(_ word: String) -> [UInt32] {
        lines.compactMap { line in
            let words = line.split(separator: " ")
            return words.count == 2 && words[0] == word ? UInt32(words[1]) : nil
        }
    }

    /// Built with the tests: beside the other programs.
    private static func program() throws -> String {
        let source = URL(filePath: #filePath)
        let repository = source.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let folder =
            ProcessInfo.processInfo.environment["FUDA_BIN"] ?? repository.appending(path: ".build/debug").path
        let path = folder + "/LedgerHammer"
        guard FileManager.default.isExecutableFile(atPath: path) else { throw NotBuilt(path: path) }
        return path
    }

    struct NotBuilt: Error {
        let path: String
    }
}
