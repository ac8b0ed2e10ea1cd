import CardKeys
import CardProfiles
import CardTesting
import Glibc
import Secrets
import VirtualCard

// Whether time tells what a decision on a secret was about. Two classes of inputs, drawn by lot, so that whatever else the
// machine does meets both alike. First of all a comparison that does tell, planted here: a run that does not find it has
// shown nothing.

var verdicts = Verdicts()

/// Stops at the first difference, as no comparison of a secret may.
@inline(never) func leakyEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    for index in left.indices where left[index] != right[index] { return false }
    return true
}

func random(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8.random(in: 0...255) } }

/// Copies of some bytes that differ from them at one place.
func altered(_ bytes: [UInt8], at index: Int) -> [[UInt8]] {
    (0..<32).map { _ in
        var other = bytes
        other[index] ^= UInt8.random(in: 1...255)
        return other
    }
}

nonisolated(unsafe) var sink = false
func repeated(_ decision: () -> Bool) { for _ in 0..<64 { sink = decision() != sink } }

let kept = random(32)
verdicts.add(
    Experiment(
        name: "a planted comparison that stops at the first difference, first or last byte wrong",
        measurements: 50_000,
        inputs: (altered(kept, at: 0), altered(kept, at: 31)),
        body: { other in repeated { leakyEqual(kept, other) } }
    ),
    isControl: true
)
verdicts.add(
    Experiment(
        name: "comparison of 32 bytes, first or last byte wrong",
        measurements: 200_000,
        inputs: (altered(kept, at: 0), altered(kept, at: 31)),
        body: { other in repeated { equalInConstantTime(kept, other) } }
    )
)
verdicts.add(
    Experiment(
        name: "comparison of 32 bytes, all right or one wrong",
        measurements: 200_000,
        inputs: ((0..<32).map { _ in kept.map { $0 } }, altered(kept, at: 15)),
        body: { other in repeated { equalInConstantTime(kept, other) } }
    )
)
let rule = ReferenceRule(length: 6...16, alphabet: .upperCaseAndDigits, tries: 5)
verdicts.add(
    Experiment(
        name: "letters of a new password, first or last one not allowed",
        measurements: 200_000,
        inputs: (
            (0..<32).map { _ in Array("!BCDEFGHIJ123456".utf8) }, (0..<32).map { _ in Array("ABCDEFGHIJ12345!".utf8) }
        ),
        body: { value in repeated { rule.admits(value) } }
    )
)
let texts = { (mark: [UInt8]) in (0..<32).map { _ in [UInt8](repeating: 0x31, count: 64 - mark.count) + mark } }
verdicts.add(
    Experiment(
        name: "where a padding of 64 bytes begins, near the start or at the end",
        measurements: 200_000,
        inputs: (texts([0x80] + [UInt8](repeating: 0, count: 60)), texts([0x80])),
        body: { text in repeated { startOfPadding(text) == nil } }
    )
)

let terminal = try Terminal()
terminal.examinePINs(&verdicts)
terminal.examineTerminalAuthentication(&verdicts)
try terminal.examineSessionKeys(&verdicts)
say(verdicts.isClean ? "side channels: every bar met" : "side channels: a bar was MISSED")
