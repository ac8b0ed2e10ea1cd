import Foundation
import Glibc

/// `openssl ocsp` as a server on a free port of this machine, until it has answered so many questions or is let go.
public final class OpenSSLResponder {
    public let port: UInt16
    private let process = Process()
    private let folder: URL

    public struct Silent: Error {}

    /// `index` is the list of certificates as `openssl ca` keeps it; `authority` and `signer` are PEM.
    public init(index: String, authority: [UInt8], signer: [UInt8], key: [UInt8]) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "fuda-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let files: [(String, [UInt8])] = [
            ("index.txt", Array(index.utf8)), ("ca", authority), ("signer", signer), ("key", key),
        ]
        for (name, bytes) in files { try Data(bytes).write(to: folder.appending(path: name)) }
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments =
            ["openssl", "ocsp", "-port", "0", "-index", "index.txt", "-CA", "ca", "-rsigner", "signer", "-rkey", "key"]
            + ["-nmin", "5", "-timeout", "10"]
        process.currentDirectoryURL = folder
        let said = Pipe()
        process.standardOutput = said
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        try process.run()
        // ACCEPT [::]:42941 PID=13158
        var line = ""
        while !line.hasSuffix("\n"), let byte = try said.fileHandleForReading.read(upToCount: 1), !byte.isEmpty {
            line += String(decoding: byte, as: UTF8.self)
        }
        let address = line.split(separator: " ").dropFirst().first ?? ""
        guard let port = address.split(separator: ":").last.flatMap({ UInt16($0) }) else { throw Silent() }
        self.port = port
    }

    deinit {
        // Threads of the test block signals, and what they start inherits that; this one cannot be blocked.
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        try? FileManager.default.removeItem(at: folder)
    }
}
