import ForeignTools
import Foundation
import Testing

extension AuthorityServed {
    @Suite struct `GnuTLS agrees with` {
        private let scene: Scene
        init() throws { scene = try Scene.current }

        /// A card's authentication certificate as the authority recorded it.
        private func files(_ name: String) throws -> [String: [UInt8]] {
            let certificate = try Records(scene.authority).certificate("auth", try scene.serial(name))
            return [
                "certificate.pem": OpenSSLProgram.pem(certificate),
                "ca.pem": OpenSSLProgram.pem(try scene.anchor("auth")),
            ]
        }

        @Test(arguments: [("good", "good"), ("held", "revoked"), ("revoked", "revoked"), ("kept", "unknown")])
        func `answers that it asked for, with a nonce and without`(name: String, status: String) throws {
            for nonce in ["--nonce", "--no-nonce"] {
                let answer = try ForeignProgram.run(
                    "ocsptool",
                    [
                        "--ask=" + (try scene.authority.endpoint("ocsp.auth")),
                        "--load-cert=certificate.pem", "--load-issuer=ca.pem", "--load-trust=ca.pem",
                    ] + (nonce == "--nonce" ? ["--nonce"] : []),
                    files: try files(name)
                )
                let said = answer.text + answer.notes
                #expect(said.contains("Certificate Status: \(status)"), "\(said)")
                #expect(said.contains("Verifying OCSP Response: Success."), "\(said)")
                #expect(said.contains("Nonce") == (nonce == "--nonce"), "\(said)")
            }
        }

        @Test func `an answer that was kept, and not with one that was altered`() throws {
            let question = try AuthorityServed.`A question by GET`.question(scene, try scene.serial("good"))
            let url = try scene.authority.endpoint("ocsp.auth")
            var answer = try Web.ask(url, "POST", sending: question).body
            func verify() throws -> String {
                let said = try ForeignProgram.run(
                    "ocsptool",
                    ["--verify-response", "--load-response=answer", "--load-trust=ca.pem"],
                    files: ["answer": answer, "ca.pem": OpenSSLProgram.pem(try scene.anchor("auth"))]
                )
                return said.text + said.notes
            }
            let genuine = try verify()
            #expect(genuine.contains("Response: Success."), "\(genuine)")
            // The last byte of producedAt's seconds: still a time, and no longer what was signed.
            let time = try #require(Data(answer).firstRange(of: Data([0x18, 0x0F])))
            answer[time.lowerBound + 15] ^= 0x01
            #expect(try !verify().contains("Response: Success."))
        }

        @Test(arguments: ["sign", "auth"], ["13101", "all", "authorities", "services"])
        func `every list`(authority: String, partition: String) throws {
            let list = try Web.ask(try scene.authority.endpoint("crl") + "/\(authority)/\(partition).crl")
            try #require(list.status == 200)
            let files = ["list": list.body, "ca.der": try scene.anchor(authority)]
            let verified = try ForeignProgram.run(
                "certtool",
                ["--verify-crl", "--load-ca-certificate=ca.der", "--inder", "--infile=list"],
                files: files
            )
            let said = verified.text + verified.notes
            #expect(verified.status == 0 && said.contains("Verified"), "\(said)")
            let shown = try ForeignProgram.run("certtool", ["--crl-info", "--inder", "--infile=list"], files: files)
            #expect(shown.status == 0 && shown.text.contains("Version: 2"))
            // adult is of 13101; foreign is not, android is.
            let count = ["13101": 2, "all": 3][partition] ?? 0
            #expect(shown.text.contains(count == 0 ? "No revoked certificates" : "Revoked certificates (\(count))"))
            if partition == "all" {
                let number = String(try scene.serial("held", authority), radix: 16)
                #expect(shown.text.contains("Serial Number (hex): \(number.count % 2 == 0 ? number : "0" + number)"))
            }
        }
    }
}
