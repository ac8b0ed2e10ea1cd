import EventLog
import Synchronization

/// What an observer was given.
final class AppliedEntries: Sendable {
    private let entries = Mutex<[LogEntry]>([])

    func add(_ more: [LogEntry]) { entries.withLock { $0 += more } }

    var all: [LogEntry] { entries.withLock { $0 } }
    var last: LogPosition? { all.last?.position }
}
