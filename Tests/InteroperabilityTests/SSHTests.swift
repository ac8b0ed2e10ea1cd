import ForeignTools
import Foundation
import Glibc
import Testing

/// OpenSSH: logging in with the card, at a server of the test's own.
@Suite(.serialized) struct SSHTests {
    private let reader: CardInReader

    init() throws { reader = try CardInReader("adult") }

    @Test func `ssh logs in with the card's authentication key`() throws {
        try authorize(keyNamed: "User Authentication Public Key")
        let server = try Server(reader)
        let login = try login(to: server, with: TestSecrets.pin)
        #expect(login.status == 0, "\(login.text)\n\(server.log)")
        #expect(login.output == "reached\n")
        #expect(server.log.contains("Accepted publickey for \(NSUserName()) "))
    }

    @Test func `a wrong PIN does not log in, and costs a try`() throws {
        try authorize(keyNamed: "User Authentication Public Key")
        let server = try Server(reader)
        let login = try login(to: server, with: TestSecrets.wrongPIN)
        #expect(login.status == 255)
        #expect(login.output.isEmpty)
        #expect(try PKCS15Dump(reader).tries["User Authentication PIN"] == 2)
    }

    @Test func `the card does not log in where another key is expected`() throws {
        try authorize(keyNamed: "User Authentication Certificate CA")
        let server = try Server(reader)
        #expect(try login(to: server, with: TestSecrets.pin).status == 255)
    }

    /// Lets the server know one of the keys that ssh-keygen finds on the card.
    private func authorize(keyNamed name: String) throws {
        let keys = try reader.run(.sshKeygen, ["-D", try Peer.pkcs11Module()])
        let key = try #require(keys.output.split(separator: "\n").first { $0.hasSuffix(" " + name) }, "\(keys.text)")
        try reader.write(key + "\n", to: "authorized_keys")
    }

    private func login(to server: Server, with pin: String) throws -> Answer {
        let script = reader.file("ask-pin")
        try reader.write("#!/bin/sh\nprintf '%s\\n' \"$TYPED_PIN\"\n", to: "ask-pin")
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: script.path)
        let options = [
            "PKCS11Provider=\(try Peer.pkcs11Module())", "IdentityAgent=none", "IdentityFile=none",
            "PreferredAuthentications=publickey", "UserKnownHostsFile=\(reader.file("known_hosts").path)",
            "GlobalKnownHostsFile=none", "StrictHostKeyChecking=accept-new",
        ]
        let arguments =
            ["-F", "none"] + options.flatMap { ["-o", $0] }
            + ["-p", "\(server.port)", "\(NSUserName())@127.0.0.1", "echo reached"]
        return try reader.run(
            .ssh,
            arguments,
            with: ["SSH_ASKPASS": script.path, "SSH_ASKPASS_REQUIRE": "force", "TYPED_PIN": pin]
        )
    }

    /// An sshd on 127.0.0.1 that knows one key, run by whoever runs the tests.
    private final class Server {
        let port: UInt16
        private let program: RunningProgram
        private let hasMadeFolder: Bool
        var log: String { program.complaint }

        init(_ reader: CardInReader) throws {
            let key = reader.file("host_key").path
            let made = try reader.run(.sshKeygen, ["-q", "-t", "ed25519", "-N", "", "-f", key])
            guard made.status == 0 else { throw ProgramFailure(description: "host key: \(made.text)") }
            port = try Loopback.freePort()
            let configuration = """
                Port \(port)
                ListenAddress 127.0.0.1
                HostKey \(key)
                AuthorizedKeysFile \(reader.file("authorized_keys").path)
                PidFile none
                StrictModes no
                UsePAM no
                PasswordAuthentication no
                KbdInteractiveAuthentication no
                LogLevel VERBOSE

                """
            try reader.write(configuration, to: "sshd_config")
            // Where sshd, if root, puts its unprivileged half; its own service makes the folder when it starts.
            hasMadeFolder = unsafe geteuid() == 0 && mkdir("/run/sshd", 0o755) == 0
            program = try RunningProgram(
                try Peer.sshd.path(),
                ["-D", "-e", "-f", reader.file("sshd_config").path],
                environment: reader.environment,
                folder: reader.folder
            )
            _ = try program.waitForLine("Server listening on 127.0.0.1")
        }

        deinit {
            program.kill()
            if hasMadeFolder { _ = unsafe rmdir("/run/sshd") }
        }
    }
}
