import CardStorage
import CardTearing
import CardTesting
import ForeignTools
import Testing

/// A card is torn out, or its machine loses power, at every step of its file's life; what it then says is compared with
/// what it had answered.
@Suite struct `A card torn at any step` {
    /// Whether every write is cut at each of its bytes, or at a few.
    private static let isLong = Soak.rounds(0) > 0
    private static let path = "/a.card"

    /// A life lived to its end, once, and the log of its disk.
    private struct Lived {
        let chronicle: Chronicle
        let log: [DiskStep]

        init() throws {
            let disk = ForgetfulDisk()
            let life = CardLife(at: path, on: disk)
            for line in Lives.written {
                let status = try life.live(line.event)
                #expect(status == line.status, "\(line.event.line)")
            }
            chronicle = life.chronicle
            log = disk.log
        }
    }

    @Test(arguments: Loss.each) func `is old or new, never mixed, and gives no try back`(loss: Loss) throws {
        let lived = try Lived()
        #expect(lived.log.count > 130)
        var tally = Tally("torn with loss of \(loss)")
        tear(lived, loss) { crash, finding in
            tally.count(finding)
            if crash.bytes == 0 { Soak.progress("torn with loss of \(loss)", crash.step, of: lived.log.count) }
            #expect(!finding.isBroken, "step \(crash.step), byte \(crash.bytes), \(loss): \(finding)")
        }
        tally.tell()
        // It says something only if cards were found in both states, and, at the beginning, none.
        #expect(tally.old > 0)
        #expect(tally.absent > 0)
        #expect(tally.newer > 0 || loss == .everything || loss == .content)
    }

    @Test(arguments: [[true, false], [false, true], [true, true]])
    func `is found out when its disk keeps no content, no names, or neither`(ignored: [Bool]) throws {
        let lived = try Lived()
        let leftOut: (Int, DiskStep) -> Bool = { _, step in step == .syncNames ? ignored[1] : step.isSync && ignored[0]
        }
        var broken = 0
        tear(lived, .everything, leavingOut: leftOut) { _, finding in if finding.isBroken { broken += 1 } }
        // Also when only names are lost: the cards that were made, replaced and shortened.
        #expect(broken > lived.log.count / 4)
    }

    @Test func `is found out when a single fsync is left out, whichever it is`() throws {
        let lived = try Lived()
        let syncs = lived.log.indices.filter { lived.log[$0].isSync }
        #expect(syncs.count { lived.log[$0] == .syncNames } == 6, "made, replaced, and shortened four times")
        var found = 0
        for left in syncs {
            let losses: [Loss] = [.everything, .content, .names]
            let isFound = losses.contains { loss in
                var broken = false
                tear(lived, loss, from: left, leavingOut: { number, _ in number == left }) { _, finding in
                    if finding.isBroken { broken = true }
                } until: {
                    broken
                }
                return broken
            }
            #expect(isFound, "the fsync of step \(left)")
            if isFound { found += 1 }
        }
        if Self.isLong { Soak.say("soak: \(syncs.count) fsyncs left out one by one, \(found) found out") }
    }

    @Test func `answers no command as done that it could not keep`() throws {
        let steps = try Lived().log.count
        for step in stride(from: 0, to: steps, by: Self.isLong ? 1 : 7) {
            let disk = ForgetfulDisk()
            let life = CardLife(at: Self.path, on: disk)
            disk.stop(at: .init(step: step))
            for line in Lives.written {
                guard let status = try? life.live(line.event) else { break }
                if disk.hasStopped {
                    #expect(status == 0x6581, "step \(step), \(line.event.line)")
                    // Nor does it take anything more.
                    let again = try? life.live(line.event)
                    #expect(again == 0x6581 || again == 0x6984, "step \(step), \(line.event.line)")
                    break
                }
            }
            #expect(disk.hasStopped)
        }
    }

    // MARK: - Making every disk that a crash could leave

    /// Looks at what is found after a crash before each step, within each write, and at the end.
    private func tear(
        _ lived: Lived,
        _ loss: Loss,
        from first: Int = 0,
        leavingOut: (Int, DiskStep) -> Bool = { _, _ in false },
        found: (ForgetfulDisk.Crash, Finding) -> Void,
        until isEnough: () -> Bool = { false }
    ) {
        var image = DiskImage()
        for step in 0...lived.log.count {
            let next = step < lived.log.count ? lived.log[step] : nil
            if step >= first {
                let possible = lived.chronicle.possible(at: step)
                var last: (content: [UInt8]?, finding: Finding)?
                for bytes in Self.cuts(next?.length ?? 0) {
                    if isEnough() { return }
                    var cut = image
                    if let next, bytes > 0 { cut.apply(next, bytes: bytes) }
                    let left = cut.left(loss)
                    // Most cuts leave the card's own file as the cut before did, and nothing else is looked at.
                    let content = left.names[Self.path].map { left.contents[$0].bytes }
                    let finding: Finding
                    if let last, last.content == content {
                        finding = last.finding
                    } else {
                        finding = possible.examine(Self.path, on: ForgetfulDisk(left), goingOn: bytes % 128 == 0)
                    }
                    last = (content, finding)
                    found(.init(step: step, bytes: bytes), finding)
                }
            }
            if let next, !leavingOut(step, next) { image.apply(next) }
        }
    }

    /// Before the step, and after each byte of a write that is tried, the last included.
    private static func cuts(_ length: Int) -> [Int] {
        if length == 0 { return [0] }
        if isLong { return Array(0...length) }
        return Array(stride(from: 0, to: length, by: length / 3)) + [length - 1, length]
    }
}

/// What was found, counted.
struct Tally {
    private let name: String
    private(set) var looks = 0
    private(set) var broken = 0
    private(set) var absent = 0
    private(set) var old = 0
    private(set) var newer = 0

    init(_ name: String) { self.name = name }

    mutating func count(_ finding: Finding) {
        looks += 1
        switch finding {
        case .broken: broken += 1
        case .absent: absent += 1
        case .state(0): old += 1
        case .state: newer += 1
        }
    }

    /// A line that a soak adds up.
    func tell() {
        guard Soak.rounds(0) > 0 else { return }
        Soak.say(
            "soak: \(name): \(looks) crashes (old \(old), newer \(newer), no card yet \(absent)), \(broken) broken"
        )
    }
}
