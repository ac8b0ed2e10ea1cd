import CardStorage
import CardTearing
import Glibc

/// The files of the system, until the process kills itself at a chosen step.
final class KillingDisk: NumberedDisk {
    enum Moment: String {
        case before
        /// When half of a write is in the file.
        case half
        case after
    }

    private let system = SystemDisk()
    private let end: (step: Int, moment: Moment)?
    private(set) var steps = 0

    init() { end = nil }
    init(at step: Int, _ moment: Moment) { end = (step, moment) }

    /// Does what changes the disk, unless this is the step: then dies before it, after it, or after half of it.
    func step<Result>(
        half: () throws(CardFileError) -> Void = {},
        _ whole: () throws(CardFileError) -> Result
    ) throws(CardFileError) -> Result {
        let isLast = end?.step == steps
        if isLast, end?.moment == .before { die() }
        if isLast, end?.moment == .half {
            try half()
            die()
        }
        let result = try whole()
        if isLast { die() }
        steps += 1
        return result
    }

    private func die() -> Never {
        kill(getpid(), SIGKILL)
        while true { pause() }
    }

    // MARK: - CardDisk

    func open(_ path: String, _ access: DiskAccess) throws(CardFileError) -> any DiskFile {
        guard access == .create else { return KillingFile(try system.open(path, access), self) }
        return KillingFile(try step { () throws(CardFileError) in try system.open(path, access) }, self)
    }

    func openFolder(of path: String) throws(CardFileError) -> any DiskFile {
        KillingFile(try system.openFolder(of: path), self)
    }

    func exists(_ path: String) -> Bool { system.exists(path) }
    func namesakes(of path: String) -> [String] { system.namesakes(of: path) }
    func resolved(_ path: String) -> String { system.resolved(path) }

    func remove(_ path: String) {
        guard system.exists(path) else { return }
        try? step { () throws(CardFileError) in system.remove(path) }
    }

    func rename(_ source: String, to destination: String) throws(CardFileError) {
        try step { () throws(CardFileError) in try system.rename(source, to: destination) }
    }

    func link(_ source: String, to destination: String) throws(CardFileError) {
        try step { () throws(CardFileError) in try system.link(source, to: destination) }
    }
}

/// A file of it.
private final class KillingFile: DiskFile {
    private let file: any DiskFile
    private let disk: KillingDisk

    init(_ file: any DiskFile, _ disk: KillingDisk) {
        self.file = file
        self.disk = disk
    }

    var path: String {
        get { file.path }
        set { file.path = newValue }
    }
    var hasSeveralNames: Bool { file.hasSeveralNames }

    func lock() throws(CardFileError) { try file.lock() }
    func isCurrent() -> Bool { file.isCurrent() }
    func readAll(limit: Int) throws(CardFileError) -> [UInt8] { try file.readAll(limit: limit) }

    func write(_ bytes: [UInt8], at offset: Int) throws(CardFileError) {
        let first = Array(bytes[..<(bytes.count / 2)])
        try disk.step(half: { () throws(CardFileError) in try file.write(first, at: offset) }) {
            () throws(CardFileError) in try file.write(bytes, at: offset)
        }
    }

    func truncate(to length: Int) throws(CardFileError) {
        try disk.step { () throws(CardFileError) in try file.truncate(to: length) }
    }

    func syncData() throws(CardFileError) { try disk.step { () throws(CardFileError) in try file.syncData() } }
    func sync() throws(CardFileError) { try disk.step { () throws(CardFileError) in try file.sync() } }
}
