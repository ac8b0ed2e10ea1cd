import Foundation

/// A PostgreSQL server of one's own: its data, its socket and its log lie in one folder, and it listens nowhere else.
///
/// The server refuses to run as root; then it runs as the user `postgres`, or as nobody.
public final class PostgresServer: Sendable {
    /// Path of the folder.
    public let folder: String
    private let programs: String
    private let user: [String]
    /// Its end, with this process, stops the server.
    private let lifeline: Pipe

    /// Where Debian keeps the programs of the newest version; `nil` if there are none.
    public static var programs: String? {
        let base = "/usr/lib/postgresql"
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: base)) ?? []
        return versions.compactMap { Int($0) }.max().map { "\(base)/\($0)/bin" }
    }

    /// Makes the data and starts the server.
    public init() throws {
        guard let programs = Self.programs else { throw Failure(program: "postgres", notes: "not installed") }
        self.programs = programs
        // A socket's path has at most 107 bytes.
        folder = "/tmp/fuda-pg-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let isRoot = getuid() == 0
        user = isRoot ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] : []
        lifeline = Pipe()
        if isRoot { try Self.run(["chown", "postgres:postgres", folder]) }
        try run("initdb", ["-D", data, "-A", "trust", "-U", "fuda", "--locale=C", "-E", "UTF8"])
        try watch()
        try start()
    }

    deinit { try? lifeline.fileHandleForWriting.close() }

    /// A process that waits for the end of this one, however it ends, and then stops the server and clears up.
    private func watch() throws {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        let stop = (user + ["\(programs)/pg_ctl", "-D", data, "-m", "immediate", "-w", "stop"]).joined(separator: " ")
        process.arguments = ["-c", "trap '' INT TERM HUP; cat; \(stop); rm -rf \(folder)"]
        process.standardInput = lifeline
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
    }

    private var data: String { folder + "/data" }

    /// What clients are given.
    public var address: String { "host=\(folder) user=fuda dbname=postgres" }

    /// The server inherits nothing: whoever waits for the end of `pg_ctl` would wait for the server's.
    public func start() throws {
        let options = "-c listen_addresses= -c unix_socket_directories=\(folder) -c max_connections=60"
        let closing = """
            (for file in $(ls /proc/self/fd); do [ "$file" -gt 2 ] && eval "exec $file>&-"; done; exec "$@"); exit $?
            """
        let command =
            ["bash", "-c", closing, "bash"] + user
            + ["\(programs)/pg_ctl", "-D", data, "-l", folder + "/log", "-w", "-t", "60", "-o", options, "start"]
        // After a kill, children of the old server may be there for a moment and keep the new one out.
        for _ in 0..<50 {
            do {
                try Self.run(command)
                return
            } catch is Failure {
                Thread.sleep(forTimeInterval: 0.1)
            }
        }
        try Self.run(command)
    }

    /// With `fast`, sessions end in order; with `immediate`, as in a crash.
    public func stop(_ mode: String) throws {
        try run("pg_ctl", ["-D", data, "-m", mode, "-w", "-t", "60", "stop"])
    }

    /// Ends the server's first process as nothing can refuse; its children see that and go.
    public func kill() throws {
        let file = try String(contentsOfFile: data + "/postmaster.pid", encoding: .utf8)
        guard let line = file.split(separator: "\n").first, let process = Int32(line) else {
            throw Failure(program: "kill", notes: "no postmaster.pid")
        }
        Foundation.kill(process, SIGKILL)
    }

    /// An empty database of a new name.
    ///
    /// - Returns: its address.
    public func database() throws -> String {
        let name = "d" + UUID().uuidString.replacing("-", with: "").lowercased()
        try query("CREATE DATABASE \(name)")
        return "host=\(folder) user=fuda dbname=\(name)"
    }

    /// What `psql` answers, unaligned, one row a line.
    @discardableResult
    public func query(_ sql: String, address: String? = nil) throws -> String {
        try run("psql", ["-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1", "-d", address ?? self.address, "-c", sql])
    }

    @discardableResult
    private func run(_ program: String, _ arguments: [String]) throws -> String {
        try Self.run(user + ["\(programs)/\(program)"] + arguments)
    }

    @discardableResult
    private static func run(_ command: [String]) throws -> String {
        let ended = try ForeignProgram.run(command[0], Array(command.dropFirst()), environment: ["HOME": "/tmp"])
        guard ended.status == 0 else { throw Failure(program: command.joined(separator: " "), notes: ended.notes) }
        return ended.text
    }

    public struct Failure: Error {
        public let program: String
        public let notes: String
    }
}
