import CardStorage

/// A disk in memory that stops at a chosen step, and then gives back what a real one might have kept.
///
/// Every call that changes something is one step, numbered from 0: making a file, writing, cutting, making durable,
/// renaming, linking, removing. From the step of the crash on nothing happens any more, whatever the caller tries.
final class ForgetfulDisk: CardDisk {
    /// What a crash leaves of that which was not made durable.
    enum Loss: CaseIterable {
        /// The process was killed: the system still writes everything.
        case nothing
        /// The power failed: neither content nor names since the last fsync are there.
        case everything
        /// Names reached the disk, content did not.
        case content
        /// Content reached the disk, names did not.
        case names
        /// Lengths and names reached the disk, and where the content was to be are zeros.
        case contentToZeros
    }

    /// Where it stops: before a step, or within a write after so many bytes of it.
    struct Crash: Hashable {
        var step: Int
        var bytes = 0
    }

    fileprivate final class Node {
        var content: [UInt8]
        var durable: [UInt8]
        var isLocked = false

        init(_ content: [UInt8] = []) {
            self.content = content
            durable = content
        }
    }

    fileprivate struct State {
        var names: [String: Node] = [:]
        var durableNames: [String: Node] = [:]
        var steps = 0
        var crash: Crash?
        var hasStopped = false
        /// How long each write was, by its step.
        var writes: [Int: Int] = [:]
    }

    /// A disk on which nothing becomes durable: for showing that the tests would notice.
    let ignoresSync: Bool
    fileprivate var state = State()

    init(_ files: [String: [UInt8]] = [:], ignoresSync: Bool = false) {
        self.ignoresSync = ignoresSync
        for (name, content) in files { state.names[name] = Node(content) }
        state.durableNames = state.names
    }

    var files: [String: [UInt8]] { state.names.mapValues(\.content) }
    var steps: Int { state.steps }
    var writes: [Int: Int] { state.writes }
    var hasStopped: Bool { state.hasStopped }

    func stop(at crash: Crash) { state.crash = crash }

    /// The disk as it is found when the power is back.
    func recovered(_ loss: Loss) -> ForgetfulDisk {
        let names = loss == .everything || loss == .names ? state.durableNames : state.names
        return ForgetfulDisk(names.mapValues { Self.left($0, loss) }, ignoresSync: ignoresSync)
    }

    private static func left(_ node: Node, _ loss: Loss) -> [UInt8] {
        switch loss {
        case .nothing, .names: return node.content
        case .everything, .content: return node.durable
        case .contentToZeros:
            var bytes = [UInt8](repeating: 0, count: node.content.count)
            for index in bytes.indices where index < node.durable.count && node.durable[index] == node.content[index] {
                bytes[index] = node.durable[index]
            }
            return bytes
        }
    }

    /// Counts a step; gives the crash when it comes within it, and throws from there on.
    fileprivate func step(_ path: String) throws(CardFileError) -> Crash? {
        if state.hasStopped { throw Self.gone(path) }
        defer { state.steps += 1 }
        guard let crash = state.crash, crash.step == state.steps else { return nil }
        state.hasStopped = true
        if crash.bytes > 0 { return crash }
        throw Self.gone(path)
    }

    fileprivate static func gone(_ path: String) -> CardFileError { .system(call: "power", path: path, errno: 5) }

    // MARK: - CardDisk

    func open(_ path: String, _ access: DiskAccess) throws(CardFileError) -> any DiskFile {
        if access == .create {
            if state.names[path] != nil { throw .alreadyThere(path: path) }
            _ = try step(path)
            state.names[path] = Node()
        }
        if state.hasStopped { throw Self.gone(path) }
        guard let node = state.names[path] else { throw .notFound(path: path) }
        return ForgetfulFile(path, node, self)
    }

    func openFolder(of path: String) throws(CardFileError) -> any DiskFile {
        if state.hasStopped { throw Self.gone(path) }
        return ForgetfulFile(path, nil, self)
    }

    func exists(_ path: String) -> Bool { state.names[path] != nil }

    func resolved(_ path: String) -> String { path }

    func remove(_ path: String) {
        guard state.names[path] != nil, (try? step(path)) != nil else { return }
        state.names[path] = nil
    }

    func rename(_ source: String, to destination: String) throws(CardFileError) {
        _ = try step(destination)
        state.names[destination] = state.names.removeValue(forKey: source)
    }

    func link(_ source: String, to destination: String) throws(CardFileError) {
        if state.names[destination] != nil { throw .alreadyThere(path: destination) }
        _ = try step(destination)
        state.names[destination] = state.names[source]
    }
}

/// A file of it, or, without a node, its folder.
final class ForgetfulFile: DiskFile {
    var path: String
    private let node: ForgetfulDisk.Node?
    private let disk: ForgetfulDisk

    fileprivate init(_ path: String, _ node: ForgetfulDisk.Node?, _ disk: ForgetfulDisk) {
        self.path = path
        self.node = node
        self.disk = disk
    }

    func lock() throws(CardFileError) {}
    func isCurrent() -> Bool { disk.state.names[path] === node }
    var hasSeveralNames: Bool { disk.state.names.values.count { $0 === node } > 1 }

    func readAll(limit: Int) throws(CardFileError) -> [UInt8] { node?.content ?? [] }

    func write(_ bytes: [UInt8], at offset: Int) throws(CardFileError) {
        disk.state.writes[disk.steps] = bytes.count
        let crash = try disk.step(path)
        let written = crash.map { min($0.bytes, bytes.count) } ?? bytes.count
        if let node {
            let end = offset + written
            if node.content.count < end { node.content += [UInt8](repeating: 0, count: end - node.content.count) }
            node.content.replaceSubrange(offset..<end, with: bytes[..<written])
        }
        if crash != nil { throw ForgetfulDisk.gone(path) }
    }

    func truncate(to length: Int) throws(CardFileError) {
        _ = try disk.step(path)
        node?.content.removeLast((node?.content.count ?? length) - length)
    }

    func syncData() throws(CardFileError) { try sync() }

    func sync() throws(CardFileError) {
        _ = try disk.step(path)
        if disk.ignoresSync { return }
        if let node { node.durable = node.content } else { disk.state.durableNames = disk.state.names }
    }
}
