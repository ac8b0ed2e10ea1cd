import Foundation
import Glibc

/// Python's own HTTP server on a free port of this machine, serving the files it is given until it is let go.
public final class FileServer {
    public let port: UInt16
    private let process = Process()
    private let folder: URL

    public struct Silent: Error {}

    public var url: String { "http://127.0.0.1:\(port)" }

    /// `files` by their paths below the root.
    public init(_ files: [String: [UInt8]]) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "fuda-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for (name, bytes) in files {
            let file = folder.appending(path: name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data(bytes).write(to: file)
        }
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", "-u", "-m", "http.server", "0", "--bind", "127.0.0.1"]
        process.currentDirectoryURL = folder
        let said = Pipe()
        process.standardOutput = said
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        try process.run()
        // Serving HTTP on 127.0.0.1 port 38413 (http://127.0.0.1:38413/) ...
        var line = ""
        while !line.hasSuffix("\n"), let byte = try said.fileHandleForReading.read(upToCount: 1), !byte.isEmpty {
            line += String(decoding: byte, as: UTF8.self)
        }
        let words = line.split(separator: " ")
        guard let place = words.firstIndex(of: "port"), place + 1 < words.count, let port = UInt16(words[place + 1])
        else { throw Silent() }
        self.port = port
    }

    deinit {
        // Threads of the test block signals, and what they start inherits that; this one cannot be blocked.
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        try? FileManager.default.removeItem(at: folder)
    }
}
