import CardKeys
import PKIX
import Problems
import Terminal
import Validation

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The loop of the system on one machine, every part the real one: an authority that issues and answers, a card in a
/// reader behind pcscd, a relying party that validates, and the end of the card.
struct Tour {
    /// Where everything is left.
    let folder: String
    private let card: String
    private let data: String
    private let report: (TourStep) -> Void
    /// Persona `adult` has this PIN for every four-digit secret.
    private static let pin = "1234"

    init(folder: String, report: @escaping (TourStep) -> Void) {
        self.folder = folder
        self.report = report
        card = folder + "/adult.card"
        data = folder + "/authority"
    }

    /// Goes the whole way; throws the first ``Problem``, and leaves no process behind.
    func run() throws(Problem) {
        try step("authority", ja: "認証局を作る", en: "an authority is made") { () throws(Problem) in
            try self.done("fuda-issue", ["authority", "init", "--data", self.data])
            return "sign, auth"
        }
        let server = try start("fuda-server", ["authority", "--data", data, "--listen", "127.0.0.1:0"], "server")
        defer { server.stop() }
        try step("server", ja: "認証局が答える", en: "it answers") { () throws(Problem) in
            try self.until(server) { self.exists(self.data + "/endpoints.json") }
            return "OCSP, CRL"
        }
        try step("issue", ja: "カードを発行する", en: "it certifies a card") { () throws(Problem) in
            try self.done(
                "fuda-issue",
                ["authority", "issue", "--data", self.data, "--persona", "adult", "-o", self.card]
            )
            return "adult"
        }
        let reader = try start("fuda-card", ["insert", card, "--own-reader", folder + "/reader"], "insert")
        defer { reader.stop() }
        var socket = ""
        try step("insert", ja: "リーダーに挿入する", en: "the card is in a reader") { () throws(Problem) in
            try self.until(reader) { self.socket(in: reader.output) != nil }
            socket = self.socket(in: reader.output) ?? ""
            return "pcscd"
        }
        try step("read", ja: "pcscd越しに読む", en: "it is read through pcscd") { () throws(Problem) in
            try self.done(
                "fuda",
                ["cert", "auth", "--format", "der", "--wait", "20", "-o", self.folder + "/auth.der"],
                socket
            )
            return "auth.der"
        }
        try step("challenge", ja: "カードが乱数に署名し、検証する", en: "it signs a challenge, which is checked") {
            () throws(Problem) in try self.signedChallenge(socket)
        }
        try step("validate", ja: "証明書は有効", en: "its certificate is valid") { () throws(Problem) in
            let code = try self.validate("valid")
            guard code == Outcome.done.rawValue else { throw Self.unexpected("validate", code) }
            return "exit 0"
        }
        try step("hold", ja: "一時停止する", en: "it is reported lost and held") { () throws(Problem) in
            try self.done(
                "fuda-issue",
                ["authority", "revoke", "--data", self.data, "--card", self.card, "--reason", "hold"]
            )
            return "certificateHold"
        }
        try step("refuse", ja: "同じ検証が拒む", en: "the same validation refuses") { () throws(Problem) in
            let code = try self.validate("held")
            guard code == Outcome.revokedOrExpired.rawValue else { throw Self.unexpected("refuse", code) }
            return "exit 10"
        }
    }

    // MARK: - Steps

    private func step(
        _ name: String,
        ja: String,
        en: String,
        _ body: () throws(Problem) -> String
    ) throws(Problem) {
        let began = ContinuousClock.now
        let result = try body()
        report(TourStep(name: name, title: Text(ja: ja, en: en), result: result, took: .now - began))
    }

    /// The card signs 32 random bytes; the certificate's key confirms it.
    private func signedChallenge(_ socket: String) throws(Problem) -> String {
        guard let challenge = try? OpenSSLCryptography().randomBytes(32) else {
            throw Self.unexpected("challenge", 1)
        }
        let (file, signature) = (folder + "/challenge", folder + "/challenge.sig")
        try write(challenge, to: file)
        try done("fuda", ["sign", "raw", file, "--key", "auth", "--pin", "env:FUDA_TOUR_PIN", "-o", signature], socket)
        do {
            let facts = try CertificateFacts(parsing: try Files.read(folder + "/auth.der"))
            let isRight = OpenSSLCryptography().isValidSignature(
                try Files.read(signature),
                of: challenge,
                modulus: try Self.modulus(facts.subjectPublicKeyInfo)
            )
            guard isRight else { throw Self.unexpected("challenge", Outcome.invalid.rawValue) }
        } catch let problem as Problem {
            throw problem
        } catch {
            throw Self.unexpected("challenge", Outcome.invalid.rawValue)
        }
        return "RSA-2048, SHA-256"
    }

    /// The certificate as any relying party checks it, with the authority's own answer.
    private func validate(_ name: String) throws(Problem) -> Int32 {
        let process = try TourProcess(
            "fuda",
            [
                "verify", "cert", folder + "/auth.der", "--purpose", "auth", "--trust", data, "--status",
                data + "/endpoints.json", "--json",
            ],
            [:],
            output: folder + "/\(name).json",
            log: folder + "/\(name).log"
        )
        return process.wait()
    }

    /// The modulus of an RSA key (RFC 3279, 2.3.1).
    private static func modulus(_ information: [UInt8]) throws -> [UInt8] {
        var outer = DERReader(information)
        var fields = try outer.enter(DERTag.sequence)
        _ = try fields.read(DERTag.sequence)
        var key = DERReader(try fields.readOctetsOfBits())
        var numbers = try key.enter(DERTag.sequence)
        return Array(try numbers.readInteger().drop { $0 == 0 })
    }

    // MARK: - Programs

    private func start(_ program: String, _ arguments: [String], _ name: String) throws(Problem) -> TourProcess {
        try TourProcess(
            program,
            arguments,
            ["XDG_DATA_HOME": folder + "/home"],
            output: folder + "/\(name).out",
            log: folder + "/\(name).log"
        )
    }

    private func done(_ program: String, _ arguments: [String], _ socket: String? = nil) throws(Problem) {
        var environment = ["XDG_DATA_HOME": folder + "/home"]
        if let socket {
            environment["PCSCLITE_CSOCK_NAME"] = socket
            environment["FUDA_TOUR_PIN"] = Self.pin
        }
        let process = try TourProcess(
            program,
            arguments,
            environment,
            output: folder + "/step.out",
            log: folder + "/step.log"
        )
        let code = process.wait()
        guard code == 0 else { throw Self.failed(process.complaint, code) }
    }

    /// Waits for a condition as long as a program runs, and no longer than half a minute.
    private func until(_ process: TourProcess, _ condition: () -> Bool) throws(Problem) {
        let end = ContinuousClock.now.advanced(by: .seconds(30))
        while !condition() {
            guard process.isRunning else { throw Self.failed(process.complaint, process.wait()) }
            guard ContinuousClock.now < end else { throw Self.failed(process.complaint, 1) }
            usleep(5_000)
        }
    }

    private func exists(_ path: String) -> Bool { unsafe access(path, R_OK) == 0 }

    /// The socket that `fuda card insert --own-reader` names.
    private func socket(in file: String) -> String? {
        let text = String(decoding: (try? Files.read(file)) ?? [], as: UTF8.self)
        guard let line = text.split(separator: "\n").first(where: { $0.contains("PCSCLITE_CSOCK_NAME=") }) else {
            return nil
        }
        return line.split(separator: "=", maxSplits: 1).last.map { $0.trimmingQuotes }
    }

    private func write(_ bytes: [UInt8], to path: String) throws(Problem) {
        try Files.write(bytes, to: path, replacing: true)
    }

    static func failed(_ complaint: String, _ code: Int32) -> Problem {
        Problem(
            code: "tour-failed",
            outcome: Outcome(rawValue: code) ?? .other,
            whatHappened: Text(ja: "途中で失敗しました: \(complaint)", en: "The tour stopped: \(complaint)"),
            whatToDo: Text(ja: "--keep フォルダー を付けて、記録を調べてください。", en: "Repeat with --keep FOLDER, and look at the logs.")
        )
    }

    private static func unexpected(_ step: String, _ code: Int32) -> Problem {
        failed("\(step): \(code)", code == 0 ? Outcome.invalid.rawValue : code)
    }
}

/// One step that was done.
struct TourStep {
    let name: String
    let title: Text
    let result: String
    let took: Duration
}

extension Substring {
    fileprivate var trimmingQuotes: String {
        String(drop { $0 == "'" || $0 == "\"" }.prefix { $0 != "'" && $0 != "\"" })
    }
}
