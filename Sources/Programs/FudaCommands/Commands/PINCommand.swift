import ArgumentParser
import CardClient
import CommandBasics
import FudaReader
import Problems
import Secrets
import SmartCard
import Terminal

/// The four secrets a holder chooses.
enum ChangeableSecret: String, ExpressibleByArgument, CaseIterable {
    case sign
    case auth
    case input
    case register

    var kind: SecretKind {
        switch self {
        case .sign: .sign
        case .auth: .auth
        case .input: .input
        case .register: .register
        }
    }
}

/// `fuda pin`: counters, changes, and the way out when one is blocked.
struct PINCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pin",
        abstract: Terminal.say("暗証番号の残り回数・変更・閉塞時の手順", "PINs: tries left, change, what to do when blocked"),
        subcommands: [PINStatusCommand.self, PINChangeCommand.self, PINUnblockCommand.self]
    )
}

/// `fuda pin status`: every counter, at no cost.
struct PINStatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: Terminal.say("すべての残り回数（照合はしない）", "all tries left; none is spent"),
        discussion: Terminal.say(
            "4つの暗証番号のどれかが閉塞していれば終了コード6、残り1回なら7です。",
            "Exit code 6 when one of the four secrets is blocked, 7 when one has a single try left."
        )
    )

    @OptionGroup var reader: ReaderOptions
    @OptionGroup var common: CommonOptions

    func run() throws {
        let rows = try CardSession.run(reader) { client, _ in try TriesReport.read(&client) }
        if common.json {
            var report = Report(kind: "pin-status")
            report.add("secrets", nil, .list(rows.map { .report($0.report) }))
            try report.print(asJSON: true)
        } else {
            for line in Terminal.table(rows.map(\.cells)) { Terminal.out(line) }
        }
        let own = rows.filter { SecretKind.changeable.contains($0.kind) }
        if own.contains(where: { $0.left == .blocked }) { throw ExitCode(Outcome.blockedPIN.rawValue) }
        if own.contains(where: { $0.left == .left(1) }) { throw ExitCode(Outcome.refusedForSafety.rawValue) }
    }
}

/// `fuda pin change`: a new value for one secret.
struct PINChangeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "change",
        abstract: Terminal.say("暗証番号を変える", "change a PIN"),
        discussion: Terminal.say(
            "今の値と新しい値を尋ねます。新しい値は2回入力します。",
            "Asks for the value now and for the new one, the new one twice."
        )
    )

    @Argument(help: ArgumentHelp(Terminal.say("どの暗証番号か", "which secret"), valueName: "sign|auth|input|register"))
    var which: ChangeableSecret

    @OptionGroup var secret: SecretOptions
    @OptionGroup var new: NewSecretOptions
    @OptionGroup var reader: ReaderOptions
    @OptionGroup var common: CommonOptions

    func run() throws {
        let kind = which.kind
        try CardSession.run(reader) { client, information in
            let entry = SecretEntry(secret, information)
            let prepared = try entry.judgedPermit(kind, &client)
            let value = try new.read(kind, insteadOf: prepared.secret)
            try client.verify(prepared.permit, prepared.secret)
            try client.change(kind, to: value)
        }
        try ChangeReport.tell(kind, "pin-changed", Text(ja: "変更しました。", en: "changed."), asJSON: common.json)
    }
}

/// `fuda pin unblock`: what to do when a secret is blocked; a simulated card is unblocked by a simulated terminal.
struct PINUnblockCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unblock",
        abstract: Terminal.say(
            "閉塞したときの手順（模擬カードは --terminal で解除）",
            "the way out when blocked (--terminal resets simulated cards)"
        ),
        discussion: Terminal.say(
            "実カードの閉塞は市区町村の窓口で解除します。--terminal は模擬カードだけで働き、試験用認証局の端末として新しい値を設定します。",
            "A real card is reset at the municipality's counter. --terminal works with simulated cards: it sets a new value as a terminal of the test authority."
        )
    )

    @Argument(help: ArgumentHelp(Terminal.say("どの暗証番号か", "which secret"), valueName: "sign|auth|input|register"))
    var which: ChangeableSecret

    @Flag(help: ArgumentHelp(Terminal.say("模擬端末として解除する", "reset as a simulated terminal")))
    var terminal = false

    @OptionGroup var authority: SimulatedTerminalOptions
    @OptionGroup var new: NewSecretOptions
    @OptionGroup var reader: ReaderOptions
    @OptionGroup var common: CommonOptions

    func run() throws {
        let kind = which.kind
        guard terminal else { return try advise(kind) }
        try CardSession.run(reader) { client, _ in
            let numbers = try client.readCardNumbers()
            guard numbers.isSimulated else { throw Problem.notSimulated }
            let value = try new.read(kind)
            try authority.authenticate(&client, numbers, in: kind.homePlace)
            try client.unblock(kind, settingTo: value)
        }
        try ChangeReport.tell(kind, "pin-unblocked", Text(ja: "解除しました。", en: "reset."), asJSON: common.json)
    }

    private func advise(_ kind: SecretKind) throws {
        let left = try CardSession.run(reader) { client, _ in try client.triesLeft(kind.home) }
        var report = Report(kind: "pin-advice")
        let row = TriesReport(kind: kind, file: kind.home, left: left)
        report.add("secret", Text(ja: "暗証番号", en: "secret"), .word(kind.rawValue, kind.name))
        report.add("state", Text(ja: "状態", en: "state"), .word(left == .blocked ? "blocked" : "open", row.words))
        report.add("todo", Text(ja: "手順", en: "what to do"), .text(kind.wayOut.inLanguage(Terminal.language)))
        try report.print(asJSON: common.json)
        if left == .blocked { throw ExitCode(Outcome.blockedPIN.rawValue) }
    }
}

/// Where a new value comes from.
struct NewSecretOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            Terminal.say(
                "新しい値の出所 (env:名前, fd:番号, file:パス)。なければ2回尋ねる",
                "source of the new value (env:NAME, fd:N, file:PATH); asked for twice if not given"
            ),
            valueName: "source"
        )
    )
    var newPin: String?

    init() {}

    func validate() throws { SecretOptions.check(newPin) }

    /// A new value in place of one that is known.
    func read(_ kind: SecretKind, insteadOf old: borrowing JudgedSecret) throws -> JudgedSecret {
        let first = try first(kind)
        let second = try newPin == nil ? again(kind) : copy(of: first)
        do throws(ShapeFlaw) {
            return try SecretJudge.judgeNew(first, as: kind, repeated: second, insteadOf: old)
        } catch {
            throw CardError.badShape(kind, error)
        }
    }

    /// A new value in place of one that nobody knows.
    func read(_ kind: SecretKind) throws -> JudgedSecret {
        let first = try first(kind)
        let second = try newPin == nil ? again(kind) : copy(of: first)
        do throws(ShapeFlaw) {
            return try SecretJudge.judgeNew(first, as: kind, repeated: second)
        } catch {
            throw CardError.badShape(kind, error)
        }
    }

    private func first(_ kind: SecretKind) throws(Problem) -> SecretBytes {
        if let newPin { return try SecretSource(newPin).readSecret() }
        return try Terminal.readSecret(Terminal.say("新しい", "new ") + SecretEntry.prompt(kind, nil))
    }

    private func again(_ kind: SecretKind) throws(Problem) -> SecretBytes {
        try Terminal.readSecret(Terminal.say("もう一度、新しい", "again, new ") + SecretEntry.prompt(kind, nil))
    }

    private func copy(of secret: borrowing SecretBytes) -> SecretBytes {
        var bytes = secret.copy()
        return SecretBytes(taking: &bytes)
    }
}

enum ChangeReport {
    static func tell(_ kind: SecretKind, _ document: String, _ done: Text, asJSON: Bool) throws {
        guard asJSON else {
            return Terminal.out(
                Terminal.say("\(kind.name.ja)を\(done.ja)", "The \(kind.name.en) was \(done.en)")
            )
        }
        var report = Report(kind: document)
        report.add("secret", nil, .text(kind.rawValue))
        try report.print(asJSON: true)
    }
}
