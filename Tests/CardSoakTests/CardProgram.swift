import CardKeys
import CardProfiles
import CardStorage
import CardTesting
import Foundation
import SmartCard
import Testing
import VirtualCard

/// `fuda card insert` with a card of the tests' contents, in a folder of its own.
final class CardProgram {
    let folder: URL
    private let process = Process()
    private let key = (0..<32).map { UInt8($0) ^ 0x3C }

    var path: String { folder.appending(path: "a.card").path }
    var identifier: Int32 { process.processIdentifier }
    var isRunning: Bool { process.isRunning }

    init(_ sample: SampleCard<OpenSSLCryptography>, port: UInt16) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "fuda-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let keyFile = folder.appending(path: "storage.key")
        try Data(key).write(to: keyFile)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: keyFile.path)
        let header = CardHeader(
            kind: .plastic,
            persona: "soak",
            serial: "800000000000001",
            expiry: "20360331",
            atr: AnswerToReset.contactless.bytes,
            madeAt: 1_795_472_390,
            certificates: [],
            protection: .keyFile,
            salt: [UInt8](repeating: 5, count: 16)
        )
        try CardFile.create(at: path, header, try sample.card.state.changes(), storageKey: key, replacing: false)

        let repository = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized
        let bin = ProcessInfo.processInfo.environment["FUDA_BIN"] ?? repository.appending(path: ".build/debug").path
        process.executableURL = URL(filePath: bin).appending(path: "fuda-card")
        process.arguments = ["insert", path, "--key-file", keyFile.path, "--vpcd", "127.0.0.1:\(port)"]
        process.environment = ["HOME": folder.path, "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "FUDA_LANG": "en"]
        let log = folder.appending(path: "log")
        try Data().write(to: log)
        process.standardError = try FileHandle(forWritingTo: log)
        process.standardOutput = try FileHandle(forWritingTo: log)
        process.standardInput = FileHandle.nullDevice
        try process.run()
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        try? FileManager.default.removeItem(at: folder)
    }

    /// Asks it to end, and gives its status.
    func stop() -> Int32 {
        process.terminate()
        process.waitUntilExit()
        return process.terminationStatus
    }

    /// What the card file holds, once the program has ended.
    func state() throws -> CardState<OpenSSLCryptography> {
        let file = try CardFile(opening: path, storageKey: key)
        return try CardState(.plastic, replaying: file.changes, using: OpenSSLCryptography())
    }

    var log: String { (try? String(contentsOf: folder.appending(path: "log"), encoding: .utf8)) ?? "" }
}
