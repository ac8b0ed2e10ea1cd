import ArgumentParser
import CardClient
import CardProfiles
import CommandBasics
import Problems
import Terminal
import Validation

/// The four certificates of a card.
enum CardCertificate: String, ExpressibleByArgument, CaseIterable {
    case sign
    case auth
    case signCA = "sign-ca"
    case authCA = "auth-ca"

    var file: ObjectID {
        switch self {
        case .sign: .signatureCertificate
        case .auth: .authenticationCertificate
        case .signCA: .signatureCACertificate
        case .authCA: .authenticationCACertificate
        }
    }

    var purpose: CertificatePurpose { self == .sign || self == .signCA ? .signature : .authentication }
    var isAuthority: Bool { self == .signCA || self == .authCA }
    var fileName: String { rawValue + ".der" }

    /// Reads it, with what has to be verified before: the signature certificate wants its password, and a phone's
    /// authentication certificate its PIN.
    func read(_ client: inout Client, _ entry: SecretEntry) throws -> [UInt8] {
        if self == .sign { try entry.verify(.sign, &client) }
        do throws(CardError) {
            return try client.readCertificate(file)
        } catch .notPermitted where self == .auth {
            try entry.verify(.auth, &client)
            return try client.readCertificate(file)
        }
    }
}

/// How a certificate is printed.
enum CertificateFormat: String, ExpressibleByArgument, CaseIterable {
    case text
    case pem
    case der
    case json
}

/// `fuda cert`: one certificate of the card.
struct CertificateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cert",
        abstract: Terminal.say("証明書を取り出す", "print a certificate of the card"),
        discussion: Terminal.say(
            "signは署名用パスワードが必要で、氏名・住所・生年月日・性別を含みます。",
            "sign needs the signature password and holds name, address, date of birth and gender."
        )
    )

    @Argument(help: ArgumentHelp(Terminal.say("どの証明書か", "which certificate"), valueName: "sign|auth|sign-ca|auth-ca"))
    var which: CardCertificate = .auth

    @Option(help: ArgumentHelp(Terminal.say("形式", "form"), valueName: "text|pem|der|json"))
    var format: CertificateFormat?

    @OptionGroup var output: OutputOptions
    @OptionGroup var secret: SecretOptions
    @OptionGroup var reader: ReaderOptions
    @OptionGroup var common: CommonOptions

    func run() throws {
        let format = format ?? (common.json ? .json : .text)
        if format == .der, output.output == nil, Terminal.resultsGoToTerminal { throw Problem.binaryToTerminal }
        let der = try CardSession.run(reader) { client, information in
            try which.read(&client, SecretEntry(secret, information))
        }
        try Files.deliver(try bytes(der, format), to: output, isText: format != .der)
    }

    private func bytes(_ der: [UInt8], _ format: CertificateFormat) throws -> [UInt8] {
        switch format {
        case .der: return der
        case .pem: return Array(CertificateFile.pem(der).utf8)
        case .text: return Array((CertificateReport.full(try facts(der)).lines().joined(separator: "\n") + "\n").utf8)
        case .json: return Array((try CertificateReport.full(try facts(der)).json() + "\n").utf8)
        }
    }

    private func facts(_ der: [UInt8]) throws -> CertificateFacts {
        do throws(CertificateFlaw) {
            return try CertificateFacts(parsing: der)
        } catch {
            throw Problem.certificateForm(error.reason)
        }
    }
}

extension Problem {
    static func certificateForm(_ reason: Text) -> Problem {
        Problem(
            code: "certificate-form",
            outcome: .invalid,
            whatHappened: Text(
                ja: "証明書の形式が正しくありません: \(reason.ja)",
                en: "The certificate is malformed: \(reason.en)"
            ),
            whatToDo: Text(ja: "--format der でそのまま取り出せます。", en: "--format der gives it as it is.")
        )
    }
}
