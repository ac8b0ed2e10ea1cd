import CardKeys

/// Card files as somebody would write them who knows the storage key and means ill: right seals around any content.
///
/// Written from docs/ARCHITECTURE.md (card file), not with the card's own writer.
enum ForgedCardFile {
    static let storageKey = (0..<32).map { UInt8($0) ^ 0x5A }
    static let block = 512

    /// A header, then parts of which the first is the snapshot and the others are blocks; `nil` where one is too long.
    static func file(_ header: [UInt8], salt: [UInt8], _ parts: [[UInt8]]) -> [UInt8]? {
        guard let key = try? SealingKey(storageKey: storageKey, salt: salt, purpose: "fuda card file") else {
            return nil
        }
        let prologue = padded(Array("FUDACARD".utf8) + [0, 1] + number(header.count, 4) + header)
        var file = prologue
        var tag = [UInt8](repeating: 0, count: SealingKey.tagLength)
        for (index, part) in parts.enumerated() {
            guard let box = try? key.seal(part, context: prologue + number(index, 8) + tag) else { return nil }
            let content = number(box.ciphertext.count, 4) + box.nonce + box.ciphertext
            let sealed = padded(content, room: SealingKey.tagLength) + box.tag
            guard index == 0 || sealed.count == block else { return nil }
            file += sealed
            tag = box.tag
        }
        return file
    }

    private static func padded(_ bytes: [UInt8], room: Int = 0) -> [UInt8] {
        let length = (bytes.count + room + block - 1) / block * block
        return bytes + [UInt8](repeating: 0, count: length - room - bytes.count)
    }

    private static func number(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * (count - 1 - $0))) }
    }
}
