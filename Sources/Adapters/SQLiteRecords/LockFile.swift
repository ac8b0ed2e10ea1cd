import AuthorityRecords

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A file that one process at a time holds; given back with its owner, or when the process ends however it ends.
final class LockFile: Sendable {
    private let descriptor: Int32

    /// - Returns: `nil` if another process holds it.
    init?(_ path: String) throws(RecordsError) {
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .unavailable("open, errno \(errno)") }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let number = errno
            Glibc.close(descriptor)
            if number == EWOULDBLOCK { return nil }
            throw .unavailable("flock, errno \(number)")
        }
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    /// Makes an empty file for its owner alone, unless there is one.
    ///
    /// - Returns: whether it was made.
    static func create(_ path: String) throws(RecordsError) -> Bool {
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            if errno == EEXIST { return false }
            throw .unavailable("open, errno \(errno)")
        }
        close(descriptor)
        return true
    }
}
