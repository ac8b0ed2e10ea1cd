import CardKeys
import CardStorage
import Glibc
import VirtualCard

/// What one more card costs a process: a thousand card files opened, each card used once in every way.
struct MemoryBench {
    let folder: String
    let file: String
    private let count = 1000

    private typealias Card = VirtualCard<OpenSSLCryptography>

    func run() throws {
        let storageKey = try StorageKey.read(folder + "/fuda/storage.key")
        let original = try CardFile(opening: file, storageKey: storageKey)
        let (header, changes) = (original.header, original.changes)
        let content = changes.reduce(0) { $0 + $1.encoded.count }
        let many = folder + "/many"
        mkdir(many, 0o700)
        for index in 0..<count {
            try CardFile.create(at: "\(many)/\(index)", header, changes, storageKey: storageKey, replacing: true)
        }
        var cards: [(card: Card, file: CardFile)] = []
        cards.reserveCapacity(count)
        // The first card brings what every process needs once.
        try cards.append(open("\(many)/0", storageKey))
        use(&cards[0])
        let before = residentMemory()
        for index in 1..<count {
            try cards.append(open("\(many)/\(index)", storageKey))
            use(&cards[index])
        }
        let each = Double(residentMemory() - before) / Double(count - 1) / 1000
        say(
            "memory of one more card in a process that has 1,000: \(rounded(each, 1)) kB, of which \(content / 1000) kB are the "
                + "card's content " + verdict(each < 100, "100 kB")
        )
    }

    private func open(_ path: String, _ storageKey: [UInt8]) throws -> (card: Card, file: CardFile) {
        let file = try CardFile(opening: path, storageKey: storageKey)
        let state = try CardState(file.header.kind, replaying: file.changes, using: OpenSSLCryptography())
        return (VirtualCard(state, cryptography: OpenSSLCryptography()), file)
    }

    private func use(_ entry: inout (card: Card, file: CardFile)) {
        let jpki: [UInt8] = [0xD3, 0x92, 0xF0, 0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01]
        let commands: [[UInt8]] = [
            [0x00, 0xA4, 0x04, 0x0C, 0x0A] + jpki,
            [0x00, 0xB0, 0x8A, 0x00, 0x00],
            [0x00, 0x20, 0x00, 0x98, 0x04] + Array("1234".utf8),
            [0x80, 0x2A, 0x00, 0x97, 51] + [UInt8](repeating: 7, count: 51) + [0x00],
        ]
        for command in commands {
            let answer = entry.card.respond(to: command, committingTo: &entry.file)
            guard answer.suffix(2) == [0x90, 0x00] else { fatalError("a card refused \(command): \(answer.suffix(2))") }
        }
    }

    /// Bytes (proc(5), statm).
    private func residentMemory() -> Int {
        let words = ((try? text(of: "/proc/self/statm")) ?? "").split(separator: " ")
        return (words.count > 1 ? Int(words[1]) ?? 0 : 0) * Int(sysconf(Int32(_SC_PAGESIZE)))
    }
}
