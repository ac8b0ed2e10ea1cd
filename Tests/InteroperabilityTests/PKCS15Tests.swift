import Foundation
import Testing

/// OpenSC's PKCS #15 tools: the card's objects, its certificates and its signatures.
@Suite(.serialized) struct PKCS15Tests {
    static let certificates = [
        "User Authentication Certificate", "Digital Signature Certificate", "User Authentication Certificate CA",
        "Digital Signature Certificate CA",
    ]

    @Test func `the dump shows two PINs, two keys and four certificates`() throws {
        let reader = try CardInReader("adult")
        let dump = try PKCS15Dump(reader)
        #expect(dump.tries == ["User Authentication PIN": 3, "Digital Signature PIN": 5])
        #expect(dump.details["User Authentication PIN"]?["Length"] == "min_len:4, max_len:4, stored_len:0")
        #expect(dump.details["Digital Signature PIN"]?["Length"] == "min_len:6, max_len:16, stored_len:0")
        #expect(dump.keys == ["User Authentication Key", "Digital Signature Key"])
        #expect(dump.keys.allSatisfy { dump.details[$0]?["ModLength"] == "2048" })
        #expect(dump.certificates == Self.certificates)
        print("pkcs15-tool --dump took \(dump.duration)")
    }

    /// A kind of certificate on the card, and what opens it.
    struct Kind: CustomTestStringConvertible {
        let name: String
        let id: String
        let authority: String
        let secret: String
        let unit: String
        let usage: String
        var testDescription: String { name }
    }

    static let kinds = [
        Kind(
            name: "authentication",
            id: "01",
            authority: "03",
            secret: "PIN",
            unit: "JPKI for user authentication",
            usage: "Digital Signature"
        ),
        Kind(
            name: "signature",
            id: "02",
            authority: "04",
            secret: "PASSWORD",
            unit: "JPKI for digital signature",
            usage: "Digital Signature, Non Repudiation"
        ),
    ]

    @Test(arguments: kinds)
    func `a certificate leads to the authority on the same card, which is a simulated one`(kind: Kind) throws {
        let reader = try CardInReader("adult")
        try reader.readCertificate(kind.id, to: "holder.pem", secret: kind.secret)
        try reader.readCertificate(kind.authority, to: "authority.pem")
        try reader.readCertificate(kind.id == "01" ? "04" : "03", to: "other.pem")
        let verified = try reader.run(.openssl, ["verify", "-x509_strict", "-CAfile", "authority.pem", "holder.pem"])
        #expect(verified.status == 0, "\(verified.text)")
        #expect(try reader.run(.openssl, ["verify", "-CAfile", "other.pem", "holder.pem"]).status == 2)

        let shown = try reader.run(
            .openssl,
            ["x509", "-in", "holder.pem", "-noout", "-subject", "-issuer", "-ext", "keyUsage"]
        )
        let issuer = "O = JPKI-SIM, OU = \(kind.unit), OU = Japan Agency for Local Authority Information Systems\n"
        #expect(shown.output.contains("issuer=C = JP, " + issuer))
        #expect(shown.output.contains(/subject=C = JP, (L = .*, )?CN = [0-9A-Z]{14}13101003A\n/))
        #expect(shown.output.contains("    \(kind.usage)\n"))
    }

    @Test func `the signature certificate is hidden until its password is given`() throws {
        let reader = try CardInReader("adult")
        let refused = try reader.run(.pkcs15Tool, ["--read-certificate", "02"])
        #expect(refused.status == 1)
        #expect(refused.complaint.contains("Certificate read failed"))
        #expect(!refused.output.contains("BEGIN CERTIFICATE"))
        let wrongPIN = ["--verify-pin", "--auth-id", "01", "--pin", "env:PIN", "--read-certificate", "02"]
        #expect(try reader.run(.pkcs15Tool, wrongPIN).status == 1)
    }

    @Test(arguments: kinds)
    func `openssl accepts a signature for what was signed and for nothing else`(kind: Kind) throws {
        let reader = try CardInReader("adult")
        try reader.readCertificate(kind.id, to: "holder.pem", secret: kind.secret)
        try reader.write("署名する文書", to: "document")
        try reader.write("署名しない文書", to: "other")
        let openssl = try reader.run(.openssl, ["dgst", "-sha256", "-binary", "-out", "digest", "document"])
        try #require(openssl.status == 0)
        let secret = try #require(reader.environment[kind.secret])
        let signed = try reader.run(
            .pkcs15Crypt,
            [
                "--sign", "--pkcs1", "--sha-256", "--key", kind.id, "--input", "digest", "--output", "signature",
                "--raw",
                "--pin", "-",
            ],
            input: secret + "\n"
        )
        try #require(signed.status == 0, "\(signed.text)")
        let key = try reader.run(.openssl, ["x509", "-in", "holder.pem", "-noout", "-pubkey", "-out", "key.pem"])
        try #require(key.status == 0)
        let verify = ["dgst", "-sha256", "-verify", "key.pem", "-signature", "signature"]
        #expect(try reader.run(.openssl, verify + ["document"]).output == "Verified OK\n")
        #expect(try reader.run(.openssl, verify + ["other"]).status == 1)
    }
}

extension CardInReader {
    /// Reads a certificate as PEM into a file of the test's folder.
    func readCertificate(_ id: String, to name: String, secret: String? = nil) throws {
        let opening = secret.map { ["--verify-pin", "--auth-id", id, "--pin", "env:" + $0] } ?? []
        let answer = try run(.pkcs15Tool, opening + ["--read-certificate", id, "--output", name])
        guard answer.status == 0 else { throw ProgramFailure(description: "certificate \(id): \(answer.text)") }
    }
}
