import CardStorage

/// A disk that is one file in memory, so that a million card files can be opened in a minute.
final class MemoryDisk: CardDisk {
    var bytes: [UInt8]

    init(_ bytes: [UInt8] = []) { self.bytes = bytes }

    func open(_ path: String, _ access: DiskAccess) throws(CardFileError) -> any DiskFile {
        MemoryFile(path: path, self)
    }
    func openFolder(of path: String) throws(CardFileError) -> any DiskFile { MemoryFile(path: path, self) }
    func exists(_ path: String) -> Bool { false }
    func namesakes(of path: String) -> [String] { [] }
    func resolved(_ path: String) -> String { path }
    func remove(_ path: String) {}
    func rename(_ source: String, to destination: String) throws(CardFileError) {}
    func link(_ source: String, to destination: String) throws(CardFileError) {}

    private final class MemoryFile: DiskFile {
        var path: String
        private let disk: MemoryDisk

        init(path: String, _ disk: MemoryDisk) {
            self.path = path
            self.disk = disk
        }

        var hasSeveralNames: Bool { false }

        func lock() throws(CardFileError) {}
        func isCurrent() -> Bool { true }
        func readAll(limit: Int) throws(CardFileError) -> [UInt8] { disk.bytes }

        func write(_ bytes: [UInt8], at offset: Int) throws(CardFileError) {
            let end = offset + bytes.count
            if disk.bytes.count < end { disk.bytes += [UInt8](repeating: 0, count: end - disk.bytes.count) }
            disk.bytes.replaceSubrange(offset..<end, with: bytes)
        }

        func truncate(to length: Int) throws(CardFileError) { disk.bytes = Array(disk.bytes.prefix(length)) }
        func syncData() throws(CardFileError) {}
        func sync() throws(CardFileError) {}
    }
}
