import ForeignTools
import Foundation
import Testing

extension Emitted {
    @Suite struct `openssl judges across lists and generations` {
        private let scene: Scene
        init() throws { scene = try Scene.current }

        private func object(_ name: String) throws -> [UInt8] {
            try scene.authority.read("\(Emitted.folder)/\(name)")
        }

        private func verify(
            _ set: String,
            _ authority: String,
            _ card: String,
            _ lists: [String],
            _ more: [String]
        ) throws -> (isGood: Bool, said: String) {
            let serial = try scene.serial("\(set)-\(card)", authority)
            let answer = try ForeignProgram.run(
                "openssl",
                ["verify", "-CAfile", "ca.pem", "-crl_check", "-extended_crl", "-CRLfile", "lists.pem"] + more
                    + ["certificate.pem"],
                files: [
                    "ca.pem": OpenSSLProgram.pem(try object("\(set)-\(authority)-ca.cert")),
                    "certificate.pem": OpenSSLProgram.pem(
                        try Records(scene.authority).certificate(authority, serial)
                    ),
                    "lists.pem": try lists.flatMap {
                        OpenSSLProgram.crlPEM(try object("\(set)-\(authority)-\($0).crl"))
                    },
                ]
            )
            return (answer.status == 0, answer.text + answer.notes)
        }

        @Test(arguments: ["current", "next"], ["sign", "auth"])
        func `a delta list tells of what the full list does not know yet`(set: String, authority: String) throws {
            let full = try verify(set, authority, "held", ["all"], [])
            #expect(full.isGood, "the full list is older: \(full.said)")
            let both = try verify(set, authority, "held", ["all", "delta"], ["-use_deltas"])
            #expect(!both.isGood && both.said.contains("certificate revoked"), "\(both.said)")
            let good = try verify(set, authority, "card", ["all", "delta"], ["-use_deltas"])
            #expect(good.isGood, "\(good.said)")
            let revoked = try verify(set, authority, "revoked", ["all", "delta"], ["-use_deltas"])
            #expect(!revoked.isGood && revoked.said.contains("certificate revoked"), "\(revoked.said)")
        }

        /// `fuda` as the one who fetches lists, from the authority's own server.
        @Test(arguments: ["sign", "auth"]) func `and fuda fetches both, and says by which it decided`(
            authority: String
        ) throws {
            func verify(_ card: String, _ by: [String]) throws -> (status: Int32, kinds: [String], hosts: Set<String>) {
                let serial = try scene.serial("next-" + card, authority)
                let file = "\(authority)-\(card).der"
                try Data(try Records(scene.authority).certificate(authority, serial))
                    .write(to: URL(filePath: scene.authority.path(file)))
                let answer = try scene.authority.run(
                    "fuda",
                    ["verify", "cert", file, "--trust", "D", "--status", "D/endpoints.json"]
                        + ["--json"] + by
                )
                let revocation = answer.json?["revocation"] as? [String: Any]
                let documents = revocation?["documents"] as? [[String: Any]] ?? []
                let asked = answer.json?["asked"] as? [[String: Any]] ?? []
                return (
                    answer.status, documents.compactMap { $0["kind"] as? String },
                    Set(asked.compactMap { ($0["url"] as? String).flatMap { URL(string: $0)?.host() } })
                )
            }
            for (card, status) in [("card", Int32(0)), ("held", 10)] {
                let lists = try verify(card, ["--by", "crl"])
                #expect(lists.status == status && lists.hosts == ["127.0.0.1"], "\(lists)")
                #expect(lists.kinds == (card == "card" ? ["crl", "delta-crl"] : ["delta-crl"]))
                for by in [[], ["--by", "ocsp"]] {
                    let answer = try verify(card, by)
                    #expect(answer.status == status && answer.kinds == ["ocsp"], "\(answer)")
                }
            }
        }

        @Test(arguments: ["sign", "auth"]) func `what changed before the new generation is answered after it, too`(
            authority: String
        ) throws {
            let url = try scene.authority.endpoint("ocsp." + authority)
            for (card, status) in [("card", "good"), ("held", "revoked"), ("kept", "unknown")] {
                let serial = try scene.serial("current-" + card, authority)
                let answer = try ForeignProgram.run(
                    "openssl",
                    ["ocsp", "-url", url, "-CAfile", "ca.pem", "-issuer", "ca.pem", "-serial", "\(serial)"],
                    files: ["ca.pem": OpenSSLProgram.pem(try object("current-\(authority)-ca.cert"))]
                )
                #expect(answer.notes.contains("Response verify OK"), "\(answer.notes)")
                #expect(answer.text.contains("\(serial): \(status)\n"), "\(answer.text)")
                // The new key never issued it.
                let other = try ForeignProgram.run(
                    "openssl",
                    ["ocsp", "-url", url, "-CAfile", "ca.pem", "-issuer", "ca.pem", "-serial", "\(serial)"],
                    files: ["ca.pem": OpenSSLProgram.pem(try object("next-\(authority)-ca.cert"))]
                )
                #expect(other.text.contains("\(serial): unknown\n"), "\(other.text + other.notes)")
            }
        }

        @Test(arguments: ["sign", "auth"]) func `who trusts one generation reaches the other over its link`(
            authority: String
        ) throws {
            let ways = [("current", "new-with-old", "next"), ("next", "old-with-new", "current")]
            for (trusted, link, other) in ways {
                let files = [
                    "ca.pem": OpenSSLProgram.pem(try object("\(trusted)-\(authority)-ca.cert")),
                    "link.pem": OpenSSLProgram.pem(try object("\(authority)-\(link).cert")),
                    "certificate.pem": OpenSSLProgram.pem(try object("\(other)-\(authority).cert")),
                ]
                let without = try ForeignProgram.run(
                    "openssl",
                    ["verify", "-CAfile", "ca.pem", "certificate.pem"],
                    files: files
                )
                #expect(without.status != 0)
                let with = try ForeignProgram.run(
                    "openssl",
                    ["verify", "-CAfile", "ca.pem", "-untrusted", "link.pem", "-show_chain", "certificate.pem"],
                    files: files
                )
                #expect(with.status == 0, "\(with.text + with.notes)")
                #expect(with.text.contains("depth=2"), "\(with.text)")
            }
        }
    }
}
