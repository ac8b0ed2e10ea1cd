import AuthorityCryptography
import CAKeys
import ForeignTools
import Foundation
import Secrets
import Testing

/// Everything that loads SoftHSM into this process, one after the other: a module is restarted as a whole.
@Suite(.serialized) struct `A key in a token` {
    @Test(arguments: SignatureAlgorithm.allCases)
    func `signs what openssl verifies`(algorithm: SignatureAlgorithm) throws {
        let token = try TestToken()
        try token.makeKey("ca", algorithm, identifier: "a1")
        let key = try token.key("ca")
        #expect(key.algorithm == algorithm)
        for length in [0, 1, 1_000, 100_000] {
            let message = [UInt8](repeating: 0xA5, count: length)
            #expect(try opensslVerifies(try key.signature(over: message), over: message, by: key))
        }
        // The public half is the one that another program reads from the token.
        let uri = "pkcs11:token=\(token.label);id=%a1;type=private"
        let read = try ForeignProgram.run(
            "p11tool",
            ["--provider", SoftHSM.module, "--login", "--export-pubkey", uri],
            environment: SoftHSM.environment.merging(["GNUTLS_PIN": TestToken.userPIN]) { $1 }
        )
        let pem = String(decoding: PublicKeyInfo.pem(key.subjectPublicKeyInfo), as: UTF8.self)
        #expect(read.text.contains(pem), "\(read.notes)")
    }

    @Test func `is found by label, by identifier, or by both, and has to be the only one`() throws {
        let token = try TestToken()
        try token.makeKey("twin", .p384SHA384, identifier: "01")
        try token.makeKey("twin", .p384SHA384, identifier: "02")
        #expect(throws: AuthorityKeyFailure.refused("several-keys-match")) { try token.key("twin") }
        let first = try token.key("twin", more: ";id=%01")
        let second = try token.key("twin", more: ";id=%02")
        #expect(first.subjectPublicKeyInfo != second.subjectPublicKeyInfo)
        #expect(throws: AuthorityKeyFailure.refused("key-not-found")) { try token.key("twin", more: ";id=%03") }
        #expect(throws: AuthorityKeyFailure.refused("key-not-found")) { try token.key("nobody") }
    }

    @Test func `is refused when its public half is another key's, or it is of another kind`() throws {
        let token = try TestToken()
        try token.makeKey("one", .rsa2048SHA256, identifier: "01")
        try token.makeKey("two", .rsa2048SHA256, identifier: "02")
        // The public half of the second takes the identifier of the first, whose own is removed.
        try TestToken.demand(try token.tool(["--delete-object", "--type", "pubkey", "--id", "01"]))
        let read = try token.tool(["--read-object", "--type", "pubkey", "--id", "02"])
        let file = token.folder + "/two.der"
        try Data(read.output).write(to: URL(filePath: file))
        let write = ["--write-object", file, "--type", "pubkey", "--id", "01", "--label", "one"]
        try TestToken.demand(try token.tool(write))
        #expect(throws: AuthorityKeyFailure.refused("public-key-of-another")) { try token.key("one") }
        let small = ["--keypairgen", "--key-type", "EC:secp256r1", "--label", "small", "--id", "03", "--usage-sign"]
        try TestToken.demand(try token.tool(small))
        #expect(throws: AuthorityKeyFailure.self) { try token.key("small") }
    }

    @Test func `is refused with a wrong PIN, which is shown to the token once only`() throws {
        let token = try TestToken()
        try token.makeKey("ca", .p384SHA384, identifier: "01")
        try token.write("wrong-user-pin", to: "wrong")
        #expect(throws: AuthorityKeyFailure.refused("CKR_PIN_INCORRECT")) { try token.key("ca", pin: "wrong") }
        #expect(throws: AuthorityKeyFailure.refused("pin-refused-before")) { try token.key("ca", pin: "wrong") }
        let key = try token.key("ca")
        #expect(try opensslVerifies(try key.signature(over: [1]), over: [1], by: key))
    }

    @Test func `is refused without a PIN file, and with one that others can read or that is empty`() throws {
        let token = try TestToken()
        try token.makeKey("ca", .p384SHA384, identifier: "01")
        #expect(throws: AuthorityKeyFailure.unavailable("file-missing")) { try token.key("ca", pin: "none") }
        for mode in [0o640, 0o604, 0o666] {
            try token.write(TestToken.userPIN, to: "open", mode: mode)
            #expect(throws: AuthorityKeyFailure.refused("readable-by-others")) { try token.key("ca", pin: "open") }
        }
        for content in ["", "\n", "\nsecond line", String(repeating: "1", count: 256)] {
            try token.write(content, to: "empty")
            #expect(throws: AuthorityKeyFailure.refused("empty-secret")) { try token.key("ca", pin: "empty") }
        }
        try token.write(TestToken.userPIN + "\r\nsecond line", to: "dos", mode: 0o400)
        #expect(try token.key("ca", pin: "dos").algorithm == .p384SHA384)
    }

    @Test func `is unavailable when token or module is not there`() throws {
        let token = try TestToken()
        #expect(throws: AuthorityKeyFailure.unavailable("CKR_TOKEN_NOT_PRESENT")) {
            let uri = try TokenKeyURI("pkcs11:token=no-such-token;object=ca")
            _ = try TokenKey(uri, module: .load(SoftHSM.module), pin: .file(token.folder + "/pin"))
        }
        #expect(throws: AuthorityKeyFailure.unavailable("module-not-loaded")) { try TokenModule.load("/nowhere.so") }
        #expect(throws: AuthorityKeyFailure.unavailable("module-not-loaded")) { try TokenModule.load("libsofthsm2.so") }
        // A library that is no PKCS #11 module.
        #expect(throws: AuthorityKeyFailure.unavailable("module-not-loaded")) {
            try TokenModule.load("/lib/x86_64-linux-gnu/libz.so.1")
        }
    }

    @Test(arguments: [1, 3, 8]) func `signs for eight threads at once, however few sessions it has`(sessions: Int)
        throws
    {
        let token = try TestToken()
        try token.makeKey("rsa", .rsa2048SHA256, identifier: "01")
        try token.makeKey("ec", .p384SHA384, identifier: "02")
        for key in [try token.key("rsa", sessions: sessions), try token.key("ec", sessions: sessions)] {
            #expect(Threads.count(8, rounds: 20) { Self.signs(key, $0) } == 8 * 20)
        }
    }

    @Test func `answers that it is unavailable while the token is away, and works again when it is back`() throws {
        let token = try TestToken()
        try token.makeKey("ca", .rsa2048SHA256, identifier: "01")
        let other = try TestToken()
        try other.makeKey("other", .p384SHA384, identifier: "01")
        let key = try token.key("ca")
        let neighbour = try other.key("other")
        #expect(Self.signs(key, 0) && Self.signs(neighbour, 0))
        let place = try Self.folder(of: token)
        for round in 0..<2 {
            try FileManager.default.moveItem(atPath: place, toPath: place + ".away")
            // In mid-flight: eight threads keep signing until each has seen that the token is gone.
            let seen = Threads.count(8, rounds: 1) { _ in
                Self.eventually {
                    do {
                        _ = try key.signature(over: [1])
                        return false
                    } catch {
                        guard case .unavailable(let word) = error as? AuthorityKeyFailure else { return false }
                        return word.hasPrefix("CKR_")
                    }
                }
            }
            #expect(seen == 8, "round \(round)")
            #expect(Self.eventually { Self.signs(neighbour, round) }, "the other token goes on")
            try FileManager.default.moveItem(atPath: place + ".away", toPath: place)
            #expect(Self.eventually { Self.signs(key, round) }, "without a restart of the program")
            #expect(Threads.count(8, rounds: 4) { Self.signs(key, $0) } == 8 * 4)
        }
    }

    @Test func `is missed when its PIN file is, and does not take its neighbours with it`() throws {
        let token = try TestToken()
        try token.makeKey("one", .p384SHA384, identifier: "01")
        let other = try TestToken()
        try other.makeKey("two", .p384SHA384, identifier: "02")
        let neighbour = try other.key("two")
        let pin = token.folder + "/pin"
        try FileManager.default.moveItem(atPath: pin, toPath: pin + ".away")
        for _ in 0..<3 {
            #expect(throws: AuthorityKeyFailure.unavailable("file-missing")) { try token.key("one") }
            // It has stayed logged in, so it needs no PIN of its own again.
            try? FileManager.default.removeItem(atPath: other.folder + "/pin")
            #expect(Self.signs(neighbour, 0))
        }
        try FileManager.default.moveItem(atPath: pin + ".away", toPath: pin)
        #expect(Self.signs(try token.key("one"), 0))
    }

    @Test func `is refused when another key has taken its place`() throws {
        let token = try TestToken()
        try token.makeKey("ca", .p384SHA384, identifier: "01")
        let key = try token.key("ca")
        try TestToken.demand(try token.tool(["--delete-object", "--type", "privkey", "--id", "01"]))
        try TestToken.demand(try token.tool(["--delete-object", "--type", "pubkey", "--id", "01"]))
        try token.makeKey("ca", .p384SHA384, identifier: "01")
        let isReplaced = Self.eventually {
            do {
                _ = try key.signature(over: [1])
                return false
            } catch {
                return error as? AuthorityKeyFailure == .refused("key-replaced")
            }
        }
        #expect(isReplaced)
        #expect(Self.signs(try token.key("ca"), 0))
    }

    @Test(arguments: SignatureAlgorithm.allCases)
    func `made in a blank token is listed by others, and does not come out`(algorithm: SignatureAlgorithm) throws {
        _ = SoftHSM.folder
        let setup = TokenSetup(try .load(SoftHSM.module))
        let label = "made-\(UUID().uuidString.prefix(8))"
        let officer = "officer-of-\(label)"
        try setup.initialize(label, officerPIN: SecretBytes(copying: officer))
        #expect(throws: AuthorityKeyFailure.refused("token-exists")) {
            try setup.initialize(label, officerPIN: SecretBytes(copying: officer))
        }
        let pin = SecretBytes(copying: TestToken.userPIN)
        try setup.setUserPIN(of: label, to: pin, officerPIN: SecretBytes(copying: officer))
        let made = try setup.makeKey("ca-1", algorithm, in: label, pin: pin)
        #expect(made.staysInToken && made.algorithm == algorithm)
        #expect(throws: AuthorityKeyFailure.refused("key-exists")) {
            try setup.makeKey("ca-1", algorithm, in: label, pin: pin)
        }
        #expect(try setup.keys(in: label, pin: pin) == [made])
        #expect(throws: AuthorityKeyFailure.refused("CKR_PIN_INCORRECT")) {
            try setup.checkPIN(SecretBytes(copying: officer), of: label)
        }
        try setup.checkPIN(pin, of: label)

        let login = ["--module", SoftHSM.module, "--token-label", label, "--login", "--pin", TestToken.userPIN]
        let list = try ForeignProgram.run("pkcs11-tool", login + ["-O"], environment: SoftHSM.environment)
        #expect(list.status == 0 && list.text.contains("ca-1"))
        #expect(list.text.contains("sensitive") && list.text.contains("never extractable"))
        let taken = try ForeignProgram.run(
            "p11tool",
            ["--provider", SoftHSM.module, "--login", "--export", "pkcs11:token=\(label);object=ca-1;type=private"],
            environment: SoftHSM.environment.merging(["GNUTLS_PIN": TestToken.userPIN]) { $1 }
        )
        #expect(taken.status != 0 && !taken.text.contains("BEGIN"), "\(taken.text) \(taken.notes)")

        let file = SoftHSM.folder + "/" + label + ".pin"
        try TokenPIN.writeFile(pin, to: file, replacing: false)
        let keys = AuthorityKeys(folder: "/nowhere", module: SoftHSM.module, pinFile: file) {
            () throws(AuthorityKeyFailure) in SecretBytes(copying: "unused")
        }
        let key = try keys.open(try KeyLocator("pkcs11:token=\(label);object=ca-1"))
        #expect(key.subjectPublicKeyInfo == made.subjectPublicKeyInfo && Self.signs(key, 1))
    }

    // MARK: - Parts

    private static func signs(_ key: any AuthorityKey, _ number: Int) -> Bool {
        let message = Array("message \(number)".utf8)
        guard let signature = try? key.signature(over: message) else { return false }
        return PublicKeyInfo.verifies(signature, over: message, by: key.subjectPublicKeyInfo)
    }

    /// The folder in which SoftHSM keeps a token: the one whose files name its label.
    private static func folder(of token: TestToken) throws -> String {
        let tokens = SoftHSM.folder + "/tokens"
        for name in try FileManager.default.contentsOfDirectory(atPath: tokens) {
            let file = try Data(contentsOf: URL(filePath: "\(tokens)/\(name)/token.object"))
            if file.range(of: Data(token.label.utf8)) != nil { return "\(tokens)/\(name)" }
        }
        throw Unprepared(notes: "no folder of \(token.label)")
    }

    /// Whether a condition comes true within half a minute.
    private static func eventually(_ condition: () throws -> Bool) rethrows -> Bool {
        let end = ContinuousClock.now + .seconds(30)
        while ContinuousClock.now < end {
            if try condition() { return true }
            usleep(10_000)
        }
        return false
    }
}

/// Threads of their own, since signatures wait for the token.
enum Threads {
    /// How often `body` was true, over all threads and rounds.
    static func count(_ threads: Int, rounds: Int, _ body: @escaping @Sendable (Int) -> Bool) -> Int {
        let results = Results()
        let group = DispatchGroup()
        for number in 0..<threads {
            let thread = Thread {
                for round in 0..<rounds where body(number * rounds + round) { results.add() }
                group.leave()
            }
            group.enter()
            thread.start()
        }
        group.wait()
        return results.total
    }

    private final class Results: @unchecked Sendable {
        private let lock = NSLock()
        private var count = 0
        var total: Int { lock.withLock { count } }
        func add() { lock.withLock { count += 1 } }
    }
}
