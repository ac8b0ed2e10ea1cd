/// A command for a card (ISO/IEC 7816-4, 5.1): header, data, and how much of an answer is wanted.
public struct CommandAPDU: Hashable, Sendable {
    public var cla: UInt8
    public var ins: UInt8
    public var p1: UInt8
    public var p2: UInt8
    public var data: [UInt8]
    /// Most bytes of response data the sender will take, 1–65,536; `nil` when it wants none.
    public var le: Int?
    /// Whether the lengths are written in three bytes; forced where they do not fit one.
    public var extended: Bool

    public init(
        cla: UInt8 = 0x00,
        ins: UInt8,
        p1: UInt8 = 0x00,
        p2: UInt8 = 0x00,
        data: [UInt8] = [],
        le: Int? = nil,
        extended: Bool = false
    ) {
        self.cla = cla
        self.ins = ins
        self.p1 = p1
        self.p2 = p2
        self.data = data
        self.le = le
        self.extended = extended || data.count > 255 || (le ?? 0) > 256
    }

    /// Reads a command off the wire: all four cases, short and extended.
    ///
    /// Throws ``MalformedCommand`` when the lengths inside do not add up to the bytes that are there; the header is kept
    /// in the error because a card looks at the class and the instruction before it looks at the length.
    public init(parsing bytes: [UInt8]) throws(MalformedCommand) {
        guard bytes.count >= 4 else { throw MalformedCommand(header: nil) }
        cla = bytes[0]
        ins = bytes[1]
        p1 = bytes[2]
        p2 = bytes[3]
        data = []
        le = nil
        extended = false
        let malformed = MalformedCommand(header: Header(cla: cla, ins: ins, p1: p1, p2: p2))
        if bytes.count == 4 { return }
        if bytes.count == 5 {
            le = bytes[4] == 0 ? 256 : Int(bytes[4])
        } else if bytes[4] != 0 {
            let lc = Int(bytes[4])
            guard bytes.count == 5 + lc || bytes.count == 6 + lc else { throw malformed }
            data = Array(bytes[5..<(5 + lc)])
            if bytes.count == 6 + lc { le = bytes[5 + lc] == 0 ? 256 : Int(bytes[5 + lc]) }
        } else {
            guard bytes.count >= 7 else { throw malformed }
            extended = true
            let first = Int(bytes[5]) << 8 | Int(bytes[6])
            if bytes.count == 7 {
                le = first == 0 ? 65_536 : first
                return
            }
            guard first > 0, bytes.count == 7 + first || bytes.count == 9 + first else { throw malformed }
            data = Array(bytes[7..<(7 + first)])
            if bytes.count == 9 + first {
                let last = Int(bytes[7 + first]) << 8 | Int(bytes[8 + first])
                le = last == 0 ? 65_536 : last
            }
        }
    }

    /// CLA, INS, P1 and P2 alone.
    public struct Header: Hashable, Sendable {
        public let cla, ins, p1, p2: UInt8

        public init(cla: UInt8, ins: UInt8, p1: UInt8, p2: UInt8) {
            self.cla = cla
            self.ins = ins
            self.p1 = p1
            self.p2 = p2
        }
    }

    /// The command as it goes over the wire.
    public var bytes: [UInt8] {
        var out = [cla, ins, p1, p2]
        if extended {
            out.append(0)
            if !data.isEmpty { out += [UInt8(data.count >> 8 & 0xFF), UInt8(data.count & 0xFF)] + data }
            if let le { out += [UInt8(le >> 8 & 0xFF), UInt8(le & 0xFF)] }
            if data.isEmpty, le == nil { out.removeLast() }
        } else {
            if !data.isEmpty { out += [UInt8(data.count)] + data }
            if let le { out.append(UInt8(le & 0xFF)) }
        }
        return out
    }
}

/// The lengths inside a command do not add up to the bytes that are there.
public struct MalformedCommand: Error, Hashable, Sendable {
    /// What could be read: `nil` when there were fewer than four bytes.
    public let header: CommandAPDU.Header?

    public init(header: CommandAPDU.Header?) { self.header = header }
}
