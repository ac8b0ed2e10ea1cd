import ArgumentParser
import CardClient
import CardProfiles
import CommandBasics
import FudaReader
import PCSC
import Problems
import SmartCard
import Terminal

/// `fuda read card`: all that needs nothing verified, in one command; no try is spent.
struct ReadCardCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "card",
        abstract: Terminal.say("暗証番号なしで読めるすべて", "everything that needs no PIN")
    )

    @OptionGroup var reader: ReaderOptions
    @OptionGroup var common: CommonOptions

    func run() throws {
        var survey = CardSurvey(kind: "card")
        try CardSession.run(reader) { client, information in
            try survey.readFree(&client, information)
        }
        try survey.finish(asJSON: common.json)
    }
}

/// Reads part after part of a card; what cannot be read is noted and the rest goes on, as long as the card is there.
struct CardSurvey {
    private(set) var report: Report
    private var tries: [TriesReport] = []
    private var unreadable: [CardError] = []

    /// Fields in the order people read them, which is not the order that costs the fewest commands.
    private static let order = [
        "schema", "kind", "token", "label", "model", "tokenSerial", "reader", "atr", "keypad", "certificates",
        "authCertificate", "authCACertificate", "signCACertificate", "serial", "manufacturingNumber", "municipality",
        "expiry", "simulated", "faceApplication", "textApplication", "registerKeyId", "cardImageNumber", "secrets",
    ]

    init(kind: String) { report = Report(kind: kind) }

    mutating func add(_ key: String, ja: String, en: String, _ value: Report.Value) {
        report.add(key, ja: ja, en: en, value)
    }

    /// Adds what `read` gives; a part this card does not have is absent, one that cannot be understood is noted.
    mutating func part(_ key: String, ja: String, en: String, _ read: () throws(CardError) -> Report.Value) throws {
        do throws(CardError) {
            add(key, ja: ja, en: en, try read())
        } catch {
            add(key, ja: ja, en: en, .absent(try note(error)))
        }
    }

    /// What an error means to a survey: the reason to show, or the end of it.
    mutating func note(_ error: CardError) throws -> Text? {
        switch error {
        case .missing: return nil
        case .channel, .outcomeUnknown, .wrongSecret, .blocked, .lastTry, .badShape: throw error
        default:
            unreadable.append(error)
            return error.problem.whatHappened
        }
    }

    /// Prints the report, and ends with the first thing that was there and could not be understood.
    ///
    /// Programs get one document: its `problem` is the code, and the words go to standard error.
    func finish(asJSON: Bool) throws {
        let problem = unreadable.first?.problem
        var report = report
        if !tries.isEmpty {
            let rows = TriesReport.arranged(tries).map { Report.Value.report($0.report) }
            report.add("secrets", ja: "暗証番号・照合番号の残り回数", en: "tries left", .list(rows))
        }
        report = report.arranged(Self.order)
        report.add("problem", nil, problem.map { .text($0.code) } ?? .absent(nil))
        try report.print(asJSON: asJSON)
        guard let problem else { return }
        Terminal.tell(problem, asJSON: false)
        throw ExitCode(problem.outcome.rawValue)
    }

    // MARK: - Without a PIN

    mutating func readFree(_ client: inout Client, _ information: SessionInformation) throws {
        add(information)
        for place in [Place.jpki, .common, .residentRegister, .cardManager, .cardFace, .inputSupport] {
            try readFree(place, &client)
        }
    }

    /// What one application gives without a PIN, its counters among it, that of `last` after the others.
    mutating func readFree(_ place: Place, _ client: inout Client, last: SecretKind? = nil) throws {
        switch place {
        case .jpki: try readCertificates(&client)
        case .common: try readNumbers(&client)
        case .residentRegister:
            try part("registerKeyId", ja: "住基APの鍵識別子", en: "key id of the resident register") {
                () throws(CardError) in
                .text(try client.readKeyIdentifier(.residentRegisterKeyIdentifier).description)
            }
        case .cardManager:
            try part("cardImageNumber", ja: "カード発行者の識別番号", en: "the issuer's number of the card") {
                () throws(CardError) in
                guard let number = try client.getData(0x0045) else { throw .missing(.getData(0x0045)) }
                return .text(String(decoding: number, as: UTF8.self))
            }
        case .cardFace:
            try part("faceApplication", ja: "券面事項確認AP", en: "card-face application") { () throws(CardError) in
                Self.basics(try client.readFaceBasics())
            }
        case .inputSupport:
            try part("textApplication", ja: "券面事項入力補助AP", en: "input-support application") {
                () throws(CardError) in
                Self.basics(try client.readTextBasics())
            }
        }
        tries += try TriesReport.read(&client, in: place, last: last)
    }

    private mutating func readCertificates(_ client: inout Client) throws {
        try part("certificates", ja: "電子証明書", en: "certificates") { () throws(CardError) in
            let present = try client.readAvailability()
            var report = Report()
            report.add("sign", ja: "署名用", en: "for signatures", .flag(present.signature))
            report.add("auth", ja: "利用者証明用", en: "for authentication", .flag(present.authentication))
            return .report(report)
        }
        try part("authCertificate", ja: "利用者証明用電子証明書", en: "authentication certificate") {
            () throws(CardError) in try Self.summary(client.readCertificate(.authenticationCertificate))
        }
        try part("authCACertificate", ja: "利用者証明用CA証明書", en: "its CA's certificate") { () throws(CardError) in
            try Self.summary(client.readCertificate(.authenticationCACertificate))
        }
        try part("signCACertificate", ja: "署名用CA証明書", en: "CA certificate for signatures") { () throws(CardError) in
            try Self.summary(client.readCertificate(.signatureCACertificate))
        }
    }

    mutating func add(_ information: SessionInformation) {
        let token = information.token
        add("token", ja: "種類", en: "kind", .word(token.kind.rawValue, token.kind.name))
        add("label", ja: "トークンラベル", en: "token label", .text(token.label))
        add("model", ja: "型番", en: "model", .text(token.model))
        add("tokenSerial", ja: "トークン番号", en: "token serial", .text(token.serialNumber))
        add("reader", ja: "リーダー", en: "reader", .text(information.readerName))
        add("atr", ja: "ATR", en: "ATR", .text(Hex(information.answerToReset).description))
        add("keypad", ja: "リーダーのキーパッド", en: "keypad on the reader", .flag(information.features.hasKeypad))
    }

    private mutating func readNumbers(_ client: inout Client) throws {
        var numbers: CardNumbers?
        try part("serial", ja: "製造番号（15桁）", en: "card serial (15 digits)") { () throws(CardError) in
            let read = try client.readCardNumbers()
            numbers = read
            return .text(read.serial)
        }
        guard let numbers else { return }
        add("manufacturingNumber", ja: "製造番号（13桁）", en: "card serial (13 digits)", .text(numbers.manufacturingNumber))
        add("municipality", ja: "市区町村コード", en: "municipality code", .text(numbers.municipalityCode))
        add("expiry", ja: "カードの有効期限", en: "the card ends on", .date(numbers.expiry))
        add("simulated", ja: "模擬カード", en: "simulated", .flag(numbers.isSimulated))
    }

    private static func basics(_ basics: ApplicationBasics) -> Report.Value {
        var report = Report()
        report.add("id", ja: "AP識別", en: "application id", .text(Hex(basics.identification).description))
        report.add("keyId", ja: "鍵識別子", en: "key id", basics.keyIdentifier.map { .text("\($0)") } ?? .absent(nil))
        if let code = basics.municipalityCode {
            report.add("municipality", ja: "市区町村コード", en: "municipality code", .text(code))
        }
        return .report(report)
    }

    static func summary(_ der: [UInt8]) throws(CardError) -> Report.Value {
        .report(CertificateReport.summary(der))
    }
}
