import AllocationCounter
import CardKeys
import CardTesting
import SmartCard
import VirtualCard

// Says how many allocations each command costs the card, one line a command: name, a tab, the number.
//
// Every command is sent twice before it counts, so that what is made once is there; the number is that of one command, and
// the same for each of a hundred, or the program says so and fails.

/// Whether closures and small arrays are still allocated that an optimised build has no trace of.
var isOptimised: Bool {
    #if DEBUG
        false
    #else
        true
    #endif
}
print("optimised\t\(isOptimised ? 1 : 0)")

var card = try SampleCards.fast().dialogue().card
var store = VolatileStore()

/// Sends a command, which must succeed, and gives the allocations it cost.
@MainActor func cost(_ command: [UInt8], _ status: [UInt8]) -> UInt {
    let before = fuda_allocations()
    let answer = card.respond(to: command, committingTo: &store)
    let after = fuda_allocations()
    precondition(Array(answer.suffix(2)) == status, "\(Hex(command)) was answered \(Hex(answer))")
    return after - before
}

@MainActor func report(_ name: String, _ command: Hex, status: [UInt8] = [0x90, 0x00]) {
    for _ in 0..<2 { _ = cost(command.bytes, status) }
    let counts = Set((0..<100).map { _ in cost(command.bytes, status) })
    precondition(counts.count == 1, "\(name) does not always cost the same: \(counts.sorted())")
    print("\(name)\t\(counts.first ?? 0)")
}

_ = cost(commandBytes("00 A4 04 0C", SampleContents.cardFaceAID), [0x90, 0x00])
_ = cost(commandBytes("00 20 00 93", SampleContents.myNumber), [0x90, 0x00])
report("select a file", "00 A4 02 0C 02 00 02")
report("read 256 bytes", "00 B0 00 00 00")
report("read 32 bytes at an offset", "00 B0 01 00 20")
report("read the whole file, extended", "00 B0 82 00 00 00 00")
report("read beyond the content", "00 B0 7F F0 20", status: [0x6B, 0x00])
_ = cost(commandBytes("00 A4 04 0C", SampleContents.jpkiAID), [0x90, 0x00])
report("ask for tries", "00 20 00 98", status: [0x63, 0xC3])
report("select an application", "00 A4 04 0C 0A D3 92 F0 00 26 01 00 00 00 01")
