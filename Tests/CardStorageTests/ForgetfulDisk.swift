import CardStorage
import CardTearing
import CardTesting

/// A disk in memory that stops at a chosen step and then gives back what a real one might have kept.
///
/// It keeps a log of its steps, from which every disk that a crash could have left can be made without doing anything
/// again. From the step of the crash on nothing happens any more, whatever the caller tries.
final class ForgetfulDisk: NumberedDisk {
    /// Where it stops: before a step, or within a write after so many bytes of it.
    struct Crash: Hashable {
        var step: Int
        var bytes = 0
    }

    private(set) var image: DiskImage
    private(set) var log: [DiskStep] = []
    private(set) var hasStopped = false
    private var crash: Crash?

    init(_ image: DiskImage = DiskImage()) { self.image = image }

    var steps: Int { log.count }

    func stop(at crash: Crash) { self.crash = crash }

    fileprivate func carryOut(_ step: DiskStep, _ path: String) throws(CardFileError) {
        if hasStopped { throw Self.gone(path) }
        if let crash, crash.step == log.count {
            hasStopped = true
            if crash.bytes > 0, step.length > 0 { image.apply(step, bytes: min(crash.bytes, step.length)) }
            throw Self.gone(path)
        }
        image.apply(step)
        log.append(step)
    }

    fileprivate static func gone(_ path: String) -> CardFileError { .system(call: "power", path: path, errno: 5) }

    // MARK: - CardDisk

    func open(_ path: String, _ access: DiskAccess) throws(CardFileError) -> any DiskFile {
        if access == .create {
            if image.names[path] != nil { throw .alreadyThere(path: path) }
            try carryOut(.create(path), path)
        }
        if hasStopped { throw Self.gone(path) }
        guard let number = image.names[path] else { throw .notFound(path: path) }
        return ForgetfulFile(path, number, self)
    }

    func openFolder(of path: String) throws(CardFileError) -> any DiskFile {
        if hasStopped { throw Self.gone(path) }
        return ForgetfulFile(path, nil, self)
    }

    func exists(_ path: String) -> Bool { image.names[path] != nil }

    func namesakes(of path: String) -> [String] { image.names.keys.filter { $0 != path && $0.hasPrefix(path) } }

    func resolved(_ path: String) -> String { path }

    func remove(_ path: String) {
        guard image.names[path] != nil else { return }
        try? carryOut(.remove(path), path)
    }

    func rename(_ source: String, to destination: String) throws(CardFileError) {
        try carryOut(.rename(source, to: destination), destination)
    }

    func link(_ source: String, to destination: String) throws(CardFileError) {
        if image.names[destination] != nil { throw .alreadyThere(path: destination) }
        try carryOut(.link(source, to: destination), destination)
    }
}

/// A file of it, or, without a number, its folder.
final class ForgetfulFile: DiskFile {
    var path: String
    private let number: Int?
    private let disk: ForgetfulDisk

    fileprivate init(_ path: String, _ number: Int?, _ disk: ForgetfulDisk) {
        self.path = path
        self.number = number
        self.disk = disk
    }

    func lock() throws(CardFileError) {}
    func isCurrent() -> Bool { number != nil && disk.image.names[path] == number }
    var hasSeveralNames: Bool { disk.image.names.values.count { $0 == number } > 1 }

    func readAll(limit: Int) throws(CardFileError) -> [UInt8] { number.map { disk.image.contents[$0].bytes } ?? [] }

    func write(_ bytes: [UInt8], at offset: Int) throws(CardFileError) {
        guard let number else { throw ForgetfulDisk.gone(path) }
        try disk.carryOut(.write(number, bytes, at: offset), path)
    }

    func truncate(to length: Int) throws(CardFileError) {
        guard let number else { throw ForgetfulDisk.gone(path) }
        try disk.carryOut(.truncate(number, to: length), path)
    }

    func syncData() throws(CardFileError) { try sync() }

    func sync() throws(CardFileError) { try disk.carryOut(number.map { .sync($0) } ?? .syncNames, path) }
}

/// Coins for what reaches the disk and what does not.
struct SeededDice {
    private var generator: SeededGenerator

    init(_ loss: Loss) {
        if case .sectors(let seed) = loss {
            generator = SeededGenerator(seed: seed)
        } else {
            generator = SeededGenerator(seed: 0)
        }
    }

    mutating func coin() -> Bool { generator.once(in: 2) }
}
