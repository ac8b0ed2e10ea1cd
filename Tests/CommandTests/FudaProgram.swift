import Foundation

/// The project's programs, run as processes in a folder of one test's own: own home, own data, own keys.
final class Desk: Sendable {
    let folder: String
    private let bin: String

    struct Answer {
        let status: Int32
        let out: String
        let notes: String

        /// Standard output as a JSON object.
        var json: [String: Any]? {
            try? JSONSerialization.jsonObject(with: Data(out.utf8)) as? [String: Any]
        }
    }

    /// A test authority takes seconds to make, so one is made for all and copied; `hasAuthority` false starts with nothing.
    private static let prepared: Result<Desk, any Error> = Result {
        let desk = try Desk(hasAuthority: false)
        let answer = try desk.make("first.card")
        guard answer.status == 0 else { throw Unprepared(status: answer.status) }
        atexit {
            guard let folder = try? Desk.prepared.get().folder else { return }
            try? FileManager.default.removeItem(atPath: folder)
        }
        return desk
    }

    struct Unprepared: Error {
        let status: Int32
    }

    init(hasAuthority: Bool = true) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "fuda-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let repository = URL(filePath: #filePath).appending(path: "../../..").standardized
        bin = ProcessInfo.processInfo.environment["FUDA_BIN"] ?? repository.appending(path: ".build/debug").path
        if hasAuthority {
            let source = try Self.prepared.get().path("data")
            try FileManager.default.copyItem(atPath: source, toPath: path("data"))
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func path(_ name: String) -> String { folder + "/" + name }
    func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name)) }
    func write(_ text: String, to name: String) throws { try Data(text.utf8).write(to: URL(filePath: path(name))) }
    func read(_ name: String) throws -> Data { try Data(contentsOf: URL(filePath: path(name))) }

    /// A program ready to start; `program` is `fuda` unless told otherwise.
    func process(_ arguments: [String], environment: [String: String] = [:], program: String = "fuda") -> Process {
        let process = Process()
        process.executableURL = URL(filePath: bin + "/" + program)
        process.arguments = arguments
        process.currentDirectoryURL = URL(filePath: folder)
        let base = ["HOME": folder, "XDG_DATA_HOME": folder + "/data", "PATH": "/usr/bin:/bin", "LC_ALL": "C"]
        process.environment = base.merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        return process
    }

    /// Runs `fuda` to its end.
    func fuda(_ arguments: String..., environment: [String: String] = [:], input: FileHandle? = nil) throws -> Answer {
        try run(arguments, environment: environment, input: input)
    }

    /// The same for arguments in a list.
    func run(_ arguments: [String], environment: [String: String] = [:], input: FileHandle? = nil) throws -> Answer {
        let process = process(arguments, environment: environment)
        if let input { process.standardInput = input }
        // Files, not pipes: nothing that is written can fill up.
        let id = UUID().uuidString
        for name in ["out-\(id)", "notes-\(id)"] { try write("", to: name) }
        let out = try FileHandle(forWritingTo: URL(filePath: path("out-\(id)")))
        let notes = try FileHandle(forWritingTo: URL(filePath: path("notes-\(id)")))
        process.standardOutput = out
        process.standardError = notes
        try process.run()
        process.waitUntilExit()
        return Answer(
            status: process.terminationStatus,
            out: String(decoding: try read("out-\(id)"), as: UTF8.self),
            notes: String(decoding: try read("notes-\(id)"), as: UTF8.self)
        )
    }

    /// A card in a file of this folder, by the authority of this folder.
    @discardableResult
    func make(_ name: String, persona: String = "android", _ more: [String] = []) throws -> Answer {
        let process = process(["card", "new", "--persona", persona, "-o", name, "--json"] + more)
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return Answer(status: process.terminationStatus, out: "", notes: "")
    }
}

/// A card in a virtual reader that this test plays.
final class RunningInsertion {
    let process: Process
    private let notes = Pipe()

    /// Starts `fuda card insert` and returns when the card looks for its reader.
    init(_ desk: Desk, _ arguments: [String]) throws {
        process = desk.process(["card", "insert"] + arguments)
        process.standardOutput = FileHandle.nullDevice
        process.standardError = notes
        try process.run()
        // The first note is either that it waits for the reader or why it cannot.
        _ = notes.fileHandleForReading.availableData
    }

    func stop() {
        process.terminate()
        process.waitUntilExit()
    }

    deinit { if process.isRunning { stop() } }
}
