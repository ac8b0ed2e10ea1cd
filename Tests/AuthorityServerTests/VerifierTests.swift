import ForeignTools
import Foundation
import Testing

/// An authority that answers verifiers with an account only, behind nginx; `alpha` and `beta` have one.
@Suite(.serialized, .authority(Scene.verifiers)) enum Verifiers {
    @Suite(.serialized) struct `A verifier` {
        private let scene: Scene
        private let front: TLSFront
        init() throws {
            scene = try Scene.current
            front = try #require(scene.front)
        }

        // MARK: - Questions

        private func question(_ arguments: [String] = ["-no_nonce"]) throws -> [UInt8] {
            try AuthorityServed.`A question by GET`.question(scene, try scene.serial("good"), arguments)
        }

        private func ask(_ client: String?, _ purpose: String? = "signature", more: [String: String] = [:]) throws
            -> Web
        {
            var headers = more
            if let purpose { headers["X-Purpose"] = purpose }
            return try front.ask("/ocsp/auth", "POST", client: client, headers: headers, sending: try question())
        }

        /// Whether openssl takes this for an answer that says `good`.
        private func isGood(_ answer: [UInt8]) throws -> Bool {
            let serial = try scene.serial("good")
            let read = try ForeignProgram.run(
                "openssl",
                ["ocsp", "-respin", "answer", "-issuer", "ca.pem", "-CAfile", "ca.pem", "-serial", "\(serial)"],
                files: ["answer": answer, "ca.pem": OpenSSLProgram.pem(try scene.anchor("auth"))]
            )
            return read.notes.contains("Response verify OK") && read.text.contains("\(serial): good")
        }

        /// A client certificate as nginx hands it over.
        private func escaped(_ client: String) throws -> String {
            let pem = try String(contentsOfFile: front.path(client + ".pem"), encoding: .utf8)
            return try #require(pem.addingPercentEncoding(withAllowedCharacters: .alphanumerics))
        }

        // MARK: - Counts

        /// Numbers by `verifier method purpose authority`, of this month and, at its end, of the next.
        private func usage() throws -> [String: Int] {
            let formatter = DateFormatter()
            formatter.locale = Locale(identifier: "en_US_POSIX")
            formatter.timeZone = TimeZone(identifier: "Asia/Tokyo")
            formatter.dateFormat = "yyyy-MM"
            var usage: [String: Int] = [:]
            for month in Set([formatter.string(from: scene.begun), formatter.string(from: Date())]) {
                let report = try scene.authority.report("authority", "usage", "--data", "D", "--month", month)
                #expect(report["schema"] as? Int == 1 && report["month"] as? String == month)
                for line in try #require(report["usage"] as? [[String: Any]]) {
                    let words = ["verifier", "method", "purpose", "authority"].map { line[$0] as? String ?? "?" }
                    usage[words.joined(separator: " "), default: 0] += try #require(line["number"] as? Int)
                }
            }
            return usage
        }

        /// What was counted since, when the server has written it down at its end.
        private func counted(_ body: () throws -> Void) throws -> [String: Int] {
            try restart()
            let before = try usage()
            try body()
            try restart()
            return try usage().merging(before) { $0 - $1 }.filter { $0.value != 0 }
        }

        private func restart() throws {
            #expect(try scene.authority.stop() == 0)
            for name in ["ocsp.sock", "web.sock", "control.sock", "endpoints.json"] {
                #expect(!FileManager.default.fileExists(atPath: scene.authority.path("D/" + name)), "\(name)")
            }
            try scene.authority.start()
        }

        // MARK: - Who is answered

        @Test(arguments: ["signature", "liveness"]) func `with an account is answered`(purpose: String) throws {
            let answer = try ask("alpha", purpose)
            #expect(try answer.status == 200 && (isGood(answer.body)), "\(answer.status) \(front.notesText)")
            let get = try front.ask(
                "/ocsp/auth/" + AuthorityServed.`A question by GET`.escaped(Data(try question()).base64EncodedString()),
                client: "beta",
                headers: ["X-Purpose": purpose]
            )
            #expect(try get.status == 200 && (isGood(get.body)))
            for path in ["/crl/auth/all.crl", "/crl/auth/manifest.json"] {
                #expect(try front.ask(path, client: "alpha", headers: ["X-Purpose": purpose]).status == 200)
            }
        }

        @Test(arguments: [nil, "Signature", "signature,liveness", "advertising"] as [String?])
        func `has to say what for`(purpose: String?) throws {
            #expect(try ask("alpha", purpose).status == 400)
            let headers = purpose.map { ["X-Purpose": $0] } ?? [:]
            for path in ["/crl/auth/all.crl", "/link/pair?issuer=auth&serial=1"] {
                #expect(try front.ask(path, client: "alpha", headers: headers).status == 400, "\(path)")
            }
        }

        @Test func `gets time stamps like everything else`() throws {
            let query = try TimeStampClient.query(["-sha256", "-cert"])
            func stamp(_ client: String, _ purpose: String?) throws -> Web {
                let headers = TimeStampClient.type.merging(purpose.map { ["X-Purpose": $0] } ?? [:]) { $1 }
                return try front.ask("/tsa", "POST", client: client, headers: headers, sending: query)
            }
            let counted = try counted {
                let answer = try stamp("alpha", "signature")
                let client = TimeStampClient(url: "", anchor: OpenSSLProgram.pem(try scene.anchor("sign")))
                #expect(try answer.status == 200 && client.verify(answer.body, query).isGood, "\(answer.status)")
                #expect(try stamp("alpha", nil).status == 400)
                #expect(try stamp("stranger", "signature").status == 403)
                let port = try Web.ask(
                    scene.authority.endpoint("tsa"),
                    "POST",
                    headers: TimeStampClient.type,
                    sending: query
                )
                #expect(port.status == 403)
                // A refusal is no stamp.
                let headers = TimeStampClient.type.merging(["X-Purpose": "signature"]) { $1 }
                #expect(
                    try front.ask("/tsa", "POST", client: "alpha", headers: headers, sending: [0x30]).status == 200
                )
            }
            #expect(counted == ["alpha tsa signature sign": 1])
        }

        @Test(arguments: ["/ocsp/auth/MAA=", "/crl/auth/all.crl", "/link/successor?issuer=auth&serial=1"])
        func `without an account is refused`(path: String) throws {
            let purpose = ["X-Purpose": "signature"]
            let stranger = try front.ask(path, client: "stranger", headers: purpose)
            #expect(stranger.status == 403, "of the same authority, and not admitted")
            // These do not get past nginx.
            #expect(try front.ask(path, client: nil, headers: purpose).status == 400)
            #expect(try front.ask(path, client: "foreign", headers: purpose).status == 400)
        }

        @Test func `cannot pass for another by a header of its own`() throws {
            let forged = ["X-Client-Certificate": try escaped("alpha")]
            #expect(try ask("stranger", more: forged).status == 403)
            // The server's own ports believe nobody.
            let headers = forged.merging(["X-Purpose": "signature"]) { $1 }
            let authority = scene.authority
            let asked = try question()
            #expect(
                try Web.ask(authority.endpoint("ocsp.auth"), "POST", headers: headers, sending: asked).status == 403
            )
            for url in [
                try authority.endpoint("crl") + "/auth/all.crl",
                try authority.endpoint("link") + "/pair?issuer=auth&serial=\(try scene.serial("good"))",
            ] {
                #expect(try Web.ask(url, headers: headers).status == 403, "\(url)")
                #expect(try Web.ask(url).status == 403, "\(url)")
            }
            for name in ["health", "metrics"] { #expect(try Web.ask(authority.endpoint(name)).status == 200) }
            let ready = try Web.ask(authority.endpoint("health").replacing("/health", with: "/ready"))
            #expect(ready.status == 200)
        }

        @Test func `is told by the whole certificate that stands in one header at the socket`() throws {
            let body = try question()
            let socket = ["--unix-socket", scene.authority.path("D/ocsp.sock")]
            func ask(_ headers: [String]) throws -> Int {
                let options = socket + headers.flatMap { ["--header", $0] }
                return try Web.ask("http://localhost/ocsp/auth", "POST", sending: body, options).status
            }
            let (alpha, purpose) = ("X-Client-Certificate: " + (try escaped("alpha")), "X-Purpose: signature")
            #expect(try ask([alpha, purpose]) == 200)
            #expect(try ask([alpha, alpha, purpose]) == 400)
            #expect(try ask([alpha, purpose, purpose]) == 400)
            #expect(try ask([alpha, "X-Client-Certificate: " + (try escaped("stranger")), purpose]) == 400)
            let both = "X-Client-Certificate: " + (try escaped("alpha") + escaped("stranger"))
            for broken in [purpose, String(alpha.dropLast(40)), alpha + "%0", "X-Client-Certificate: alpha", both] {
                #expect(try ask([broken, "X-Purpose: signature"].uniqued()) == 403, "\(broken.prefix(60))")
            }
        }

        @Test func `has sockets that others cannot connect to`() throws {
            for name in ["ocsp.sock", "web.sock"] {
                let attributes = try FileManager.default.attributesOfItem(atPath: scene.authority.path("D/" + name))
                #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o660, "\(name)")
            }
        }

        // MARK: - What is counted

        @Test func `is charged by certificate, method, purpose and authority`() throws {
            let (good, sign) = (try scene.serial("good"), try scene.serial("good", "sign"))
            let counted = try counted {
                for _ in 0..<3 { #expect(try ask("alpha", "signature").status == 200) }
                #expect(try ask("beta", "liveness").status == 200)
                // Three certificates in one request.
                let three = try question(["-serial", "\(sign)", "-serial", "4000000000", "-nonce"])
                let headers = ["X-Purpose": "liveness"]
                let many = try front.ask("/ocsp/auth", "POST", client: "beta", headers: headers, sending: three)
                #expect(many.status == 200)
                let list = try front.ask("/crl/sign/all.crl", client: "alpha", headers: ["X-Purpose": "signature"])
                #expect(list.status == 200)
                let link = "/link/pair?issuer=auth&serial=\(good)"
                let found = try front.ask(link, client: "beta", headers: headers)
                #expect(found.status == 200 && found.json?["serial"] as? Int == sign)
                #expect(try front.ask(link + "0000", client: "beta", headers: headers).status != 200)
            }
            #expect(
                counted.filter { !$0.key.contains(" link ") } == [
                    "alpha ocsp signature auth": 3, "beta ocsp liveness auth": 4, "alpha crl signature sign": 1,
                ]
            )
            #expect((1...2).contains(counted["beta link liveness auth"] ?? 0))
            let entries = try Records(scene.authority).column(
                """
                SELECT actor || ' ' || CAST(body AS TEXT) FROM log
                WHERE CAST(body AS TEXT) LIKE '{"certificateLookedUp"%' AND CAST(body AS TEXT) LIKE '%:\(good)}%'
                """
            )
            #expect(
                !entries.isEmpty
                    && entries.allSatisfy { $0.hasPrefix("beta {") && $0.contains(#""purpose":"liveness""#) },
                "\(entries)"
            )
        }

        @Test func `is charged for nothing that was refused or not sent`() throws {
            let counted = try counted {
                let purpose = ["X-Purpose": "signature"]
                _ = try ask("alpha", "advertising")
                _ = try ask("stranger")
                #expect(
                    try front.ask("/ocsp/auth", "POST", client: "alpha", headers: purpose, sending: [0]).status == 200
                )
                #expect(try front.ask("/crl/auth/none.crl", client: "alpha", headers: purpose).status == 404)
                #expect(try front.ask("/crl/auth/all.crl", "HEAD", client: "alpha", headers: purpose).status == 200)
                #expect(try front.ask("/crl/auth/manifest.json", client: "alpha", headers: purpose).status == 200)
                #expect(try front.ask("/link/pair?issuer=auth", client: "alpha", headers: purpose).status == 400)
                let list = try front.ask("/ca/auth.der", client: "alpha")
                #expect(try list.status == 200 && list.body == (scene.anchor("auth")))
            }
            #expect(counted == [:])
        }

        @Test func `sees its questions in the counts while the server runs`() throws {
            let key = "alpha ocsp liveness auth"
            let before = try usage()[key] ?? 0
            #expect(try ask("alpha", "liveness").status == 200)
            try scene.authority.wait("the count is written") { try usage()[key] ?? 0 > before }
        }

        // MARK: - Accounts

        @Test func `is refused once it is dismissed, and answered when it is admitted again`() throws {
            let authority = scene.authority
            #expect(try ask("beta").status == 200)
            let told = try authority.report("authority", "verifier", "dismiss", "--data", "D", "--name", "beta")
            let line = try #require((told["verifiers"] as? [[String: Any]])?.first)
            #expect(line["name"] as? String == "beta" && line["dismissedAt"] as? Int != nil)
            try authority.wait("beta is refused") { try ask("beta").status == 403 }
            #expect(try ask("alpha").status == 200)
            try Scene.admit("beta", in: authority)
            try authority.wait("beta is answered") { try ask("beta").status == 200 }
            // Another certificate takes the place of the first.
            try Scene.admit("beta", by: "stranger", in: authority)
            try authority.wait("the new certificate counts") { try ask("stranger").status == 200 }
            #expect(try ask("beta").status == 403)
            try Scene.admit("beta", in: authority)
            try authority.wait("the first counts again") { try ask("beta").status == 200 }
            #expect(try ask("stranger").status == 403)
        }

        @Test func `is listed with the fingerprint that openssl computes`() throws {
            let report = try scene.authority.report("authority", "verifier", "list", "--data", "D")
            let lines = try #require(report["verifiers"] as? [[String: Any]])
            #expect(report["schema"] as? Int == 1 && lines.map { $0["name"] as? String } == ["alpha", "beta"])
            let shown = try ForeignProgram.run(
                "openssl",
                ["x509", "-in", front.path("alpha.pem"), "-noout", "-fingerprint", "-sha256"]
            )
            let digits = shown.text.split(separator: "=").last?.filter(\.isHexDigit).lowercased()
            #expect(lines[0]["fingerprint"] as? String == digits && digits?.count == 64)
        }

        static let refused: [([String], Int32, String)] = [
            (
                ["verifier", "admit", "--name", "gamma", "--certificate", "tls/alpha.pem"], 7,
                "verifier-certificate-taken"
            ),
            (["verifier", "admit", "--name", "gamma", "--certificate", "tls/alpha.key"], 14, "verifier-certificate"),
            (["verifier", "admit", "--name", "", "--certificate", "tls/alpha.pem"], 14, "verifier-name"),
            (["verifier", "admit", "--name", "a\nb", "--certificate", "tls/alpha.pem"], 14, "verifier-name"),
            (["verifier", "dismiss", "--name", "gamma"], 14, "verifier-unknown"),
            (["usage", "--month", "2026-13"], 14, "usage-month"),
            (["usage", "--month", "2026-1"], 14, "usage-month"),
        ]

        @Test(arguments: refused) func `is not what these are taken for`(
            arguments: [String],
            status: Int32,
            code: String
        ) throws {
            let answer = try scene.authority.run("fuda", ["authority"] + arguments + ["--data", "D", "--json"])
            #expect(answer.status == status && (answer.out + answer.notes).contains("\"\(code)\""), "\(answer)")
        }

        @Test(arguments: ["ja", "en"]) func `is told in both languages`(language: String) throws {
            for arguments in [["verifier", "list"], ["usage", "--month", "2026-01"]] {
                let answer = try scene.authority.run(
                    "fuda",
                    ["authority"] + arguments + ["--data", "D", "--lang", language]
                )
                #expect(answer.status == 0 && !answer.out.isEmpty)
                let hasJapanese = answer.out.unicodeScalars.contains { $0.value > 0x3000 }
                #expect(hasJapanese == (language == "ja"), "\(answer.out)")
            }
        }
    }
}

extension Array where Element: Hashable {
    fileprivate func uniqued() -> [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}

extension Scene {
    @Sendable static func verifiers(_ authority: RunningAuthority) throws -> Scene {
        var scene = Scene(authority: authority)
        try authority.report("authority", "init", "--data", "D")
        let file = authority.path("D/authority.json")
        var json = try #require(
            JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: file))) as? [String: Any]
        )
        json["verifiers"] = "accounts"
        try JSONSerialization.data(withJSONObject: json).write(to: URL(filePath: file))
        scene.serials["good"] = try authority.issue("adult", to: "good.card")
        try authority.start()
        let front = try TLSFront(before: authority)
        scene.front = front
        authority.atEnd { front.end() }
        for name in ["alpha", "beta"] {
            try admit(name, in: authority)
            try authority.wait("\(name) is admitted") {
                try front.ask("/crl/auth/all.crl", client: name, headers: ["X-Purpose": "liveness"]).status == 200
            }
        }
        return scene
    }

    static func admit(_ name: String, by client: String? = nil, in authority: RunningAuthority) throws {
        let certificate = "tls/\(client ?? name).pem"
        try authority.report(
            "authority",
            "verifier",
            "admit",
            "--data",
            "D",
            "--name",
            name,
            "--certificate",
            certificate
        )
    }
}
