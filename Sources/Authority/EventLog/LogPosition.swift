/// A place in the log: one entry of one writer's chain.
public struct LogPosition: Hashable, Sendable, Codable {
    public let writer: String
    /// 0 stands before the first entry.
    public let sequence: UInt64

    public init(writer: String, sequence: UInt64) {
        self.writer = writer
        self.sequence = sequence
    }
}

extension LogEntry {
    public var position: LogPosition { LogPosition(writer: writer, sequence: sequence) }
}

extension LogHead {
    public var position: LogPosition { LogPosition(writer: writer, sequence: sequence) }
}
