import CardClient
import CardKeys
import CardProfiles
import CardTrace
import Secrets

/// A card whose answers are the fuzzer's, each behind its length in two bytes; when they are used up, it has left.
struct FuzzedCard: CardChannel {
    private let bytes: [UInt8]
    private var position = 1
    private(set) var commands = 0
    private(set) var verifications = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func transmit(_ command: [UInt8]) throws(ChannelFailure) -> [UInt8] {
        commands += 1
        if command.count > 4, command[1] == 0x20 { verifications += 1 }
        precondition(commands < 10_000, "a client ends")
        precondition(verifications <= 1, "a client sends one VERIFY")
        guard position + 2 <= bytes.count else { throw .cardRemoved }
        // The highest bit repeats the answer 1,000 times, for what only a long conversation shows.
        let length = Int(bytes[position] & 0x7F) << 8 | Int(bytes[position + 1])
        let start = position + 2
        let end = min(start + length, bytes.count)
        if bytes[position] & 0x80 == 0 || commands > 1_000 { position = end }
        return Array(bytes[start..<end])
    }
}

/// The first byte chooses what a client does with the card: whatever comes, it ends, without a trap and with one VERIFY at
/// most; and what was recorded can be blanked, written and read again.
func fuzzClient(_ data: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
    let bytes = Array(UnsafeBufferPointer(start: data, count: count))
    let recorder = CardRecorder()
    var client = CardClient(
        RecordingChannel(FuzzedCard(bytes), recorder: recorder),
        cryptography: OpenSSLCryptography()
    )
    var evidence = CardEvidence()
    do throws(CardError) {
        try operate(&client, bytes.first ?? 0, &evidence)
    } catch {
        // An error is an end as good as any; whatever was gathered until then can be judged.
    }
    var judge = CardJudge(.production, cryptography: client.cryptography)
    precondition(judge.judge(evidence).count == CardCheck.allCases.count, "every check has one finding")
    let trace = recorder.trace
    let again = try? CardTrace(parsing: trace.lines.joined(separator: "\n"))
    precondition(again == trace, "a trace survives being written")
    return 0
}

typealias FuzzedClient = CardClient<RecordingChannel<FuzzedCard>, OpenSSLCryptography>

func operate(_ client: inout FuzzedClient, _ choice: UInt8, _ evidence: inout CardEvidence) throws(CardError) {
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
    case 18:
        guard let secret = try? SecretJudge.judge(SecretBytes(copying: "1234"), as: .auth) else { return }
        try client.verify(try client.prepareToVerify(.auth), secret)
    default: _ = try client.triesLeft(SecretKind.sign.home)
    }
}

/// libFuzzer's own loop around the function above (clang's compiler-rt, `LLVMFuzzerRunDriver`).
@_silgen_name("LLVMFuzzerRunDriver")
func runDriver(
    _ count: UnsafeMutablePointer<Int32>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
    _ body: @convention(c) (UnsafePointer<UInt8>, Int) -> Int32
) -> Int32

@_cdecl("FuzzClient_main")
public func fuzzClientMain(_ count: Int32, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?) -> Int32 {
    var count = count
    var arguments = arguments
    return runDriver(&count, &arguments, { fuzzClient($0, $1) })
}
