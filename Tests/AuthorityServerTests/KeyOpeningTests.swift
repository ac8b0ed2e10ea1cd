import ForeignTools
import Foundation
import Testing

/// Keys that cannot be opened, and a command that begins new ones.
@Suite(.serialized, .authority(Scene.keys)) enum AuthorityKeysAtWork {
    @Suite(.serialized) struct `A key of an authority` {
        private let authority: RunningAuthority
        init() throws { authority = try Scene.current.authority }

        /// Puts a file aside, or makes it another, and back afterwards.
        private func altering(_ name: String, _ alter: (String) throws -> Void, _ body: () throws -> Void) throws {
            let (path, kept) = (authority.path(name), authority.path("kept"))
            try FileManager.default.copyItem(atPath: path, toPath: kept)
            defer {
                try? FileManager.default.removeItem(atPath: path)
                try? FileManager.default.moveItem(atPath: kept, toPath: path)
            }
            try alter(path)
            try body()
        }

        private func setMode(_ path: String, _ mode: Int) throws {
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        }

        /// The server ends before it answers anything.
        private func expectServerRefuses(_ code: String) throws {
            let server = try authority.run("fuda-server", ["authority", "--data", "D", "--listen", "127.0.0.1:0"])
            #expect(server.status == 14 && server.out.isEmpty, "\(server.status) \(server.out)")
            #expect(server.notes.contains("[\(code)]"), "\(server.notes)")
            #expect(!FileManager.default.fileExists(atPath: authority.path("D/endpoints.json")))
        }

        @Test func `under another passphrase is told by what needs it, and by a server before it answers`() throws {
            let keys = try FileManager.default.contentsOfDirectory(atPath: authority.path("D/keys")).sorted()
            let another = { (path: String) in
                try Data((0..<40).map { UInt8($0) }).write(to: URL(filePath: path))
                try setMode(path, 0o600)
            }
            try altering("D/keys/passphrase", another) {
                // Looking needs no key.
                let card = ["--card", "phone.card"]
                for arguments in [["status"], ["status"] + card, ["revoke", "--reason", "hold"] + card] {
                    let answer = try authority.run("fuda", ["authority"] + arguments + ["--data", "D"])
                    #expect(answer.status == 0, "\(arguments): \(answer.notes)")
                }
                for arguments in [
                    ["crl"], ["audit", "-o", "none.jsonl"], ["generation", "--authority", "auth"],
                ] {
                    let answer = try authority.run("fuda", ["authority"] + arguments + ["--data", "D"])
                    #expect(answer.status == 14 && answer.out.isEmpty, "\(arguments): \(answer.status) \(answer.out)")
                    #expect(answer.notes.contains("[key-refused]"), "\(answer.notes)")
                }
                try expectServerRefuses("key-refused")
            }
            let after = try FileManager.default.contentsOfDirectory(atPath: authority.path("D/keys")).sorted()
            #expect(after == keys, "nothing was made")
        }

        @Test(arguments: ["auth-ca-1", "sign-ocsp-1", "audit", "passphrase"])
        func `that others can read keeps a server from answering`(name: String) throws {
            try altering("D/keys/" + name, { try setMode($0, 0o644) }, { try expectServerRefuses("key-refused") })
        }

        @Test(arguments: ["sign-ca-1", "auth-ocsp-1"])
        func `that is no key keeps a server from answering`(name: String) throws {
            let spoil = { (path: String) in
                var bytes = try Data(contentsOf: URL(filePath: path))
                bytes[bytes.count / 2] ^= 0x03
                try bytes.write(to: URL(filePath: path))
                try setMode(path, 0o600)
            }
            try altering("D/keys/" + name, spoil) { try expectServerRefuses("key-refused") }
        }
    }

    @Suite(.serialized) struct `A new generation` {
        private let authority: RunningAuthority
        init() throws { authority = try Scene.current.authority }

        private func certificate(_ kind: String, _ name: String) throws -> [UInt8] {
            let serial = try #require(try authority.issue("android", to: name)["mobile-" + kind])
            return OpenSSLProgram.pem(try Records(authority).certificate(kind, serial))
        }

        private func der(_ file: String) throws -> [UInt8] {
            OpenSSLProgram.pem(try authority.read("D/" + file))
        }

        private func verify(_ trusted: [UInt8], _ link: [UInt8]?, _ certificate: [UInt8]) throws -> (Bool, String) {
            let answer = try ForeignProgram.run(
                "openssl",
                ["verify", "-CAfile", "ca.pem"] + (link == nil ? [] : ["-untrusted", "link.pem"]) + ["c.pem"],
                files: ["ca.pem": trusted, "link.pem": link ?? [], "c.pem": certificate]
            )
            return (answer.status == 0, answer.text + answer.notes)
        }

        @Test(arguments: [("sign", false), ("auth", true)])
        func `is reached by openssl from the one before over its link, and the other way round`(
            name: String,
            isServed: Bool
        ) throws {
            let before = try certificate(name, "\(name)-before.card")
            if isServed { try authority.start() }
            defer { if isServed { _ = try? authority.stop() } }
            let report = try authority.report("authority", "generation", "--data", "D", "--authority", name)
            #expect(report["schema"] as? Int == 1)
            let begun = try #require(report["generation"] as? [String: Any])
            #expect(begun["authority"] as? String == name && begun["generation"] as? Int == 2)
            #expect(begun["algorithm"] as? String == "rsa2048-sha256" && begun["key"] as? String == "file:\(name)-ca-2")
            #expect((begun["unlinked"] as? [Int])?.isEmpty == true)
            let links = try #require(begun["links"] as? [[String: Any]])
            #expect(links.map { [$0["from"] as? Int, $0["to"] as? Int] } == [[1, 2], [2, 1]])
            for (link, file) in zip(links, ["\(name)-link-1-2.der", "\(name)-link-2-1.der"]) {
                #expect(
                    (link["certificate"] as? String).flatMap { Data(base64Encoded: $0) }.map { Array($0) }
                        == (try authority.read("D/" + file))
                )
                let serial = try #require(link["serial"] as? Int)
                #expect(try Records(authority).certificate(name, serial) == (try authority.read("D/" + file)))
            }
            let (old, new) = (try der("\(name)-ca-1.der"), try der("\(name)-ca.der"))
            #expect(
                begun["certificate"] as? String == Data(try authority.read("D/\(name)-ca.der")).base64EncodedString()
            )
            let after = try certificate(name, "\(name)-after.card")
            for (trusted, link, certificate) in [
                (old, try der("\(name)-link-1-2.der"), after), (new, try der("\(name)-link-2-1.der"), before),
            ] {
                let without = try verify(trusted, nil, certificate)
                #expect(!without.0, "\(without.1)")
                let with = try verify(trusted, link, certificate)
                #expect(with.0, "\(with.1)")
            }
        }

        @Test func `is told in the language that is asked for, and refused like all that is`() throws {
            for (language, word) in [("en", "link certificate, number"), ("ja", "リンク証明書 番号")] {
                let answer = try authority.fuda(
                    "authority",
                    "generation",
                    "--data",
                    "F",
                    "--authority",
                    "auth",
                    "--lang",
                    language
                )
                #expect(answer.status == 0 && answer.out.contains(word), "\(answer.out) \(answer.notes)")
            }
            for (arguments, status, code) in [
                (["--data", "nowhere", "--authority", "auth"], Int32(14), "[authority-missing]"),
                (["--data", "F", "--authority", "other"], 2, "--authority"), (["--data", "F"], 2, "--authority"),
                (["--data", "F", "--authority", "auth", "--key", "pkcs11:"], 2, "[key-locator]"),
                (
                    ["--data", "F", "--authority", "auth", "--key", "pkcs11:token=t;object=o?pin-value=1234"], 2,
                    "[key-locator]"
                ),
            ] {
                let answer = try authority.run("fuda", ["authority", "generation"] + arguments)
                #expect(answer.status == status && answer.out.isEmpty, "\(arguments): \(answer.status)")
                #expect(answer.notes.contains(code) && !answer.notes.contains("1234"), "\(answer.notes)")
            }
        }

        @Test func `is not linked with one whose key is away, and says so`() throws {
            try FileManager.default.moveItem(atPath: authority.path("F/keys/sign-ca-1"), toPath: authority.path("away"))
            let report = try authority.report("authority", "generation", "--data", "F", "--authority", "sign")
            let begun = try #require(report["generation"] as? [String: Any])
            #expect(begun["unlinked"] as? [Int] == [1] && (begun["links"] as? [Any])?.isEmpty == true)
        }
    }
}

extension Scene {
    @Sendable static func keys(_ authority: RunningAuthority) throws -> Scene {
        for folder in ["D", "F"] { try authority.report("authority", "init", "--data", folder) }
        try authority.issue("android", to: "phone.card")
        return Scene(authority: authority)
    }
}
