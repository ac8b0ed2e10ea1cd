import ForeignTools
import Foundation
import Testing

extension AuthorityServed {
    @Suite struct `openssl ocsp is told` {
        private let scene: Scene
        init() throws { scene = try Scene.current }

        /// What openssl says of an answer that it asked for and verified itself.
        private func ask(_ authority: String, _ arguments: [String], about issuer: String? = nil) throws -> (
            said: String, verified: Bool
        ) {
            let files = [
                "ca.pem": OpenSSLProgram.pem(try scene.anchor(authority)),
                "issuer.pem": OpenSSLProgram.pem(try scene.anchor(issuer ?? authority)),
            ]
            let url = try scene.authority.endpoint("ocsp." + authority)
            let answer = try ForeignProgram.run(
                "openssl",
                ["ocsp", "-url", url, "-CAfile", "ca.pem"] + arguments,
                files: files
            )
            // An answer without nonce to a question with one gives a warning, and counts as none here.
            let verified = answer.notes.contains("Response verify OK") && !answer.notes.contains("WARNING")
            return (answer.text + answer.notes, verified)
        }

        @Test(arguments: ["sign", "auth"], [("-sha1", "-nonce"), ("-sha256", "-nonce"), ("-sha256", "-no_nonce")])
        func `what became of each certificate`(authority: String, asked: (hash: String, nonce: String)) throws {
            let (hash, nonce) = asked
            let expected = ["good": "good", "held": "revoked", "revoked": "revoked", "kept": "unknown"]
            for (name, status) in expected {
                let serial = try scene.serial(name, authority)
                let (said, verified) = try ask(
                    authority,
                    [nonce, hash, "-issuer", "issuer.pem", "-serial", "\(serial)", "-resp_text"]
                )
                #expect(verified, "\(said)")
                #expect(said.contains("\n\(serial): \(status)\n"), "\(name): \(said)")
                #expect(said.contains("Hash Algorithm: \(hash == "-sha1" ? "sha1" : "sha256")"))
                #expect(said.contains("OCSP Nonce") == (nonce == "-nonce"))
            }
        }

        @Test func `the reason, and since when`() throws {
            for (name, reason) in [("held", "certificateHold"), ("revoked", "keyCompromise")] {
                let serial = try scene.serial(name)
                let (said, verified) = try ask("auth", ["-issuer", "issuer.pem", "-serial", "\(serial)"])
                #expect(verified && said.contains("Reason: \(reason)\n"), "\(said)")
                let line = said.split(separator: "\n").first { $0.contains("Revocation Time:") }
                let formatter = DateFormatter()
                formatter.locale = Locale(identifier: "en_US_POSIX")
                formatter.dateFormat = "MMM dd HH:mm:ss yyyy zzz"
                let time = line?.split(separator: ":", maxSplits: 1).last?.trimmingCharacters(in: .whitespaces)
                let date = try #require(time.flatMap { formatter.date(from: $0) }, "\(said)")
                #expect((-3600...0).contains(date.timeIntervalSinceNow))
            }
        }

        @Test func `unknown about what was never issued`() throws {
            for serial in ["0", "4000000000", "0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"] {
                let (said, verified) = try ask("auth", ["-issuer", "issuer.pem", "-serial", serial])
                #expect(verified && said.contains(": unknown\n"), "\(serial): \(said)")
            }
        }

        @Test(arguments: ["-nonce", "-no_nonce"]) func `of several certificates in one answer`(nonce: String) throws {
            let names = ["good", "held", "revoked", "kept", "second"]
            let kinds = ["auth", "auth", "auth", "auth", "mobile-auth"]
            let serials = try zip(names, kinds).map { try scene.serial($0, $1) }
            let (said, verified) = try ask(
                "auth",
                [nonce, "-sha1", "-issuer", "issuer.pem"] + serials.dropLast().flatMap { ["-serial", "\($0)"] }
                    + ["-sha256", "-serial", "\(serials[4])"]
            )
            #expect(verified, "\(said)")
            for (serial, status) in zip(serials, ["good", "revoked", "revoked", "unknown", "good"]) {
                #expect(said.contains("\(serial): \(status)\n"), "\(said)")
            }
        }

        @Test func `unauthorized where another authority is meant`() throws {
            let (said, verified) = try ask(
                "sign",
                ["-issuer", "issuer.pem", "-serial", "\(try scene.serial("good"))"],
                about: "auth"
            )
            #expect(!verified && said.contains("unauthorized (6)"), "\(said)")
        }

        @Test func `malformedRequest of what is no question`() throws {
            for garbage: [UInt8] in [[], [0x30], [0x30, 0x80, 0, 0], Array(repeating: 0x30, count: 60_000)] {
                let answer = try Web.ask(try scene.authority.endpoint("ocsp.auth"), "POST", sending: garbage)
                #expect(answer.status == 200 && answer.headers["content-type"] == "application/ocsp-response")
                let read = try ForeignProgram.run(
                    "openssl",
                    ["ocsp", "-respin", "answer", "-noverify"],
                    files: ["answer": answer.body]
                )
                #expect((read.text + read.notes).contains("malformedrequest (1)"), "\(read.text + read.notes)")
            }
        }
    }

    @Suite struct `A question by GET` {
        private let scene: Scene
        init() throws { scene = try Scene.current }

        /// OCSPRequest in DER by openssl.
        static func question(
            _ scene: Scene,
            _ serial: Int,
            _ arguments: [String] = ["-no_nonce"],
            _ hash: String = "-sha1"
        ) throws -> [UInt8] {
            let files = ["issuer.pem": OpenSSLProgram.pem(try scene.anchor("auth"))]
            let made = try ForeignProgram.run(
                "openssl",
                ["ocsp", hash, "-issuer", "issuer.pem", "-serial", "\(serial)"] + arguments + [
                    "-reqout", "/dev/stdout",
                ],
                files: files
            )
            try #require(made.status == 0 && made.output.first == 0x30, "\(made.notes)")
            return made.output
        }

        /// Base64 with what a path would take for its own, escaped.
        static func escaped(_ base64: String) -> String {
            base64.replacing("+", with: "%2B").replacing("/", with: "%2f").replacing("=", with: "%3D")
        }

        @Test func `is answered with the characters of Base64 escaped and not`() throws {
            let url = try scene.authority.endpoint("ocsp.auth")
            var seen: Set<Character> = []
            for name in ["good", "held", "revoked", "kept"] {
                for hash in ["-sha1", "-sha256"] {
                    let serial = try scene.serial(name)
                    let question = try Self.question(scene, serial, ["-no_nonce"], hash)
                    let base64 = Data(question).base64EncodedString()
                    seen.formUnion(base64.filter { "+/=".contains($0) })
                    let plain = try Web.ask(url + "/" + base64)
                    let other = try Web.ask(url + "/" + Self.escaped(base64))
                    #expect(plain.status == 200 && other.status == 200)
                    #expect(plain.body == other.body, "the second comes from memory")
                    let read = try ForeignProgram.run(
                        "openssl",
                        [
                            "ocsp", "-respin", "answer", hash, "-issuer", "ca.pem", "-serial", "\(serial)", "-CAfile",
                            "ca.pem", "-no_nonce",
                        ],
                        files: [
                            "answer": plain.body, "ca.pem": OpenSSLProgram.pem(try scene.anchor("auth")),
                        ]
                    )
                    let expected = ["good": "good", "kept": "unknown"][name] ?? "revoked"
                    #expect(read.notes.contains("Response verify OK") && read.text.contains("\(serial): \(expected)"))
                }
            }
            #expect(!seen.isEmpty, "something had to be escaped")
        }

        @Test func `that is not Base64 is a bad request`() throws {
            let url = try scene.authority.endpoint("ocsp.auth")
            for path in ["", "/", "/!!!", "/%", "/%2", "/%zz", "/AAA"] {
                let answer = try Web.ask(url + path)
                #expect(answer.status == 400 && answer.headers["cache-control"] == "no-store", "\(path)")
            }
            #expect(try Web.ask(url + "x/AAAA").status == 404)
            #expect(try Web.ask(url.replacing("/auth", with: "/other")).status == 404)
        }

        @Test func `is answered in the same words as one by POST`() throws {
            let url = try scene.authority.endpoint("ocsp.auth")
            let question = try Self.question(scene, try scene.serial("second", "mobile-auth"))
            let type = ["Content-Type": "application/ocsp-request"]
            let posted = try Web.ask(url, "POST", headers: type, sending: question)
            let got = try Web.ask(url + "/" + Data(question).base64EncodedString())
            #expect(posted.status == 200 && posted.body == got.body)
        }
    }
}
