/// What a card says when it is powered (ISO/IEC 7816-3, 8; for contactless readers PC/SC part 3, 3.1.3.2.3).
public enum AnswerToReset {
    /// What a contactless reader makes up for something that says nothing of itself: phones that emulate a card, and
    /// cards without historical bytes (PC/SC part 3, 3.1.3.2.3.1: 3B 80 80 01 01).
    public static let bareContactless: [UInt8] = [0x3B, 0x80, 0x80, 0x01, 0x01]

    /// What a contactless reader makes up for a My Number Card (pcsc-tools, OpenSC).
    public static let contactless: Hex = "3B 88 80 01 00 00 41 E0 B3 81 A1 00 3B"

    /// The contact interface: T=1, IFSC 254, no historical bytes; the one value in OpenSC's table.
    public static let contact: Hex = "3B E0 00 FF 81 31 FE 45 14"

    /// Whether the last byte makes the exclusive or of all after the first zero, as T=1 demands.
    public static func hasRightChecksum(_ atr: [UInt8]) -> Bool {
        atr.count > 2 && atr.dropFirst().reduce(0, ^) == 0
    }
}
