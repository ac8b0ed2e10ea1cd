import ArgumentParser
import AuthorityAssembly
import CardStorage
import CommandBasics
import FoundationEssentials
import IssueCommands
import Problems
import Terminal

/// `fuda authority verifier`: accounts of those who may ask, where accounts are wanted.
struct VerifierCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verifier",
        abstract: Terminal.say("検証者の登録を管理する", "keep the accounts of verifiers"),
        subcommands: [VerifierAdmitCommand.self, VerifierDismissCommand.self, VerifierListCommand.self]
    )
}

/// `fuda authority verifier admit`: whoever connects with this certificate is this verifier.
struct VerifierAdmitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "admit",
        abstract: Terminal.say("検証者を登録する", "give a verifier an account"),
        discussion: Terminal.say(
            "登録済みの名前なら、クライアント証明書を取り替えます。",
            "For a name that has an account, the client certificate is replaced."
        )
    )

    @Option(help: ArgumentHelp(Terminal.say("認証局のフォルダー", "folder of the authority"), valueName: "folder"))
    var data: String

    @Option(help: ArgumentHelp(Terminal.say("検証者の名前", "name of the verifier"), valueName: "name"))
    var name: String

    @Option(
        help: ArgumentHelp(
            Terminal.say("クライアント証明書（PEM・DER）", "its client certificate (PEM or DER)"),
            valueName: "file"
        )
    )
    var certificate: String

    @OptionGroup var common: CommonOptions

    func run() throws {
        // What is no certificate is sent as it is, for the authority to refuse.
        let bytes = try SealedFile.readPlain(certificate)
        let der = Data(ClientCertificate.der(bytes) ?? []).base64EncodedString()
        try VerifierReport(data, .admit(verifier: name, certificate: der), common).show()
    }
}

/// `fuda authority verifier dismiss`: from within a second on, it is refused.
struct VerifierDismissCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dismiss",
        abstract: Terminal.say("検証者の登録を取り消す", "end the account of a verifier")
    )

    @Option(help: ArgumentHelp(Terminal.say("認証局のフォルダー", "folder of the authority"), valueName: "folder"))
    var data: String

    @Option(help: ArgumentHelp(Terminal.say("検証者の名前", "name of the verifier"), valueName: "name"))
    var name: String

    @OptionGroup var common: CommonOptions

    func run() throws { try VerifierReport(data, .dismiss(verifier: name), common).show() }
}

/// `fuda authority verifier list`: everybody who has or had an account.
struct VerifierListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: Terminal.say("検証者を一覧する", "list the verifiers")
    )

    @Option(help: ArgumentHelp(Terminal.say("認証局のフォルダー", "folder of the authority"), valueName: "folder"))
    var data: String

    @OptionGroup var common: CommonOptions

    func run() throws { try VerifierReport(data, .verifiers, common).show() }
}

/// What came of an order about verifiers.
struct VerifierReport {
    private let lines: [AuthorityAnswer.VerifierLine]
    private let wantsJSON: Bool

    init(_ data: String, _ order: AuthorityOrder, _ common: CommonOptions) throws {
        let port = try AuthorityPort(try AuthorityFolder(data))
        defer { port.close() }
        guard case .verifiers(let lines) = try port.carryOut(order, by: Operator.name) else {
            throw AuthorityProblems.strangeAnswer
        }
        self.lines = lines
        wantsJSON = common.json
    }

    func show() throws {
        struct Report: Encodable {
            let schema = 1
            let verifiers: [AuthorityAnswer.VerifierLine]
        }
        if wantsJSON { return Terminal.out(try jsonText(Report(verifiers: lines))) }
        for line in lines {
            let state =
                line.dismissedAt == nil
                ? Terminal.say("登録", "admitted") : Terminal.say("取消", "dismissed")
            Terminal.out("\(line.name): \(state), SHA-256 \(line.fingerprint)")
        }
    }
}
