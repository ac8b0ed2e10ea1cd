import Foundation

/// A program of others as a judge: runs in a folder of its own that holds the files it is asked about.
public struct ForeignProgram: Sendable {
    public let status: Int32
    public let output: [UInt8]
    /// What it wrote to standard error.
    public let notes: String

    public var text: String { String(decoding: output, as: UTF8.self) }

    /// Looks for the program in `PATH`; one that is missing ends with status 127 and says so in its notes.
    public static func run(
        _ program: String,
        _ arguments: [String] = [],
        files: [String: [UInt8]] = [:],
        environment: [String: String] = [:]
    ) throws -> ForeignProgram {
        let folder = FileManager.default.temporaryDirectory.appending(path: "fuda-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, bytes) in files { try Data(bytes).write(to: folder.appending(path: name)) }
        // Files, not pipes: nothing that is written can fill up.
        let written = try ["standard-output", "standard-error"].map { name in
            let file = folder.appending(path: name)
            try Data().write(to: file)
            return (file, try FileHandle(forWritingTo: file))
        }
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [program] + arguments
        process.currentDirectoryURL = folder
        let base = ["HOME": folder.path, "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"]
        process.environment = base.merging(environment) { $1 }
        process.standardOutput = written[0].1
        process.standardError = written[1].1
        process.standardInput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return ForeignProgram(
            status: process.terminationStatus,
            output: Array(try Data(contentsOf: written[0].0)),
            notes: String(decoding: try Data(contentsOf: written[1].0), as: UTF8.self)
        )
    }
}
