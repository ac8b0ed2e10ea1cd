import Foundation

/// A token that another process hands over a socket, as tokens on other machines are: p11-kit's server with SoftHSM
/// behind it.
///
/// The process can be stopped where it stands.
final class RemoteToken {
    /// The side of p11-kit that stands in for the token.
    static let module =
        ["/usr/lib/x86_64-linux-gnu/pkcs11/p11-kit-client.so", "/usr/lib/aarch64-linux-gnu/pkcs11/p11-kit-client.so"]
        .first { FileManager.default.fileExists(atPath: $0) } ?? "/usr/lib/pkcs11/p11-kit-client.so"

    private let process = Process()
    private let socket = Leftovers.path("p11")
    private let token: TokenOfAuthority

    var environment: [String: String] { ["P11_KIT_SERVER_ADDRESS": "unix:path=" + socket] }

    init(_ token: TokenOfAuthority) throws {
        self.token = token
        process.executableURL = URL(filePath: "/usr/bin/p11-kit")
        process.arguments = ["server", "-f", "-n", socket, "--provider", token.module, "pkcs11:token=fuda-ca"]
        process.environment = token.environment.merging(["PATH": "/usr/bin:/bin"]) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        guard eventually({ FileManager.default.fileExists(atPath: socket) }) else {
            throw AuthorityPrograms.Failed(what: "p11-kit server", notes: "no socket")
        }
    }

    deinit {
        for number in processes { kill(number, SIGKILL) }
        process.waitUntilExit()
        token.remove()
    }

    func uri(_ name: String) -> String { token.uri(name, module: Self.module) }

    /// Returns when nothing of it runs any more.
    func freeze() -> Bool {
        // The server makes a process for each client, while it runs.
        eventually {
            for number in processes { kill(number, SIGSTOP) }
            return processes.allSatisfy { Self.facts($0)?.state == "T" }
        }
    }

    func thaw() { for number in processes { kill(number, SIGCONT) } }

    /// The server and those that it made for its clients.
    private var processes: [Int32] {
        let server = process.processIdentifier
        let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return [server] + all.compactMap { Int32($0) }.filter { Self.facts($0)?.parent == server }
    }

    private static func facts(_ number: Int32) -> (state: Substring, parent: Int32)? {
        guard let text = try? String(contentsOfFile: "/proc/\(number)/stat", encoding: .utf8),
            let words = text.split(separator: ")").last?.split(separator: " "), words.count > 1,
            let parent = Int32(words[1])
        else { return nil }
        return (words[0], parent)
    }
}
