#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// One open file.
///
/// Closed with its owner, and with it the lock.
final class OpenFile {
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

    /// Takes the lock that keeps a second writer out, without waiting.
    func lock() throws(CardFileError) {
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            if errno == EWOULDBLOCK { throw .inUse(path: path) }
            throw .system(call: "flock", path: path, errno: errno)
        }
    }

    /// Whether the path still leads to this very file.
    func isCurrent() -> Bool {
        var here = stat()
        var there = stat()
        guard unsafe fstat(descriptor, &here) == 0, unsafe stat(path, &there) == 0 else { return false }
        return here.st_ino == there.st_ino && here.st_dev == there.st_dev
    }

    /// Whether the file has more names than one, so that a rename would leave the others behind.
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

    private func failure(_ call: String) -> CardFileError {
        .system(call: call, path: path, errno: errno)
    }
}

/// The directory a file is in, opened so that a new name in it can be made durable.
private func openDirectory(of path: String) throws(CardFileError) -> OpenFile {
    let directory = path.contains("/") ? String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]) : "."
    return try OpenFile(directory.isEmpty ? "/" : directory, O_RDONLY | O_DIRECTORY)
}

/// The path with every symbolic link in it followed; the path itself where it leads nowhere.
func resolved(_ path: String) -> String {
    guard let real = unsafe realpath(path, nil) else { return path }
    defer { unsafe free(real) }
    return unsafe String(cString: real)
}

func fileExists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

func removeFile(_ path: String) { _ = unsafe unlink(path) }

/// Gives the file at `source` the name `destination`: in place of what is there, or only if there is nothing.
///
/// The old name is gone afterwards either way.
func give(_ source: String, theName destination: String, replacing: Bool) throws(CardFileError) {
    // Opened before the name changes: what can be refused is refused while the old file still has its name.
    let directory: OpenFile
    do throws(CardFileError) {
        directory = try openDirectory(of: destination)
    } catch {
        removeFile(source)
        throw error
    }
    let status = replacing ? unsafe rename(source, destination) : unsafe link(source, destination)
    let number = errno
    removeFile(source)
    guard status == 0 else {
        if number == EEXIST { throw .alreadyThere(path: destination) }
        throw .system(call: replacing ? "rename" : "link", path: destination, errno: number)
    }
    guard fsync(directory.descriptor) == 0 else { throw .system(call: "fsync", path: destination, errno: errno) }
}
