import Foundation

/// Another program, which ends with this one at the latest; those of this project are found in their folders.
final class Program {
    private let process = Process()
    private let output = Pipe()
    private let notes: String

    var number: Int32 { process.processIdentifier }

    struct Failed: Error {
        let notes: String
    }

    init(_ words: [String], in folder: String, environment: [String: String] = [:]) throws {
        let own = Self.path(of: words[0])
        notes = folder + "/\(words[0]).notes"
        process.executableURL = URL(filePath: own ?? "/usr/bin/env")
        process.arguments = own == nil ? words : Array(words.dropFirst())
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        try Data().write(to: URL(filePath: notes))
        process.standardError = try FileHandle(forWritingTo: URL(filePath: notes))
        try process.run()
    }

    deinit { stop() }

    /// Where the programs of this project are, as they are delivered, and those of the benchmarks, beside this one.
    private static let folders = [
        CommandLine.arguments.dropFirst(2).first ?? ".",
        (Bundle.main.executablePath ?? "").split(separator: "/").dropLast().map { "/" + $0 }.joined(),
    ]

    /// `nil` for a program of others.
    static func path(of name: String) -> String? {
        folders.map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// Everything that it says until its end, and what it said beside.
    func whole() -> (output: String, notes: String) {
        let text = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (String(decoding: text, as: UTF8.self), said)
    }

    /// Runs a program that has to succeed.
    @discardableResult
    static func demand(
        _ words: [String],
        in folder: String,
        environment: [String: String] = [:]
    ) throws -> (output: String, notes: String) {
        let program = try Program(words, in: folder, environment: environment)
        let result = program.whole()
        guard program.process.terminationStatus == 0 else { throw Failed(notes: result.notes) }
        return result
    }

    var said: String { (try? String(contentsOfFile: notes, encoding: .utf8)) ?? "" }

    /// Resident memory in bytes (proc(5), VmRSS).
    var residentMemory: Int {
        let text = (try? String(contentsOfFile: "/proc/\(number)/status", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        return (line?.split(whereSeparator: { " \t".contains($0) }).dropFirst().first.flatMap { Int($0) } ?? 0) * 1024
    }

    func stop() {
        guard process.isRunning else { return }
        kill(number, SIGTERM)
        process.waitUntilExit()
    }
}
