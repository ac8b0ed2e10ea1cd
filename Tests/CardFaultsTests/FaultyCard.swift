import CardFaults
import SmartCard

/// A card of one file, with faults before it: what a reader meets, and what the card itself was asked.
struct FaultyCard {
    var faults: CardFaults
    /// The file's bytes, which count up from 0.
    let content: [UInt8]
    private(set) var asked: [[UInt8]] = []

    init(_ names: String..., size: Int = 300) {
        faults = CardFaults(names.compactMap { CardFault(parsing: $0) })
        content = (0..<size).map { UInt8(truncatingIfNeeded: $0) }
    }

    mutating func meet(_ command: Hex) -> CardFaults.Reaction {
        var asked: [[UInt8]] = []
        let content = content
        defer { self.asked += asked }
        return faults.respond(to: command.bytes) { command in
            asked.append(command)
            return Self.answer(command, content)
        }
    }

    /// The answer's bytes in hexadecimal; what is none in words.
    mutating func send(_ command: Hex) -> String {
        let reaction = meet(command)
        let late = reaction.milliseconds == 0 ? "" : "after \(reaction.milliseconds) "
        switch reaction.outcome {
        case .answer(let bytes): return late + Hex(bytes).description
        case .garbage(let bytes): return late + "garbage " + Hex(bytes).description
        case .tornOut: return late + "torn out"
        }
    }

    /// READ BINARY and GET DATA of one file, READ RECORD of one record, VERIFY, GET CHALLENGE; else 6D00.
    private static func answer(_ command: [UInt8], _ content: [UInt8]) -> [UInt8] {
        guard let apdu = try? CommandAPDU(parsing: command) else { return [0x67, 0x00] }
        let offset = Int(apdu.p1) << 8 | Int(apdu.p2)
        switch (apdu.ins, apdu.le) {
        case (0xB0, let le?):
            guard offset < content.count else { return [0x6B, 0x00] }
            return content[offset...].prefix(le) + [0x90, 0x00]
        case (0xB2, let le?): return content.prefix(le) + [0x90, 0x00]
        case (0xCA, let le?): return content.count > le ? [0x67, 0x00] : content + [0x90, 0x00]
        case (0x20, _): return [0x63, 0xC2]
        case (0x84, let le?): return [UInt8](repeating: 0x5A, count: le) + [0x90, 0x00]
        default: return [0x6D, 0x00]
        }
    }
}

/// Commands the tests send.
enum Ask {
    static let challenge: Hex = "00840000 03"
    static let nonsense: Hex = "00FF0000"
    static let tries: Hex = "00200080"
    static let verify: Hex = "00200080 04 31323334"
    static let securedVerify: Hex = "08200080 02 8600"
    static let whole: Hex = "00B00000 00"
}
