import AuthorityCryptography
import CAKeys
import ForeignTools
import Foundation
import Secrets
import Testing

@Suite final class `An authority's key file` {
    private let folder: String
    private static let passphrase = "a passphrase of some length"

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "fuda-keys-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    private func path(_ name: String) -> String { folder + "/" + name }
    private func secret(_ text: String = passphrase) -> SecretBytes { SecretBytes(copying: text) }

    @Test(arguments: SignatureAlgorithm.allCases)
    func `signs what openssl verifies, also when it is opened again`(algorithm: SignatureAlgorithm) throws {
        let made = try KeyFile.make(algorithm, at: path("a.pem"), passphrase: secret())
        let opened = try KeyFile(opening: path("a.pem"), passphrase: secret())
        #expect(opened.subjectPublicKeyInfo == made.subjectPublicKeyInfo && opened.algorithm == algorithm)
        for key in [made, opened] {
            for length in [0, 1, 1_000, 100_000] {
                let message = [UInt8](repeating: 0x5A, count: length)
                let signature = try key.signature(over: message)
                #expect(try opensslVerifies(signature, over: message, by: key))
                #expect(PublicKeyInfo.verifies(signature, over: message, by: made.subjectPublicKeyInfo))
                #expect(!PublicKeyInfo.verifies(signature, over: message + [0], by: made.subjectPublicKeyInfo))
            }
        }
    }

    @Test(arguments: SignatureAlgorithm.allCases)
    func `is opened by openssl, encrypted with scrypt and AES-256, and its owner's alone`(
        algorithm: SignatureAlgorithm
    ) throws {
        let made = try KeyFile.make(algorithm, at: path("a.pem"), passphrase: secret())
        let answer = try ForeignProgram.run(
            "openssl",
            ["pkey", "-in", path("a.pem"), "-passin", "env:PASSPHRASE", "-pubout", "-outform", "DER"],
            environment: ["PASSPHRASE": Self.passphrase]
        )
        #expect(answer.output == made.subjectPublicKeyInfo, "\(answer.notes)")
        let structure = try ForeignProgram.run("openssl", ["asn1parse", "-in", path("a.pem")]).text
        for word in ["PBES2", "scrypt", "aes-256-cbc"] { #expect(structure.contains(word)) }
        let mode = try FileManager.default.attributesOfItem(atPath: path("a.pem"))[.posixPermissions] as? Int
        #expect(mode == 0o600)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["a.pem"])
    }

    @Test func `is opened when openssl made it so`() throws {
        let made = try ForeignProgram.run(
            "sh",
            [
                "-c",
                "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384 -pkeyopt ec_param_enc:named_curve"
                    + " | openssl pkcs8 -topk8 -scrypt -v2 aes256 -passout env:PASSPHRASE -out \(path("o.pem"))"
                    + " && chmod 600 \(path("o.pem"))",
            ],
            environment: ["PASSPHRASE": Self.passphrase]
        )
        #expect(made.status == 0, "\(made.notes)")
        let key = try KeyFile(opening: path("o.pem"), passphrase: secret())
        #expect(key.algorithm == .p384SHA384)
        #expect(try opensslVerifies(try key.signature(over: [1, 2, 3]), over: [1, 2, 3], by: key))
    }

    @Test func `is never overwritten`() throws {
        _ = try KeyFile.make(.p384SHA384, at: path("a.pem"), passphrase: secret())
        let before = try Data(contentsOf: URL(filePath: path("a.pem")))
        #expect(throws: AuthorityKeyFailure.refused("file-exists")) {
            try KeyFile.make(.p384SHA384, at: path("a.pem"), passphrase: secret())
        }
        #expect(try Data(contentsOf: URL(filePath: path("a.pem"))) == before)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["a.pem"])
    }

    @Test func `is not made where it cannot be written, nor without a passphrase`() throws {
        #expect(throws: AuthorityKeyFailure.refused("file-failed")) {
            try KeyFile.make(.p384SHA384, at: path("nowhere/a.pem"), passphrase: secret())
        }
        #expect(throws: AuthorityKeyFailure.refused("empty-secret")) {
            try KeyFile.make(.p384SHA384, at: path("a.pem"), passphrase: SecretBytes())
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
    }

    @Test func `is refused with another passphrase, and where others can read it`() throws {
        _ = try KeyFile.make(.p384SHA384, at: path("a.pem"), passphrase: secret())
        #expect(throws: AuthorityKeyFailure.refused("wrong-passphrase-or-altered")) {
            try KeyFile(opening: path("a.pem"), passphrase: secret(Self.passphrase + " "))
        }
        for mode in [0o640, 0o604, 0o620] {
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path("a.pem"))
            #expect(throws: AuthorityKeyFailure.refused("readable-by-others")) {
                try KeyFile(opening: path("a.pem"), passphrase: secret())
            }
        }
        #expect(throws: AuthorityKeyFailure.unavailable("file-missing")) {
            try KeyFile(opening: path("b.pem"), passphrase: secret())
        }
        #expect(throws: AuthorityKeyFailure.unavailable("file-failed")) {
            try KeyFile(opening: folder, passphrase: secret())
        }
    }

    /// Made by openssl with the least work that scrypt knows, so that many can be tried.
    private func cheapFile(_ kind: [String], _ more: [String] = ["-scrypt_N", "2"]) throws -> [UInt8] {
        let words = ["openssl", "genpkey"] + kind
        let made = try ForeignProgram.run(
            "sh",
            [
                "-c",
                words.joined(separator: " ") + " | openssl pkcs8 -topk8 -scrypt -scrypt_r 1 -scrypt_p 1 -v2 aes256 "
                    + more.joined(separator: " ") + " -passout env:PASSPHRASE",
            ],
            environment: ["PASSPHRASE": Self.passphrase]
        )
        guard made.status == 0 else { throw Unprepared(notes: made.notes) }
        return made.output
    }

    private func open(_ bytes: [UInt8], _ name: String = "x.pem") throws -> KeyFile {
        try Data(bytes).write(to: URL(filePath: path(name)))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path(name))
        return try KeyFile(opening: path(name), passphrase: secret())
    }

    private static let p384 = ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"]
    private static let rsa = ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"]

    @Test(arguments: [p384, rsa]) func `never gives another key, whichever byte of it is changed`(
        kind: [String]
    ) throws {
        let text = try cheapFile(kind)
        let right = try open(text).subjectPublicKeyInfo
        var refused = 0
        var tries = 0
        func attempt(_ bytes: [UInt8]) {
            tries += 1
            do {
                let key = try open(bytes)
                #expect(key.subjectPublicKeyInfo == right)
            } catch {
                refused += 1
                #expect(error as? AuthorityKeyFailure != nil)
            }
        }
        // The text as it stands, and the DER in it. Holding the numbers of an RSA key against each other takes long, so
        // of those every seventh byte is tried; blocks have 16, so that each place in a block is met.
        let step = kind == Self.rsa ? 7 : 1
        for index in stride(from: 0, to: text.count, by: step) {
            var changed = text
            changed[index] ^= 0x01
            attempt(changed)
        }
        let lines = String(decoding: text, as: UTF8.self).split(separator: "\n")
        let der = try #require(Data(base64Encoded: lines.dropFirst().dropLast().joined()))
        for index in stride(from: 0, to: der.count, by: step) {
            for mask: UInt8 in kind == Self.rsa ? [0x01] : [0x01, 0x80, 0xFF] {
                var changed = der
                changed[index] ^= mask
                let armour = changed.base64EncodedString(options: [.lineLength64Characters, .endLineWithLineFeed])
                attempt(Array("\(lines[0])\n\(armour)\n\(lines[lines.count - 1])\n".utf8))
            }
        }
        #expect(refused > tries * 9 / 10, "\(refused) of \(tries)")
    }

    @Test func `is refused when it ends early`() throws {
        let text = try cheapFile(Self.p384)
        for length in 0..<text.count {
            #expect(throws: AuthorityKeyFailure.self) { try open(Array(text.prefix(length))) }
        }
        #expect(throws: AuthorityKeyFailure.refused("not-a-key-file")) { try open(text + text) }
    }

    @Test(arguments: [
        ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"],
        ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-pkeyopt", "rsa_keygen_pubexp:3"],
        ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"], ["-algorithm", "ED25519"],
    ]) func `is refused when it holds a key of another kind`(kind: [String]) throws {
        #expect(throws: AuthorityKeyFailure.refused("key-of-another-kind")) { try open(try cheapFile(kind)) }
    }

    @Test func `is refused when it is plain, encrypted another way, or asks for more work than is allowed`() throws {
        let forms = [
            "openssl pkcs8 -topk8 -nocrypt", "openssl pkcs8 -topk8 -v2 aes256 -passout env:PASSPHRASE",
            "openssl pkcs8 -topk8 -scrypt -v2 aes128 -passout env:PASSPHRASE",
            "openssl pkcs8 -topk8 -scrypt -scrypt_N 16384 -scrypt_r 8 -scrypt_p 17 -v2 aes256 -passout env:PASSPHRASE",
            "openssl pkey -outform DER",
        ]
        for form in forms {
            let made = try ForeignProgram.run(
                "sh",
                ["-c", "openssl genpkey \(Self.p384.joined(separator: " ")) | \(form)"],
                environment: ["PASSPHRASE": Self.passphrase]
            )
            #expect(made.status == 0, "\(form): \(made.notes)")
            #expect(throws: AuthorityKeyFailure.refused("not-a-key-file")) { try open(made.output) }
        }
    }

    @Test func `signs for many threads at once`() async throws {
        for algorithm in SignatureAlgorithm.allCases {
            let key = try KeyFile.make(algorithm, at: path("\(algorithm).pem"), passphrase: secret())
            let good = await withTaskGroup(of: Int.self) { group in
                for number in 0..<8 {
                    group.addTask {
                        (0..<16).count { round in
                            let message = Array("message \(number) \(round)".utf8)
                            guard let signature = try? key.signature(over: message) else { return false }
                            return PublicKeyInfo.verifies(signature, over: message, by: key.subjectPublicKeyInfo)
                        }
                    }
                }
                return await group.reduce(0, +)
            }
            #expect(good == 8 * 16)
        }
    }
}
