import CardStorage
import CardTearing
import CardTesting
import ForeignTools
import Testing

/// Random lives, cut at a random byte of a random step, with a random loss; what is found lives on and is torn again.
@Suite struct `A card torn at random` {
    /// The same ones where all tests run; in a soak others each time, whose seed is printed.
    private static let seed = Soak.rounds(0) > 0 ? UInt64.random(in: 0...UInt64.max) : 20_261_125

    @Test func `is old or new, never mixed, and gives no try back`() throws {
        let rounds = Soak.rounds(200)
        if Soak.rounds(0) > 0 { Soak.say("soak: torn at random: seed \(Self.seed)") }
        var tally = Tally("torn at random, \(rounds) rounds")
        for round in 0..<rounds {
            try Self.round(Self.seed &+ UInt64(round), &tally)
            Soak.progress("torn at random", round + 1, of: rounds)
        }
        tally.tell()
        #expect(tally.old > rounds / 4)
        #expect(tally.newer > 0)
        #expect(tally.absent > 0)
    }

    private static func round(_ seed: UInt64, _ tally: inout Tally) throws {
        var dice = SeededGenerator(seed: seed)
        var image = DiskImage()
        for tear in 0..<3 {
            let disk = ForgetfulDisk(image)
            let life = CardLife(at: "/a.card", on: disk, seed: dice.next(), from: try state(image))
            let events = Lives.random(dice.below(30) + 1, fromNothing: !disk.exists("/a.card"), &dice)
            let crash = ForgetfulDisk.Crash(
                step: dice.below(2 * events.count),
                bytes: dice.one(of: [0, dice.below(513), dice.below(20_000)])
            )
            disk.stop(at: crash)
            var interrupted: CardEvent?
            for event in events {
                do {
                    let status = try life.live(event)
                    if disk.hasStopped {
                        // Opening may be over when it stops at a name that was left, which is no answer to anybody.
                        #expect(status == 0x6581 || event == .powerOff, "seed \(seed): \(event.line)")
                        interrupted = event
                        break
                    }
                } catch {
                    #expect(disk.hasStopped, "seed \(seed): \(event.line): \(error)")
                    interrupted = event
                    break
                }
            }
            let loss = dice.one(of: Loss.each + [.sectors(dice.next())])
            image = disk.image.left(loss)
            let possible = life.chronicle.possible(at: disk.steps, doing: interrupted)
            let found = ForgetfulDisk(image)
            let finding = possible.examine("/a.card", on: found)
            tally.count(finding)
            #expect(!finding.isBroken, "seed \(seed), tear \(tear), \(crash), \(loss): \(finding)")
            if dice.once(in: 2) { image = found.image }
        }
    }

    /// What the card on a disk is, found out on a copy of it.
    private static func state(_ image: DiskImage) throws -> [UInt8]? {
        let disk = ForgetfulDisk(image)
        guard disk.exists("/a.card") else { return nil }
        return try CardLife.encoded(try CardLife.state(try CardLife.open("/a.card", on: disk)))
    }
}
