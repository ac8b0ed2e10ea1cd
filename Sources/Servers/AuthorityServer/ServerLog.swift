import FoundationEssentials
import Glibc
import Logging

/// Log lines as JSON on standard error, one object a line; nothing in them tells of a person.
struct ServerLog: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level = .info
    let label: String

    static func make() -> Logger { Logger(label: "fuda") { ServerLog(label: $0) } }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var fields = ["level": "\(event.level)", "message": event.message.description]
        for (key, value) in metadata { fields[key] = "\(value)" }
        for (key, value) in event.metadata ?? [:] { fields[key] = "\(value)" }
        var time = timespec()
        _ = unsafe clock_gettime(CLOCK_REALTIME, &time)
        fields["time"] = Date(timeIntervalSince1970: Double(time.tv_sec)).formatted(.iso8601)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let line = try? encoder.encode(fields) else { return }
        let bytes = Array(line) + [0x0A]
        _ = unsafe write(STDERR_FILENO, bytes, bytes.count)
    }
}
