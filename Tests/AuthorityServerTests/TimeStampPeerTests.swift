import ForeignTools
import Foundation
import Testing

/// What openssl asks a running time-stamping authority, and what it thinks of the answers.
struct TimeStampClient {
    let url: String
    /// PEM of the authority that is trusted.
    let anchor: [UInt8]

    static let text = Array("stamp this".utf8)
    static let type = ["Content-Type": "application/timestamp-query"]

    /// TimeStampReq in DER.
    static func query(_ arguments: [String], about text: [UInt8] = text) throws -> [UInt8] {
        let made = try ForeignProgram.run(
            "openssl",
            ["ts", "-query", "-data", "text", "-out", "/dev/stdout"] + arguments,
            files: ["text": text]
        )
        try #require(made.status == 0 && made.output.first == 0x30, "\(made.notes)")
        return made.output
    }

    func ask(_ query: [UInt8]) throws -> [UInt8] {
        let answer = try Web.ask(url, "POST", headers: Self.type, sending: query)
        try #require(answer.status == 200 && answer.headers["content-type"] == "application/timestamp-reply")
        #expect(answer.headers["cache-control"] == "no-store")
        return answer.body
    }

    /// Whether openssl verifies an answer, against its request or against the text itself.
    func verify(
        _ response: [UInt8],
        _ against: [UInt8],
        isText: Bool = false,
        untrusted: [UInt8]? = nil
    ) throws -> (isGood: Bool, said: String) {
        var arguments = ["ts", "-verify", "-in", "r", isText ? "-data" : "-queryfile", "q", "-CAfile", "ca.pem"]
        var files = ["r": response, "q": against, "ca.pem": anchor]
        if let untrusted {
            arguments += ["-untrusted", "tsa.pem"]
            files["tsa.pem"] = OpenSSLProgram.pem(untrusted)
        }
        let said = try ForeignProgram.run("openssl", arguments, files: files)
        return (said.status == 0 && said.text.contains("Verification: OK"), said.text + said.notes)
    }

    static func shown(_ response: [UInt8]) throws -> String {
        let said = try ForeignProgram.run("openssl", ["ts", "-reply", "-in", "r", "-text"], files: ["r": response])
        return said.text + said.notes
    }

    /// A line of what openssl shows, such as `Serial number`.
    static func shown(_ name: String, of response: [UInt8]) throws -> String? {
        try shown(response).split(separator: "\n").first { $0.hasPrefix(name + ": ") }
            .map { String($0.dropFirst(name.count + 2)) }
    }

    /// The same query with an extension that nobody knows.
    static func extended(_ query: [UInt8]) throws -> [UInt8] {
        // 1.2.3.5, not critical, NULL.
        let one: [UInt8] = [0x30, 0x09, 0x06, 0x03, 0x2A, 0x03, 0x05, 0x04, 0x02, 0x05, 0x00]
        try #require(query[1] < 0x80 - 13)
        var query = query + [0xA0, UInt8(one.count)] + one
        query[1] += UInt8(one.count + 2)
        return query
    }
}

extension AuthorityServed {
    @Suite struct `openssl gets time stamps` {
        private let scene: Scene
        private let client: TimeStampClient

        init() throws {
            scene = try Scene.current
            client = TimeStampClient(
                url: try scene.authority.endpoint("tsa"),
                anchor: OpenSSLProgram.pem(try scene.anchor("sign"))
            )
        }

        /// The certificate that signs stamps, as it is recorded.
        private func certificate() throws -> [UInt8] {
            let serial = try Records(scene.authority).column(
                "SELECT max(serial) FROM certificates WHERE kind = 'time-stamping' AND state = 'valid'"
            )
            return try Records(scene.authority).certificate("sign", try #require(serial.first.flatMap { Int($0) }))
        }

        @Test(arguments: ["-sha256", "-sha384", "-sha512"], [[], ["-no_nonce"], ["-cert"], ["-cert", "-no_nonce"]])
        func `that it verifies, with a nonce and a certificate or without`(hash: String, more: [String]) throws {
            let query = try TimeStampClient.query([hash] + more)
            let response = try client.ask(query)
            let untrusted = try more.contains("-cert") ? nil : certificate()
            let (isGood, said) = try client.verify(response, query, untrusted: untrusted)
            #expect(isGood, "\(said)")
            let byText = try client.verify(response, TimeStampClient.text, isText: true, untrusted: untrusted)
            #expect(byText.isGood, "\(byText.said)")
            // A certificate comes to those who want it, and to nobody else.
            if untrusted != nil { #expect(try !client.verify(response, query).isGood) }
            let shown = try TimeStampClient.shown(response)
            for part in [
                "Status: Granted", "Policy OID: 1.2.392.200149.8.5.1.0.40", "Ordering: no", "Accuracy: 0x03 seconds",
                "Hash Algorithm: \(hash.dropFirst())",
            ] {
                #expect(shown.contains(part), "\(shown)")
            }
            #expect(shown.contains("Nonce: unspecified") == more.contains("-no_nonce"))
        }

        @Test func `of the time that it is`() throws {
            let before = Date()
            let response = try client.ask(try TimeStampClient.query(["-sha256"]))
            let formatter = DateFormatter()
            formatter.locale = Locale(identifier: "en_US_POSIX")
            formatter.dateFormat = "MMM dd HH:mm:ss yyyy zzz"
            let text = try #require(try TimeStampClient.shown("Time stamp", of: response))
            let time = try #require(formatter.date(from: text.replacing("  ", with: " ")), "\(text)")
            #expect(time.timeIntervalSince(before) > -4 && time.timeIntervalSinceNow < 4)
        }

        @Test func `that serve for their own request and text only`() throws {
            let query = try TimeStampClient.query(["-sha256", "-cert"])
            let response = try client.ask(query)
            #expect(try client.verify(response, query).isGood)
            let others = [
                try TimeStampClient.query(["-sha256", "-cert"]), try TimeStampClient.query(["-sha512", "-cert"]),
                try TimeStampClient.query(["-sha256", "-cert"], about: Array("another".utf8)),
            ]
            for other in others { #expect(try !client.verify(response, other).isGood) }
            #expect(try !client.verify(response, Array("another".utf8), isText: true).isGood)
            let wrong = TimeStampClient(url: client.url, anchor: OpenSSLProgram.pem(try scene.anchor("auth")))
            #expect(try !wrong.verify(response, query).isGood)
        }

        @Test func `under the policy that there is, or none`() throws {
            let policy = "1.2.392.200149.8.5.1.0.40"
            let query = try TimeStampClient.query(["-sha256", "-cert", "-tspolicy", policy])
            #expect(try client.verify(try client.ask(query), query).isGood)
        }

        @Test func `each with a number of its own, of sixteen octets`() throws {
            let query = try TimeStampClient.query(["-sha256", "-no_nonce"])
            let numbers = try (0..<20).map { _ in
                try #require(try TimeStampClient.shown("Serial number", of: try client.ask(query)))
            }
            #expect(Set(numbers).count == numbers.count)
            #expect(numbers.allSatisfy { $0.hasPrefix("0x") && $0.count <= 34 } && numbers.contains { $0.count > 30 })
        }

        /// Key and certificate of a time-stamping authority of openssl, in PEM.
        private static let other = Result {
            let key = try ForeignProgram.run("openssl", ["genpkey", "-algorithm", "RSA"]).output
            let certificate = try ForeignProgram.run(
                "openssl",
                ["req", "-x509", "-key", "key.pem", "-subj", "/CN=other"]
                    + ["-addext", "extendedKeyUsage=critical,timeStamping"],
                files: ["key.pem": key]
            ).output
            return (key: key, certificate: certificate)
        }

        /// What it gives as its reason where it is asked the same.
        private func refusalOfOpenSSL(_ query: [UInt8]) throws -> String? {
            let configuration = """
                [tsa]
                serial = serial
                signer_cert = cert.pem
                signer_key = key.pem
                signer_digest = sha256
                default_policy = 1.2.392.200149.8.5.1.0.40
                digests = sha256, sha384, sha512
                """
            let (key, certificate) = try Self.other.get()
            let response = try ForeignProgram.run(
                "openssl",
                ["ts", "-reply", "-config", "conf", "-section", "tsa", "-queryfile", "q", "-out", "/dev/stdout"],
                files: [
                    "conf": Array(configuration.utf8), "key.pem": key, "cert.pem": certificate, "q": query,
                    "serial": Array("01\n".utf8),
                ]
            )
            return try TimeStampClient.shown("Failure info", of: response.output)
        }

        @Test func `not for what openssl would not stamp either, and is told the same reason`() throws {
            let query = try TimeStampClient.query(["-sha256", "-no_nonce"])
            var shortened = query
            // The OCTET STRING of the imprint a byte shorter than SHA-256 is, and all around it.
            let imprint = try #require(Data(query).firstRange(of: Data([0x04, 0x20])))
            shortened.remove(at: imprint.upperBound)
            for place in [1, 6, imprint.lowerBound + 1] { shortened[place] -= 1 }
            var second = query
            second[4] = 2
            let broken: [(String, [UInt8])] = [
                ("unrecognized or unsupported algorithm", try TimeStampClient.query(["-sha1"])),
                ("unrecognized or unsupported algorithm", try TimeStampClient.query(["-md5"])),
                ("unrecognized or unsupported algorithm", try TimeStampClient.query(["-sha3-256"])),
                ("policy is not supported", try TimeStampClient.query(["-sha256", "-tspolicy", "1.2.3.4"])),
                ("extension is not supported", try TimeStampClient.extended(query)),
                ("wrong format", shortened),
                ("wrong format", Array(query.dropLast())),
                ("wrong format", [0x30]), ("wrong format", Array("stamp this".utf8)),
                ("transaction not permitted", second),
            ]
            for (reason, query) in broken {
                let response = try client.ask(query)
                let ours = try #require(try TimeStampClient.shown("Failure info", of: response))
                #expect(ours.contains(reason), "\(ours)")
                #expect(try TimeStampClient.shown("Status", of: response) == "Rejected.")
                #expect(ours == (try refusalOfOpenSSL(query)), "\(reason): \(query)")
            }
            // DER of one object and nothing after it; openssl reads no further.
            let longer = try TimeStampClient.shown("Failure info", of: try client.ask(query + [0]))
            #expect(longer?.contains("wrong format") == true)
            let empty = try TimeStampClient.shown("Failure info", of: try client.ask([]))
            #expect(empty?.contains("wrong format") == true)
        }

        @Test func `by POST only, of the right type, and not too long`() throws {
            let query = try TimeStampClient.query(["-sha256"])
            for method in ["GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS"] {
                let answer = try Web.ask(client.url, method)
                #expect(answer.status == 405 && answer.headers["allow"] == "POST", "\(method): \(answer.status)")
            }
            for type in ["", "application/octet-stream", "application/timestamp-reply", "application/ocsp-request"] {
                let answer = try Web.ask(client.url, "POST", headers: ["Content-Type": type], sending: query)
                #expect(answer.status == 415, "\(type): \(answer.status)")
            }
            for type in ["Application/Timestamp-Query", "application/timestamp-query; charset=binary"] {
                let answer = try Web.ask(client.url, "POST", headers: ["Content-Type": type], sending: query)
                #expect(answer.status == 200, "\(type)")
            }
            let long = [UInt8](repeating: 0x30, count: 16 * 1024 + 1)
            for more in [[:], ["Transfer-Encoding": "chunked"]] {
                let headers = TimeStampClient.type.merging(more) { $1 }
                #expect(try Web.ask(client.url, "POST", headers: headers, sending: long).status == 413)
            }
            let just = try Web.ask(client.url, "POST", headers: TimeStampClient.type, sending: long.dropLast())
            #expect(just.status == 200, "read, and found to be of the wrong format")
        }

        @Test func `whose certificate serves nothing else, and is in the log`() throws {
            let der = try certificate()
            func verify(_ purpose: String) throws -> ForeignProgram {
                try ForeignProgram.run(
                    "openssl",
                    ["verify", "-CAfile", "ca.pem", "-purpose", purpose, "tsa.pem"],
                    files: ["ca.pem": client.anchor, "tsa.pem": OpenSSLProgram.pem(der)]
                )
            }
            let stamping = try verify("timestampsign")
            #expect(stamping.status == 0, "\(stamping.text + stamping.notes)")
            for purpose in ["sslclient", "sslserver", "smimesign"] {
                #expect(try verify(purpose).status != 0, "\(purpose)")
            }
            let text = try OpenSSLProgram.run(
                ["x509", "-inform", "DER", "-in", "c", "-noout", "-text"],
                files: ["c": der]
            ).text
            #expect(text.contains(/Extended Key Usage: critical\n +Time Stamping\n/), "\(text)")
            #expect(text.contains("CN = Time-stamping authority n1 1"), "\(text)")
            let log = try Records(scene.authority).column("SELECT cast(body AS text) FROM log")
            #expect(log.contains { $0.contains("issuancePlanned") && $0.contains("time-stamping") })
        }
    }
}

@Suite struct `A time-stamping authority that starts again` {
    @Test func `goes on with its certificate, under numbers that were never used`() throws {
        let authority = try RunningAuthority()
        defer { authority.end() }
        try authority.report("authority", "init", "--data", "D")
        let query = try TimeStampClient.query(["-sha256", "-cert"])
        var numbers: [String] = []
        for _ in 0..<2 {
            try authority.start()
            let client = TimeStampClient(
                url: try authority.endpoint("tsa"),
                anchor: OpenSSLProgram.pem(try authority.read("D/sign-ca.der"))
            )
            for _ in 0..<10 {
                let response = try client.ask(query)
                #expect(try client.verify(response, query).isGood)
                numbers.append(try #require(try TimeStampClient.shown("Serial number", of: response)))
            }
            try authority.stop()
        }
        #expect(Set(numbers).count == 20)
        func issued() throws -> Int {
            try Records(authority).column("SELECT serial FROM certificates WHERE kind = 'time-stamping'").count
        }
        #expect(try issued() == 1)
        // Without its key the certificate is of no use: both are made anew.
        try FileManager.default.removeItem(atPath: authority.path("D/keys/tsa-1"))
        try authority.start()
        let client = TimeStampClient(
            url: try authority.endpoint("tsa"),
            anchor: OpenSSLProgram.pem(try authority.read("D/sign-ca.der"))
        )
        #expect(try client.verify(try client.ask(query), query).isGood)
        #expect(try issued() == 2)
    }

    @Test func `makes another certificate where the first was revoked`() throws {
        let authority = try RunningAuthority()
        defer { authority.end() }
        try authority.report("authority", "init", "--data", "D")
        func serials() throws -> [Int] {
            try Records(authority).column(
                "SELECT serial FROM certificates WHERE kind = 'time-stamping' ORDER BY serial"
            ).compactMap { Int($0) }
        }
        let first = try #require(try serials().first)
        try authority.start()
        let certificate = "sign:\(first)"
        try authority.report(
            "authority",
            "revoke",
            "--data",
            "D",
            "--certificate",
            certificate,
            "--reason",
            "superseded"
        )
        try authority.wait("another certificate") { try serials().count == 2 }
        let query = try TimeStampClient.query(["-sha256", "-cert"])
        let client = TimeStampClient(
            url: try authority.endpoint("tsa"),
            anchor: OpenSSLProgram.pem(try authority.read("D/sign-ca.der"))
        )
        let second = try Records(authority).certificate("sign", try serials()[1])
        try authority.wait("stamps by the new certificate") {
            Data(try client.ask(query)).firstRange(of: Data(second)) != nil
        }
        #expect(try client.verify(try client.ask(query), query).isGood)
    }
}

extension Emitted {
    @Suite struct `openssl gets time stamps of the new generation` {
        @Test func `signed with P-384, which it verifies`() throws {
            let scene = try Scene.current
            let anchor = try scene.authority.read("\(Emitted.folder)/next-sign-ca.cert")
            let client = TimeStampClient(
                url: try scene.authority.endpoint("tsa"),
                anchor: OpenSSLProgram.pem(anchor)
            )
            let certificate = try scene.authority.read("\(Emitted.folder)/next-time-stamping.cert")
            for (arguments, untrusted) in [(["-sha256", "-cert"], nil), (["-sha512", "-no_nonce"], certificate)] {
                let query = try TimeStampClient.query(arguments)
                let response = try client.ask(query)
                let (isGood, said) = try client.verify(response, query, untrusted: untrusted)
                #expect(isGood, "\(said)")
                let other = TimeStampClient(
                    url: client.url,
                    anchor: OpenSSLProgram.pem(try scene.authority.read("\(Emitted.folder)/current-sign-ca.cert"))
                )
                #expect(try !other.verify(response, query, untrusted: untrusted).isGood)
            }
            let shown = try OpenSSLProgram.run(
                ["x509", "-inform", "DER", "-in", "c", "-noout", "-text"],
                files: ["c": certificate]
            ).text
            #expect(shown.contains("secp384r1") && shown.contains("CN = Time-stamping authority n1 2"), "\(shown)")
        }
    }
}
