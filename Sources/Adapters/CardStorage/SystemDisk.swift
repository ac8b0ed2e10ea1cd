#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The files of the system.
public struct SystemDisk: CardDisk {
    public init() {}

    public func open(_ path: String, _ access: DiskAccess) throws(CardFileError) -> any DiskFile {
        switch access {
        case .read: try OpenFile(path, O_RDONLY)
        case .readAndWrite: try OpenFile(path, O_RDWR)
        case .create: try OpenFile(path, O_RDWR | O_CREAT | O_EXCL)
        }
    }

    public func openFolder(of path: String) throws(CardFileError) -> any DiskFile {
        let folder = path.contains("/") ? String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]) : "."
        return try OpenFile(folder.isEmpty ? "/" : folder, O_RDONLY | O_DIRECTORY)
    }

    public func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

    public func namesakes(of path: String) -> [String] {
        let cut = path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex
        let (folder, name) = (String(path[..<cut]), String(path[cut...]))
        guard let stream = unsafe opendir(folder.isEmpty ? "." : folder) else { return [] }
        defer { unsafe closedir(stream) }
        var names: [String] = []
        while let entry = unsafe readdir(stream) {
            let other = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe String(cString: UnsafeRawPointer(pointer).assumingMemoryBound(to: CChar.self))
            }
            if other != name, other.hasPrefix(name) { names.append(folder + other) }
        }
        return names
    }

    public func resolved(_ path: String) -> String {
        guard let real = unsafe realpath(path, nil) else { return path }
        defer { unsafe free(real) }
        return unsafe String(cString: real)
    }

    public func remove(_ path: String) { _ = unsafe unlink(path) }

    public func rename(_ source: String, to destination: String) throws(CardFileError) {
        guard unsafe Glibc.rename(source, destination) == 0 else {
            throw .system(call: "rename", path: destination, errno: errno)
        }
    }

    public func link(_ source: String, to destination: String) throws(CardFileError) {
        guard unsafe Glibc.link(source, destination) == 0 else {
            if errno == EEXIST { throw .alreadyThere(path: destination) }
            throw .system(call: "link", path: destination, errno: errno)
        }
    }
}
