import AuthorityAssembly
import CertificateProfiles
import CivilCalendar
import EventLog
import ForeignTools
import Foundation
import Testing

/// One object of every kind that an authority emits, with either set of algorithms, collected from a running server.
///
/// The authority begins with RSA-2048 and goes over to P-384: so there are two generations of each authority, certificates
/// that link them, and lists and answers of both.
@Suite(.serialized, .authority(Scene.emitted)) enum Emitted {
    /// The objects by names such as `current-sign.cert`, in the folder `objects`.
    static let folder = "objects"

    /// The next generation, by an order through the server's socket.
    static func begin(_ one: CertificateAuthority, in authority: RunningAuthority) throws {
        let port = try AuthorityPort(try AuthorityFolder(authority.path("D")))
        try #require(port.isServed)
        guard case .begun = try port.carryOut(.begin(one, key: nil), by: "test") else {
            throw RunningAuthority.Failed(description: "no new generation")
        }
    }

    static func keep(_ object: [UInt8], _ name: String, _ scene: Scene) throws {
        try Data(object).write(to: URL(filePath: scene.authority.path("\(folder)/\(name)")))
    }

    // MARK: - One set of algorithms

    /// Certificates for keys of the set's own algorithm, made by openssl, and everything that tells of them.
    static func collect(_ set: String, _ scene: inout Scene) throws {
        let authority = scene.authority
        let port = try AuthorityPort(try AuthorityFolder(authority.path("D")))
        let key = try key(set)
        func issue(_ name: String, _ kinds: [CertificateKind], isReleased: Bool = true) throws {
            for kind in kinds {
                let certificate = try order(kind, key, "\(set)-\(name)", port, isReleased: isReleased)
                scene.serials["\(set)-\(name)", default: [:]][kind.rawValue] = Int(certificate.serial)
            }
        }
        try issue("card", [.sign, .auth])
        try issue("phone", [.mobileSign, .mobileAuth])
        try issue("held", [.sign, .auth])
        try issue("revoked", [.sign, .auth], isReleased: false)
        try issue("kept", [.sign, .auth], isReleased: false)
        try issue("late", [.sign, .auth], isReleased: false)
        // What was never handed over ends as `unspecified`, which lists say, too.
        try revoke("\(set)-revoked", "unspecified", scene)
        try authority.report("authority", "crl", "--data", "D")
        // Only on the delta list, since the full one was made before.
        try revoke("\(set)-late", "unspecified", scene)
        try revoke("\(set)-held", "hold", scene)
        for one in CertificateAuthority.allCases {
            try keep(try scene.anchor(one.rawValue), "\(set)-\(one.rawValue)-ca.cert", scene)
            try collectLists(set, one.rawValue, scene)
            try collectAnswers(set, one.rawValue, scene)
            try collectCertificates(set, one.rawValue, scene)
        }
    }

    private static func revoke(_ name: String, _ reason: String, _ scene: Scene) throws {
        for one in ["sign", "auth"] {
            let certificate = "\(one):\(try scene.serial(name, one))"
            try scene.authority.report(
                "authority",
                "revoke",
                "--data",
                "D",
                "--certificate",
                certificate,
                "--reason",
                reason
            )
        }
    }

    /// A new key of the set's algorithm in PEM.
    private static func key(_ set: String) throws -> [UInt8] {
        let algorithm = set == "next" ? ["EC", "-pkeyopt", "ec_paramgen_curve:P-384"] : ["RSA"]
        let made = try ForeignProgram.run("openssl", ["genpkey", "-algorithm"] + algorithm)
        try #require(made.status == 0, "\(made.notes)")
        return made.output
    }

    /// CertificationRequest in DER, for the order with this identifier.
    private static func request(_ key: [UInt8], _ identifier: String) throws -> [UInt8] {
        let made = try ForeignProgram.run(
            "openssl",
            ["req", "-new", "-utf8", "-key", "key.pem", "-subj", "/CN=\(identifier)", "-outform", "DER", "-sha384"],
            files: ["key.pem": key]
        )
        try #require(made.status == 0 && made.output.first == 0x30, "\(made.notes)")
        return made.output
    }

    private static func order(
        _ kind: CertificateKind,
        _ key: [UInt8],
        _ name: String,
        _ port: AuthorityPort,
        isReleased: Bool
    ) throws -> CertificateReference {
        let holder = HolderFacts(
            name: "模擬　太郎",
            nameSubstitutes: "00000",
            address: "東京都千代田区霞が関２－１－２",
            addressSubstitutes: "000000000000000",
            gender: "1",
            birth: try #require(CivilDate(year: 1990, month: 4, day: 1)),
            prefecture: "Tokyo-to",
            municipality: "Chiyoda-ku",
            municipalityCode: "13101"
        )
        let identifier = "\(name)-\(kind.rawValue)"
        let now = Int64(Date().timeIntervalSince1970)
        let answer = try port.carryOut(
            .issue(
                IssueOrder(
                    kind: kind,
                    holder: IssueOrder.Holder(holder),
                    request: Data(try request(key, identifier)).base64EncodedString(),
                    identifier: identifier,
                    notBefore: now,
                    end: CivilDate(japaneseDayAt: now + 4 * 365 * 86_400).description,
                    holderReference: name
                )
            ),
            by: "test"
        )
        guard case .issued(let certificate, _) = answer else {
            throw RunningAuthority.Failed(description: "\(name): not issued")
        }
        if isReleased { _ = try port.carryOut(.release([certificate]), by: "test") }
        return certificate
    }

    private static func collectCertificates(_ set: String, _ authority: String, _ scene: Scene) throws {
        let records = Records(scene.authority)
        for (card, kind) in [("card", authority), ("phone", "mobile-" + authority)] {
            let serial = try scene.serial("\(set)-\(card)", kind)
            try keep(try records.certificate(authority, serial), "\(set)-\(kind).cert", scene)
        }
        for kind in ["\(authority)-ocsp"] + (authority == "sign" ? ["time-stamping"] : []) {
            let newest = try records.column(
                "SELECT max(serial) FROM certificates WHERE authority = '\(authority)' AND kind = '\(kind)'"
            )
            let serial = try #require(newest.first.flatMap { Int($0) })
            try keep(try records.certificate(authority, serial), "\(set)-\(kind).cert", scene)
        }
    }

    private static func collectLists(_ set: String, _ authority: String, _ scene: Scene) throws {
        let base = try scene.authority.endpoint("crl") + "/" + authority + "/"
        let held = try scene.serial(set + "-held", authority)
        var delta: [UInt8] = []
        try scene.authority.wait("a delta list with \(authority) \(held)") {
            delta = try Web.ask(base + "all-delta.crl").body
            return try shownList(delta).contains(serial(held))
        }
        try keep(delta, "\(set)-\(authority)-delta.crl", scene)
        for (file, end) in [("13101", "crl"), ("all", "crl"), ("services", "crl"), ("authorities", "arl")] {
            try keep(try Web.ask(base + file + ".crl").body, "\(set)-\(authority)-\(file).\(end)", scene)
        }
    }

    private static func collectAnswers(_ set: String, _ authority: String, _ scene: Scene) throws {
        let url = try scene.authority.endpoint("ocsp." + authority)
        let questions = [
            ("good", "card", "-no_nonce"), ("held", "held", "-no_nonce"), ("revoked", "revoked", "-no_nonce"),
            ("unknown", "kept", "-no_nonce"), ("nonce", "card", "-nonce"),
        ]
        for (name, card, nonce) in questions {
            let made = try ForeignProgram.run(
                "openssl",
                [
                    "ocsp", "-issuer", "ca.pem", "-serial", "\(try scene.serial("\(set)-\(card)", authority))", nonce,
                    "-reqout", "/dev/stdout",
                ],
                files: ["ca.pem": OpenSSLProgram.pem(try scene.anchor(authority))]
            )
            var answer = try Web.ask(url, "POST", sending: made.output)
            // A machine so busy that a lease ran out is told to try later, in five bytes.
            let end = ContinuousClock.now + .seconds(30)
            while answer.body.count == 5, ContinuousClock.now < end {
                answer = try Web.ask(url, "POST", sending: made.output)
            }
            try keep(answer.body, "\(set)-\(authority)-\(name).ocsp", scene)
        }
    }

    // MARK: - What others show

    static func shownList(_ list: [UInt8]) throws -> String {
        try ForeignProgram.run(
            "openssl",
            ["crl", "-inform", "DER", "-in", "list", "-noout", "-text"],
            files: ["list": list]
        ).text
    }

    /// A serial number as openssl shows it in a list.
    static func serial(_ number: Int) -> String {
        let digits = String(number, radix: 16, uppercase: true)
        return "Serial Number: " + (digits.count % 2 == 0 ? digits : "0" + digits) + "\n"
    }

    /// Both ways between the generations, by names such as `sign-old-with-new`.
    static func linkCertificates(_ scene: Scene) throws -> [String: [UInt8]] {
        let records = Records(scene.authority)
        var links: [String: [UInt8]] = [:]
        for one in ["sign", "auth"] {
            let serials = try records.column(
                "SELECT serial FROM certificates WHERE kind = '\(one)-link' ORDER BY generation"
            )
            try #require(serials.count == 2)
            for (serial, name) in zip(serials, ["new-with-old", "old-with-new"]) {
                links["\(one)-\(name)"] = try records.certificate(one, try #require(Int(serial)))
            }
        }
        return links
    }
}

extension Scene {
    @Sendable static func emitted(_ authority: RunningAuthority) throws -> Scene {
        var scene = Scene(authority: authority)
        try authority.report("authority", "init", "--data", "D")
        var configuration = AuthorityConfiguration()
        configuration.cards = "next"
        configuration.deltaInterval = 1

        try JSONEncoder().encode(configuration).write(to: URL(filePath: authority.path("D/authority.json")))
        try authority.start()
        try FileManager.default.createDirectory(
            atPath: authority.path(Emitted.folder),
            withIntermediateDirectories: true
        )
        try Emitted.collect("current", &scene)
        for one in CertificateAuthority.allCases { try Emitted.begin(one, in: authority) }
        try Emitted.collect("next", &scene)
        for (row, der) in try Emitted.linkCertificates(scene) { try Emitted.keep(der, "\(row).cert", scene) }
        return scene
    }
}
