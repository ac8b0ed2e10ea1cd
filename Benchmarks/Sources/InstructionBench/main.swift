import AllocationCounter
import CardKeys
import CardTesting
import SmartCard
import VirtualCard

// Carries every command out a fixed number of times inside a function of its own, so that callgrind can say how many
// instructions one costs (Scripts/instructions); by itself it says how many allocations.

let repetitions = 1000

nonisolated(unsafe) var card = VirtualCard(
    CardState<OpenSSLCryptography>(blank: .plastic),
    cryptography: OpenSSLCryptography()
)
nonisolated(unsafe) var store = VolatileStore()
nonisolated(unsafe) var current: [UInt8] = []
/// Which was the last; keeps the functions below from being one and the same.
nonisolated(unsafe) var last = 0

func send(_ command: [UInt8], expecting status: [UInt8] = [0x90, 0x00]) {
    let answer = card.respond(to: command, committingTo: &store)
    guard answer.suffix(2) == ArraySlice(status) else { fatalError("\(Hex(command)): \(Hex(answer))") }
}

func repeated(_ command: [UInt8]) {
    for _ in 0..<repetitions { _ = card.respond(to: command, committingTo: &store) }
}

@inline(never) public func measuredSelect() {
    last = 0
    repeated(current)
}
@inline(never) public func measuredRead() {
    last = 1
    repeated(current)
}
@inline(never) public func measuredChallenge() {
    last = 2
    repeated(current)
}
@inline(never) public func measuredTries() {
    last = 3
    repeated(current)
}
@inline(never) public func measuredVerify() {
    last = 4
    repeated(current)
}

func measure(
    _ name: String,
    _ command: [UInt8],
    expecting status: [UInt8] = [0x90, 0x00],
    _ body: () -> Void
) {
    for _ in 0..<2 { send(command, expecting: status) }
    current = command
    let before = fuda_allocations()
    body()
    let count = Double(fuda_allocations() - before) / Double(repetitions)
    print("\(name): \(count) allocations")
}

// A card without keys: none of these commands needs one, and making one would take most of the time under callgrind.
let select = commandBytes("00 A4 04 0C", SampleContents.jpkiAID)
send(select)
for (file, content) in [(UInt8(0x0A), [UInt8](repeating: 0x30, count: 1300)), (0x18, SampleContents.pin)] {
    send([0x00, 0xA4, 0x02, 0x0C, 0x02, 0x00, file])
    send(commandBytes("80 E2 00 80", content))
}
send([0x80, 0xF0, 0x80, 0x0F])
measure("SELECT", select, measuredSelect)
send([0x00, 0xA4, 0x02, 0x0C, 0x02, 0x00, 0x0A])
measure("READ BINARY 256", [0x00, 0xB0, 0x00, 0x00, 0x00], measuredRead)
measure("GET CHALLENGE 8", [0x00, 0x84, 0x00, 0x00, 0x08], measuredChallenge)
measure("VERIFY query", [0x00, 0x20, 0x00, 0x98], expecting: [0x63, 0xC3], measuredTries)
measure("VERIFY", commandBytes("00 20 00 98", SampleContents.pin), measuredVerify)
