import CardKeys
import CardProfiles
import CardStorage
import Glibc
import SmartCard
import VirtualCard

// Each line is a rate and, beside it, the rate of the limit it is measured against in the same run.

typealias Card = VirtualCard<OpenSSLCryptography>

func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

/// Calls a second, best of three runs of at least half a second.
func rate(_ body: () -> Void) -> Double {
    var best = 0.0
    for _ in 0..<3 {
        let start = now()
        var count = 0
        while now() - start < 0.5 {
            for _ in 0..<16 { body() }
            count += 16
        }
        best = max(best, Double(count) / (now() - start))
    }
    return best
}

func line(_ name: String, _ rate: Double, limit: (name: String, rate: Double)? = nil) {
    var text = "\(name): \(Int(rate)) a second"
    if let limit {
        text += ", \(Double(Int(rate / limit.rate * 1000)) / 1000) of \(limit.name) (\(Int(limit.rate)))"
    }
    print(text)
}

func makeCard() -> (card: Card, changes: [Change]) {
    var store = VolatileStore()
    var card = Card(CardState(blank: .plastic), cryptography: OpenSSLCryptography())
    func send(_ command: CommandAPDU) {
        let answer = card.respond(to: command.bytes, committingTo: &store)
        guard answer.suffix(2) == [0x90, 0x00] else { fatalError("the card refused a step of its making: \(answer)") }
    }
    send(CommandAPDU(ins: 0xA4, p1: 0x04, p2: 0x0C, data: ApplicationProfile.jpki.aid.bytes))
    for (file, content) in [(FileID(0x0002), [UInt8](repeating: 0x30, count: 1300)), (0x0018, Array("1234".utf8))] {
        send(CommandAPDU(ins: 0xA4, p1: 0x02, p2: 0x0C, data: file.bytes))
        send(CommandAPDU(cla: 0x80, ins: 0xE2, p2: 0x80, data: content))
    }
    send(CommandAPDU(ins: 0x47, p2: 0x97, le: 65_536, extended: true))
    send(CommandAPDU(cla: 0x80, ins: 0xF0, p1: 0x80, p2: 0x0F))
    return (card, (try? card.state.changes()) ?? [])
}

let (made, changes) = makeCard()
var card = made
var volatile = VolatileStore()
let select = CommandAPDU(ins: 0xA4, p1: 0x04, p2: 0x0C, data: ApplicationProfile.jpki.aid.bytes).bytes
let selectFile = CommandAPDU(ins: 0xA4, p1: 0x02, p2: 0x0C, data: [0x00, 0x02]).bytes
let read = CommandAPDU(ins: 0xB0, le: 256).bytes
let verify = CommandAPDU(ins: 0x20, p2: 0x98, data: Array("1234".utf8)).bytes
let sign = CommandAPDU(cla: 0x80, ins: 0x2A, p2: 0x97, data: [UInt8](repeating: 7, count: 51), le: 256).bytes

line("SELECT in process", rate { _ = card.respond(to: select, committingTo: &volatile) })
_ = card.respond(to: selectFile, committingTo: &volatile)
line("READ BINARY 256 in process", rate { _ = card.respond(to: read, committingTo: &volatile) })

let path = "\(CommandLine.arguments.dropFirst().first ?? "/tmp")/bench-\(getpid()).card"
let key = [UInt8](repeating: 1, count: 32)
let header = CardHeader(
    kind: .plastic,
    persona: "bench",
    serial: "800000000000000",
    expiry: "20300101",
    atr: [],
    madeAt: 0,
    certificates: [],
    protection: .keyFile,
    salt: [UInt8](repeating: 2, count: 16)
)
try CardFile.create(at: path, header, changes, storageKey: key, replacing: true)
var file = try CardFile(opening: path, storageKey: key)

let descriptor = open(path + ".raw", O_RDWR | O_CREAT | O_TRUNC, 0o600)
let block = [UInt8](repeating: 3, count: 512)
let twoAppends = rate {
    for _ in 0..<2 {
        _ = write(descriptor, block, block.count)
        fdatasync(descriptor)
    }
}
line(
    "VERIFY with two durable writes",
    rate { _ = card.respond(to: verify, committingTo: &file) },
    limit: ("two 512-byte appends with fdatasync", twoAppends)
)
unlink(path)
unlink(path + ".raw")

line("RSA-2048 signature in process", rate { _ = card.respond(to: sign, committingTo: &volatile) })
