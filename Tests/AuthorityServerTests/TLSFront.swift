import ForeignTools
import Foundation

/// nginx before a running authority, with the configuration of docs/authority/verifiers.md and certificates by openssl.
///
/// It listens at a Unix socket instead of port 443, so that no port has to be found. ``end()`` stops it.
final class TLSFront: @unchecked Sendable {
    private let folder: String
    private let lock = NSLock()
    private var process: Process?
    private var leash: Pipe?

    /// `alpha`, `beta` and `stranger` are by the authority that nginx asks for, `foreign` by another.
    static let clients = ["alpha", "beta", "stranger", "foreign"]

    private var address: String { folder + "/tls.sock" }

    init(before authority: RunningAuthority) throws {
        folder = authority.path("tls")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try makeCertificates()
        let replaced = [
            ("unix:/run/fuda/", "unix:\(authority.path("D"))/"), ("/etc/fuda/tls/", folder + "/"),
            ("listen 443 ssl;", "listen unix:\(address) ssl;"),
            ("http {\n", "http {\n" + Self.temporary.map { "    \($0)_temp_path \(folder)/\($0);\n" }.joined()),
        ]
        var text = try Self.documented()
        for (old, new) in replaced {
            guard text.contains(old) else { throw RunningAuthority.Failed(description: "the page has no \(old)") }
            text = text.replacingOccurrences(of: old, with: new)
        }
        try Data(text.utf8).write(to: URL(filePath: folder + "/nginx.conf"))
        try start(authority)
    }

    /// Places that nginx would otherwise look for under /var/lib.
    private static let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]

    /// The block marked `nginx` of the page.
    private static func documented() throws -> String {
        let page = try String(
            contentsOf: URL(filePath: RunningAuthority.repository + "/docs/authority/verifiers.md"),
            encoding: .utf8
        )
        let parts = page.components(separatedBy: "```nginx\n")
        guard parts.count == 2, let block = parts[1].components(separatedBy: "```").first else {
            throw RunningAuthority.Failed(description: "no configuration on the page")
        }
        return block
    }

    func path(_ name: String) -> String { folder + "/" + name }

    // MARK: - Certificates

    private func openssl(_ arguments: [String]) throws {
        let made = try ForeignProgram.run("openssl", arguments)
        guard made.status == 0 else { throw RunningAuthority.Failed(description: made.notes) }
    }

    private func make(_ name: String, _ subject: String, _ more: [String]) throws {
        try openssl(
            ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
                + ["-keyout", path(name + ".key"), "-out", path(name + ".pem"), "-subj", "/O=JPKI-SIM/CN=\(subject)"]
                + more
        )
    }

    private func makeCertificates() throws {
        let authority = ["-addext", "keyUsage=critical,keyCertSign"]
        try make("verifiers", "verifiers", authority)
        try make("others", "others", authority)
        try make("server", "server", ["-addext", "subjectAltName=DNS:authority.jpki-sim.test"])
        for client in Self.clients {
            let issuer = client == "foreign" ? "others" : "verifiers"
            try make(client, client, ["-CA", path(issuer + ".pem"), "-CAkey", path(issuer + ".key")])
        }
    }

    // MARK: - The process

    private func start(_ authority: RunningAuthority) throws {
        let leash = Pipe()
        let process = Process()
        // nginx ends when this process does: a shell waits for its input to close.
        // Threads of the test block signals, and nginx inherits that; the one that is sent cannot be blocked.
        let script = #"exec 3<&0 </dev/null; "$@" & server=$!; cat <&3; kill -KILL $server; wait $server"#
        let directives = "daemon off; master_process off; pid \(path("nginx.pid")); error_log stderr warn;"
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", script, "sh", "nginx", "-e", "stderr", "-c", path("nginx.conf"), "-g", directives]
        process.environment = ["PATH": "/usr/sbin:/usr/bin:/bin", "LC_ALL": "C"]
        try Data().write(to: URL(filePath: path("nginx.notes")))
        let notes = try FileHandle(forWritingTo: URL(filePath: path("nginx.notes")))
        process.standardOutput = notes
        process.standardError = notes
        process.standardInput = leash
        try process.run()
        lock.withLock { (self.process, self.leash) = (process, leash) }
        try authority.wait("nginx answers") {
            guard process.isRunning else { throw RunningAuthority.Failed(description: "nginx ended: \(notesText)") }
            return (try? ask("/", client: "stranger").status) == 404
        }
    }

    var notesText: String { (try? String(contentsOfFile: path("nginx.notes"), encoding: .utf8)) ?? "" }

    func end() {
        let (process, leash) = lock.withLock {
            defer { (self.process, self.leash) = (nil, nil) }
            return (self.process, self.leash)
        }
        try? leash?.fileHandleForWriting.close()
        process?.waitUntilExit()
    }

    // MARK: - Asking

    /// Asks with a client's certificate, or without one.
    func ask(
        _ path: String,
        _ method: String = "GET",
        client: String?,
        headers: [String: String] = [:],
        sending body: [UInt8]? = nil
    ) throws -> Web {
        var options = ["--unix-socket", address, "--cacert", self.path("server.pem")]
        if let client { options += ["--cert", self.path(client + ".pem"), "--key", self.path(client + ".key")] }
        let url = "https://authority.jpki-sim.test" + path
        return try Web.ask(url, method, headers: headers, sending: body, options)
    }
}
