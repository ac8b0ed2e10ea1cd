/// What the virtual reader's driver says to a card (vsmartcard, vpcd; the frame is a 16-bit big-endian length and that many
/// bytes, the same both ways).
public enum VPCDMessage: Hashable, Sendable {
    case powerOff
    case powerOn
    case reset
    /// Wants the answer to reset as its one answer.
    case answerToReset
    /// Wants exactly one answer of at least two bytes.
    case command([UInt8])
}

/// Takes bytes as they come off the socket, split or joined anywhere, and gives messages.
///
/// A frame of one byte is a control message if its value is one; any other one-byte frame is a (hopeless) command, which
/// vpcd expects to be answered. Empty frames are passed over.
public struct VPCDDecoder: Sendable {
    private var buffer: [UInt8] = []
    private var start = 0

    /// A frame at its longest, with its length.
    private static let longestFrame = 65_537

    public init() {}

    /// Bytes in memory, those of messages that were given out already among them.
    public var heldBytes: Int { buffer.count }

    public mutating func append(_ bytes: ArraySlice<UInt8>) {
        // A reader that never stops at the end of a frame must not fill the memory with frames long done.
        if start == buffer.count || start >= Self.longestFrame {
            buffer.removeFirst(start)
            start = 0
        }
        buffer += bytes
    }

    /// The next whole message; `nil` until more bytes have come.
    public mutating func next() -> VPCDMessage? {
        while buffer.count - start >= 2 {
            let length = Int(buffer[start]) << 8 | Int(buffer[start + 1])
            guard buffer.count - start >= 2 + length else { return nil }
            let frame = buffer[(start + 2)..<(start + 2 + length)]
            start += 2 + length
            switch (length, frame.first) {
            case (0, _): continue
            case (1, 0x00): return .powerOff
            case (1, 0x01): return .powerOn
            case (1, 0x02): return .reset
            case (1, 0x04): return .answerToReset
            default: return .command(Array(frame))
            }
        }
        return nil
    }

    /// A card's answer as a frame, header and body in one piece.
    public static func frame(_ answer: [UInt8]) -> [UInt8] {
        [UInt8(answer.count >> 8 & 0xFF), UInt8(answer.count & 0xFF)] + answer
    }
}
