import CardKeys
import CardProfiles
public import CardStorage
public import CardTesting
import Glibc
public import VirtualCard

/// A card in a file on a disk, and what happens to it, with a chronicle of it.
///
/// The same events, lived with the same seed on two disks, make the same card: what one of them acknowledged can be looked
/// for in the other.
public final class CardLife {
    public typealias Card = VirtualCard<FakeCryptography>

    public let path: String
    public private(set) var chronicle = Chronicle()
    private let disk: any NumberedDisk
    private let cryptography: FakeCryptography
    private var file: CardFile?
    private var card: Card?

    /// No secret: it opens the files of these tests.
    public static let storageKey = (0..<32).map { UInt8($0) ^ 0x3C }

    /// `state`: what the card is that is there already, to be opened by ``CardEvent/powerOff``.
    public init(at path: String, on disk: any NumberedDisk, seed: UInt64 = 1, from state: [UInt8]? = nil) {
        self.path = path
        self.disk = disk
        cryptography = FakeCryptography(seed: seed)
        guard let state else { return }
        chronicle.begins(state, at: 0)
        chronicle.ends(at: 0)
    }

    /// Lives through one event and notes its end; gives the card's status word, or 9000 for what is no command.
    ///
    /// Throws what the disk throws; the life is over then.
    @discardableResult
    public func live(_ event: CardEvent) throws -> UInt16 {
        let status = try carryOut(event)
        chronicle.answered(event, status, at: disk.steps)
        return status
    }

    private func carryOut(_ event: CardEvent) throws -> UInt16 {
        switch event {
        case .make(let contents, let replacing):
            file = nil
            let changes = try Self.changes(contents)
            let state = try CardState(.plastic, replaying: changes, using: cryptography)
            chronicle.begins(try Self.encoded(state), at: disk.steps)
            try CardFile.create(
                at: path,
                Self.header,
                changes,
                storageKey: Self.storageKey,
                replacing: replacing,
                on: disk
            )
            chronicle.ends(at: disk.steps)
            try open()
        case .command(let bytes):
            return try send(bytes).status
        case .authenticateTerminal:
            let challenge = try send([0x00, 0x84, 0x00, 0x00, 0x10])
            guard challenge.status == 0x9000 else { return challenge.status }
            return try send(commandBytes([0x00, 0x82, 0x00, 0x00], hmac(SampleContents.terminalKey, challenge.data)))
                .status
        case .shorten:
            guard let card, let file else { throw NoCard() }
            try file.compact(try card.state.changes())
        case .powerOff:
            try open()
        }
        return 0x9000
    }

    private func open() throws {
        file = nil
        let opened = try Self.open(path, on: disk)
        let state = try CardState(.plastic, replaying: opened.changes, using: cryptography)
        card = Card(state, cryptography: cryptography)
        file = opened
    }

    private func send(_ command: [UInt8]) throws -> Answer {
        guard var card, let file else { throw NoCard() }
        var store = Recorder(file: file, life: self, state: card.state)
        let answer = card.respond(to: command, committingTo: &store)
        self.card = card
        return Answer(answer)
    }

    fileprivate func begins(_ state: CardState<FakeCryptography>) throws {
        chronicle.begins(try Self.encoded(state), at: disk.steps)
    }

    fileprivate func ends() { chronicle.ends(at: disk.steps) }
}

/// There is no card yet that could be sent a command.
public struct NoCard: Error {}

// MARK: - What it is made of

extension CardLife {
    /// Opens a file that nobody is meant to have open.
    ///
    /// A process that another test starts meanwhile inherits every open file for the instant before it becomes its
    /// program, and with it the lock of one that was closed here; so "in use" is asked again for a while.
    public static func open(_ path: String, on disk: any CardDisk) throws(CardFileError) -> CardFile {
        let end = ContinuousClock.now + .seconds(5)
        while true {
            do throws(CardFileError) {
                return try CardFile(opening: path, storageKey: storageKey, on: disk)
            } catch .inUse(let path) {
                guard ContinuousClock.now < end else { throw .inUse(path: path) }
                sched_yield()
            }
        }
    }

    public static func state(_ file: CardFile) throws -> CardState<FakeCryptography> {
        try CardState(.plastic, replaying: file.changes, using: FakeCryptography())
    }

    public static func encoded(_ state: CardState<FakeCryptography>) throws -> [UInt8] {
        try state.changes().flatMap(\.encoded)
    }

    fileprivate static func changes(_ contents: CardEvent.Contents) throws -> [Change] {
        switch contents {
        case .blank: []
        case .small: try small.get()
        case .whole: try whole.get()
        }
    }

    private static let whole = Result {
        try makeCard(.plastic, using: FakeCryptography(seed: 0)).card.state.changes()
    }

    private static let small = Result {
        let cryptography = FakeCryptography(seed: 0)
        var dialogue = CardDialogue(Card(CardState(blank: .plastic), cryptography: cryptography))
        for command in Lives.personalization { dialogue.send(command) }
        return try dialogue.card.state.changes()
    }

    private static let header = CardHeader(
        kind: .plastic,
        persona: "adult",
        serial: "800000000000001",
        expiry: "20360331",
        atr: [0x3B, 0x00],
        madeAt: 1_795_472_390,
        certificates: [],
        protection: .keyFile,
        salt: [UInt8](repeating: 3, count: 16)
    )
}

/// Passes commits on and notes when they begin and end, and what the card becomes by them.
private struct Recorder: CardStore {
    var file: CardFile
    let life: CardLife
    var state: CardState<FakeCryptography>

    mutating func commit(_ changes: [Change]) throws(StoreFailure) {
        do {
            for change in changes { try state.apply(change, using: FakeCryptography()) }
            try life.begins(state)
        } catch {
            throw StoreFailure()
        }
        try file.commit(changes)
        life.ends()
    }
}
