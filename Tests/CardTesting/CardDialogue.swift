public import CardCryptography
import CardKeys
public import SmartCard
public import VirtualCard

/// A card, a store that remembers what was committed, and a terminal's way of talking to both.
public struct CardDialogue<Cryptography: CardCryptography>: Sendable {
    public var card: VirtualCard<Cryptography>
    public var store = JournalStore()

    public init(_ card: VirtualCard<Cryptography>) { self.card = card }

    /// Sends one command and takes the answer apart.
    @discardableResult
    public mutating func send(_ command: [UInt8]) -> Answer { Answer(card.respond(to: command, committingTo: &store)) }

    @discardableResult
    public mutating func send(_ command: Hex) -> Answer { send(command.bytes) }

    /// A command with data after a four-byte header, in extended form where it must be.
    @discardableResult
    public mutating func send(_ header: Hex, _ data: [UInt8], le: Int? = nil) -> Answer {
        send(commandBytes(header, data, le: le))
    }

    public mutating func select(_ aid: [UInt8]) -> Answer { send("00 A4 04 0C", aid) }

    public mutating func select(_ file: UInt16) -> Answer {
        send("00 A4 02 0C", [UInt8(file >> 8), UInt8(file & 0xFF)])
    }

    public mutating func verify(_ file: UInt16, _ value: [UInt8]) -> Answer {
        send(commandBytes([0x00, 0x20, 0x00, 0x80 | UInt8(file & 0x1F)], value))
    }

    public mutating func triesLeft(_ file: UInt16) -> UInt16 {
        send([0x00, 0x20, 0x00, 0x80 | UInt8(file & 0x1F)]).status
    }

    /// The whole file in one extended read.
    public mutating func read(_ file: UInt16) -> Answer { send([0x00, 0xB0, 0x80 | UInt8(file & 0x1F), 0, 0, 0, 0]) }

    /// GET CHALLENGE and EXTERNAL AUTHENTICATE under a terminal key.
    public mutating func authenticateTerminal(_ key: [UInt8] = SampleContents.terminalKey) -> Answer {
        let challenge = send("00 84 00 00 10").data
        return send("00 82 00 00", hmac(key, challenge))
    }
}

/// What a card answered.
public struct Answer: Hashable, Sendable, CustomStringConvertible {
    public let data: [UInt8]
    public let status: UInt16

    public init(_ bytes: [UInt8]) {
        guard bytes.count >= 2 else {
            data = bytes
            status = 0
            return
        }
        data = Array(bytes.dropLast(2))
        status = UInt16(bytes[bytes.count - 2]) << 8 | UInt16(bytes[bytes.count - 1])
    }

    public var description: String {
        let shown =
            data.count > 40 ? Hex(Array(data.prefix(16))).description + "…(\(data.count))" : Hex(data).description
        return "\(shown) \(Hex([UInt8(status >> 8), UInt8(status & 0xFF)]))"
    }
}

/// A store that keeps a list, and fails when it is told to.
public struct JournalStore: CardStore, Sendable {
    public var commits: [[Change]] = []
    /// How many further commits succeed; `nil` for all.
    public var successesLeft: Int?

    public init() {}

    public mutating func commit(_ changes: [Change]) throws(StoreFailure) {
        if let left = successesLeft {
            guard left > 0 else { throw StoreFailure() }
            successesLeft = left - 1
        }
        commits.append(changes)
    }
}

/// A command on the wire, written independently of the project's own writer.
public func commandBytes(_ header: Hex, _ data: [UInt8], le: Int? = nil) -> [UInt8] {
    commandBytes(header.bytes, data, le: le)
}

public func commandBytes(_ header: [UInt8], _ data: [UInt8], le: Int? = nil) -> [UInt8] {
    precondition(header.count == 4)
    let isExtended = data.count > 255 || (le ?? 0) > 256
    var out = header
    if isExtended {
        out.append(0)
        if !data.isEmpty { out += [UInt8(data.count >> 8), UInt8(data.count & 0xFF)] + data }
        if let le { out += [UInt8(le >> 8 & 0xFF), UInt8(le & 0xFF)] }
    } else {
        if !data.isEmpty { out += [UInt8(data.count)] + data }
        if let le { out.append(UInt8(le & 0xFF)) }
    }
    return out
}

/// HMAC-SHA-256, by the library the tests trust.
public func hmac(_ key: [UInt8], _ message: [UInt8]) -> [UInt8] {
    guard let code = try? OpenSSLCryptography().hmacSHA256(key: key, message) else {
        preconditionFailure("the library has no HMAC")
    }
    return code
}
