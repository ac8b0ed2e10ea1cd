import Foundation
import Glibc

/// From the start of the card's process to its answer to reset, with the driver's side played here; and its memory.
struct StartBench {
    let folder: String
    let file: String

    func run() throws {
        let listener = try Listener()
        var times: [Double] = []
        var memory: [Double] = []
        for _ in 0..<21 {
            let start = now()
            let child = try Child(
                ["fuda-card", "insert", file, "--vpcd", "127.0.0.1:\(listener.port)"],
                environment: ["XDG_DATA_HOME=\(folder)", "PATH=/usr/bin:/bin"]
            )
            let driver = listener.accept()
            var question: [UInt8] = [0, 1, 4]
            send(driver, &question, question.count, Int32(MSG_NOSIGNAL))
            var answer = [UInt8](repeating: 0, count: 64)
            guard recv(driver, &answer, answer.count, 0) > 2 else { throw Program.Failed(notes: "no answer to reset") }
            times.append(now() - start)
            // Commands of every kind, so that what they need has been touched.
            for command: [UInt8] in [[0, 4, 0, 0xA4, 4, 0], [0, 5, 0, 0x84, 0, 0, 16], [0, 5, 0, 0xCA, 0, 0x66, 0]] {
                var frame = command
                send(driver, &frame, frame.count, Int32(MSG_NOSIGNAL))
                _ = recv(driver, &answer, answer.count, 0)
            }
            memory.append(Double(child.residentMemory))
            child.stop()
            close(driver)
        }
        let milliseconds = times.map { $0 * 1000 }
        say(
            "start of the card's process to its answer to reset: \(rounded(milliseconds.median, 1)) ms, fastest "
                + "\(rounded(milliseconds.percentile(0), 1)), slowest \(rounded(milliseconds.percentile(100), 1)) "
                + verdict(milliseconds.median <= 20, "20 ms")
        )
        let megabytes = memory.median / 1e6
        say(
            "resident memory of that process with one card: \(rounded(megabytes, 1)) MB "
                + verdict(megabytes <= 15, "15 MB")
        )
    }
}

/// A program started without anything in between.
final class Child {
    let number: pid_t

    init(_ words: [String], environment: [String], output: String = "/dev/null") throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        var arguments = words.map { strdup($0) } + [nil]
        var variables = environment.map { strdup($0) } + [nil]
        defer { (arguments + variables).forEach { free($0) } }
        var process: pid_t = 0
        let status = posix_spawn(
            &process,
            Program.path(of: words[0]) ?? words[0],
            &actions,
            nil,
            &arguments,
            &variables
        )
        guard status == 0 else { throw Program.Failed(notes: "posix_spawn \(words[0]): \(status)") }
        number = process
    }

    /// Bytes (proc(5), VmRSS).
    var residentMemory: Int {
        let text = (try? String(contentsOfFile: "/proc/\(number)/status", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix("VmRSS:") } ?? ""
        return (line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) } ?? 0) * 1024
    }

    func stop() {
        kill(number, SIGTERM)
        _ = wait()
    }

    /// Waits for its end and gives the exit code.
    @discardableResult
    func wait() -> Int32 {
        var status: Int32 = 0
        waitpid(number, &status, 0)
        return status >> 8 & 0xFF
    }
}

/// A port of this machine at which cards call.
final class Listener {
    private let descriptor: Int32
    let port: UInt16

    init() throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = descriptor
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && listen(descriptor, 1) == 0
                    && getsockname(descriptor, $0, &length) == 0
            }
        }
        guard isBound else { throw Program.Failed(notes: "bind: \(errno)") }
        port = UInt16(bigEndian: address.sin_port)
    }

    deinit { close(descriptor) }

    func accept() -> Int32 {
        let connection = Glibc.accept(descriptor, nil, nil)
        _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
        var on: Int32 = 1
        setsockopt(connection, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        return connection
    }
}
