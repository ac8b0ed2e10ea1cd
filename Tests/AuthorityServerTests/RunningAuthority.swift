import Foundation

/// An authority in a folder of one suite's own, run by the project's own programs: commands, and a server beside them.
///
/// ``end()`` stops the server and removes the folder; ``AuthorityScope`` calls it, whatever became of the tests.
final class RunningAuthority: @unchecked Sendable {
    let folder: String
    private let lock = NSLock()
    private var server: Process?
    private var leash: Pipe?
    private var endings: [() -> Void] = []

    struct Answer {
        let status: Int32
        let out: String
        let notes: String

        var json: [String: Any]? { try? JSONSerialization.jsonObject(with: Data(out.utf8)) as? [String: Any] }
    }

    struct Failed: Error, CustomStringConvertible {
        let description: String
    }

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "fuda-\(UUID().uuidString.prefix(8))").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    func path(_ name: String) -> String { folder + "/" + name }

    func read(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: path(name)))) }

    /// Something that has to end before the folder is removed.
    func atEnd(_ body: @escaping () -> Void) { lock.withLock { endings.append(body) } }

    func end() {
        for ending in lock.withLock({ endings }) { ending() }
        _ = try? stop()
        try? FileManager.default.removeItem(atPath: folder)
    }

    // MARK: - Commands

    /// Runs `fuda` to its end in the folder; the authority is in `D` there.
    func fuda(_ arguments: String..., environment: [String: String] = [:]) throws -> Answer {
        try run("fuda", arguments, environment: environment)
    }

    /// Runs `fuda … --json`, which has to succeed and to print an object.
    @discardableResult
    func report(_ arguments: String...) throws -> [String: Any] {
        let answer = try run("fuda", arguments + ["--json"])
        guard answer.status == 0, let json = answer.json else {
            throw Failed(description: "fuda \(arguments.joined(separator: " ")): \(answer.status) \(answer.notes)")
        }
        return json
    }

    func run(_ program: String, _ arguments: [String], environment: [String: String] = [:]) throws -> Answer {
        let process = process(Self.programs + "/" + program, arguments, environment)
        // Files, not pipes: nothing that is written can fill up.
        let files = try ["out", "notes"].map { name in
            let file = URL(filePath: path("\(name)-\(UUID().uuidString)"))
            try Data().write(to: file)
            return (file, try FileHandle(forWritingTo: file))
        }
        defer { for (file, _) in files { try? FileManager.default.removeItem(at: file) } }
        process.standardOutput = files[0].1
        process.standardError = files[1].1
        process.standardInput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        let texts = try files.map { String(decoding: try Data(contentsOf: $0.0), as: UTF8.self) }
        return Answer(status: process.terminationStatus, out: texts[0], notes: texts[1])
    }

    private func process(_ path: String, _ arguments: [String], _ environment: [String: String]) -> Process {
        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        process.currentDirectoryURL = URL(filePath: folder)
        let base = ["HOME": folder, "XDG_DATA_HOME": folder + "/home", "PATH": "/usr/bin:/bin", "LC_ALL": "C"]
        process.environment = base.merging(environment) { $1 }
        return process
    }

    /// A card by this authority; its certificates' serial numbers by their kinds.
    @discardableResult
    func issue(_ persona: String, to card: String, _ more: String...) throws -> [String: Int] {
        let answer = try run(
            "fuda",
            ["authority", "issue", "--data", "D", "--persona", persona, "-o", card, "--json"] + more
        )
        guard answer.status == 0, let list = answer.json?["certificates"] as? [[String: Any]] else {
            throw Failed(description: "issue: \(answer.status) \(answer.notes)")
        }
        return list.reduce(into: [:]) { serials, one in
            if let kind = one["kind"] as? String, let serial = one["serial"] as? Int { serials[kind] = serial }
        }
    }

    static let repository = URL(filePath: #filePath).appending(path: "../../..").standardized.path
    static let programs = ProcessInfo.processInfo.environment["FUDA_BIN"] ?? repository + "/.build/debug"

    // MARK: - The server

    /// Starts `fuda-server authority` on ports that the system picks, and returns when it says that it answers.
    ///
    /// The server ends when this process does, however that comes about: a shell waits for its input to close.
    func start() throws {
        let leash = Pipe()
        let script = #"exec 3<&0 </dev/null; "$@" & server=$!; cat <&3; kill -TERM $server; wait $server"#
        let arguments = ["-c", script, "sh", Self.programs + "/fuda-server", "authority", "--data", "D"]
        let process = process("/bin/sh", arguments + ["--listen", "127.0.0.1:0"], [:])
        for name in ["server.out", "server.notes"] { try Data().write(to: URL(filePath: path(name))) }
        let out = try FileHandle(forWritingTo: URL(filePath: path("server.out")))
        let notes = try FileHandle(forWritingTo: URL(filePath: path("server.notes")))
        try out.seekToEnd()
        process.standardOutput = out
        process.standardError = notes
        process.standardInput = leash
        try process.run()
        lock.withLock { (server, self.leash) = (process, leash) }
        try wait("the server answers") {
            guard process.isRunning else { throw Failed(description: "the server ended: \(try said())") }
            return FileManager.default.fileExists(atPath: path("D/endpoints.json"))
        }
    }

    /// Lets the server finish; its exit code.
    @discardableResult
    func stop() throws -> Int32? {
        let (server, leash) = lock.withLock {
            defer { (self.server, self.leash) = (nil, nil) }
            return (self.server, self.leash)
        }
        guard let server, let leash else { return nil }
        try leash.fileHandleForWriting.close()
        server.waitUntilExit()
        return server.terminationStatus
    }

    /// Everything that the server wrote, to standard output and to standard error.
    func said() throws -> String {
        String(decoding: try read("server.out") + read("server.notes"), as: UTF8.self)
    }

    /// What the server serves, by the names of `endpoints.json`.
    func endpoint(_ name: String) throws -> String {
        let json = try JSONSerialization.jsonObject(with: Data(try read("D/endpoints.json"))) as? [String: String]
        guard let url = json?[name] else { throw Failed(description: "no endpoint \(name)") }
        return url
    }

    /// Asks again and again until a condition holds; gives up after a minute, which means that something is broken.
    func wait(_ what: String, until condition: () throws -> Bool) throws {
        let end = ContinuousClock.now + .seconds(60)
        while try !condition() {
            guard ContinuousClock.now < end else { throw Failed(description: "in vain: \(what)") }
            usleep(20_000)
        }
    }
}
