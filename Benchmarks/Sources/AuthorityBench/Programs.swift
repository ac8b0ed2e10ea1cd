import Foundation

/// Another program, which ends with this one at the latest.
final class Program: @unchecked Sendable {
    private let process = Process()
    private let output = Pipe()
    let number: Int32

    /// Those that were built with this one are found beside it; others in `PATH`.
    init(_ words: [String], notes: String? = nil) throws {
        let beside = (Bundle.main.executablePath ?? "").split(separator: "/").dropLast().map { "/" + $0 }.joined()
        let own = beside + "/" + words[0]
        let isOwn = FileManager.default.isExecutableFile(atPath: own)
        process.executableURL = URL(filePath: isOwn ? own : "/usr/bin/env")
        process.arguments = isOwn ? Array(words.dropFirst()) : words
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        if let notes {
            try Data().write(to: URL(filePath: notes))
            process.standardError = try FileHandle(forWritingTo: URL(filePath: notes))
        }
        try process.run()
        number = process.processIdentifier
    }

    deinit { stop() }

    func line() -> String {
        String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }

    struct Failed: Error {
        let notes: String
    }

    /// Runs a program that has to succeed.
    static func demand(_ words: [String], notes: String) throws {
        let program = try Program(words, notes: notes)
        _ = program.whole()
        guard program.process.terminationStatus == 0 else {
            throw Failed(notes: try String(contentsOfFile: notes, encoding: .utf8))
        }
    }

    /// Everything that it says until its end.
    func whole() -> String {
        let text = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: text, as: UTF8.self)
    }

    func stop() {
        guard process.isRunning else { return }
        kill(number, SIGTERM)
        process.waitUntilExit()
    }

    var isRunning: Bool { process.isRunning }

    /// Seconds of the processor since it started, of the program and of the system for it (proc_pid_stat(5), 14 and 15).
    var processorSeconds: Double {
        let text = (try? String(contentsOfFile: "/proc/\(number)/stat", encoding: .utf8)) ?? ""
        let words = text.split(separator: ")").last?.split(separator: " ") ?? []
        guard words.count > 12, let own = Double(words[11]), let system = Double(words[12]) else { return 0 }
        return (own + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }
}

/// A running `fuda-server authority`.
final class Server: @unchecked Sendable {
    let program: Program
    let statusPort: Int
    let port: Int

    struct Failed: Error {
        let notes: String
    }

    /// Starts it; returns when it is ready.
    init(_ folder: String) throws {
        let endpoints = folder + "/endpoints.json"
        try? FileManager.default.removeItem(atPath: endpoints)
        let notes = folder + "/server.log"
        program = try Program(["fuda-server", "authority", "--data", folder, "--listen", "127.0.0.1:0"], notes: notes)
        var urls: [String: String]?
        while urls == nil {
            guard program.isRunning else {
                throw Failed(notes: (try? String(contentsOfFile: notes, encoding: .utf8)) ?? "")
            }
            if let data = try? Data(contentsOf: URL(filePath: endpoints)) {
                urls = try? JSONDecoder().decode([String: String].self, from: data)
            } else {
                usleep(2_000)
            }
        }
        statusPort = urls?["ocsp.auth"].flatMap { URL(string: $0)?.port } ?? 0
        port = urls?["health"].flatMap { URL(string: $0)?.port } ?? 0
        while try HTTPClient(port).get("/ready").status != 200 { usleep(2_000) }
    }
}

/// One connection to a server on this machine.
final class HTTPClient {
    private let descriptor: Int32

    struct Ended: Error {}

    init(_ port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var atOnce: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &atOnce, 4)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw Ended() }
    }

    deinit { close(descriptor) }

    func get(_ path: String) throws -> (status: Int, body: [UInt8]) {
        try ask(Array("GET \(path) HTTP/1.1\r\nHost: ocsp\r\n\r\n".utf8))
    }

    func post(_ path: String, _ body: [UInt8]) throws -> (status: Int, body: [UInt8]) {
        try ask(Array("POST \(path) HTTP/1.1\r\nHost: ocsp\r\nContent-Length: \(body.count)\r\n\r\n".utf8) + body)
    }

    private func ask(_ request: [UInt8]) throws -> (status: Int, body: [UInt8]) {
        guard send(descriptor, request, request.count, Int32(MSG_NOSIGNAL)) == request.count else {
            throw Ended()
        }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { throw Ended() }
            bytes += buffer.prefix(count)
            guard let end = Data(bytes).range(of: Data("\r\n\r\n".utf8)) else { continue }
            let head = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).lowercased()
            let length = head.split(separator: "\r\n").first { $0.hasPrefix("content-length:") }
                .flatMap { Int($0.dropFirst(15).trimmingCharacters(in: .whitespaces)) }
            guard bytes.count >= end.upperBound + (length ?? 0) else { continue }
            return (Int(head.split(separator: " ")[1]) ?? 0, Array(bytes[end.upperBound...]))
        }
    }
}
