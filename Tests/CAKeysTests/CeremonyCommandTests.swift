import ForeignTools
import Foundation
import Testing

/// The real command with SoftHSM, in processes and a folder of their own.
@Suite(.serialized) final class `fuda authority ceremony` {
    private let folder: String
    private static let module = SoftHSM.module
    private static let secrets = ["FIRST": "correct horse battery", "SECOND": "staple and one more"]
    private static let pair = ["--custodian", "佐藤 花子=env:FIRST", "--custodian", "Suzuki Taro=env:SECOND"]

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "fuda-ceremony-\(UUID().uuidString)").path
        for name in ["tokens", "run"] {
            try FileManager.default.createDirectory(
                atPath: "\(folder)/\(name)",
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        }
        let configuration = "directories.tokendir = \(folder)/tokens\nobjectstore.backend = file\nlog.level = ERROR\n"
        try Data(configuration.utf8).write(to: URL(filePath: folder + "/softhsm2.conf"))
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    private var environment: [String: String] {
        ["SOFTHSM2_CONF": folder + "/softhsm2.conf", "HOME": folder]
    }

    private func path(_ name: String) -> String { folder + "/" + name }

    private func fuda(_ arguments: [String], _ secrets: [String: String] = secrets) throws -> ForeignProgram {
        let repository = URL(filePath: #filePath).appending(path: "../../..").standardized
        let bin = ProcessInfo.processInfo.environment["FUDA_BIN"] ?? repository.appending(path: ".build/debug").path
        return try ForeignProgram.run(
            bin + "/fuda",
            ["authority"] + arguments,
            environment: environment.merging(secrets) { $1 }
        )
    }

    private func ceremony(
        _ more: [String] = [],
        custodians: [String] = pair,
        secrets: [String: String] = secrets,
        token: String = "jpki-sim",
        output: String = "record"
    ) throws -> ForeignProgram {
        let words = ["ceremony", "--module", Self.module, "--token-label", token, "-o", path(output)]
        return try fuda(words + custodians + more, secrets)
    }

    private func activate(_ secrets: [String: String] = secrets, _ more: [String] = []) throws -> ForeignProgram {
        let words = ["activate", "--module", Self.module, "--token-label", "jpki-sim", "-o", path("run")]
        return try fuda(words + Self.pair.reversed().pairs + more, secrets)
    }

    private func json(_ name: String) throws -> [String: Any] {
        let object = try JSONSerialization.jsonObject(with: try Data(contentsOf: URL(filePath: path(name))))
        return try #require(object as? [String: Any])
    }

    private func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name)) }

    private func isSigned(_ name: String, _ digest: String) throws -> Bool {
        let answer = try ForeignProgram.run(
            "openssl",
            [
                "dgst", digest, "-verify", path("record/public-key.pem"), "-signature", path("record/\(name).sig"),
                path("record/\(name)"),
            ]
        )
        return answer.status == 0
    }

    private func logsIn(_ pin: String) throws -> Bool {
        let words = ["--module", Self.module, "--token-label", "jpki-sim", "--login", "--pin", pin, "-O"]
        return try ForeignProgram.run("pkcs11-tool", words, environment: environment).status == 0
    }

    @Test(arguments: [("rsa2048-sha256", "-sha256"), ("p384-sha384", "-sha384")])
    func `leaves a key under dual control and a record that the key has signed`(
        algorithm: String,
        digest: String
    ) throws {
        let witnesses = ["--witness", "Tanaka", "--witness", "Watanabe"]
        let answer = try ceremony(["--key-label", "sign-ca-1", "--algorithm", algorithm, "--lang", "en"] + witnesses)
        #expect(answer.status == 0, "\(answer.notes)")
        for name in ["record.json", "record.txt"] { #expect(try isSigned(name, digest)) }
        let record = try json("record/record.json")
        #expect(record["result"] as? String == "done" && record["control"] as? String == "dual")
        #expect(record["custodians"] as? [String] == ["佐藤 花子", "Suzuki Taro"])
        #expect(record["witnesses"] as? [String] == ["Tanaka", "Watanabe"])
        let key = try #require(record["key"] as? [String: String])
        #expect(key["locator"] == "pkcs11:token=jpki-sim;object=sign-ca-1" && key["algorithm"] == algorithm)
        let fingerprint = try ForeignProgram.run(
            "sh",
            ["-c", "openssl pkey -pubin -in \(path("record/public-key.pem")) -outform DER | sha256sum | cut -d' ' -f1"]
        )
        #expect(key["fingerprint"] == fingerprint.text.trimmingCharacters(in: .newlines))
        #expect(answer.text.contains("SHA-256 of record.json") && answer.text.contains("Suzuki Taro"))
        let whole = answer.text + answer.notes + String(describing: record)
        for secret in Self.secrets.values { #expect(!whole.contains(secret)) }

        // Another program's view of the token, with the PIN that takes both.
        #expect(try activate().status == 0)
        let pin = try String(contentsOfFile: path("run/jpki-sim.pin"), encoding: .utf8)
            .trimmingCharacters(in: .newlines)
        let words = ["--module", Self.module, "--token-label", "jpki-sim", "--login", "--pin", pin, "-O"]
        let list = try ForeignProgram.run("pkcs11-tool", words, environment: environment)
        #expect(list.status == 0 && list.text.contains("sign-ca-1"))
        #expect(list.text.contains("sensitive, always sensitive, never extractable, local"))
        #expect(!whole.contains(pin), "the record does not hold the PIN")
    }

    @Test func `gives a token that neither custodian can open alone`() throws {
        #expect(try ceremony().status == 0)
        for secret in Self.secrets.values { #expect(try !logsIn(secret)) }
        let alone = [
            ["FIRST": Self.secrets["FIRST"] ?? "", "SECOND": "a guess of the other"],
            ["FIRST": "a guess of the other", "SECOND": Self.secrets["SECOND"] ?? ""],
        ]
        for secrets in alone {
            let answer = try activate(secrets, ["--lang", "en"])
            #expect(answer.status == 5 && answer.notes.contains("CKR_PIN_INCORRECT"))
            #expect(answer.notes.contains("may be counting wrong tries") && !exists("run/jpki-sim.pin"))
            let added = try ceremony(
                ["--existing-token", "--key-label", "second", "--lang", "en"],
                secrets: secrets,
                output: "other-\(UUID().uuidString)"
            )
            #expect(added.status == 5 && added.notes.contains("may be counting wrong tries"))
            for secret in secrets.values { #expect(!(answer.notes + added.notes + added.text).contains(secret)) }
        }
        #expect(try activate().status == 0, "and both together can")
        let mode = try FileManager.default.attributesOfItem(atPath: path("run/jpki-sim.pin"))[.posixPermissions]
        #expect(mode as? Int == 0o600)
    }

    @Test func `adds a key to a token of the same custodians, and overwrites nothing`() throws {
        #expect(try ceremony().status == 0)
        let again = try ceremony(output: "again")
        #expect(again.status == 7 && again.notes.contains("[key-refused]"))
        #expect(try json("again/record.json")["result"] as? String == "failed")
        #expect(!exists("again/record.json.sig") && !exists("again/public-key.pem"))
        #expect(try ceremony(["--existing-token", "--key-label", "auth-ca-1"], output: "added").status == 0)
        #expect(try ceremony(["--existing-token", "--key-label", "auth-ca-1"], output: "twice").status == 7)
        let same = try ceremony(["--existing-token", "--key-label", "third"], output: "record")
        #expect(same.status == 14 && same.notes.contains("[file-exists]"))
        let listed = try activate(Self.secrets, ["--json"])
        let object = try JSONSerialization.jsonObject(with: Data(listed.output)) as? [String: Any]
        let keys = try #require(object?["keys"] as? [String])
        #expect(keys.count == 2, "the refused ones made no key")
        #expect(keys.allSatisfy { $0.contains("pin-source=file:") && !$0.contains("pin-value") })
    }

    @Test func `is refused before anything is done where it is not for two`() throws {
        let one = ["--custodian", "A=env:FIRST"]
        let refusals: [([String], [String: String], String)] = [
            ([], Self.secrets, "not-two-custodians"), (one, Self.secrets, "not-two-custodians"),
            (one + ["--custodian", "a=env:SECOND"], Self.secrets, "same-custodian"),
            (one + ["--custodian", "B=env:FIRST"], Self.secrets, "same-secrets"),
            (Self.pair, ["FIRST": "too short", "SECOND": "staple and one more"], "secret-too-short"),
            (one + ["--custodian", "Tanaka=env:SECOND"], Self.secrets, "witness-is-custodian"),
            (one + ["--custodian", "B=hunter2hunter2"], Self.secrets, "[secret-source]"),
            (one + ["--custodian", "B=env:NOT_SET"], Self.secrets, "[secret-unreadable]"),
        ]
        for (custodians, secrets, word) in refusals {
            let answer = try ceremony(["--witness", "Tanaka"], custodians: custodians, secrets: secrets)
            #expect([2, 14].contains(answer.status) && answer.notes.contains(word), "\(word): \(answer.notes)")
            #expect(answer.text.isEmpty && !exists("record") && !answer.notes.contains("hunter2"))
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: path("tokens")).isEmpty)
    }

    @Test func `is refused without a module, and says so in either language`() throws {
        let words = ["ceremony", "--module", "/nowhere.so", "--token-label", "t", "-o", path("record")] + Self.pair
        #expect(try fuda(words + ["--lang", "en"]).notes.contains("The PKCS #11 module cannot be loaded."))
        #expect(try fuda(words + ["--lang", "ja"]).notes.contains("PKCS#11モジュールを読み込めません"))
        #expect(try fuda(["ceremony", "-o", path("record")]).status == 2)
        #expect(!exists("record"))
    }

    @Test func `makes a key file without a question`() throws {
        try Data("a passphrase\n".utf8).write(to: URL(filePath: path("passphrase")))
        let words = ["--key-file", path("ca.pem"), "--passphrase", "file:" + path("passphrase"), "-o", path("record")]
        let answer = try fuda(["ceremony", "--algorithm", "p384-sha384", "--operator", "Sato"] + words)
        #expect(answer.status == 0, "\(answer.notes)")
        #expect(try isSigned("record.json", "-sha384") && isSigned("record.txt", "-sha384"))
        let record = try json("record/record.json")
        #expect(record["control"] as? String == "single" && record["custodians"] as? [String] == ["Sato"])
        #expect((record["key"] as? [String: String])?["locator"] == "file:ca.pem")
        let opened = try ForeignProgram.run(
            "openssl",
            ["pkey", "-in", path("ca.pem"), "-passin", "file:" + path("passphrase"), "-pubout"]
        )
        #expect(opened.output == Array(try Data(contentsOf: URL(filePath: path("record/public-key.pem")))))
        let again = try fuda(["ceremony", "--key-file", path("ca.pem"), "--passphrase", "env:FIRST", "-o", path("b")])
        #expect(again.status == 14 && again.notes.contains("[file-exists]") && !exists("b"))
        #expect(try fuda(["ceremony", "--key-file", path("c.pem"), "-o", path("c")]).status == 2)
        let mixed = try fuda(["ceremony", "--token-label", "t"] + words)
        #expect(mixed.status == 2 && mixed.notes.contains("[ceremony-mixed]"))
    }

    @Test func `leaves its PIN file only where others cannot write`() throws {
        #expect(try ceremony().status == 0)
        try FileManager.default.setAttributes([.posixPermissions: 0o770], ofItemAtPath: path("run"))
        #expect(try activate().status == 7 && !exists("run/jpki-sim.pin"))
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: path("run"))
        #expect(try activate().status == 0)
        let kept = try Data(contentsOf: URL(filePath: path("run/jpki-sim.pin")))
        #expect(try activate().status == 14)
        #expect(try activate(Self.secrets, ["-f"]).status == 0)
        #expect(try Data(contentsOf: URL(filePath: path("run/jpki-sim.pin"))) == kept)
    }
}

extension Sequence<String> {
    /// Options and values that were reversed, each option before its value again.
    fileprivate var pairs: [String] {
        let words = Array(self)
        return stride(from: 0, to: words.count - 1, by: 2).flatMap { [words[$0 + 1], words[$0]] }
    }
}
