import ArgumentParser
import CardClient
import CardProfiles
import CommandBasics
import Problems
import Terminal

/// What opens the records of a card: a PIN, or numbers printed on it.
enum Opener: String, ExpressibleByArgument, CaseIterable {
    /// The input-support PIN.
    case pin
    /// 照合番号A: My Number.
    case a
    /// 照合番号B: birth, year of expiry, security code.
    case b

    var secret: SecretKind {
        switch self {
        case .pin: .input
        case .a: .numberA
        case .b: .numberB
        }
    }
}

/// `fuda read basic`: the four facts.
struct ReadBasicCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "basic",
        abstract: Terminal.say("4情報（氏名・住所・生年月日・性別）", "the four facts: name, address, date of birth, gender")
    )

    @Option(help: ArgumentHelp(Terminal.say("何で開くか", "what opens it"), valueName: "pin|b"))
    var by: Opener = .pin

    @Flag(help: ArgumentHelp(Terminal.say("暗号化して読む（暗証番号で開いたときだけ）", "read under secure messaging (only with the PIN)")))
    var secureMessaging = false

    @OptionGroup var secret: SecretOptions
    @OptionGroup var reader: ReaderOptions
    @OptionGroup var common: CommonOptions

    func validate() throws {
        if by == .a { throw ValidationError(Terminal.say("--by は pin か b です。", "--by is pin or b")) }
        try secureMessagingNeedsPIN(secureMessaging, by)
    }

    func run() throws {
        var report = Report(kind: "basic")
        try CardSession.run(reader) { client, information in
            try SecretEntry(secret, information).verify(by.secret, in: .inputSupport, &client)
            if secureMessaging { try client.openSecureMessaging() }
            report.add(try client.readFourFacts())
        }
        try report.print(asJSON: common.json)
    }
}

/// `fuda read number`: My Number.
struct ReadNumberCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "number",
        abstract: Terminal.say("個人番号（マイナンバー）", "My Number"),
        discussion: Terminal.say(
            "個人番号の取得・保管・提供は、番号法が認める場合に限られます。",
            "Whether My Number may be taken, kept or passed on is a matter of law (the My Number Act)."
        )
    )

    @Option(help: ArgumentHelp(Terminal.say("何で開くか", "what opens it"), valueName: "pin|a"))
    var by: Opener = .pin

    @Flag(help: ArgumentHelp(Terminal.say("暗号化して読む（暗証番号で開いたときだけ）", "read under secure messaging (only with the PIN)")))
    var secureMessaging = false

    @OptionGroup var secret: SecretOptions
    @OptionGroup var reader: ReaderOptions
    @OptionGroup var common: CommonOptions

    func validate() throws {
        if by == .b { throw ValidationError(Terminal.say("--by は pin か a です。", "--by is pin or a")) }
        try secureMessagingNeedsPIN(secureMessaging, by)
    }

    func run() throws {
        var report = Report(kind: "number")
        try CardSession.run(reader) { client, information in
            try SecretEntry(secret, information).verify(by.secret, in: .inputSupport, &client)
            if secureMessaging { try client.openSecureMessaging() }
            report.add(try client.readIndividualNumber())
        }
        try report.print(asJSON: common.json)
    }
}

private func secureMessagingNeedsPIN(_ wanted: Bool, _ opener: Opener) throws {
    guard wanted, opener != .pin else { return }
    throw ValidationError(
        Terminal.say("--secure-messaging は --by pin のときだけです。", "--secure-messaging goes with --by pin only")
    )
}

/// `fuda read register`: the resident-register application, as far as a terminal may.
struct ReadRegisterCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "register",
        abstract: Terminal.say(
            "住基AP（住民票コードは模擬端末だけ）",
            "the resident-register application (its code for a simulated terminal only)"
        ),
        discussion: Terminal.say(
            "実カードの住民票コードは市区町村の端末でしか読めません。--terminal は模擬カードだけで働き、試験用認証局の端末として認証します。",
            "Only a municipality's terminal reads the code off a real card. --terminal works with simulated cards and authenticates as a terminal of the test authority."
        )
    )

    @Flag(help: ArgumentHelp(Terminal.say("模擬端末として住民票コードを読む", "read the code as a simulated terminal")))
    var terminal = false

    @OptionGroup var authority: SimulatedTerminalOptions
    @OptionGroup var secret: SecretOptions
    @OptionGroup var reader: ReaderOptions
    @OptionGroup var common: CommonOptions

    func run() throws {
        var report = Report(kind: "register")
        try CardSession.run(reader) { client, information in
            let identifier = try client.readKeyIdentifier(.residentRegisterKeyIdentifier)
            report.add("keyId", ja: "鍵識別子", en: "key id", .text(identifier.description))
            guard terminal else {
                let left = TriesReport(
                    kind: .register,
                    file: SecretKind.register.home,
                    left: try client.triesLeft(SecretKind.register.home)
                )
                report.add("secret", ja: "住民基本台帳用暗証番号", en: "resident register PIN", .report(left.report))
                return
            }
            let numbers = try client.readCardNumbers()
            guard numbers.isSimulated else { throw Problem.notSimulated }
            try SecretEntry(secret, information).verify(.register, &client)
            try authority.authenticate(&client, numbers, in: .residentRegister)
            let code = try client.readResidentRegisterCode()
            report.add("code", ja: "住民票コード", en: "resident register code", .text(code))
        }
        try report.print(asJSON: common.json)
    }
}

extension Report {
    mutating func add(_ facts: FourFacts) {
        add("name", ja: "氏名", en: "name", .text(facts.name))
        add("address", ja: "住所", en: "address", .text(facts.address))
        add("birth", ja: "生年月日", en: "date of birth", .date(facts.birth))
        add(facts.gender)
    }

    mutating func add(_ number: IndividualNumber) {
        add("individualNumber", ja: "個人番号", en: "My Number", .text(number.digits))
    }

    mutating func add(_ gender: Gender) {
        let word: (String, Text) =
            switch gender {
            case .male: ("male", Text(ja: "男", en: "male"))
            case .female: ("female", Text(ja: "女", en: "female"))
            case .notApplicable: ("not-applicable", Text(ja: "適用不能", en: "not applicable"))
            case .unknown: ("unknown", Text(ja: "不明", en: "unknown"))
            }
        add("gender", ja: "性別", en: "gender", .word(word.0, word.1))
    }
}
