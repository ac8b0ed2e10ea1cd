import CardClient
import CardKeys
import CardProfiles
import CardTrace
import Secrets

/// The first byte chooses what a client does with a card whose answers are the other bytes.
///
/// Whatever comes, it ends, in a result or an error without a secret; it sends a secret once at most, and not before the
/// counter said that it may; and what was recorded can be blanked, written and read again.
func examineClient(_ bytes: [UInt8]) throws(FuzzFinding) {
    let card = HostileCard(bytes)
    let recorder = CardRecorder()
    var client = CardClient(
        RecordingChannel(HostileChannel(card: card), recorder: recorder),
        cryptography: OpenSSLCryptography()
    )
    var evidence = CardEvidence()
    var failure: CardError?
    do throws(CardError) {
        try operate(&client, bytes.first ?? 0, &evidence)
    } catch {
        // An error is an end as good as any; whatever was gathered until then can be judged.
        failure = error
    }
    if let rule = card.brokenRule { throw FuzzFinding(description: rule) }
    if let failure {
        let text = String(describing: failure)
        try hold(!text.contains(pin) && !text.contains(newPIN), "an error holds no secret")
    }
    var judge = CardJudge(.production, cryptography: client.cryptography)
    try hold(judge.judge(evidence).count == CardCheck.allCases.count, "every check has one finding")
    let trace = recorder.trace
    let lines = trace.lines.joined(separator: "\n")
    try hold((try? CardTrace(parsing: lines)) == trace, "a trace survives being written")
}

// Letters, which no number in an error can look like.
private let pin = "QXWZ4J"
private let newPIN = "ZVKQ9W"

/// A card whose answers are somebody's, each behind its length in two bytes; when they are used up, it has left.
private final class HostileCard {
    private let bytes: [UInt8]
    private var position = 1
    private var commands = 0
    private var secrets = 0
    /// What the last question for a counter was answered, until a secret is sent.
    private var counter: [UInt8]?
    private(set) var brokenRule: String?

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    func answer(_ command: [UInt8]) throws(ChannelFailure) -> [UInt8] {
        commands += 1
        if commands > 10_000 { brokenRule = "a client ends" }
        guard brokenRule == nil, position + 2 <= bytes.count else { throw .cardRemoved }
        // The highest bit repeats the answer 1,000 times, for what only a long conversation shows.
        let length = Int(bytes[position] & 0x7F) << 8 | Int(bytes[position + 1])
        let start = position + 2
        let end = min(start + length, bytes.count)
        if bytes[position] & 0x80 == 0 || commands > 1_000 { position = end }
        let answer = Array(bytes[start..<end])
        if command.count >= 4, command[1] == 0x20 { watch(command, answer) }
        return answer
    }

    private func watch(_ command: [UInt8], _ answer: [UInt8]) {
        guard command.count > 4 else {
            counter = answer
            return
        }
        secrets += 1
        if secrets > 1 { brokenRule = "a client sends one VERIFY" }
        guard let counter, counter.count >= 2 else {
            brokenRule = "a secret is sent after the counter was read"
            return
        }
        let status = UInt16(counter[counter.count - 2]) << 8 | UInt16(counter[counter.count - 1])
        // Two tries or more; verified already; or a secret that is not counted.
        let mayBeSent = (0x63C2...0x63CF).contains(status) || status == 0x9000 || status == 0x6300
        if !mayBeSent { brokenRule = "the last try is not spent, and none where the counter is not known" }
        self.counter = nil
    }
}

private struct HostileChannel: CardChannel {
    let card: HostileCard

    mutating func transmit(_ command: [UInt8]) throws(ChannelFailure) -> [UInt8] { try card.answer(command) }
}

private typealias HarnessClient = CardClient<RecordingChannel<HostileChannel>, OpenSSLCryptography>

private func operate(_ client: inout HarnessClient, _ choice: UInt8, _ evidence: inout CardEvidence) throws(CardError) {
    if choice & 0x80 != 0 { client.readLength = 65_536 }
    switch choice & 0x7F {
    case 0: _ = try client.recognize()
    case 1: _ = try client.readAvailability()
    case 2: _ = try client.readCardNumbers()
    case 3: _ = try client.readKeyIdentifier(.commonKeyIdentifier)
    case 4: _ = try client.readFaceBasics()
    case 5: _ = try client.readTextBasics()
    case 6: _ = try client.readFourFacts()
    case 7: _ = try client.readIndividualNumber()
    case 8: _ = try client.readFace()
    case 9: _ = try client.readNumberImage()
    case 10: _ = try client.readAge()
    case 11: _ = try client.readResidentRegisterCode()
    case 12: _ = try client.readCertificate(.authenticationCertificate)
    case 13: _ = try client.sign(.digestInfo([1, 2, 3]), with: .authenticationKey)
    case 14: try client.gatherFreeEvidence(into: &evidence)
    case 15: try client.gatherTextEvidence(into: &evidence)
    case 16: try client.gatherFaceEvidence(into: &evidence)
    case 17:
        try client.openSecureMessaging()
        _ = try client.readFourFacts()
    case 18: try unlock(&client)
    case 19:
        try unlock(&client)
        guard let new = try? SecretJudge.judge(SecretBytes(copying: newPIN), as: .sign) else { return }
        try client.change(.sign, to: new)
    case 20:
        _ = try client.terminalChallenge(in: .jpki)
        try client.authenticateTerminal([UInt8](repeating: 1, count: 32))
        guard let new = try? SecretJudge.judge(SecretBytes(copying: newPIN), as: .sign) else { return }
        try client.unblock(.sign, settingTo: new)
    case 21: _ = try client.challenge(.faceKey)
    case 22: _ = try client.getData(0x7F21, isLong: true)
    case 23: try client.leave()
    default: _ = try client.triesLeft(SecretKind.sign.home)
    }
}

private func unlock(_ client: inout HarnessClient) throws(CardError) {
    guard let secret = try? SecretJudge.judge(SecretBytes(copying: pin), as: .sign) else { return }
    try client.verify(try client.prepareToVerify(.sign), secret)
}
