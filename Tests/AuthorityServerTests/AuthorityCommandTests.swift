import Foundation
import Testing

/// Commands of authorities: what they print, and how they end.
///
/// A server runs, for it spares each of them to open the keys.
@Suite(.serialized, .authority(Scene.commands)) enum AuthorityCommands {
    @Suite struct `An order to an authority` {
        private let authority: RunningAuthority
        private let scene: Scene
        init() throws {
            scene = try Scene.current
            authority = scene.authority
        }

        private func isJapanese(_ text: String) -> Bool {
            text.unicodeScalars.contains {
                (0x3041...0x30FF).contains($0.value) || (0x4E00...0x9FFF).contains($0.value)
            }
        }

        /// Arguments, the exit code, and the code of what went wrong.
        static let refused: [([String], Int32, String?)] = [
            (["authority", "status", "--data", "nowhere"], 14, "authority-missing"),
            (
                ["authority", "issue", "--data", "nowhere", "--persona", "adult", "-o", "x.card"], 14,
                "authority-missing"
            ),
            (
                ["authority", "revoke", "--data", "nowhere", "--certificate", "sign:1", "--reason", "hold"], 14,
                "authority-missing"
            ),
            (["authority", "crl", "--data", "nowhere"], 14, "authority-missing"),
            (["authority", "audit", "--data", "nowhere", "-o", "x.jsonl"], 14, "authority-missing"),
            (["authority", "audit", "--data", "D", "-o", "phone.card"], 14, "card-file-exists"),
            (["authority", "init", "--data", "D"], 7, "authority-there"),
            (
                ["authority", "issue", "--data", "D", "--persona", "android", "-o", "phone.card"], 14,
                "card-file-exists"
            ),
            (["authority", "issue", "--data", "D", "--persona", "nobody", "-o", "x.card"], 2, "persona-unknown"),
            (
                ["authority", "revoke", "--data", "D", "--card", "none.card", "--reason", "hold"], 14,
                "card-file-not-found"
            ),
            (
                ["authority", "revoke", "--data", "D", "--card", "800000000099999", "--reason", "hold"], 14,
                "certificate-unknown"
            ),
            (
                ["authority", "revoke", "--data", "D", "--certificate", "sign:99999", "--reason", "hold"], 7,
                "ledger-refused"
            ),
            (["authority", "status", "--data", "D", "--certificate", "auth:99999"], 14, "certificate-unknown"),
            (["authority", "crl", "--data", "D", "--partition", "99999"], 14, "list-unknown"),
            (["authority"], 2, nil), (["authority", "nonsense"], 2, nil), (["authority", "status"], 2, nil),
            (["authority", "revoke", "--data", "D", "--reason", "hold"], 2, nil),
            (["authority", "revoke", "--data", "D", "--certificate", "sign:1"], 2, nil),
            (["authority", "revoke", "--data", "D", "--certificate", "sign:1", "--reason", "boredom"], 2, nil),
            (["authority", "revoke", "--data", "D", "--certificate", "other:1", "--reason", "hold"], 2, nil),
            (
                ["authority", "revoke", "--data", "D", "--certificate", "sign:1", "--card", "x", "--reason", "hold"], 2,
                nil
            ),
            (["authority", "init", "--data", "E", "--cards", "steel"], 14, "authority-configuration"),
        ]

        @Test(arguments: refused) func `that is refused says why, in both languages`(
            arguments: [String],
            status: Int32,
            code: String?
        ) throws {
            let english = try authority.run("fuda", arguments + (arguments.count > 2 ? ["--lang", "en"] : []))
            let japanese = try authority.run("fuda", arguments, environment: ["LC_ALL": "ja_JP.UTF-8"])
            for answer in [english, japanese] {
                #expect(answer.status == status, "\(arguments): \(answer.notes)")
                #expect(answer.out.isEmpty, "nothing on standard output that could be taken for a result")
                if let code { #expect(answer.notes.contains("[\(code)]"), "\(answer.notes)") }
            }
            #expect(!isJapanese(english.notes) && isJapanese(japanese.notes), "\(english.notes) \(japanese.notes)")
        }

        @Test func `that is refused tells programs, too`() throws {
            let answer = try authority.fuda("authority", "status", "--data", "nowhere", "--json")
            #expect(answer.status == 14)
            let error = try #require(answer.json?["error"] as? [String: Any], "\(answer.out)")
            #expect(error["code"] as? String == "authority-missing" && error["exit"] as? Int == 14)
            #expect(answer.json?["schema"] as? Int == 1)
        }

        @Test func `to make an authority of a sort there is not leaves nothing behind`() throws {
            for arguments in [["--cards", "steel"], ["--database", "oracle:here"]] {
                let answer = try authority.run("fuda", ["authority", "init", "--data", "G"] + arguments)
                #expect(answer.status == 14 && answer.notes.contains("[authority-configuration]"), "\(answer.notes)")
                #expect(!FileManager.default.fileExists(atPath: authority.path("G")))
            }
        }

        @Test func `that is carried out prints JSON with a schema`() throws {
            let serial = try scene.serial("phone", "mobile-auth")
            let reports = [
                try authority.report("authority", "status", "--data", "D"),
                try authority.report("authority", "status", "--data", "D", "--card", "phone.card"),
                try authority.report("authority", "crl", "--data", "D", "--authority", "auth", "--partition", "all"),
                try authority.report(
                    "authority",
                    "revoke",
                    "--data",
                    "D",
                    "--certificate",
                    "auth:\(serial)",
                    "--reason",
                    "ceased"
                ),
                try authority.report("authority", "issue", "--data", "D", "--persona", "android", "-o", "json.card"),
                try authority.report("authority", "init", "--data", "F", "--cards", "next"),
                try authority.report("authority", "audit", "--data", "D", "-o", "log.jsonl"),
            ]
            for report in reports { #expect(report["schema"] as? Int == 1, "\(report)") }
            #expect(reports[1]["certificates"] is [Any] && reports[2]["lists"] is [Any])
            #expect(reports[3]["revoked"] is [Any] && reports[4]["certificates"] is [Any])
            let overview = try #require(reports[0]["overview"] as? [String: Any])
            #expect((overview["authorities"] as? [[String: Any]])?.count == 2)
        }

        @Test func `prints for people, in their language`() throws {
            let card = try authority.issue("android", to: "people.card")
            for (language, japanese) in [("en", false), ("ja", true)] {
                for arguments in [["status"], ["crl", "--partition", "services"]] {
                    let answer = try authority.run(
                        "fuda",
                        ["authority"] + arguments + ["--data", "D", "--lang", language]
                    )
                    #expect(answer.status == 0 && isJapanese(answer.out) == japanese, "\(answer.out)")
                }
            }
            let shown = try authority.fuda("authority", "status", "--data", "D", "--card", "people.card")
            let serial = try #require(card["mobile-sign"])
            #expect(shown.out.contains("mobile-sign \(serial): valid\n"))
        }

        @Test func `is carried out once: asked for again it is told as it was`() throws {
            try authority.issue("android", to: "twice.card")
            func revoke() throws -> [[String: Any]] {
                let report = try authority.report(
                    "authority",
                    "revoke",
                    "--data",
                    "D",
                    "--card",
                    "twice.card",
                    "--reason",
                    "hold"
                )
                return try #require(report["revoked"] as? [[String: Any]])
            }
            let (first, second) = (try revoke(), try revoke())
            #expect(first.count == 2 && second.count == 2)
            #expect(first.allSatisfy { $0["wasAlready"] as? Bool == false })
            #expect(second.allSatisfy { $0["wasAlready"] as? Bool == true })
            #expect(first.map { $0["at"] as? Int } == second.map { $0["at"] as? Int })
            // A hold is never lifted; it can only become final.
            let final = try authority.fuda(
                "authority",
                "revoke",
                "--data",
                "D",
                "--card",
                "twice.card",
                "--reason",
                "unspecified"
            )
            #expect(final.status == 14 && final.notes.contains("[certificate-unknown]"), "\(final.notes)")
        }

        @Test(arguments: [
            (#"{"colour": "red"}"#, "colour"), (#"{"node": "n1", "Node": "n2"}"#, "Node"),
            (#"{"answerLifetime": 61}"#, "answerLifetime"), (#"{"answerLifetime": 0}"#, "answerLifetime"),
            (#"{"answersKept": -1}"#, "answersKept"), (#"{"deltaInterval": "often"}"#, "deltaInterval"),
            (#"{"cards": "steel"}"#, "cards"), (#"{"verifiers": "all"}"#, "verifiers"), (#"{"node": 1}"#, "node"),
            ("[", "JSON"), ("", "JSON"), ("[]", "JSON"),
        ])
        func `with a configuration that is wrong is refused, naming the key`(text: String, named: String) throws {
            let folder = "wrong-" + UUID().uuidString
            try FileManager.default.createDirectory(
                atPath: authority.path(folder),
                withIntermediateDirectories: true
            )
            try Data(text.utf8).write(to: URL(filePath: authority.path(folder + "/authority.json")))
            for (program, arguments) in [("fuda", ["authority", "status"]), ("fuda-server", ["authority"])] {
                let answer = try authority.run(program, arguments + ["--data", folder])
                #expect(answer.status == 14 && answer.out.isEmpty, "\(program): \(answer.status) \(answer.notes)")
                #expect(
                    answer.notes.contains("[authority-configuration]") && answer.notes.contains(named),
                    "\(answer.notes)"
                )
            }
        }

        @Test func `to a server is refused like one without`() throws {
            try authority.stop()
            for (arguments, status, code) in [
                (["authority", "--data", "nowhere"], Int32(14), "[authority-missing]"),
                (["authority", "--data", "D", "--listen", "8080"], 2, "--listen"),
                (["authority", "--data", "D", "--listen", ":1"], 2, "--listen"),
                (["authority", "--data", "D", "--listen", "127.0.0.1:65535"], 2, "--listen"),
                (["authority", "--data", "D", "--listen", "192.0.2.1:8080"], 13, "[listen-failed]"),
                (["authority", "--data", "D", "--listen", "no-such-host.jpki-sim.test:0"], 13, "[listen-failed]"),
                (["authority"], 2, "--data"), (["nonsense"], 2, "Usage"), ([], 2, "USAGE"),
            ] {
                let answer = try authority.run("fuda-server", arguments)
                #expect(answer.status == status && answer.out.isEmpty, "\(arguments): \(answer.status) \(answer.notes)")
                #expect(answer.notes.contains(code), "\(answer.notes)")
            }
            try authority.start()
        }

        @Test func `goes through the server while one runs, which alone has the records, and else does without`() throws
        {
            let again = try authority.run("fuda-server", ["authority", "--data", "D", "--listen", "127.0.0.1:0"])
            #expect(again.status == 7 && again.notes.contains("[records-node-taken]"), "\(again.status) \(again.notes)")
            let serials = try authority.issue("android", to: "served.card")
            let serial = try #require(serials["mobile-auth"])
            func status() throws -> String {
                try authority.fuda("authority", "status", "--data", "D", "--card", "served.card").out
            }
            #expect(try status().contains("mobile-auth \(serial): valid\n"))
            #expect(try authority.stop() == 0, "it finishes and says so by its exit code")
            #expect(!FileManager.default.fileExists(atPath: authority.path("D/endpoints.json")))
            #expect(try status().contains("mobile-auth \(serial): valid\n"))
            try authority.report("authority", "revoke", "--data", "D", "--card", "served.card", "--reason", "hold")
            try authority.start()
            let held = try status()
            #expect(held.contains("mobile-auth \(serial): held, hold\n"), "\(held)")
        }
    }
}

extension Scene {
    @Sendable static func commands(_ authority: RunningAuthority) throws -> Scene {
        var scene = Scene(authority: authority)
        try authority.report("authority", "init", "--data", "D")
        scene.serials["phone"] = try authority.issue("android", to: "phone.card")
        try authority.start()
        return scene
    }
}
