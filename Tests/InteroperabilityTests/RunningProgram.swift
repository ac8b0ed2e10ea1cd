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
///
/// Started without Foundation, whose Process takes a child that closes its inherited files (as sshd does) for one that
/// has ended, and then waits for it on the thread that watches over all others.
final class RunningProgram {
    private static let env = "/usr/bin/env"

    private let processID: pid_t
    private let outputFile: URL
    private let complaintFile: URL
    private let command: String
    /// How it ended, once it has.
    private var status: Int32?

    init(
        _ path: String,
        _ arguments: [String],
        environment: [String: String],
        input: String = "",
        folder: URL
    ) throws {
        let name = UUID().uuidString
        outputFile = folder.appending(path: name + ".out")
        complaintFile = folder.appending(path: name + ".err")
        command = ([path] + arguments).joined(separator: " ")
        let inputFile = folder.appending(path: name + ".in")
        try Data(input.utf8).write(to: inputFile)
        defer { try? FileManager.default.removeItem(at: inputFile) }

        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        let writing = O_WRONLY | O_CREAT | O_TRUNC
        unsafe posix_spawn_file_actions_addopen(&actions, 0, inputFile.path, O_RDONLY, 0)
        unsafe posix_spawn_file_actions_addopen(&actions, 1, outputFile.path, writing, 0o600)
        unsafe posix_spawn_file_actions_addopen(&actions, 2, complaintFile.path, writing, 0o600)
        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        // No signal is blocked or ignored, whatever the tests themselves were started with.
        var signals = sigset_t()
        unsafe sigemptyset(&signals)
        unsafe posix_spawnattr_setsigmask(&attributes, &signals)
        unsafe sigfillset(&signals)
        unsafe posix_spawnattr_setsigdefault(&attributes, &signals)
        unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

        // env(1) goes to the folder and becomes the program.
        var words = unsafe ([Self.env, "--chdir", folder.path, path] + arguments).map { unsafe strdup($0) } + [nil]
        var variables = unsafe environment.map { unsafe strdup("\($0.key)=\($0.value)") } + [nil]
        defer { unsafe (words + variables).forEach { unsafe free($0) } }
        var process: pid_t = 0
        let failure = unsafe posix_spawn(&process, Self.env, &actions, &attributes, &words, &variables)
        guard failure == 0 else { throw ProgramFailure(description: "\(command): errno \(failure)") }
        processID = process
    }

    deinit { kill() }

    var output: String { (try? String(contentsOf: outputFile, encoding: .utf8)) ?? "" }
    var complaint: String { (try? String(contentsOf: complaintFile, encoding: .utf8)) ?? "" }

    func signal(_ number: Int32) {
        if !hasEnded() { _ = Glibc.kill(processID, number) }
    }

    /// Ends it at once, if it still runs, and waits until it is gone.
    func kill() {
        signal(SIGKILL)
        _ = hasEnded(waiting: true)
    }

    /// Whether it has ended; as a shell would say it, its status is 128 and the number of the signal that ended it.
    private func hasEnded(waiting: Bool = false) -> Bool {
        guard status == nil else { return true }
        var word: Int32 = 0
        guard unsafe waitpid(processID, &word, waiting ? 0 : WNOHANG) == processID else { return false }
        status = word & 0x7F == 0 ? word >> 8 & 0xFF : 128 + (word & 0x7F)
        return true
    }

    /// Waits until it ends by itself; after `timeout` seconds it is killed, and that is a failure.
    @discardableResult
    func waitForEnd(timeout: Double = 60) throws -> Answer {
        let limit = ContinuousClock.now + .seconds(timeout)
        while !hasEnded() {
            guard ContinuousClock.now < limit else {
                kill()
                throw ProgramFailure(description: "\(command): no end after \(timeout) s\n\(output)\(complaint)")
            }
            _ = poll(nil, 0, 5)
        }
        return Answer(status: status ?? -1, output: output, complaint: complaint)
    }

    /// Waits until a line of its output matches, and gives that line.
    func waitForLine(_ prefix: String, timeout: Double = 60) throws -> String {
        let limit = ContinuousClock.now + .seconds(timeout)
        while true {
            let isRunning = !hasEnded()
            let lines = (output + "\n" + complaint).split(separator: "\n")
            if let line = lines.first(where: { $0.hasPrefix(prefix) }) { return String(line) }
            guard isRunning, ContinuousClock.now < limit else {
                throw ProgramFailure(description: "\(command): never said “\(prefix)”\n\(output)\(complaint)")
            }
            _ = poll(nil, 0, 10)
        }
    }
}
