import ForeignTools
import Foundation
import Testing

extension AuthorityServed {
    @Suite struct `openssl verify judges by` {
        private let scene: Scene
        init() throws { scene = try Scene.current }

        private func list(_ authority: String, _ name: String) throws -> [UInt8] {
            let answer = try Web.ask(try scene.authority.endpoint("crl") + "/\(authority)/\(name).crl")
            try #require(answer.status == 200, "\(name)")
            return answer.body
        }

        /// What openssl says of a certificate with the lists it is given; 0 is good.
        private func verify(
            _ authority: String,
            _ certificate: [UInt8],
            _ lists: [[UInt8]]
        ) throws -> (status: Int32, said: String) {
            let answer = try ForeignProgram.run(
                "openssl",
                [
                    "verify", "-CAfile", "ca.pem", "-crl_check", "-extended_crl", "-CRLfile", "lists.pem",
                    "certificate.pem",
                ],
                files: [
                    "ca.pem": OpenSSLProgram.pem(try scene.anchor(authority)),
                    "certificate.pem": OpenSSLProgram.pem(certificate),
                    "lists.pem": lists.flatMap(OpenSSLProgram.crlPEM),
                ]
            )
            return (answer.status, answer.text + answer.notes)
        }

        @Test(arguments: ["sign", "auth"]) func `the list of the municipality`(authority: String) throws {
            let list = try list(authority, "13101")
            let records = Records(scene.authority)
            let good = try verify(
                authority,
                try records.certificate(authority, scene.serial("good", authority)),
                [list]
            )
            #expect(good.status == 0, "\(good.said)")
            let bad = try verify(
                authority,
                try records.certificate(authority, scene.serial("revoked", authority)),
                [list]
            )
            #expect(bad.status != 0 && bad.said.contains("certificate revoked"), "\(bad.said)")
            // Another municipality's certificate is not on this list, and so nothing is known of it.
            let other = try verify(
                authority,
                try records.certificate(authority, scene.serial("held", authority)),
                [list]
            )
            #expect(other.status != 0 && !other.said.contains("certificate revoked"), "\(other.said)")
        }

        @Test(arguments: ["sign", "auth"]) func `the list of the whole authority`(authority: String) throws {
            let list = try list(authority, "all")
            let records = Records(scene.authority)
            for (name, kind) in [("good", authority), ("second", "mobile-" + authority)] {
                let said = try verify(authority, try records.certificate(authority, scene.serial(name, kind)), [list])
                #expect(said.status == 0, "\(name): \(said.said)")
            }
            for (name, kind) in [("held", authority), ("revoked", authority), ("first", "mobile-" + authority)] {
                let said = try verify(authority, try records.certificate(authority, scene.serial(name, kind)), [list])
                #expect(said.status != 0 && said.said.contains("certificate revoked"), "\(name): \(said.said)")
            }
        }

        @Test(arguments: ["sign", "auth"]) func `the manifest names every list, and the authority signed it`(
            authority: String
        ) throws {
            let base = try scene.authority.endpoint("crl") + "/\(authority)/"
            let manifest = try Web.ask(base + "manifest.json")
            let signature = try Web.ask(base + "manifest.sig")
            let key = try ForeignProgram.run(
                "openssl",
                ["x509", "-inform", "DER", "-in", "ca.der", "-noout", "-pubkey"],
                files: ["ca.der": try scene.anchor(authority)]
            )
            func verify(_ text: [UInt8]) throws -> Int32 {
                try ForeignProgram.run(
                    "openssl",
                    ["dgst", "-sha256", "-verify", "key.pem", "-signature", "signature", "manifest"],
                    files: ["key.pem": key.output, "signature": signature.body, "manifest": text]
                ).status
            }
            #expect(try verify(manifest.body) == 0)
            #expect(try verify(manifest.body + [0x20]) != 0)
            #expect(manifest.json?["authority"] as? String == authority)
            let lists = try #require(manifest.json?["lists"] as? [[String: Any]])
            let files = try FileManager.default.contentsOfDirectory(
                atPath: scene.authority.path("D/public/crl/\(authority)")
            )
            #expect(Set(lists.compactMap { $0["file"] as? String }) == Set(files.filter { $0.hasSuffix(".crl") }))
            for list in lists {
                let file = try #require(list["file"] as? String)
                let body = try Web.ask(base + file).body
                let digest = try ForeignProgram.run("sha256sum", ["list"], files: ["list": body])
                #expect(digest.text.hasPrefix(try #require(list["sha256"] as? String)), "\(file)")
                #expect(list["bytes"] as? Int == body.count)
                let shown = try ForeignProgram.run(
                    "openssl",
                    ["crl", "-inform", "DER", "-in", "list", "-noout", "-crlnumber"],
                    files: ["list": body]
                )
                let number = try #require(list["number"] as? Int)
                #expect(
                    Int(shown.text.split(separator: "x").last?.dropLast() ?? "", radix: 16) == number,
                    "\(shown.text)"
                )
            }
        }
    }
}
