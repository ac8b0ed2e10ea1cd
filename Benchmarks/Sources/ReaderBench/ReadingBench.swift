import CardClient
import CardKeys
import CardProfiles
import CardTrace
import Glibc
import PCSC
import Secrets
import SmartCard

/// Everything there is to read: how many commands it costs beside the fewest that the sizes of the files allow, how long it
/// takes beside as many exchanges of the same sizes with the bare card, and what another program needs for one certificate.
struct ReadingBench {
    let readers: Readers
    let folder: String
    let condition: Condition

    // MARK: - Commands

    /// Counts what `fuda read all` sends.
    func countCommands() throws {
        let trace = try traced(["read", "all", "--pin", "env:PIN"])
        let needed = Needed(trace)
        say(
            "fuda read all: \(trace.exchanges.count) commands; the sizes of its \(needed.files) files allow \(needed.fewest) at "
                + "the fewest (\(needed.blocks) blocks of at most 256 bytes, \(needed.selections) SELECTs, \(needed.others) "
                + "others) " + verdict(trace.exchanges.count <= needed.fewest, "the fewest")
        )
        let certificate = try traced(["cert", "auth"])
        let tool = try Program.demand(
            ["pkcs15-tool", "--reader", readers.names[0], "--read-certificate", "1", "-vvvvvvvv"],
            in: folder
        )
        let theirs = (tool.output + tool.notes).split(separator: "\n").filter { $0.contains("Outgoing APDU") }.count
        say(
            "the authentication certificate alone: fuda \(certificate.exchanges.count) commands; OpenSC's pkcs15-tool "
                + "--read-certificate \(theirs) (for comparison)"
        )
    }

    private func traced(_ words: [String]) throws -> CardTrace {
        let path = "\(folder)/bench.trace"
        try Program.demand(
            ["fuda", "trace", "-f", "-o", path] + words + ["--reader", readers.names[0]],
            in: folder,
            environment: ["PIN": "1234", "XDG_DATA_HOME": folder]
        )
        return try CardTrace(parsing: try text(of: path))
    }

    // MARK: - Time

    func measureTime() throws {
        var ours: [Double] = []
        var floors: [Double] = []
        var apart: [Double] = []
        var exchanges: [Exchange] = []
        for _ in 0..<21 {
            let connection = try readers.own()
            let log = Log()
            var client = CardClient(LoggedChannel(connection, log), cryptography: OpenSSLCryptography())
            let start = now()
            try readEverything(&client)
            ours.append(now() - start - log.cardsOwn)
            apart.append(log.cardsOwn)
            connection.close(resetting: true)
            exchanges = log.exchanges
            let floor = try readers.floor()
            let bare = exchanges.map(\.bare)
            let began = now()
            for command in bare { _ = try floor.transmit(command) }
            floors.append(now() - began)
            floor.close(resetting: true)
        }
        let ratio = ours.median / floors.median
        say(
            "reading everything that the input-support PIN opens, \(condition.words): \(rounded(ours.median * 1000, 2)) ms for "
                + "\(exchanges.count) commands; as many exchanges of the same sizes with the bare card "
                + "\(rounded(floors.median * 1000, 2)) ms: \(rounded(ratio)) of it "
                + condition.verdict(ratio <= 1.1, "1.1")
                + "; apart from that the card takes \(rounded(apart.median * 1000, 2)) ms for 2 VERIFY and 2 signatures"
        )
    }

    private func readEverything(_ client: inout CardClient<LoggedChannel, OpenSSLCryptography>) throws {
        _ = try client.recognize()
        _ = try client.readAvailability()
        for file in [ObjectID.authenticationCertificate, .authenticationCACertificate, .signatureCACertificate] {
            _ = try client.readCertificate(file)
        }
        _ = try client.readCardNumbers()
        _ = try client.readKeyIdentifier(.residentRegisterKeyIdentifier)
        _ = try client.getData(0x0045)
        var evidence = CardEvidence()
        try client.gatherManagerEvidence(into: &evidence)
        _ = try client.readFaceBasics()
        evidence.files[.faceCVCertificate] = try client.readObject(.faceCVCertificate)
        _ = try client.readTextBasics()
        evidence.files[.textCVCertificate] = try client.readObject(.textCVCertificate)
        var pin = Array("1234".utf8)
        let secret = try SecretJudge.judge(SecretBytes(taking: &pin), as: .input)
        try client.verify(try client.prepareToVerify(.input), secret)
        try client.gatherTextEvidence(into: &evidence)
        guard let number = try evidence.individualNumber() else { return }
        try client.verify(try client.prepareToVerify(.numberA, in: .cardFace), try Self.secret(number))
        try client.gatherFaceEvidence(into: &evidence)
    }

    private static func secret(_ number: IndividualNumber) throws -> JudgedSecret {
        var digits = Array(number.digits.utf8)
        return try SecretJudge.judge(SecretBytes(taking: &digits), as: .numberA)
    }
}

/// What a conversation cost.
final class Log {
    var exchanges: [Exchange] = []
    /// Seconds of exchanges in which the card does more than answer: VERIFY with its disk, signatures.
    var cardsOwn = 0.0
}

struct LoggedChannel: CardChannel {
    private let connection: PCSCConnection
    private let log: Log

    init(_ connection: PCSCConnection, _ log: Log) {
        self.connection = connection
        self.log = log
    }

    func transmit(_ command: [UInt8]) throws(ChannelFailure) -> [UInt8] {
        let start = now()
        let answer = try connection.transmit(command)
        if command.count > 5, [0x20, 0x2A, 0x88].contains(command[1]) {
            log.cardsOwn += now() - start
            return answer
        }
        log.exchanges.append(Exchange(command: command, answer: answer.count - 2))
        return answer
    }
}

/// What a conversation had to send for what it got: every application selected once and left once, every file selected
/// once, every file read in as few blocks as its size allows, and everything that was neither SELECT nor READ BINARY.
struct Needed {
    private(set) var files = 0
    private(set) var blocks = 0
    private(set) var selections = 0
    private(set) var others = 0

    var fewest: Int { blocks + selections + others }

    init(_ trace: CardTrace) {
        var applications: Set<[UInt8?]> = []
        var sizes: [[UInt8?]: Int] = [:]
        var reads: Set<[UInt8?]> = []
        var selected: Set<[UInt8?]> = []
        var application: [UInt8?] = []
        var file: [UInt8?] = []
        for exchange in trace.exchanges {
            let command = exchange.command
            guard case .response(let answer) = exchange.outcome, command.count >= 4 else { continue }
            switch (command[1], command[2]) {
            case (0xA4, 0x04):
                application = Array(command.dropFirst(5))
                applications.insert(application)
            case (0xA4, _):
                file = application + command.dropFirst(5)
                selected.insert(file)
            case (0xB0, _):
                let offset = Int((command[2] ?? 0) & 0x7F) << 8 | Int(command[3] ?? 0)
                sizes[file] = max(sizes[file] ?? 0, offset + answer.count - 2)
                reads.insert(file)
            default: others += 1
            }
        }
        files = reads.count
        blocks = reads.reduce(0) { $0 + max(1, ((sizes[$1] ?? 0) + 255) / 256) }
        // One more at the end: the card manager, with which what was verified is dropped.
        selections = applications.count + 1 + selected.count
    }
}

/// A whole text file.
func text(of path: String) throws -> String {
    let descriptor = open(path, O_RDONLY)
    guard descriptor >= 0 else { throw Program.Failed(notes: "open \(path): \(errno)") }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
        let count = read(descriptor, &buffer, buffer.count)
        guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
        bytes += buffer.prefix(count)
    }
}
