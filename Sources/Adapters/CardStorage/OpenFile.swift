#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A file of the system.
final class OpenFile: DiskFile {
    var path: String
    let descriptor: Int32

    init(_ path: String, _ flags: Int32, mode: mode_t = 0o600) throws(CardFileError) {
        let descriptor = unsafe Glibc.open(path, flags | O_CLOEXEC, mode)
        guard descriptor >= 0 else {
            switch errno {
            case ENOENT: throw .notFound(path: path)
            case EEXIST: throw .alreadyThere(path: path)
            default: throw .system(call: "open", path: path, errno: errno)
            }
        }
        self.path = path
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    func lock() throws(CardFileError) {
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            if errno == EWOULDBLOCK { throw .inUse(path: path) }
            throw .system(call: "flock", path: path, errno: errno)
        }
    }

    func isCurrent() -> Bool {
        var here = stat()
        var there = stat()
        guard unsafe fstat(descriptor, &here) == 0, unsafe stat(path, &there) == 0 else { return false }
        return here.st_ino == there.st_ino && here.st_dev == there.st_dev
    }

    var hasSeveralNames: Bool {
        var information = stat()
        return unsafe fstat(descriptor, &information) == 0 && information.st_nlink > 1
    }

    func readAll(limit: Int) throws(CardFileError) -> [UInt8] {
        var information = stat()
        guard unsafe fstat(descriptor, &information) == 0 else { throw failure("fstat") }
        guard information.st_mode & S_IFMT == S_IFREG, information.st_size <= limit else {
            throw .notACardFile(path: path)
        }
        var bytes = [UInt8](repeating: 0, count: Int(information.st_size))
        var done = 0
        while done < bytes.count {
            let count = unsafe bytes.withUnsafeMutableBytes { buffer in
                unsafe pread(descriptor, buffer.baseAddress?.advanced(by: done), buffer.count - done, off_t(done))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure("pread") }
            done += count
        }
        return bytes
    }

    func write(_ bytes: [UInt8], at offset: Int) throws(CardFileError) {
        var done = 0
        while done < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe pwrite(
                    descriptor,
                    buffer.baseAddress?.advanced(by: done),
                    buffer.count - done,
                    off_t(offset + done)
                )
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure("pwrite") }
            done += count
        }
    }

    func truncate(to length: Int) throws(CardFileError) {
        guard ftruncate(descriptor, off_t(length)) == 0 else { throw failure("ftruncate") }
    }

    func syncData() throws(CardFileError) {
        guard fdatasync(descriptor) == 0 else { throw failure("fdatasync") }
    }

    func sync() throws(CardFileError) {
        guard fsync(descriptor) == 0 else { throw failure("fsync") }
    }

    private func failure(_ call: String) -> CardFileError {
        .system(call: call, path: path, errno: errno)
    }
}
