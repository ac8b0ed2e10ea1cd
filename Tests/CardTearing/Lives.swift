public import CardTesting

/// Lives that cards are torn in: a written one with everything that writes, and random ones.
public enum Lives {
    private static let wrong = Array("9999".utf8)
    private static let wrongPassword = Array("WRONG9".utf8)
    private static let changed = Array("4321".utf8)
    private static let unblocked = Array("5678".utf8)
    private static let newPassword = Array("NEW456".utf8)

    /// Every value that the lives give to a PIN or password, by P2 of VERIFY, and one that they never do.
    public static func candidates(_ value: UInt8) -> [[UInt8]] {
        value == 0x98
            ? [SampleContents.pin, changed, unblocked, wrong] : [SampleContents.password, newPassword, wrongPassword]
    }

    public static let selectJPKI = commandBytes([0x00, 0xA4, 0x04, 0x0C], SampleContents.jpkiAID)
    /// A value stored into a card that is not closed.
    public static let mark = commandBytes([0x80, 0xE2, 0x01, 0x00], [0x00, 0x66, 0x4D])

    public static func verify(_ value: UInt8, _ bytes: [UInt8]) -> [UInt8] {
        commandBytes([0x00, 0x20, 0x00, value], bytes)
    }

    private static func select(_ file: UInt8) -> [UInt8] {
        commandBytes([0x00, 0xA4, 0x02, 0x0C], [0x00, file])
    }

    private static func store(_ file: UInt8, _ bytes: [UInt8]) -> [[UInt8]] {
        [select(file), commandBytes([0x80, 0xE2, 0x00, 0x80], bytes)]
    }

    private static func generateKey(_ file: UInt8) -> [[UInt8]] {
        [select(file), [0x00, 0x47, 0x00, 0x80, 0x00, 0x00, 0x00]]
    }

    /// Fills a blank card with what fits commits of 512 bytes, and closes it.
    static let personalization: [[UInt8]] = filling + [[0x80, 0xF0, 0x80, 0x0F]]

    private static let filling: [[UInt8]] =
        [
            commandBytes([0x80, 0xE2, 0x01, 0x00], [0x00, 0x45] + Array("SIM0123456789".utf8)),
            commandBytes([0x80, 0xE2, 0x02, 0x00], SampleContents.terminalKey),
            commandBytes([0x00, 0xA4, 0x04, 0x0C], SampleContents.commonAID),
        ] + store(0x01, SampleContents.commonSerialRecord) + store(0x02, SampleContents.keyIDRecord) + [selectJPKI]
        + generateKey(0x17) + generateKey(0x1A) + store(0x06, Array(SampleContents.certificate(156, seed: 5)))
        + store(0x08, [0x8F, 0x8F, 0x00]) + store(0x16, FakeKey(seed: 77).modulus) + store(0x18, SampleContents.pin)
        + store(0x1B, SampleContents.password)
}

// MARK: - The written life

extension Lives {
    /// An event and the status word it must be answered with.
    public struct Line: Hashable, Sendable {
        public let event: CardEvent
        public let status: UInt16
    }

    /// A card is made blank, filled by commands, shortened, closed and used; then a whole one is put in its place and
    /// used until both its values are blocked, which a terminal undoes.
    public static let written: [Line] =
        lines(.make(.blank, replacing: false)) + filling.map(done) + lines(.shorten)
        + [done([0x80, 0xF0, 0x80, 0x0F])] + lines(.powerOff) + spending + lines(.make(.whole, replacing: true))
        + spending + blocking + unblocking

    private static func lines(_ events: CardEvent...) -> [Line] { events.map { Line(event: $0, status: 0x9000) } }
    private static func done(_ command: [UInt8]) -> Line { Line(event: .command(command), status: 0x9000) }
    private static func pin(_ bytes: [UInt8], _ status: UInt16) -> Line {
        Line(event: .command(verify(0x98, bytes)), status: status)
    }
    private static func password(_ bytes: [UInt8], _ status: UInt16) -> Line {
        Line(event: .command(verify(0x9B, bytes)), status: status)
    }

    private static let spending: [Line] =
        [
            done(selectJPKI), pin(wrong, 0x63C2), pin(SampleContents.pin, 0x9000), pin(wrong, 0x63C2),
            pin(wrong, 0x63C1),
        ] + lines(.shorten) + [
            pin(SampleContents.pin, 0x9000),
            // The value is changed, and the old one is wrong from then on.
            done(select(0x18)), done(commandBytes([0x00, 0x24, 0x01, 0x98], changed)),
            pin(SampleContents.pin, 0x63C2),
        ] + lines(.powerOff) + [done(selectJPKI), pin(changed, 0x9000)]

    /// The password is spent, and stays blocked for the right one too, in a shortened file as well; then the PIN.
    private static let blocking: [Line] =
        [password(wrongPassword, 0x63C4), password(wrongPassword, 0x63C3), password(wrongPassword, 0x63C2)]
        + lines(.powerOff) + [done(selectJPKI), password(wrongPassword, 0x63C1), password(wrongPassword, 0x63C0)]
        + [password(SampleContents.password, 0x6984)] + lines(.shorten, .powerOff)
        + [done(selectJPKI), password(SampleContents.password, 0x6984), pin(wrong, 0x63C2), pin(wrong, 0x63C1)]
        + lines(.powerOff) + [done(selectJPKI), pin(wrong, 0x63C0), pin(changed, 0x6984)]

    /// A new PIN, the old password's tries, then a new password.
    private static let unblocking: [Line] =
        lines(.authenticateTerminal) + [
            done(commandBytes([0x00, 0x2C, 0x02, 0x98], unblocked)), pin(changed, 0x63C2), pin(unblocked, 0x9000),
            done([0x00, 0x2C, 0x03, 0x9B]), password(wrongPassword, 0x63C4),
            password(SampleContents.password, 0x9000), done(commandBytes([0x80, 0x54, 0x00, 0x9B], newPassword)),
            password(SampleContents.password, 0x63C4),
        ] + lines(.powerOff) + [done(selectJPKI), password(newPassword, 0x9000)]
}

// MARK: - Random lives

extension Lives {
    /// Events for a card that is there, or, `fromNothing`, first its making.
    public static func random(_ count: Int, fromNothing: Bool, _ dice: inout SeededGenerator) -> [CardEvent] {
        var events: [CardEvent] = []
        if fromNothing { events += making(replacing: false, &dice) }
        events += [.powerOff, .command(selectJPKI)]
        while events.count < count { events += next(&dice) }
        return events
    }

    private static func making(replacing: Bool, _ dice: inout SeededGenerator) -> [CardEvent] {
        switch dice.below(6) {
        case 0: [.make(.blank, replacing: replacing)] + personalization.map(CardEvent.command)
        case 1: [.make(.whole, replacing: replacing)]
        default: [.make(.small, replacing: replacing)]
        }
    }

    private static func next(_ dice: inout SeededGenerator) -> [CardEvent] {
        let value = dice.one(of: ToldTries.values)
        let bytes = dice.one(of: candidates(value))
        switch dice.below(100) {
        case ..<55: return [.command(verify(value, bytes))]
        // With the present value before it, so that it is done now and then.
        case ..<65:
            let old = dice.one(of: candidates(value))
            return [.command(verify(value, old)), .command(commandBytes([0x00, 0x24, 0x01, value], bytes))]
        case ..<72: return [.authenticateTerminal, .command(commandBytes([0x00, 0x2C, 0x02, value], bytes))]
        case ..<76: return [.authenticateTerminal, .command(commandBytes([0x80, 0x54, 0x00, value], bytes))]
        case ..<80: return [.authenticateTerminal, .command([0x00, 0x2C, 0x03, value])]
        case ..<88: return [.shorten]
        case ..<96: return [.powerOff, .command(selectJPKI)]
        default: return making(replacing: true, &dice) + [.command(selectJPKI)]
        }
    }
}
