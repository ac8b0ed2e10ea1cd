import CardCryptography
import CardKeys
import CardProfiles
import CardStorage
import CardTesting
import SmartCard
import VirtualCard

/// Bytes around a card file: a file as it is, alterations of a good file, or contents that are put under right seals, as
/// the first byte says.
///
/// Each is refused with an error that names the file, or opens as a card that goes on working; an altered file that opens
/// holds what the good one held, at that moment or before.
func examineCardFile(_ bytes: [UInt8]) throws(FuzzFinding) {
    let rest = Array(bytes.dropFirst())
    switch (bytes.first ?? 0) % 3 {
    case 0:
        _ = try examineOpening(rest)
    case 1:
        let good = try GoodCardFile.made.get()
        let altered = good.altered(by: rest)
        guard let changes = try examineOpening(altered) else {
            return try hold(altered != good.bytes, "a good file opens")
        }
        guard let moment = good.moments.firstIndex(of: changes) else {
            throw FuzzFinding(description: "an altered file that opens holds what was written")
        }
        try hold(good.wasCutOff(altered, after: moment), "a file opens at an earlier moment where it was cut off there")
    default:
        guard let file = forged(rest) else { return }
        _ = try examineOpening(file)
    }
}

/// What a file holds; `nil` when it is refused.
private func examineOpening(_ bytes: [UInt8]) throws(FuzzFinding) -> [Change]? {
    let disk = MemoryDisk(bytes)
    guard let file = try opened(disk) else {
        try hold(disk.bytes == bytes, "a file that is refused is left as it is")
        return nil
    }
    let changes = file.changes
    try hold(bytes.starts(with: disk.bytes), "opening takes away, and nothing else")
    try hold(changes.reduce(0) { $0 + $1.encoded.count } <= bytes.count, "a file holds no more than its bytes")

    let spent = Change.tries(ObjectID(.jpki, 0x0018), 2)
    let length = disk.bytes.count
    do throws(StoreFailure) {
        try file.commit([spent])
    } catch {
        throw FuzzFinding(description: "a file that opened takes commits")
    }
    try hold(disk.bytes.count == length + ForgedCardFile.block, "a commit is one block")
    try hold(try opened(disk)?.changes == changes + [spent], "what was committed is there afterwards")
    try examineCard(file.header.kind, changes, FakeCryptography())
    try examineCard(file.header.kind, changes, OpenSSLCryptography())
    return changes
}

private func opened(_ disk: MemoryDisk) throws(FuzzFinding) -> CardFile? {
    do throws(CardFileError) {
        return try CardFile(opening: "any.card", storageKey: ForgedCardFile.storageKey, on: disk)
    } catch {
        switch error {
        case .notACardFile, .unknownVersion, .wrongKeyOrAltered, .altered: return nil
        default: throw FuzzFinding(description: "the error says what is wrong with the file, not \(error)")
        }
    }
}

/// A card of changes that somebody made up: refused, or a card that answers.
private func examineCard<Cryptography: CardCryptography>(
    _ kind: CardKind,
    _ changes: [Change],
    _ cryptography: Cryptography
) throws(FuzzFinding) {
    guard let state = try? CardState(kind, replaying: changes, using: cryptography) else { return }
    guard let snapshot = try? state.changes() else { throw FuzzFinding(description: "a card says what it keeps") }
    let again = try? CardState(kind, replaying: snapshot, using: cryptography).changes()
    try hold(again == snapshot, "a card is made anew by what it keeps")
    var card = VirtualCard(state, cryptography: cryptography)
    var store = VolatileStore()
    for aid in [SampleContents.commonAID, SampleContents.jpkiAID, SampleContents.cardFaceAID] {
        _ = card.respond(to: commandBytes([0x00, 0xA4, 0x04, 0x0C], aid), committingTo: &store)
        for file in 1...0x1E as ClosedRange<UInt8> {
            for command in [
                [0x00, 0x20, 0x00, 0x80 | file], [0x00, 0x20, 0x00, 0x80 | file, 0x04, 0x31, 0x32, 0x33, 0x34],
                [0x00, 0xB0, 0x80 | file, 0x00, 0x00, 0x00, 0x00], [0x00, 0xB2, 0x01, file << 3 | 4, 0x00],
                [0x80, 0x2A, 0x00, 0x80 | file, 0x01, 0x00, 0x00], [0x00, 0x88, 0x00, 0x80 | file, 0x01, 0x00, 0x00],
            ] as [[UInt8]] {
                let answer = card.respond(to: command, committingTo: &store)
                try hold((2...65_538).contains(answer.count), "a card answers")
            }
        }
    }
}

/// Header, snapshot and blocks, each behind its length in two bytes; an empty header is a good one.
private func forged(_ bytes: [UInt8]) -> [UInt8]? {
    var parts: [[UInt8]] = []
    var rest = bytes[...]
    while rest.count >= 2, parts.count < 8 {
        let length = Int(rest.removeFirst()) << 8 | Int(rest.removeFirst())
        parts.append(Array(rest.prefix(length)))
        rest = rest.dropFirst(length)
    }
    guard let header = parts.first, parts.count > 1, let good = try? GoodCardFile.made.get() else { return nil }
    let chosen = header.isEmpty ? good.header : header
    // The seal is made with the salt that a reader of this header would take, where there is one.
    return ForgedCardFile.file(chosen, salt: GoodCardFile.salt(in: chosen), Array(parts.dropFirst()))
}
