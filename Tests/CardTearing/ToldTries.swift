/// How many tries a terminal has been told are left, by nothing but commands and answers: no card may have more of them
/// afterwards, unless a command that gives them back was under way.
public struct ToldTries: Hashable, Sendable {
    /// The two values of JPKI that the lives play with, by P2 of VERIFY.
    public static let values: [UInt8] = [0x98, 0x9B]

    /// What was told last; no entry when all tries may be there.
    public private(set) var left: [UInt8: Int] = [:]

    public init() {}

    public mutating func hear(_ event: CardEvent, _ status: UInt16) {
        mayBecome(event, status)
        guard let (instruction, value) = Self.target(event), instruction == 0x20 else { return }
        if status & 0xFFF0 == 0x63C0 { left[value] = Int(status & 0xF) }
        if status == 0x6984 { left[value] = 0 }
    }

    /// Forgets what this event may have given back; `nil` when nobody knows how it would have been answered.
    public mutating func mayBecome(_ event: CardEvent, _ status: UInt16?) {
        guard status == 0x9000 || status == nil else { return }
        if case .make = event { left = [:] }
        if let (_, value) = Self.target(event) { left[value] = nil }
    }

    private static func target(_ event: CardEvent) -> (instruction: UInt8, value: UInt8)? {
        guard case .command(let bytes) = event, bytes.count >= 4, values.contains(bytes[3]),
            [0x20, 0x24, 0x2C, 0x54].contains(bytes[1])
        else { return nil }
        return (bytes[1], bytes[3])
    }
}
