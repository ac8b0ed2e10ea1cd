import KeyCeremony
import Problems
import Secrets
import Terminal

/// One of the two people, as the arguments name them: `NAME`, who types the secret, or `NAME=SOURCE`.
struct Custodian {
    let name: String
    private let source: SecretSource?

    init(_ argument: String) throws {
        guard let split = argument.firstIndex(of: "=") else {
            name = argument
            source = nil
            return
        }
        name = String(argument[..<split])
        source = try SecretSource(String(argument[argument.index(after: split)...]))
    }

    /// Both, checked before anybody is asked: two of them, with different names.
    static func pair(_ arguments: [String]) throws -> (Custodian, Custodian) {
        let custodians = try arguments.map(Custodian.init)
        guard custodians.count == 2 else { throw CeremonyRefusal.notTwoCustodians }
        return (custodians[0], custodians[1])
    }

    /// Both secrets.
    ///
    /// `isNew` has what is typed typed twice, since a slip would lock the token for good.
    static func secrets(_ pair: (Custodian, Custodian), isNew: Bool) throws -> CustodianSecrets {
        if pair.0.source == nil || pair.1.source == nil, !Terminal.hasTerminal { throw noTerminal }
        let first = try pair.0.secret(isNew: isNew)
        let second = try pair.1.secret(isNew: isNew)
        return try CustodianSecrets(first, second)
    }

    private func secret(isNew: Bool) throws -> SecretBytes {
        if let source { return try source.readSecret() }
        let secret = try Terminal.readSecret(Terminal.say("\(name) の秘密: ", "Secret of \(name): "))
        guard isNew else { return secret }
        let again = try Terminal.readSecret(Terminal.say("もう一度: ", "Once more: "))
        guard secret.equals(again) else { throw Self.notTheSame }
        return secret
    }

    private static let noTerminal = Problem(
        code: "no-terminal",
        outcome: .usage,
        whatHappened: Text(ja: "秘密を尋ねる端末がありません。", en: "There is no terminal to ask for the secret at."),
        whatToDo: Text(
            ja: "--custodian 名前=env:変数、名前=fd:番号、名前=file:パス で渡してください。",
            en: "Give it with --custodian NAME=env:VARIABLE, NAME=fd:N or NAME=file:PATH."
        )
    )

    private static let notTheSame = Problem(
        code: "secret-typed-twice",
        outcome: .usage,
        whatHappened: Text(ja: "二度の入力が違います。", en: "What was typed first and second differs."),
        whatToDo: Text(ja: "何も行っていません。もう一度始めてください。", en: "Nothing was done; begin again.")
    )
}
