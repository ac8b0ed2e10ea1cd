import Crypto

/// One entry of the log: what happened, who caused it, and its place in the chain of one writer.
///
/// The hash covers everything else, and the hash of the entry before: an entry that was altered, left out or moved
/// breaks the chain. Entries hold no personal data.
public struct LogEntry: Hashable, Sendable {
    /// The node that wrote it; each has a chain of its own.
    public let writer: String
    /// From 1, without gaps within a writer.
    public let sequence: UInt64
    /// Milliseconds since 1970 UTC; never less than that of the entry before.
    public let instant: Int64
    /// Who caused it: an operator, a verifier, or the service itself.
    public let actor: String
    /// The event as it was written, JSON in UTF-8; kept to the byte.
    public let body: [UInt8]
    /// The hash of the entry before, 32 bytes; zeros for the first.
    public let previous: [UInt8]
    /// SHA-256, 32 bytes.
    public let hash: [UInt8]
    private let written: Written

    /// The entry that follows `head`; its hash is computed.
    ///
    /// Whoever encoded the body gives the event as well, so that nobody has to read it again.
    public init(after head: LogHead, instant: Int64, actor: String, event: AuthorityEvent? = nil, body: [UInt8]) {
        written = Written(event: event)
        writer = head.writer
        sequence = head.sequence + 1
        self.instant = max(instant, head.instant)
        self.actor = actor
        self.body = body
        previous = head.hash
        hash = Self.hash(writer, sequence, self.instant, actor, previous, body)
    }

    /// An entry as it was stored; nothing is checked.
    public init(
        writer: String,
        sequence: UInt64,
        instant: Int64,
        actor: String,
        body: [UInt8],
        previous: [UInt8],
        hash: [UInt8]
    ) {
        self.writer = writer
        self.sequence = sequence
        self.instant = instant
        self.actor = actor
        self.body = body
        self.previous = previous
        self.hash = hash
        written = Written(event: nil)
    }

    /// What happened.
    ///
    /// Throws what ``AuthorityEvent/init(decoding:)`` throws.
    public func event() throws -> AuthorityEvent { try written.event ?? AuthorityEvent(decoding: body) }

    /// Whether a generation of an authority began, told by the event's name, with which its JSON begins: the rest is not
    /// read.
    public var beginsGeneration: Bool { body.starts(with: "{\"generationBegan\"".utf8) }

    /// The event beside the body it was encoded in; two entries are the same by their bytes alone.
    private struct Written: Hashable {
        let event: AuthorityEvent?

        static func == (one: Self, other: Self) -> Bool { true }
        func hash(into hasher: inout Hasher) {}
    }

    /// Whether the hash is that of the rest.
    public var hasRightHash: Bool { hash == Self.hash(writer, sequence, instant, actor, previous, body) }

    /// Whether it is the next entry of the chain that ends with `head`.
    public func follows(_ head: LogHead) -> Bool {
        writer == head.writer && sequence == head.sequence + 1 && previous == head.hash && instant >= head.instant
    }

    /// SHA-256 over `FUDALOG1`, then writer, sequence, instant, actor, previous hash and body; numbers as eight bytes,
    /// big-endian, texts and the body after their length in eight bytes.
    private static func hash(
        _ writer: String,
        _ sequence: UInt64,
        _ instant: Int64,
        _ actor: String,
        _ previous: [UInt8],
        _ body: [UInt8]
    ) -> [UInt8] {
        var bytes = Array("FUDALOG1".utf8)
        bytes.reserveCapacity(body.count + 160)
        bytes.append(measured: Array(writer.utf8))
        bytes.append(bigEndian: sequence)
        bytes.append(bigEndian: UInt64(bitPattern: instant))
        bytes.append(measured: Array(actor.utf8))
        bytes.append(contentsOf: previous)
        bytes.append(measured: body)
        return Array(SHA256.hash(data: bytes))
    }
}

/// Where a writer's chain ends: all that the next entry needs.
public struct LogHead: Hashable, Sendable {
    public let writer: String
    /// 0 before the first entry.
    public let sequence: UInt64
    public let instant: Int64
    /// 32 bytes; zeros before the first entry.
    public let hash: [UInt8]

    /// The end of a chain that has no entry yet.
    public init(of writer: String) {
        self.writer = writer
        sequence = 0
        instant = 0
        hash = Array(repeating: 0, count: 32)
    }

    /// The end of a chain as it was stored; nothing is checked.
    public init(of writer: String, sequence: UInt64, instant: Int64, hash: [UInt8]) {
        self.writer = writer
        self.sequence = sequence
        self.instant = instant
        self.hash = hash
    }

    public init(after entry: LogEntry) {
        writer = entry.writer
        sequence = entry.sequence
        instant = entry.instant
        hash = entry.hash
    }
}

extension [UInt8] {
    fileprivate mutating func append(bigEndian number: UInt64) {
        for shift in stride(from: 56, through: 0, by: -8) { append(UInt8(truncatingIfNeeded: number >> UInt64(shift))) }
    }

    fileprivate mutating func append(measured bytes: [UInt8]) {
        append(bigEndian: UInt64(bytes.count))
        append(contentsOf: bytes)
    }
}
