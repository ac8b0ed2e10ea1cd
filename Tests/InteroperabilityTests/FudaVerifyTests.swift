import Foundation
import Testing

/// Is it genuine? Said of cards, of kept records and of certificates, with the right exit code.
@Suite(.serialized) struct FudaVerifyTests {
    private let reader: CardInReader

    init() throws { reader = try CardInReader("adult") }

    @Test func `with its own hierarchy and the PIN, everything about a card is confirmed`() throws {
        let answer = try reader.fuda(
            "verify",
            "face",
            "--by",
            "pin",
            "--pin",
            "env:PIN",
            "--trust",
            reader.authority,
            "--json"
        )
        #expect(answer.status == 0, "\(answer.text)")
        #expect(answer.findings.count == 13 && answer.findings.values.allSatisfy { $0 == "confirmed" })
    }

    @Test(arguments: [("a", "123456789018", 12), ("b", "", 11), ("birth-date", "010331", 6)])
    func `with less, less is confirmed and nothing fails`(by: String, secret: String, confirmed: Int) throws {
        // A opens all but the four facts, B all but My Number and its picture, the birth the age record alone.
        let header = try reader.fuda("read", "card", "--json").json["expiry"] as? String ?? ""
        let secret = by == "b" ? "010331" + header.prefix(4) + "2285" : secret
        let answer = try reader.fuda(
            "verify",
            "face",
            "--by",
            by,
            "--pin",
            "env:S",
            "--trust",
            reader.authority,
            "--json",
            with: ["S": secret]
        )
        #expect(answer.status == 9, "\(answer.text)")
        #expect(answer.findings.values.count { $0 == "confirmed" } == confirmed, "\(answer.findings)")
        #expect(!answer.findings.values.contains("failed"))
        #expect(answer.findings["face-chip"] == "confirmed")
    }

    @Test func `a blocked birth date takes the age record away and nothing else`() throws {
        let wrong = Command.verify("010101")
        _ = try reader.play(
            ["connect", Command.selectCardFace, Command.selectFile("0011")] + [String](repeating: wrong, count: 9)
        )
        let answer = try reader.fuda(
            "verify",
            "face",
            "--by",
            "pin",
            "--pin",
            "env:PIN",
            "--trust",
            reader.authority,
            "--json"
        )
        #expect(answer.status == 9, "\(answer.text)")
        #expect(answer.findings.filter { $0.value != "confirmed" } == ["age-signature": "not-checked"])
        let rows = try reader.fuda("pin", "status", "--json").json["secrets"] as? [[String: Any]] ?? []
        #expect(
            rows.first { $0["secret"] as? String == "birth-date" }?["triesLeft"] as? Int == 1,
            "the last try is left"
        )
        #expect(try reader.fuda("read", "card", "--reader=-9223372036854775808").status == 3)
    }

    @Test func `production keys say nothing about a simulated card`() throws {
        let answer = try reader.fuda("verify", "face", "--by", "pin", "--pin", "env:PIN", "--json")
        #expect(answer.status == 9)
        for check in ["card-manager-certificate", "text-certificate", "face-certificate"] {
            #expect(answer.findings[check] == "not-checked")
        }
        let cert = try reader.fuda("verify", "cert", "auth", "--json")
        #expect(cert.status != 0 && cert.findings["issuer-known"] == "not-checked")
        #expect(cert.findings["certificate-signature"] == "not-checked")
    }

    @Test func `kept records are judged later, and a changed byte fails the right check`() throws {
        #expect(try reader.fuda("read", "all", "--pin", "env:PIN", "-o", "kept").status == 0)
        let kept = try reader.fuda("verify", "face", "kept", "--trust", reader.authority, "--json")
        #expect(kept.status == 9 && kept.findings["face-chip"] == "not-checked")
        #expect(kept.findings["face-signature"] == "confirmed" && kept.findings["text-digest-facts"] == "confirmed")
        for (file, offset, check) in [
            ("text-0002.bin", 20, "text-digest-facts"), ("text-0001.bin", 5, "text-digest-number"),
            ("face-0002.bin", 700, "face-signature"), ("text-0004.bin", 60, "text-certificate"),
        ] {
            var bytes = try reader.bytes("kept/\(file)")
            bytes[offset] ^= 1
            try bytes.write(to: reader.file("kept/\(file)"))
            let judged = try reader.fuda("verify", "face", "kept", "--trust", reader.authority, "--json")
            #expect(judged.status == 8 && judged.findings[check] == "failed", "\(file) \(judged.findings)")
            bytes[offset] ^= 1
            try bytes.write(to: reader.file("kept/\(file)"))
        }
    }

    @Test func `certificates are undecided without revocation, and openssl agrees on the chain`() throws {
        for (which, authority, secret) in [("auth", "auth-ca", "PIN"), ("sign", "sign-ca", "PASSWORD")] {
            let judged = try reader.fuda(
                "verify",
                "cert",
                which,
                "--pin",
                "env:\(secret)",
                "--trust",
                reader.authority,
                "--json"
            )
            #expect(judged.status == 9, "\(judged.text)")
            #expect(judged.findings.filter { $0.value != "confirmed" } == ["revocation": "not-checked"])
            _ = try reader.fuda("cert", which, "--format", "pem", "--pin", "env:\(secret)", "-o", "\(which).pem")
            _ = try reader.run(
                .openssl,
                ["x509", "-inform", "DER", "-in", "\(reader.authority)/\(authority).der", "-out", "ca.pem"]
            )
            #expect(
                try reader.run(.openssl, ["verify", "-CAfile", "ca.pem", "\(which).pem"]).output.hasSuffix(": OK\n")
            )
            let pinned = try reader.fuda("verify", "cert", "\(which).pem", "--trust", "ca.pem", "--json")
            #expect(pinned.status == 9 && pinned.findings["certificate-signature"] == "confirmed", "\(pinned.text)")
            #expect(try reader.fuda("verify", "cert", authority, "--trust", reader.authority).status == 0)
            #expect(try reader.fuda("verify", "cert", authority).status != 0, "the card's own CA is no anchor")
        }
        let other = try reader.fuda(
            "verify",
            "cert",
            "auth.pem",
            "--trust",
            "\(reader.authority)/sign-ca.der",
            "--json"
        )
        #expect(other.status != 0 && other.findings["certificate-signature"] != "confirmed")
    }

    @Test func `a card past its end is expired, not failed`() throws {
        let expired = try CardInReader("expired")
        let cert = try expired.fuda("verify", "cert", "auth", "--trust", expired.authority, "--json")
        #expect(cert.status == 10 && cert.findings["validity"] == "failed", "\(cert.text)")
        let face = try expired.fuda("verify", "face", "--by", "pin", "--pin", "env:PIN", "--trust", expired.authority)
        #expect(face.status == 10, "\(face.text)")
    }
}
