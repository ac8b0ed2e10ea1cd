import Foundation

/// Keeps a server from reading its SQLite records, as another program could that misbehaves.
///
/// Readers of a database with a write-ahead log lock one of five bytes of its `-shm` file, from offset 123 on
/// (sqlite.org, "WAL-mode File Format", 2.3): whoever holds all of them keeps every reader out.
final class RecordsLock {
    private let file: FileHandle

    init(_ folder: String) throws {
        file = try FileHandle(forUpdating: URL(filePath: folder + "/authority.sqlite-shm"))
        // One after the other, each when its reader has gone.
        for offset in 123..<128 {
            guard eventually({ set(F_WRLCK, offset, 1) }) else { throw POSIXError(.EAGAIN) }
        }
    }

    /// Keeps every writer out and lets readers in: byte 120 is the writer's.
    init(writingIn folder: String) throws {
        file = try FileHandle(forUpdating: URL(filePath: folder + "/authority.sqlite-shm"))
        guard eventually({ set(F_WRLCK, 120, 1) }) else { throw POSIXError(.EAGAIN) }
    }

    func release() { _ = set(F_UNLCK, 120, 8) }

    private func set(_ kind: Int32, _ offset: Int, _ length: Int) -> Bool {
        var lock = flock()
        lock.l_type = Int16(kind)
        lock.l_whence = Int16(SEEK_SET)
        lock.l_start = off_t(offset)
        lock.l_len = off_t(length)
        return unsafe fcntl(file.fileDescriptor, F_SETLK, &lock) == 0
    }
}
