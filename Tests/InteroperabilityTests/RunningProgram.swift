import Foundation
import Glibc

/// What a program said and how it ended.
struct Answer {
    let status: Int32
    let output: String
    let complaint: String

    /// Both streams, for a failure's message and for tools that do not mind which one they write to.
    var text: String { output + complaint }
}

/// A program did not do what a test waits for.
struct ProgramFailure: Error, CustomStringConvertible {
    let description: String
}

/// A process whose output goes to files: it can be waited for, signalled, and never outlives its owner.
final class RunningProgram {
    private let process = Process()
    private let ended = DispatchSemaphore(value: 0)
    private let outputFile: URL
    private let complaintFile: URL
    private let command: String

    init(
        _ path: String, _ arguments: [String], environment: [String: String], input: String = "",
        folder: URL
    ) throws {
        let name = UUID().uuidString
        outputFile = folder.appending(path: name + ".out")
        complaintFile = folder.appending(path: name + ".err")
        let inputFile = folder.appending(path: name + ".in")
        command = ([path] + arguments).joined(separator: " ")
        try Data(input.utf8).write(to: inputFile)
        for file in [outputFile, complaintFile] { try Data().write(to: file) }
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        process.environment = environment
        process.currentDirectoryURL = folder
        process.standardInput = try FileHandle(forReadingFrom: inputFile)
        process.standardOutput = try FileHandle(forWritingTo: outputFile)
        process.standardError = try FileHandle(forWritingTo: complaintFile)
        process.terminationHandler = { [ended] _ in ended.signal() }
        try process.run()
        try FileManager.default.removeItem(at: inputFile)
    }

    deinit { kill() }

    var output: String { (try? String(contentsOf: outputFile, encoding: .utf8)) ?? "" }
    var complaint: String { (try? String(contentsOf: complaintFile, encoding: .utf8)) ?? "" }

    func signal(_ number: Int32) { _ = Glibc.kill(process.processIdentifier, number) }

    /// Ends it at once, if it still runs, and waits until it is gone.
    func kill() {
        guard process.isRunning else { return }
        signal(SIGKILL)
        process.waitUntilExit()
    }

    /// Waits until it ends by itself; after `timeout` seconds it is killed, and that is a failure.
    @discardableResult
    func waitForEnd(timeout: Double = 60) throws -> Answer {
        if ended.wait(timeout: .now() + timeout) == .timedOut {
            kill()
            throw ProgramFailure(description: "\(command): no end after \(timeout) s\n\(output)\(complaint)")
        }
        ended.signal()
        // As a shell would say it: 128 and the number of the signal.
        let status = process.terminationStatus + (process.terminationReason == .uncaughtSignal ? 128 : 0)
        return Answer(status: status, output: output, complaint: complaint)
    }

    /// Waits until a line of its output matches, and gives that line.
    func waitForLine(_ prefix: String, timeout: Double = 60) throws -> String {
        let limit = ContinuousClock.now + .seconds(timeout)
        while true {
            let isRunning = process.isRunning
            let lines = (output + "\n" + complaint).split(separator: "\n")
            if let line = lines.first(where: { $0.hasPrefix(prefix) }) { return String(line) }
            guard isRunning, ContinuousClock.now < limit else {
                throw ProgramFailure(description: "\(command): never said “\(prefix)”\n\(output)\(complaint)")
            }
            _ = poll(nil, 0, 10)
        }
    }
}
