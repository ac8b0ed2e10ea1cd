/// What a card file needs of a disk: few calls, each of which a crash may come before, within or after.
///
/// Tests put a disk in here that forgets what was not made durable; everything else uses ``SystemDisk``.
public protocol CardDisk {
    /// Opens a file.
    ///
    /// Throws ``CardFileError/notFound(path:)``, or ``CardFileError/alreadyThere(path:)`` for ``DiskAccess/create``.
    func open(_ path: String, _ access: DiskAccess) throws(CardFileError) -> any DiskFile
    /// The folder that a file is in, opened so that a new name in it can be made durable.
    func openFolder(of path: String) throws(CardFileError) -> any DiskFile
    func exists(_ path: String) -> Bool
    /// Paths of what lies in the same folder and whose names begin with the name of this file.
    func namesakes(of path: String) -> [String]
    /// The path with every symbolic link in it followed; the path itself where it leads nowhere.
    func resolved(_ path: String) -> String
    /// Takes a name away, if it is there.
    func remove(_ path: String)
    /// Gives a file another name, in place of what had it; durable once the folder is.
    func rename(_ source: String, to destination: String) throws(CardFileError)
    /// Gives a file a second name.
    ///
    /// Throws ``CardFileError/alreadyThere(path:)`` where something has it.
    func link(_ source: String, to destination: String) throws(CardFileError)
}

/// What a file is opened for.
public enum DiskAccess: Hashable, Sendable {
    case read
    case readAndWrite
    /// A file that is not there yet, for its owner alone.
    case create
}

/// One open file; closed with its owner, and with it the lock.
public protocol DiskFile: AnyObject {
    var path: String { get set }
    /// Takes the lock that keeps a second writer out, without waiting.
    ///
    /// Throws ``CardFileError/inUse(path:)``.
    func lock() throws(CardFileError)
    /// Whether the path still leads to this very file.
    func isCurrent() -> Bool
    /// Whether the file has more names than one, so that a rename would leave the others behind.
    var hasSeveralNames: Bool { get }
    func readAll(limit: Int) throws(CardFileError) -> [UInt8]
    func write(_ bytes: [UInt8], at offset: Int) throws(CardFileError)
    func truncate(to length: Int) throws(CardFileError)
    /// Makes the content durable, and the length (fdatasync).
    func syncData() throws(CardFileError)
    /// Makes content and everything about the file durable (fsync); for a folder, the names in it.
    func sync() throws(CardFileError)
}

extension CardDisk {
    /// Gives the file at `source` the name `destination`: in place of what is there, or only if there is nothing.
    ///
    /// The old name is gone afterwards either way.
    func give(_ source: String, theName destination: String, replacing: Bool) throws(CardFileError) {
        // Opened before the name changes: what can be refused is refused while the old file still has its name.
        let folder: any DiskFile
        do throws(CardFileError) {
            folder = try openFolder(of: destination)
            if replacing { try rename(source, to: destination) } else { try link(source, to: destination) }
        } catch {
            remove(source)
            throw error
        }
        if !replacing { remove(source) }
        try folder.sync()
    }
}
