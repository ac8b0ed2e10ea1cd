import Foundation

/// An authority in a folder of one test's own, and the server process that runs it.
///
/// Used by one thread at a time; clients on others use an ``AuthorityAddress``.
final class RunningAuthority: @unchecked Sendable {
    let folder: String
    private let program: AuthorityPrograms
    private var process: Process?

    /// Copies an authority that was made once for all tests: making keys takes seconds.
    convenience init() throws { try self.init(at: Leftovers.path("a")) }

    /// The same in a place that the test chose.
    convenience init(in place: String) throws { try self.init(at: place + "/a") }

    private init(at folder: String) throws {
        program = try AuthorityPrograms()
        self.folder = folder
        try FileManager.default.copyItem(atPath: try Self.prepared.get().folder + "/data", toPath: folder)
    }

    /// Takes a folder that the test made.
    init(making make: (AuthorityPrograms, String) throws -> Void) throws {
        program = try AuthorityPrograms()
        folder = Leftovers.path("a")
        try make(program, folder)
    }

    /// With the keys of both authorities made in a token, which `uri` names.
    convenience init(keysIn uri: (_ key: String) -> String, environment: [String: String]) throws {
        try self.init { programs, folder in
            try programs.demand(
                "fuda-issue",
                [
                    "authority", "init", "--data", folder, "--sign-key", uri("sign-ca"), "--auth-key", uri("auth-ca"),
                ],
                environment: environment
            )
        }
    }

    deinit {
        if let process, process.isRunning {
            Glibc.kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }
        try? FileManager.default.removeItem(atPath: folder)
    }

    private static let prepared: Result<AuthorityPrograms, any Error> = Result {
        let programs = try AuthorityPrograms()
        try programs.demand("fuda-issue", ["authority", "init", "--data", programs.folder + "/data"])
        return programs
    }

    var processIdentifier: Int32 { process?.processIdentifier ?? 0 }
    var isRunning: Bool { process?.isRunning ?? false }

    /// Starts the server, and returns when it answers.
    ///
    /// `wrapping` are words before the program's own, for what sets a limit and then becomes the server.
    @discardableResult
    func start(
        wrapping: [String] = [],
        environment: [String: String] = [:],
        awaitingReady: Bool = true
    ) throws -> AuthorityAddress {
        // A server that was killed leaves this behind.
        try? FileManager.default.removeItem(atPath: folder + "/endpoints.json")
        let process = try program.start(
            "fuda-server",
            ["authority", "--data", folder, "--listen", "127.0.0.1:0"],
            wrapping: wrapping,
            environment: environment,
            notes: folder + "/server.log"
        )
        self.process = process
        let isThere = eventually {
            !process.isRunning || FileManager.default.fileExists(atPath: folder + "/endpoints.json")
        }
        guard isThere, process.isRunning else { throw AuthorityPrograms.Failed(what: "fuda-server", notes: log) }
        let address = try AuthorityAddress(folder)
        if awaitingReady, !eventually({ address.isReady }) {
            throw AuthorityPrograms.Failed(what: "not ready", notes: log)
        }
        return address
    }

    /// As if the power had gone, for this process.
    func kill() { _ = end(SIGKILL) }

    /// Asks the server to end, and waits until it has.
    @discardableResult
    func stop() -> Int32 { end(SIGTERM) }

    @discardableResult
    private func end(_ signal: Int32) -> Int32 {
        guard let process else { return -1 }
        Glibc.kill(process.processIdentifier, signal)
        process.waitUntilExit()
        self.process = nil
        return process.terminationStatus
    }

    func signal(_ signal: Int32) { Glibc.kill(processIdentifier, signal) }

    /// Stops the process where it stands, and returns when it does.
    func freeze() -> Bool {
        signal(SIGSTOP)
        let stat = "/proc/\(processIdentifier)/stat"
        return eventually {
            guard let text = try? String(contentsOfFile: stat, encoding: .utf8) else { return false }
            return text.split(separator: ")").last?.split(separator: " ").first == "T"
        }
    }

    func thaw() { signal(SIGCONT) }

    var log: String { (try? String(contentsOfFile: folder + "/server.log", encoding: .utf8)) ?? "" }
}

/// The project's programs, and a folder for what they need.
final class AuthorityPrograms: Sendable {
    let folder: String
    private let bin: String

    struct Failed: Error {
        let what: String
        let notes: String
    }

    init() throws {
        folder = Leftovers.path("p")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let repository = URL(filePath: #filePath).appending(path: "../../../..").standardized
        bin = ProcessInfo.processInfo.environment["FUDA_BIN"] ?? repository.appending(path: ".build/debug").path
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// Starts a program; what it says on standard error is added to a file.
    func start(
        _ program: String,
        _ arguments: [String],
        wrapping: [String] = [],
        environment: [String: String] = [:],
        notes: String
    ) throws -> Process {
        let process = Process()
        let words = wrapping + [bin + "/" + program] + arguments
        process.executableURL = URL(filePath: words[0])
        process.arguments = Array(words.dropFirst())
        let base = ["HOME": folder, "XDG_DATA_HOME": folder + "/home", "PATH": "/usr/bin:/bin", "LC_ALL": "C"]
        process.environment = base.merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        if !FileManager.default.fileExists(atPath: notes) { try Data().write(to: URL(filePath: notes)) }
        let handle = try FileHandle(forWritingTo: URL(filePath: notes))
        try handle.seekToEnd()
        process.standardError = handle
        try process.run()
        return process
    }

    /// Runs a program to its end; its exit code and what it said on standard error come back.
    func run(_ program: String, _ arguments: [String], environment: [String: String] = [:]) throws -> (
        status: Int32, notes: String
    ) {
        let notes = folder + "/" + UUID().uuidString
        let process = try start(program, arguments, environment: environment, notes: notes)
        process.waitUntilExit()
        return (process.terminationStatus, try String(contentsOfFile: notes, encoding: .utf8))
    }

    func demand(_ program: String, _ arguments: [String], environment: [String: String] = [:]) throws {
        let (status, notes) = try run(program, arguments, environment: environment)
        guard status == 0 else { throw Failed(what: "\(program) \(status)", notes: notes) }
    }
}
