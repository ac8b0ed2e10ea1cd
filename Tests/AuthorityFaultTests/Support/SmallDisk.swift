import ForeignTools
import Foundation

/// A file system of one's own in memory that is soon full.
///
/// Mounting needs root.
final class SmallDisk {
    let path = Leftovers.path("d")

    /// Whether this process may mount: only trying tells, since containers forbid it even to root.
    static let isPossible = (try? SmallDisk(megabytes: 1)) != nil

    init(megabytes: Int) throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        let answer = try ForeignProgram.run(
            "mount",
            ["-t", "tmpfs", "-o", "size=\(megabytes)m,mode=0700", "fuda-test", path],
            environment: ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"]
        )
        guard answer.status == 0 else { throw AuthorityPrograms.Failed(what: "mount", notes: answer.notes) }
    }

    deinit {
        // Lazily: whatever is still open on it goes with the process that has it open.
        _ = try? ForeignProgram.run("umount", ["-l", path], environment: ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"])
        try? FileManager.default.removeItem(atPath: path)
    }

    private var filler: String { path + "/filler" }

    /// Leaves no byte.
    func fill() throws {
        let file = unsafe open(filler, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        guard file >= 0 else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
        defer { close(file) }
        let block = [UInt8](repeating: 0x55, count: 65_536)
        var size = block.count
        while size > 0 {
            if unsafe write(file, block, size) < 0 {
                guard errno == ENOSPC else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
                size /= 2
            }
        }
    }

    func makeRoom() throws { try FileManager.default.removeItem(atPath: filler) }
}
