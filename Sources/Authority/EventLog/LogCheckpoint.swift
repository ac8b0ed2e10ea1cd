import Crypto

/// What stood in the log at one time: the ends of all chains, in a text that is signed and kept elsewhere as well.
///
/// Whoever holds a checkpoint can show that an entry before it was removed or altered, even the last ones.
public struct LogCheckpoint: Hashable, Sendable {
    /// The end of one chain.
    public struct Head: Hashable, Sendable {
        public let writer: String
        public let sequence: UInt64
        /// 32 bytes.
        public let hash: [UInt8]

        public init(writer: String, sequence: UInt64, hash: [UInt8]) {
            self.writer = writer
            self.sequence = sequence
            self.hash = hash
        }
    }

    /// From 1, without gaps.
    public let number: UInt64
    /// Milliseconds since 1970 UTC.
    public let instant: Int64
    /// SHA-256 of the content of the checkpoint before; zeros for the first.
    public let previous: [UInt8]
    /// By the writers' names; chains without entries are left out.
    public let heads: [Head]

    public init(number: UInt64, instant: Int64, previous: [UInt8], heads: [Head]) {
        self.number = number
        self.instant = instant
        self.previous = previous
        self.heads = heads.filter { $0.sequence > 0 }.sorted { $0.writer < $1.writer }
    }

    /// The first, or the one that follows another.
    public init(after last: LogCheckpoint?, instant: Int64, heads: [LogHead]) {
        self.init(
            number: (last?.number ?? 0) + 1,
            instant: max(instant, last?.instant ?? instant),
            previous: last?.digest ?? Array(repeating: 0, count: 32),
            heads: heads.map { Head(writer: $0.writer, sequence: $0.sequence, hash: $0.hash) }
        )
    }

    /// What is signed: lines in ASCII, each ended by a line feed, words divided by one space.
    public var content: [UInt8] {
        var text = "FUDA CHECKPOINT 1\nnumber \(number)\ninstant \(instant)\nprevious \(previous.hexadecimal)\n"
        for head in heads { text += "head \(head.writer) \(head.sequence) \(head.hash.hexadecimal)\n" }
        return Array(text.utf8)
    }

    /// SHA-256 of the content.
    public var digest: [UInt8] { Array(SHA256.hash(data: content)) }

    /// Reads what ``content`` wrote, and nothing that is written in another way.
    ///
    /// - Throws: ``LogFault/checkpointUnreadable``.
    public init(content: [UInt8]) throws(LogFault) {
        guard let text = String(validating: content, as: UTF8.self) else { throw .checkpointUnreadable }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map {
            $0.split(separator: " ", omittingEmptySubsequences: false)
        }
        guard lines.count >= 5, lines[0].joined(separator: " ") == "FUDA CHECKPOINT 1", lines.last == [""],
            let number = Self.value(lines[1], "number").flatMap({ UInt64($0) }),
            let instant = Self.value(lines[2], "instant").flatMap({ Int64($0) }),
            let previous = Self.value(lines[3], "previous").flatMap({ [UInt8](hexadecimal: $0) })
        else { throw .checkpointUnreadable }
        var heads: [Head] = []
        for line in lines[4..<(lines.count - 1)] {
            guard line.count == 4, line[0] == "head", let sequence = UInt64(line[2]),
                let hash = [UInt8](hexadecimal: line[3])
            else { throw .checkpointUnreadable }
            heads.append(Head(writer: String(line[1]), sequence: sequence, hash: hash))
        }
        self.init(number: number, instant: instant, previous: previous, heads: heads)
        guard self.content == content else { throw .checkpointUnreadable }
    }

    private static func value(_ words: [Substring], _ name: String) -> Substring? {
        words.count == 2 && words[0] == name ? words[1] : nil
    }
}

/// A checkpoint with the signature of the records' keeper over its content.
public struct SignedCheckpoint: Hashable, Sendable {
    /// ``LogCheckpoint/content``, kept to the byte.
    public let content: [UInt8]
    public let signature: [UInt8]

    public init(content: [UInt8], signature: [UInt8]) {
        self.content = content
        self.signature = signature
    }
}

extension [UInt8] {
    /// Two small letters or digits for each byte.
    var hexadecimal: String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(count * 2)
        for byte in self { text += [digits[Int(byte >> 4)], digits[Int(byte & 15)]] }
        return String(decoding: text, as: UTF8.self)
    }

    /// `nil` for what is not made of pairs of small letters and digits.
    init?(hexadecimal text: some StringProtocol) {
        let digits = Array(text.utf8)
        guard digits.count.isMultiple(of: 2) else { return nil }
        self = []
        reserveCapacity(digits.count / 2)
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let high = Self.value(digits[index]), let low = Self.value(digits[index + 1]) else { return nil }
            append(high << 4 | low)
        }
    }

    private static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}
