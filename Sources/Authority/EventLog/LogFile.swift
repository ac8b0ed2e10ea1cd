import FoundationEssentials

/// The log as a file: one JSON object a line, for an entry or a checkpoint.
///
/// Bodies and contents are kept to the byte: as text where they are UTF-8, else in Base64 under another name.
public enum LogFileLine: Hashable, Sendable {
    case entry(LogEntry)
    case checkpoint(SignedCheckpoint)

    /// The line without its line feed.
    public func encoded() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        switch self {
        case .entry(let entry): return Array(try encoder.encode(EntryLine(entry)))
        case .checkpoint(let checkpoint): return Array(try encoder.encode(CheckpointLine(checkpoint)))
        }
    }

    /// Reads what ``encoded()`` wrote.
    ///
    /// - Throws: ``LogFileError``, for whatever is not as that writes it.
    public init(decoding line: [UInt8]) throws(LogFileError) {
        let decoder = JSONDecoder()
        if let line = try? decoder.decode(EntryLine.self, from: Data(line)), let entry = line.entry {
            self = .entry(entry)
        } else if let line = try? decoder.decode(CheckpointLine.self, from: Data(line)), let read = line.checkpoint {
            self = .checkpoint(read)
        } else {
            throw LogFileError.unreadable
        }
    }
}

public enum LogFileError: Error, Hashable, Sendable {
    case unreadable
}

private struct EntryLine: Codable {
    let writer: String
    let sequence: UInt64
    let instant: Int64
    let actor: String
    let body: String?
    let bodyBase64: String?
    let previous: String
    let hash: String

    init(_ entry: LogEntry) {
        writer = entry.writer
        sequence = entry.sequence
        instant = entry.instant
        actor = entry.actor
        body = String(validating: entry.body, as: UTF8.self)
        bodyBase64 = body == nil ? Data(entry.body).base64EncodedString() : nil
        previous = entry.previous.hexadecimal
        hash = entry.hash.hexadecimal
    }

    var entry: LogEntry? {
        let body = body.map { Array($0.utf8) } ?? bodyBase64.flatMap { Data(base64Encoded: $0) }.map(Array.init)
        guard let body, let previous = [UInt8](hexadecimal: previous), let hash = [UInt8](hexadecimal: hash) else {
            return nil
        }
        return LogEntry(
            writer: writer,
            sequence: sequence,
            instant: instant,
            actor: actor,
            body: body,
            previous: previous,
            hash: hash
        )
    }
}

private struct CheckpointLine: Codable {
    let content: String
    let signature: String

    init(_ checkpoint: SignedCheckpoint) {
        content = Data(checkpoint.content).base64EncodedString()
        signature = Data(checkpoint.signature).base64EncodedString()
    }

    var checkpoint: SignedCheckpoint? {
        guard let content = Data(base64Encoded: content), let signature = Data(base64Encoded: signature) else {
            return nil
        }
        return SignedCheckpoint(content: Array(content), signature: Array(signature))
    }
}
