public import EventLog

/// A writer's chain in memory: events in, entries out.
public struct TestLog: Sendable {
    public private(set) var head: LogHead
    public private(set) var entries: [LogEntry] = []

    public init(_ writer: String = "n1") { head = LogHead(of: writer) }

    /// Appends an event at an instant in seconds since 1970 UTC.
    @discardableResult
    public mutating func append(_ event: AuthorityEvent, at seconds: Int64 = 0) throws -> LogEntry {
        let entry = LogEntry(after: head, instant: seconds * 1000, actor: "test", body: try event.encoded())
        head = LogHead(after: entry)
        entries.append(entry)
        return entry
    }
}
