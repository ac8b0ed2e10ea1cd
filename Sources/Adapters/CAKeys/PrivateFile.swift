internal import AuthorityCryptography
internal import Secrets

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Files that are their owner's alone: encrypted keys and PINs.
enum PrivateFile {
    /// The bytes of a regular file that nobody but its owner may read or write.
    static func read(_ path: String, limit: Int) throws(AuthorityKeyFailure) -> [UInt8] {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw errno == ENOENT || errno == ENOTDIR ? .unavailable(.fileMissing) : .unavailable(.fileFailed)
        }
        defer { close(descriptor) }
        var information = stat()
        guard unsafe fstat(descriptor, &information) == 0, information.st_mode & S_IFMT == S_IFREG else {
            throw .unavailable(.fileFailed)
        }
        guard information.st_mode & 0o077 == 0 else { throw .refused(.readableByOthers) }
        guard information.st_size <= limit else { throw .refused(.fileTooLong) }
        var bytes = [UInt8](repeating: 0, count: Int(information.st_size))
        var done = 0
        while done < bytes.count {
            let count = unsafe bytes.withUnsafeMutableBytes { buffer in
                unsafe pread(descriptor, buffer.baseAddress?.advanced(by: done), buffer.count - done, off_t(done))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                wipe(&bytes)
                throw .unavailable(.fileFailed)
            }
            done += count
        }
        return bytes
    }

    /// Writes a file of mode 0600 in one piece: it has its name when it is complete and durable, and not before.
    ///
    /// An existing file is refused, or replaced as a whole where `replacing` says so.
    static func write(_ bytes: [UInt8], to path: String, replacing: Bool = false) throws(AuthorityKeyFailure) {
        let temporary = "\(path).\(getpid()).new"
        _ = unsafe unlink(temporary)
        let descriptor = unsafe open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .refused(.fileFailed) }
        let isWritten = fill(descriptor, bytes)
        close(descriptor)
        defer { _ = unsafe unlink(temporary) }
        guard isWritten else { throw .refused(.fileFailed) }
        let status = replacing ? unsafe rename(temporary, path) : unsafe link(temporary, path)
        guard status == 0 else { throw errno == EEXIST ? .refused(.fileExists) : .refused(.fileFailed) }
        guard makeNameDurable(path) else { throw .refused(.fileFailed) }
    }

    private static func fill(_ descriptor: Int32, _ bytes: [UInt8]) -> Bool {
        var done = 0
        while done < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe Glibc.write(descriptor, buffer.baseAddress?.advanced(by: done), buffer.count - done)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            done += count
        }
        return fsync(descriptor) == 0
    }

    private static func makeNameDurable(_ path: String) -> Bool {
        let folder = path.contains("/") ? String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]) : "."
        let descriptor = unsafe open(folder.isEmpty ? "/" : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return fsync(descriptor) == 0
    }
}
