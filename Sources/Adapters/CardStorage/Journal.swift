import CardCryptography
import CardKeys
import TLV
import VirtualCard

/// The sealed part of a card file: one snapshot, then one block for every commit.
///
/// ```
/// file     = magic "FUDACARD" · version (2) · header length (4) · header · zeros to a multiple of 512
///            · snapshot · block · block · …
/// snapshot = length of ciphertext (4) · nonce (12) · ciphertext · zeros · tag (16), a multiple of 512 long
/// block    = the same, exactly 512 long
/// ```
///
/// Each seal is bound to the plain header, to its own number and to the seal before it, so that no block can be changed,
/// moved, left out or brought from another file. A block is appended and made durable as a whole: a file that ends inside
/// a block, or in a block without its tag, was cut off while writing, before the commit returned, and that block has not
/// happened.
struct Journal {
    static let magic = Array("FUDACARD".utf8)
    static let version: UInt16 = 1
    static let blockLength = 512

    private let key: SealingKey
    private let headerBytes: [UInt8]
    private var previousTag = [UInt8](repeating: 0, count: SealingKey.tagLength)
    private(set) var number: UInt64 = 0

    init(key: SealingKey, headerBytes: [UInt8]) {
        self.key = key
        self.headerBytes = headerBytes
    }

    /// The plain beginning of a file, padded.
    static func prologue(_ header: CardHeader) -> [UInt8] {
        let content = header.encoded
        let length = UInt32(content.count)
        var bytes = magic + [UInt8(version >> 8), UInt8(version & 0xFF)]
        bytes += [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: length >> UInt32($0)) }
        bytes += content
        return bytes + [UInt8](repeating: 0, count: padding(bytes.count))
    }

    static func padding(_ count: Int) -> Int { (blockLength - count % blockLength) % blockLength }

    /// Seals one more part; a block that does not fit its 512 bytes comes out longer, which the caller looks at.
    mutating func seal(_ plain: [UInt8]) throws(CardFileError) -> [UInt8] {
        do {
            let box = try key.seal(plain, context: context)
            let length = UInt32(box.ciphertext.count)
            var bytes = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: length >> UInt32($0)) }
            bytes += box.nonce + box.ciphertext
            bytes += [UInt8](repeating: 0, count: Self.padding(bytes.count + SealingKey.tagLength)) + box.tag
            previousTag = box.tag
            number += 1
            return bytes
        } catch {
            throw .library(error.operation)
        }
    }

    /// Opens the part at `offset`; `nil` when it is not what was sealed there.
    mutating func open(_ bytes: [UInt8], at offset: Int, length: Int) throws(CardFileError) -> [UInt8]? {
        let cipherLength = Self.cipherLength(bytes, at: offset)
        let start = offset + 4 + SealingKey.nonceLength
        let tagStart = offset + length - SealingKey.tagLength
        guard length >= 4 + SealingKey.nonceLength + SealingKey.tagLength, cipherLength <= tagStart - start,
            bytes[(start + cipherLength)..<tagStart].allSatisfy({ $0 == 0 })
        else { return nil }
        let box = SealedBox(
            nonce: Array(bytes[(offset + 4)..<start]),
            ciphertext: Array(bytes[start..<(start + cipherLength)]),
            tag: Array(bytes[tagStart..<(offset + length)])
        )
        do {
            guard let plain = try key.open(box, context: context) else { return nil }
            previousTag = box.tag
            number += 1
            return plain
        } catch {
            throw .library(error.operation)
        }
    }

    /// How long the sealed part at `offset` is, by its own word; `nil` when there is not even a length.
    static func sealedLength(_ bytes: [UInt8], at offset: Int) -> Int? {
        guard bytes.count - offset >= blockLength else { return nil }
        let content = 4 + SealingKey.nonceLength + cipherLength(bytes, at: offset) + SealingKey.tagLength
        return content + padding(content)
    }

    /// Whether the last block of a file was cut off before its tag was written.
    static func lacksTag(_ bytes: [UInt8], at offset: Int) -> Bool {
        bytes[(offset + blockLength - SealingKey.tagLength)..<(offset + blockLength)].allSatisfy { $0 == 0 }
    }

    private static func cipherLength(_ bytes: [UInt8], at offset: Int) -> Int {
        bytes[offset..<(offset + 4)].reduce(0) { $0 << 8 | Int($1) }
    }

    private var context: [UInt8] {
        headerBytes + (0..<8).map { UInt8(truncatingIfNeeded: number >> UInt64(56 - 8 * $0)) } + previousTag
    }
}
