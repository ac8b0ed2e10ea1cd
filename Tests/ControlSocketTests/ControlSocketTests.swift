import ControlSocket
import Dispatch
import Foundation
import Glibc
import Synchronization
import Testing

@Suite struct `A control socket` {
    private let folder: String

    init() throws {
        let number = String(UInt32.random(in: 0...UInt32.max), radix: 36)
        folder = "/tmp/fuda-control-\(number)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    }

    private func finish() { try? FileManager.default.removeItem(atPath: folder) }

    /// A server that answers on a thread of its own, and can be waited for.
    private final class Listener: Sendable {
        let server: ControlServer
        private let heard = Mutex<[String]>([])
        private let end = DispatchSemaphore(value: 0)

        init(_ path: String) throws {
            server = try ControlServer(path)
            Thread.detachNewThread { [self] in
                server.run { line in
                    heard.withLock { $0.append(line) }
                    return "you said \(line)"
                }
                end.signal()
            }
        }

        var lines: [String] { heard.withLock { $0 } }

        func stop() -> Bool {
            server.stop()
            return end.wait(timeout: .now() + 60) == .success
        }
    }

    private func mode(_ path: String) throws -> mode_t {
        var information = stat()
        let result = unsafe lstat(path, &information)
        try #require(result == 0)
        return information.st_mode
    }

    @Test func `carries one line there and one line back, any number of times`() throws {
        defer { finish() }
        let listener = try Listener(folder + "/s")
        for line in ["torn-out:3 slow", "", "カード", String(repeating: "x", count: 4000)] {
            #expect(try ControlClient.ask(folder + "/s", line) == "you said \(line)")
        }
        #expect(listener.lines.count == 4)
        #expect(listener.stop())
    }

    @Test func `is one line whatever the text holds`() throws {
        defer { finish() }
        let listener = try Listener(folder + "/s")
        #expect(try ControlClient.ask(folder + "/s", "a\nb") == "you said ab")
        #expect(listener.stop())
    }

    @Test func `is this user's alone, and gone when it is stopped`() throws {
        defer { finish() }
        let path = folder + "/s"
        let listener = try Listener(path)
        #expect(try mode(path) == S_IFSOCK | 0o600)
        #expect(listener.stop())
        #expect(!FileManager.default.fileExists(atPath: path))
        #expect(throws: ControlSocketError.nobody(path)) { try ControlClient.ask(path, "x") }
    }

    @Test func `of a process that was killed is replaced`() throws {
        defer { finish() }
        let path = folder + "/s"
        try leaveStale(path)
        #expect(throws: ControlSocketError.nobody(path)) { try ControlClient.ask(path, "x") }
        let listener = try Listener(path)
        #expect(try ControlClient.ask(path, "x") == "you said x")
        #expect(listener.stop())
    }

    @Test func `does not replace a file or what a link points to`() throws {
        defer { finish() }
        try Data("precious".utf8).write(to: URL(filePath: folder + "/file"))
        try FileManager.default.createSymbolicLink(atPath: folder + "/link", withDestinationPath: folder + "/file")
        for path in [folder + "/file", folder + "/link"] {
            #expect(throws: ControlSocketError.occupied(path)) { try ControlServer(path) }
        }
        #expect(try Data(contentsOf: URL(filePath: folder + "/file")) == Data("precious".utf8))
        #expect(throws: ControlSocketError.nobody(folder + "/file")) { try ControlClient.ask(folder + "/file", "x") }
    }

    @Test func `has a path of at most 107 bytes`() throws {
        defer { finish() }
        let longest = folder + "/" + String(repeating: "s", count: 107 - folder.utf8.count - 1)
        let listener = try Listener(longest)
        #expect(try ControlClient.ask(longest, "x") == "you said x")
        #expect(listener.stop())
        let tooLong = longest + "s"
        #expect(throws: ControlSocketError.pathTooLong(tooLong)) { try ControlServer(tooLong) }
        #expect(throws: ControlSocketError.pathTooLong(tooLong)) { try ControlClient.ask(tooLong, "x") }
        #expect(!FileManager.default.fileExists(atPath: tooLong))
    }

    @Test func `ends at once although a client is connected and says nothing`() throws {
        defer { finish() }
        let path = folder + "/s"
        let listener = try Listener(path)
        let client = try connected(path)
        defer { close(client) }
        #expect(listener.stop())
        #expect(listener.lines.isEmpty)
    }

    @Test func `hangs up on a line without end`() throws {
        defer { finish() }
        let path = folder + "/s"
        let listener = try Listener(path)
        #expect(throws: ControlSocketError.noAnswer(path)) {
            try ControlClient.ask(path, String(repeating: "x", count: 300_000))
        }
        #expect(try ControlClient.ask(path, "x") == "you said x", "and goes on with others")
        #expect(listener.lines == ["x"])
        #expect(listener.stop())
    }

    // MARK: - Parts

    private func address(_ path: String) -> sockaddr_un {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: Array(path.utf8)) }
        return address
    }

    private func call(
        _ path: String,
        _ call: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) throws -> Int32 {
        let socket = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        let address = address(path)
        let result = unsafe withUnsafePointer(to: address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                unsafe call(socket, generic, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        try #require(result == 0)
        return socket
    }

    private func connected(_ path: String) throws -> Int32 { try unsafe call(path) { unsafe connect($0, $1, $2) } }

    /// What is left when a process dies that listened.
    private func leaveStale(_ path: String) throws { close(try unsafe call(path) { unsafe bind($0, $1, $2) }) }
}
