import ArgumentParser
import CardClient
import CardKeys
import CardProfiles
import CivilCalendar
import CommandBasics
import Problems
import Secrets
import SmartCard
import Terminal
import Validation

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// `fuda verify`: whether something is genuine.
struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: Terminal.say("本物かどうかを確かめる", "check whether something is genuine"),
        subcommands: [VerifyFaceCommand.self, VerifyCertificateCommand.self, VerifyLogCommand.self]
    )
}

/// `fuda verify face`: digests, signatures, certificates and the chip itself.
struct VerifyFaceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "face",
        abstract: Terminal.say("カードの記録の署名とチップを検査する", "check the signatures over a card's records, and its chip"),
        discussion: Terminal.say(
            "--by pin は入力補助と券面の両方、a・b は券面と入力補助のうち開く部分、birth-date は券面の生年月日だけを開きます。フォルダーを渡すと、保存した記録を検査します（チップは未確認）。",
            "--by pin opens both applications, a and b what the number opens of them, birth-date the age record alone. With a folder, kept records are checked; the chip then is not."
        )
    )

    @Argument(
        help: ArgumentHelp(
            Terminal.say(
                "`fuda read all -o` のフォルダー。なければリーダーのカード",
                "a folder made by `fuda read all -o`; else the card in the reader"
            ),
            valueName: "folder"
        )
    )
    var folder: String?

    @Option(help: ArgumentHelp(Terminal.say("何で開くか", "what opens the card"), valueName: "pin|a|b|birth-date"))
    var by: FaceOpener = .b

    @OptionGroup var trust: TrustOptions
    @OptionGroup var secret: SecretOptions
    @OptionGroup var reader: ReaderOptions
    @OptionGroup var common: CommonOptions

    func run() throws {
        let trust = try trust.load()
        var expiry: CivilDate?
        let evidence = try folder.map(EvidenceFolder.load) ?? read(&expiry)
        var judge = CardJudge(trust.cardKeys, cryptography: OpenSSLCryptography())
        let isOver = expiry.map { $0 < CivilDate(japaneseDayAt: Int64(time(nil))) } ?? false
        let verdict = FindingReport(findings: judge.judge(evidence), isExpired: isOver)
        var report = Report(kind: "face-verification")
        report.add("hierarchy", nil, .text("\(trust.cardKeys.hierarchy)"))
        report.add("cardEnds", nil, expiry.map { .date($0) } ?? .absent(nil))
        try verdict.finish(&report, asJSON: common.json)
    }

    private func read(_ expiry: inout CivilDate?) throws -> CardEvidence {
        var evidence = CardEvidence()
        var end: CivilDate?
        try CardSession.run(reader) { client, information in
            end = try client.readCardNumbers().expiry
            try client.gatherFreeEvidence(into: &evidence)
            let entry = SecretEntry(secret, information)
            switch by {
            case .pin:
                try entry.verify(.input, &client)
                let number = try client.readIndividualNumber()
                try client.gatherTextEvidence(into: &evidence)
                try FaceAccess.open(with: number, entry, &client)
            case .a, .b:
                let kind: SecretKind = by == .a ? .numberA : .numberB
                let number = try entry.verified(kind, in: .inputSupport, &client)
                try client.gatherTextEvidence(into: &evidence)
                try entry.verify(number, in: .cardFace, &client)
            case .birthDate: try entry.verify(.birthDate, &client)
            }
            try client.gatherFaceEvidence(into: &evidence)
            if by != .birthDate { try addAge(to: &evidence, entry, &client) }
        }
        expiry = end
        return evidence
    }

    /// The face record tells the birth, and that opens the age record.
    ///
    /// Nobody was asked for this secret: so it is never tried with a last try, and if it is wrong the age record is not
    /// checked and all else stands.
    private func addAge(to evidence: inout CardEvidence, _ entry: SecretEntry, _ client: inout Client) throws {
        guard let birth = evidence.birth else { return }
        var digits = Array(birth.eraCompact.utf8)
        let secret: JudgedSecret
        do throws(ShapeFlaw) {
            secret = try SecretJudge.judge(SecretBytes(taking: &digits), as: .birthDate)
        } catch {
            return
        }
        guard let file = SecretKind.birthDate.file(in: .cardFace),
            case .left(let count) = try client.triesLeft(file), count > 1
        else { return }
        do {
            try entry.verify(secret, in: .cardFace, &client)
        } catch CardError.wrongSecret {
            return
        }
        evidence.files[.ageRecord] = try client.readObject(.ageRecord)
    }
}

/// What opens the records that are checked.
enum FaceOpener: String, ExpressibleByArgument, CaseIterable {
    case pin
    case a
    case b
    case birthDate = "birth-date"
}

/// `fuda verify cert`: a certificate against the authorities that are trusted.
struct VerifyCertificateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cert",
        abstract: Terminal.say("電子証明書を検査する", "check a certificate"),
        discussion: Terminal.say(
            "失効の状態は、失効リストかOCSP応答があれば、または問い合わせ先を指定すれば確認します。なければ、よくても「未確認あり」（終了コード9）です。保留は失効と同じです。",
            "Revocation is checked by the lists and OCSP answers given, or by asking whom you name; without any, the best outcome is that something is not checked (exit code 9). A hold counts as revoked."
        )
    )

    @Argument(
        help: ArgumentHelp(
            Terminal.say(
                "証明書のファイル、またはカードの sign・auth・sign-ca・auth-ca",
                "a certificate file, or sign, auth, sign-ca, auth-ca of the card"
            ),
            valueName: "file"
        )
    )
    var what = "auth"

    @Option(
        help: ArgumentHelp(
            Terminal.say("何の証明書として検査するか。なければ鍵の用途から", "as what it is checked; else by its key usage"),
            valueName: "sign|auth"
        )
    )
    var purpose: PurposeName?

    @Option(
        help: ArgumentHelp(
            Terminal.say("この時刻で検査する（1970年からの秒）。なければ今", "check as of this time (seconds since 1970); else now"),
            valueName: "seconds"
        )
    )
    var at: Int64?

    @OptionGroup var trust: TrustOptions
    @OptionGroup var status: StatusOptions
    @OptionGroup var secret: SecretOptions
    @OptionGroup var reader: ReaderOptions
    @OptionGroup var common: CommonOptions

    func run() throws {
        let judge = CertificateJudge(try trust.load().anchors)
        let onCard = CardCertificate(rawValue: what)
        let der = try onCard.map(readFromCard) ?? CertificateFile.der(what)
        var report = Report(kind: "certificate-verification")
        report.add("hierarchy", nil, .text(Trust.name(of: judge.anchors.hierarchy)))
        if onCard?.isAuthority == true {
            let verdict = judge.judgeAuthority(der)
            report.add(verdict.facts, verdict.anchor)
            let time = at ?? Int64(time(nil))
            let isOver = verdict.facts.map { time < $0.notBefore || time > $0.notAfter } ?? false
            let findings = verdict.findings + Self.kindFinding(verdict.anchor, onCard)
            return try FindingReport(findings: findings, isExpired: isOver).finish(&report, asJSON: common.json)
        }
        let (purpose, now) = (purpose(of: der, onCard), Int64(time(nil)))
        let (evidence, inquiries) = try status.evidence(about: der, purpose, judge, at: at ?? now, now: now)
        let verdict = judge.judge(der, as: purpose, at: at ?? now, by: evidence)
        report.add(verdict.facts, verdict.anchor)
        let revocation = verdict.revocation.map(RevocationReport.report)
        report.add("revocation", nil, revocation.map { .report($0) } ?? .absent(nil))
        report.add("asked", nil, .list(inquiries.map { .report($0.report) }))
        var findings = FindingReport(verdict)
        findings.isUnanswered = evidence.failure == .unreachable
        let asked = inquiries.map { one in
            let outcome = one.outcome.text.inLanguage(Terminal.language)
            return Terminal.say(
                "  問い合わせ（\(one.method.name)）: \(one.url) \(outcome)",
                "  asked (\(one.method.name)): \(one.url), \(outcome)"
            )
        }
        let lines = (revocation?.lines(indentation: 2) ?? []) + asked
        try findings.finish(&report, asJSON: common.json, after: lines)
    }

    /// The authority of the one certificate in the place of the other is not what it should be.
    private static func kindFinding(_ anchor: TrustAnchor?, _ onCard: CardCertificate?) -> [Finding] {
        guard let kind = anchor?.kind, let onCard, kind != onCard.purpose else { return [] }
        let reason = Text(ja: "もう一方の認証局の証明書です。", en: "It is the certificate of the other authority.")
        return [Finding("anchor-kind", Text(ja: "認証局の種類", en: "kind of authority"), .failed, reason: reason)]
    }

    private func readFromCard(_ certificate: CardCertificate) throws -> [UInt8] {
        try CardSession.run(reader) { client, information in
            try certificate.read(&client, SecretEntry(secret, information))
        }
    }

    private func purpose(of der: [UInt8], _ onCard: CardCertificate?) -> CertificatePurpose {
        if let purpose { return purpose == .sign ? .signature : .authentication }
        if let onCard { return onCard.purpose }
        let usages = (try? CertificateFacts(parsing: der))?.keyUsages ?? []
        return usages.contains("nonRepudiation") || usages.contains("contentCommitment") ? .signature : .authentication
    }
}

enum PurposeName: String, ExpressibleByArgument, CaseIterable {
    case sign
    case auth
}

extension FindingReport {
    /// A verdict about a certificate: outside its validity is *expired* and revoked is *revoked*, not *failed*.
    init(_ verdict: CertificateVerdict) {
        let isRevoked = verdict.conclusion == .revoked
        self.init(
            findings: verdict.findings,
            isExpired: isRevoked || verdict.conclusion == .expiredOrNotYetValid,
            ended: isRevoked ? ["validity", "revocation"] : ["validity"]
        )
    }

    /// Prints the report and ends the program with the outcome.
    func finish(_ report: inout Report, asJSON: Bool, after lines: [String] = []) throws {
        add(to: &report)
        if asJSON {
            try report.print(asJSON: true)
        } else {
            for line in self.lines + lines { Terminal.out(line) }
        }
        if outcome != .done { throw ExitCode(outcome.rawValue) }
    }
}

extension Report {
    fileprivate mutating func add(_ facts: CertificateFacts?, _ anchor: TrustAnchor?) {
        add("certificate", nil, facts.map { .report(CertificateReport.summary($0.der)) } ?? .absent(nil))
        add("anchor", nil, anchor.map { .text($0.fingerprint) } ?? .absent(nil))
    }
}
