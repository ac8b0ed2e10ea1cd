import CardKeys
import CardProfiles
import CardStorage
import CardTesting
import ForeignTools
import SmartCard
import Testing
import VirtualCard

/// A card is torn out, or its machine loses power, at every step of its file's life; what it then says is compared with
/// what it had answered.
@Suite struct `A card torn at any step` {
    /// Whether a block is cut at each of its bytes, and a whole file at every seventh, or each at a few.
    static let isLong = Soak.rounds(0) > 0

    @Test(arguments: ForgetfulDisk.Loss.allCases)
    func `is old or new, never mixed, and gives no try back`(loss: ForgetfulDisk.Loss) throws {
        let whole = try CardLife(ForgetfulDisk())
        try whole.live()
        #expect(whole.disk.steps > 40)
        for step in 0..<whole.disk.steps {
            let length = whole.disk.writes[step] ?? 1
            for bytes in Self.cuts(length) { try tear(at: .init(step: step, bytes: bytes), loss) }
        }
    }

    @Test func `is found out when its disk keeps nothing`() throws {
        // The same check, on a disk whose fsync does nothing, has to fail.
        let whole = try CardLife(ForgetfulDisk(ignoresSync: true))
        try whole.live()
        var lost = 0
        for step in 0..<whole.disk.steps {
            let life = try CardLife(ForgetfulDisk(ignoresSync: true))
            life.disk.stop(at: .init(step: step))
            try? life.live()
            if (try? life.verdict(after: .everything)) != .some(nil) { lost += 1 }
        }
        #expect(lost > whole.disk.steps / 2)
    }

    private func tear(at crash: ForgetfulDisk.Crash, _ loss: ForgetfulDisk.Loss) throws {
        let life = try CardLife(ForgetfulDisk())
        life.disk.stop(at: crash)
        try? life.live()
        #expect(life.disk.hasStopped)
        let verdict = try life.verdict(after: loss)
        #expect(verdict == nil, "step \(crash.step), byte \(crash.bytes), \(loss)")
    }

    /// Before the write, after each byte of it that is tried, and after its last.
    private static func cuts(_ length: Int) -> [Int] {
        if length == 1 { return [0] }
        let stride = isLong ? (length > 512 ? 7 : 1) : length / 3
        return Array(Swift.stride(from: 0, to: length, by: stride)) + [length - 1, length]
    }
}

/// A card on a disk, the commands of a life, and what it answered until the disk stopped.
final class CardLife {
    typealias Card = VirtualCard<FakeCryptography>

    let disk: ForgetfulDisk
    /// Every state that the card has been in.
    private var past: Set<[UInt8]> = []
    /// The states in one of which the card has to be found: two only while a commit has begun and not returned.
    private var possible: [[UInt8]] = []
    private var isMade = false
    private let sample: SampleCard<FakeCryptography>

    init(_ disk: ForgetfulDisk) throws {
        self.disk = disk
        sample = try SampleCards.fast()
    }

    static let path = "/a.card"

    /// Makes the card, spends tries, changes a PIN, blocks one, shortens the file, goes on.
    func live() throws {
        let changes = try sample.card.state.changes()
        let first = try encoded(sample.card.state)
        possible = [first]
        try CardFile.create(at: Self.path, Sample.header(), changes, storageKey: Sample.key, replacing: false, on: disk)
        isMade = true
        past = [first]
        var file = try CardFile(opening: Self.path, storageKey: Sample.key, on: disk)
        var card = sample.card
        for event in Self.life {
            switch event {
            case .command(let command, let status):
                var store = Recorder(file: file, life: self, card: card, cryptography: sample.cryptography)
                let answer = Answer(card.respond(to: command, committingTo: &store))
                guard !disk.hasStopped else { return }
                #expect(answer.status == status)
                has(become: try encoded(card.state))
            case .shorten:
                try file.compact(try card.state.changes())
            case .powerOff:
                card.powerOff()
                file = try CardFile(opening: Self.path, storageKey: Sample.key, on: disk)
            }
        }
    }

    /// What is wrong with the card that is found after the crash; `nil` if nothing is.
    func verdict(after loss: ForgetfulDisk.Loss) throws -> String? {
        let found = disk.recovered(loss)
        guard found.exists(Self.path) else { return isMade ? "the card is gone" : nil }
        let file: CardFile
        do throws(CardFileError) {
            file = try CardFile(opening: Self.path, storageKey: Sample.key, on: found)
        } catch {
            return "the file does not open: \(error)"
        }
        let state = try CardState(.plastic, replaying: file.changes, using: sample.cryptography)
        let bytes = try encoded(state)
        if possible.contains(bytes) {
            // And it goes on from there.
            var store = file
            var card = Card(state, cryptography: sample.cryptography)
            let selected = Answer(card.respond(to: Self.jpki, committingTo: &store))
            return selected.status == 0x9000 ? nil : "the card does not go on"
        }
        return past.contains(bytes) ? "an older state came back" : "the state is a mixture"
    }

    fileprivate func mayBecome(_ state: [UInt8]) { possible.append(state) }
    fileprivate func has(become state: [UInt8]) {
        past.formUnion(possible)
        possible = [state]
    }

    fileprivate func encoded(_ state: CardState<FakeCryptography>) throws -> [UInt8] {
        try state.changes().flatMap(\.encoded)
    }

    // MARK: - The life

    private enum Event {
        case command([UInt8], UInt16)
        case shorten
        case powerOff
    }

    private static let wrong = Array("9999".utf8)
    private static let changed = Array("4321".utf8)
    private static let jpki = commandBytes([0x00, 0xA4, 0x04, 0x0C], SampleContents.jpkiAID)

    private static func verify(_ file: UInt8, _ value: [UInt8], _ status: UInt16) -> Event {
        .command(commandBytes([0x00, 0x20, 0x00, 0x80 | file], value), status)
    }

    private static func select(_ file: UInt8) -> Event {
        .command(commandBytes([0x00, 0xA4, 0x02, 0x0C], [0x00, file]), 0x9000)
    }

    private static let life: [Event] = [
        .command(jpki, 0x9000), verify(0x18, wrong, 0x63C2), verify(0x18, SampleContents.pin, 0x9000),
        verify(0x18, wrong, 0x63C2), verify(0x18, wrong, 0x63C1), .shorten, verify(0x18, SampleContents.pin, 0x9000),
        // The value is changed, and the old one is wrong from then on.
        select(0x18), .command(commandBytes([0x00, 0x24, 0x01, 0x98], changed), 0x9000),
        verify(0x18, SampleContents.pin, 0x63C2), .powerOff, .command(jpki, 0x9000), verify(0x18, changed, 0x9000),
        // The password is spent, and stays blocked for the right one too, in a shortened file as well.
        verify(0x1B, wrong, 0x63C4), verify(0x1B, wrong, 0x63C3), verify(0x1B, wrong, 0x63C2), .powerOff,
        .command(jpki, 0x9000), verify(0x1B, wrong, 0x63C1), verify(0x1B, wrong, 0x63C0),
        verify(0x1B, SampleContents.password, 0x6984), .shorten, .powerOff, .command(jpki, 0x9000),
        verify(0x1B, SampleContents.password, 0x6984), verify(0x18, wrong, 0x63C2), verify(0x18, wrong, 0x63C1),
        .powerOff, .command(jpki, 0x9000), verify(0x18, wrong, 0x63C0), verify(0x18, changed, 0x6984),
    ]
}

/// Passes commits on and notes what the card may have become when the disk stops within one.
private struct Recorder: CardStore {
    var file: CardFile
    let life: CardLife
    var state: CardState<FakeCryptography>
    let cryptography: FakeCryptography

    init(file: CardFile, life: CardLife, card: CardLife.Card, cryptography: FakeCryptography) {
        self.file = file
        self.life = life
        state = card.state
        self.cryptography = cryptography
    }

    mutating func commit(_ changes: [Change]) throws(StoreFailure) {
        for change in changes {
            do { try state.apply(change, using: cryptography) } catch { throw StoreFailure() }
        }
        // Once the commit has begun either state may be found; once it has returned, only the new one.
        if let bytes = try? life.encoded(state) { life.mayBecome(bytes) }
        try file.commit(changes)
        if let bytes = try? life.encoded(state) { life.has(become: bytes) }
    }
}
