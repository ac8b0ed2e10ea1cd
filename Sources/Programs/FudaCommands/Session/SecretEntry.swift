import CardClient
import CardProfiles
import PCSC
import Problems
import Secrets
import Terminal

/// The one road from a person to VERIFY: every command that needs a secret goes along it.
///
/// The counter is read first and stands in the prompt; a secret that cannot be right is not sent; the last try needs a
/// word; VERIFY is sent once.
struct SecretEntry {
    let options: SecretOptions
    let features: [ReaderFeature]
    /// Whether the caller may be asked at the terminal although a source was given for another secret.
    var source: String?

    init(_ options: SecretOptions, _ information: SessionInformation) {
        self.options = options
        features = information.features
        source = options.pin
    }

    /// Verifies a secret and tells what was changed in it.
    func verify(_ kind: SecretKind, in place: Place? = nil, _ client: inout Client) throws {
        _ = try verified(kind, in: place, &client)
    }

    /// Verifies a secret and gives it back, for whoever opens another application with the same.
    func verified(_ kind: SecretKind, in place: Place? = nil, _ client: inout Client) throws -> JudgedSecret {
        let prepared = try judgedPermit(kind, in: place, &client)
        try client.verify(prepared.permit, prepared.secret)
        return prepared.secret
    }

    /// Reads the counter and the secret, and judges its shape; nothing of it has been sent yet.
    func judgedPermit(
        _ kind: SecretKind,
        in place: Place? = nil,
        _ client: inout Client
    ) throws -> PreparedSecret {
        let permit = try prepare(kind, in: place, &client)
        let typed = try read(kind, permit.triesLeft)
        let code = try securityCode()
        let secret: JudgedSecret
        do throws(ShapeFlaw) {
            secret = try SecretJudge.judge(typed, as: kind, securityCode: code)
        } catch {
            throw CardError.badShape(kind, error)
        }
        tell(secret.folding, kind)
        return PreparedSecret(permit: permit, secret: secret)
    }

    /// The code printed on the front, where the caller named it.
    private func securityCode() throws(Problem) -> SecretBytes {
        guard let source = options.securityCode else { return SecretBytes(capacity: 1) }
        return try SecretSource(source).readSecret()
    }

    /// Verifies with a secret that is known already.
    func verify(_ secret: borrowing JudgedSecret, in place: Place, _ client: inout Client) throws {
        let permit = try prepare(secret.kind, in: place, &client)
        try client.verify(permit, secret)
    }

    private func prepare(
        _ kind: SecretKind,
        in place: Place?,
        _ client: inout Client
    ) throws -> VerificationPermit {
        var isAllowed = options.lastTry
        if !isAllowed, source == nil, Terminal.hasTerminal, try isLastTry(kind, in: place, &client) {
            let question = Terminal.say(
                "\(kind.name.ja)は残り1回です。間違えると閉塞し、窓口での手続が必要になります。続けますか",
                "the \(kind.name.en) has one try left; a wrong one blocks it and means a walk to the town hall. Go on?"
            )
            guard try Terminal.confirm(question) else { throw Problem.declined }
            isAllowed = true
        }
        return try client.prepareToVerify(kind, in: place, allowingLastTry: isAllowed)
    }

    private func isLastTry(_ kind: SecretKind, in place: Place?, _ client: inout Client) throws(CardError) -> Bool {
        guard let file = kind.file(in: place ?? kind.homePlace) else { return false }
        return try client.triesLeft(file) == .left(1)
    }

    private func read(_ kind: SecretKind, _ left: TriesLeft) throws(Problem) -> SecretBytes {
        if let source { return try SecretSource(source).readSecret() }
        if features.hasKeypad {
            Terminal.note(
                Terminal.say(
                    "このリーダーにはキーパッドがありますが、まだ使えません。ここで入力してください。",
                    "this reader has a keypad, which is not used yet: type here."
                )
            )
        }
        return try Terminal.readSecret(Self.prompt(kind, left))
    }

    /// Which secret, its shape, and the tries it has left.
    static func prompt(_ kind: SecretKind, _ left: TriesLeft?) -> String {
        let name = kind.name.inLanguage(Terminal.language)
        var shape = kind.shape.inLanguage(Terminal.language)
        if kind.rule.length == 4...4 {
            shape += Terminal.say("、券面のセキュリティコードとは別", ", not the security code on the front")
        }
        guard case .left(let count)? = left else { return Terminal.say("\(name)（\(shape)）: ", "\(name) (\(shape)): ") }
        return Terminal.say(
            "\(name)（\(shape)、残り\(count)回）: ",
            "\(name) (\(shape); \(count) \(count == 1 ? "try" : "tries") left): "
        )
    }

    private func tell(_ folding: SecretFolding, _ kind: SecretKind) {
        if folding.contains(.lowerCase) {
            Terminal.note(Terminal.say("小文字を大文字にしました。", "small letters were made capital."))
        }
        if folding.contains(.fullWidth) {
            Terminal.note(Terminal.say("全角文字を半角にしました。", "full-width characters were made plain."))
        }
        if folding.contains(.separators) {
            Terminal.note(Terminal.say("空白とハイフンを除きました。", "spaces and hyphens were left out."))
        }
    }
}

/// A secret of the right shape and the leave to send it, both to be used once.
struct PreparedSecret: ~Copyable {
    let permit: VerificationPermit
    let secret: JudgedSecret
}

extension Problem {
    static var declined: Problem {
        Problem(
            code: "cancelled",
            outcome: .cancelled,
            whatHappened: Text(ja: "取り消されました。", en: "It was cancelled."),
            whatToDo: Text(ja: "これ以上は何も送っていません。", en: "Nothing more was sent to the card.")
        )
    }
}
