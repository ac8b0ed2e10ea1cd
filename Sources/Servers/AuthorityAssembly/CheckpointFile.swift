import CardStorage
public import EventLog
import Glibc

/// Checkpoints in a file of their own, one a line, only ever appended to: what shows that the log was cut short.
public struct CheckpointFile: Sendable {
    private let path: String

    public init(_ path: String) { self.path = path }

    /// Adds a checkpoint; it is durable when this returns.
    public func append(_ checkpoint: SignedCheckpoint) throws {
        let line = try LogFileLine.checkpoint(checkpoint).encoded() + [0x0A]
        let file = unsafe open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw CardFileError.system(call: "open", path: path, errno: errno) }
        defer { close(file) }
        let end = lseek(file, 0, SEEK_END)
        guard unsafe write(file, line, line.count) == line.count, fdatasync(file) == 0 else {
            let number = errno
            // Half a line would spoil the next one.
            if end >= 0 { _ = ftruncate(file, end) }
            throw CardFileError.system(call: "write", path: path, errno: number)
        }
    }
}
