import Testing

/// PKCS #11 programs, through OpenSC's module.
@Suite(.serialized) struct PKCS11Tests {
    struct Token: CustomTestStringConvertible {
        let slot: String
        let name: String
        let id: String
        let secret: String
        let key: String
        var testDescription: String { name }
        /// As a PKCS #11 URI (RFC 7512).
        var uri: String {
            "pkcs11:token="
                + "JPKI (\(name))".replacing(" ", with: "%20").replacing("(", with: "%28")
                .replacing(")", with: "%29")
        }
    }

    static let tokens = [
        Token(slot: "0", name: "User Authentication PIN", id: "01", secret: "PIN", key: "User Authentication Key"),
        Token(slot: "1", name: "Digital Signature PIN", id: "02", secret: "PASSWORD", key: "Digital Signature Key"),
    ]

    @Test func `each PIN has a token of its own`() throws {
        let reader = try CardInReader("adult")
        let listed = try reader.run(.pkcs11Tool, ["--list-token-slots"]).output
        #expect(listed.contains(/Slot 0 .*\n +token label +: JPKI \(User Authentication PIN\)\n/))
        #expect(listed.contains(/Slot 1 .*\n +token label +: JPKI \(Digital Signature PIN\)\n/))
        #expect(listed.matches(of: /pin min\/max +: (.*)/).map { String($0.1) } == ["4/4", "6/16"])
    }

    @Test(arguments: tokens)
    func `OpenSC's own test of a token finds no errors`(token: Token) throws {
        let reader = try CardInReader("adult")
        let answer = try reader.run(
            .pkcs11Tool,
            ["--test", "--login", "--slot", token.slot, "--pin", "env:" + token.secret]
        )
        #expect(answer.status == 0)
        #expect(answer.output.hasSuffix("No errors\n"), "\(answer.text)")
        #expect(answer.output.contains("testing key 0 (\(token.key))"))
        for mechanism in ["RSA-PKCS", "SHA1-RSA-PKCS", "MD5-RSA-PKCS", "RIPEMD160-RSA-PKCS", "SHA256-RSA-PKCS"] {
            #expect(answer.output.contains("    \(mechanism): OK\n"))
        }
    }

    @Test func `a second test of the same card, still powered, finds no errors either`() throws {
        let reader = try CardInReader("adult")
        for _ in 0..<2 {
            let answer = try reader.run(.pkcs11Tool, ["--test", "--login", "--slot", "0", "--pin", "env:PIN"])
            #expect(answer.output.hasSuffix("No errors\n"), "\(answer.text)")
        }
    }

    @Test(arguments: tokens)
    func `GnuTLS lists the key after login and checks a signature by it`(token: Token) throws {
        let reader = try CardInReader("adult")
        let provider = ["--provider", try Peer.pkcs11Module(), "--batch"]
        let secret = ["GNUTLS_PIN": reader.environment[token.secret] ?? ""]
        let before = try reader.run(.p11tool, provider + ["--list-all", token.uri])
        #expect(!before.output.contains("Label: \(token.key)\n"))
        let after = try reader.run(.p11tool, provider + ["--login", "--list-all", token.uri], with: secret)
        #expect(after.output.contains("Type: Private key (RSA-2048)\n\tLabel: \(token.key)\n"), "\(after.text)")

        let signed = try reader.run(
            .p11tool,
            provider + ["--login", "--test-sign", token.uri + ";id=%\(token.id);type=private"],
            with: secret
        )
        #expect(signed.status == 0)
        #expect(signed.text.contains("Signing using RSA-SHA256... ok"), "\(signed.text)")
        #expect(signed.text.contains("Verifying against public key in the token... ok"), "\(signed.text)")
    }
}
