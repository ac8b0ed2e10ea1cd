import Foundation
import Testing

/// `fuda sign raw`, judged by openssl.
@Suite(.serialized) struct FudaSigningTests {
    private let reader: CardInReader

    init() throws {
        reader = try CardInReader("adult")
        try reader.write("a document", to: "document")
    }

    private func publicKey(_ which: String) throws -> String {
        _ = try reader.fuda("cert", which, "--format", "pem", "--pin", "env:PASSWORD", "-o", "\(which).pem", "-f")
        let key = try reader.run(.openssl, ["x509", "-in", "\(which).pem", "-pubkey", "-noout"])
        try reader.write(key.output, to: "\(which).pub")
        return "\(which).pub"
    }

    @Test(arguments: [("auth", "PIN"), ("sign", "PASSWORD")])
    func `openssl verifies every hash and both paddings, and refuses a changed signature`(
        key: String,
        secret: String
    ) throws {
        let publicKey = try publicKey(key)
        for hash in ["sha256", "sha384", "sha512", "sha1"] {
            let made = try reader.fuda(
                "sign",
                "raw",
                "document",
                "--key",
                key,
                "--hash",
                hash,
                "--pin",
                "env:\(secret)",
                "-o",
                "\(hash).sig"
            )
            #expect(made.status == 0, "\(made.text)")
            let check = ["dgst", "-\(hash)", "-verify", publicKey, "-signature", "\(hash).sig", "document"]
            #expect(try reader.run(.openssl, check).output == "Verified OK\n")
            var bytes = try reader.bytes("\(hash).sig")
            bytes[100] ^= 1
            try bytes.write(to: reader.file("\(hash).sig"))
            #expect(try reader.run(.openssl, check).status != 0)
        }
        let pss = try reader.fuda(
            "sign",
            "raw",
            "document",
            "--key",
            key,
            "--scheme",
            "pss",
            "--pin",
            "env:\(secret)",
            "-o",
            "pss.sig"
        )
        #expect(pss.status == 0, "\(pss.text)")
        let options = ["-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:32"]
        #expect(
            try reader.run(
                .openssl,
                ["dgst", "-sha256"] + options + ["-verify", publicKey, "-signature", "pss.sig", "document"]
            )
            .output == "Verified OK\n"
        )
    }

    @Test func `a digest made elsewhere is signed as it is`() throws {
        _ = try reader.run(.openssl, ["dgst", "-sha256", "-binary", "-out", "digest", "document"])
        for (input, more) in [("document", []), ("digest", ["--digest"])] {
            let program = try reader.start(
                ["sign", "raw", input, "--key", "auth", "--pin", "env:PIN", "-o", "\(input).sig"] + more
            )
            #expect(try program.waitForEnd().status == 0)
        }
        #expect(try reader.bytes("document.sig") == reader.bytes("digest.sig"))
        #expect(try reader.fuda("sign", "raw", "document", "--digest", "--pin", "env:PIN", "-o", "x").status == 14)
    }

    @Test func `an output is never written over, and what fails leaves none`() throws {
        try reader.write("precious", to: "there")
        let refused = try reader.fuda("sign", "raw", "document", "--key", "auth", "--pin", "env:PIN", "-o", "there")
        #expect(refused.status == 7 && refused.complaint.contains("[output-exists]"))
        #expect(try reader.bytes("there") == Data("precious".utf8))
        #expect(try reader.fuda("sign", "raw", "nothing", "--pin", "env:PIN", "-o", "x").status == 14)
        #expect(
            try reader.fuda("sign", "raw", "document", "--key", "auth", "--pin", "env:WRONG_PIN", "-o", "x").status == 5
        )
        #expect(!FileManager.default.fileExists(atPath: reader.file("x").path))
        let replaced = try reader.fuda(
            "sign",
            "raw",
            "document",
            "--key",
            "auth",
            "--pin",
            "env:PIN",
            "-o",
            "there",
            "-f"
        )
        #expect(try replaced.status == 0 && reader.bytes("there").count == 256)
    }

    @Test func `nothing stays verified when the command has ended`() throws {
        for (key, secret, file) in [("auth", "PIN", "0017"), ("sign", "PASSWORD", "001A")] {
            #expect(
                try reader.fuda("sign", "raw", "document", "--key", key, "--pin", "env:\(secret)", "-o", key).status
                    == 0
            )
            try reader.expect(
                """
                connect -> T=1
                \(Command.selectJPKI) -> 9000
                \(Command.selectFile(file)) -> 9000
                802A0080 02 4142 00 -> 6982
                """
            )
        }
    }

    @Test func `nothing stays verified when the program is killed while it reads`() throws {
        // The eighth command comes right after VERIFY and is answered late: so the program is killed in between.
        try reader.fault("slow:8:3000")
        let program = try reader.start(["read", "basic", "--pin", "env:PIN", "-v"])
        _ = try program.waitForLine("fuda: 00200080 [4 B] → 0 B, 9000")
        program.kill()
        // Selecting the same application again keeps what is verified: only the reset by pcscd takes it away.
        try reader.expect(
            """
            connect -> T=1
            \(Command.selectInputSupport) -> 9000
            \(Command.selectFile("0001")) -> 9000
            00B0000011 -> 6982
            """
        )
    }
}
