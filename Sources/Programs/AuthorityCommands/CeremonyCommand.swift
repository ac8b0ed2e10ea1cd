import ArgumentParser
import AuthorityCryptography
import CAKeys
import CardStorage
import CommandBasics
import KeyCeremony
import Problems
import Terminal

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// `fuda authority ceremony`: makes an authority's key, under dual control in a token, or in a file.
struct CeremonyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ceremony",
        abstract: Terminal.say("認証局の鍵を作る", "make an authority's key"),
        discussion: Terminal.say(
            """
            トークンの鍵は二人の管理者の秘密がそろって初めて作れ、使えます:
              --module /…/libsofthsm2.so --token-label ca
              --custodian 名前 --custodian 名前
            秘密は端末で尋ねるか、名前=env:変数、名前=fd:番号、名前=file:パス から取ります。
            鍵ファイルは一人で、何も尋ねずに作れます:
              --key-file ca.pem --passphrase file:パス
            記録は出力先に、トークンの鍵による署名とともに置かれます。
            """,
            """
            A key in a token takes the secrets of two custodians, to be made and to be used:
              --module /…/libsofthsm2.so --token-label ca
              --custodian NAME --custodian NAME
            Secrets are asked for at the terminal, or come from NAME=env:VARIABLE, NAME=fd:N or NAME=file:PATH.
            A key file takes one operator and no questions:
              --key-file ca.pem --passphrase file:PATH
            The record goes to the output folder, with a signature by the new key beside it.
            """
        )
    )

    @Option(help: ArgumentHelp(Terminal.say("PKCS#11モジュール", "PKCS #11 module"), valueName: "file"))
    var module: String?

    @Option(help: ArgumentHelp(Terminal.say("トークンのラベル", "label of the token"), valueName: "label"))
    var tokenLabel: String?

    @Flag(help: ArgumentHelp(Terminal.say("初期化済みのトークンに鍵を足す", "add a key to a token that is initialised already")))
    var existingToken = false

    @Option(help: ArgumentHelp(Terminal.say("鍵のラベル", "label of the key"), valueName: "label"))
    var keyLabel = "authority"

    @Option(
        help: ArgumentHelp(Terminal.say("管理者（二人）", "a custodian; two are needed"), valueName: "name[=source]")
    )
    var custodian: [String] = []

    @Option(help: ArgumentHelp(Terminal.say("立会人", "a witness"), valueName: "name"))
    var witness: [String] = []

    @Option(help: ArgumentHelp(Terminal.say("トークンの代わりの鍵ファイル", "a key file instead of a token"), valueName: "file"))
    var keyFile: String?

    @Option(
        help: ArgumentHelp(
            Terminal.say("鍵ファイルのパスフレーズの出所 (env:, fd:, file:)", "source of its passphrase (env:, fd:, file:)"),
            valueName: "source"
        )
    )
    var passphrase: String?

    @Option(help: ArgumentHelp(Terminal.say("鍵ファイルを作る人", "who makes the key file"), valueName: "name"))
    var `operator`: String?

    @Option(help: ArgumentHelp(Terminal.say("アルゴリズム", "algorithm"), valueName: "rsa2048-sha256|p384-sha384"))
    var algorithm: SignatureAlgorithm = .rsa2048SHA256

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(Terminal.say("記録の出力先", "where the record goes"), valueName: "folder")
    )
    var output: String

    @OptionGroup var common: CommonOptions

    func run() throws {
        let outcome = try keyFile == nil ? tokenCeremony() : fileCeremony()
        if common.json {
            Terminal.out(String(decoding: try outcome.record.json().dropLast(), as: UTF8.self))
        } else {
            Terminal.out(try outcome.record.text(Terminal.language))
        }
        guard let problem = outcome.failure?.problem else { return }
        Terminal.tell(problem, asJSON: false)
        throw ExitCode(problem.outcome.rawValue)
    }

    private func tokenCeremony() throws -> CeremonyOutcome {
        guard let module, let tokenLabel else { throw Self.incomplete }
        guard passphrase == nil, self.operator == nil else { throw Self.mixed }
        let pair = try Custodian.pair(custodian)
        let plan = try CeremonyPlan(
            token: tokenLabel,
            isExisting: existingToken,
            keyLabel: keyLabel,
            algorithm: algorithm,
            custodians: [pair.0.name, pair.1.name],
            witnesses: witness
        )
        let library = try TokenModule.load(module)
        let secrets = try Custodian.secrets(pair, isNew: !existingToken)
        let folder = try RecordFolder(output)
        var ceremony = TokenCeremony(plan, token: tokenLabel, module: library, secrets: secrets)
        let outcome = ceremony.run()
        try folder.write(outcome)
        return outcome
    }

    private func fileCeremony() throws -> CeremonyOutcome {
        guard let keyFile, let passphrase else { throw Self.incomplete }
        guard module == nil, tokenLabel == nil, custodian.isEmpty, !existingToken else { throw Self.mixed }
        let name = keyFile.split(separator: "/").last.map(String.init) ?? keyFile
        let plan = try CeremonyPlan(file: name, algorithm: algorithm, operator: self.operator, witnesses: witness)
        guard !SealedFile.exists(keyFile) else { throw Problem.fileIsThere(keyFile) }
        let secret = try SecretSource(passphrase).readSecret()
        let folder = try RecordFolder(output)
        let outcome = FileCeremony.run(plan, path: keyFile, passphrase: secret)
        try folder.write(outcome)
        return outcome
    }

    private static let incomplete = Problem(
        code: "ceremony-incomplete",
        outcome: .usage,
        whatHappened: Text(ja: "鍵の置き場所が足りません。", en: "It is not said where the key shall be."),
        whatToDo: Text(
            ja: "--module と --token-label、または --key-file と --passphrase を指定してください。",
            en: "Say --module and --token-label, or --key-file and --passphrase."
        )
    )

    private static let mixed = Problem(
        code: "ceremony-mixed",
        outcome: .usage,
        whatHappened: Text(ja: "トークンと鍵ファイルの指定が混ざっています。", en: "Options of a token and of a key file are mixed."),
        whatToDo: Text(ja: "どちらか一方にしてください。", en: "Choose one of the two.")
    )
}
