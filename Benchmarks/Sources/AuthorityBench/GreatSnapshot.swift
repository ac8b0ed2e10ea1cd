import Crypto
import EventLog
import Foundation
import Revocation

/// The status of a nation's certificates, made of that of a few: each number above those that exist is `good`, every
/// fiftieth of them revoked.
///
/// Written in the form that snapshots have, since nobody waits for a hundred million entries of a log.
struct GreatSnapshot {
    let bytes: [UInt8]
    let issued: Int
    let revoked: Int

    private static let blockBytes = 2_048 * 8
    /// A table of up to 65,535 numbers of which none is revoked: partitions, three counts, blocks, marks, entries.
    private static let smallTable = 4 + 24 + 4 + blockBytes + 4
    private static let emptyTable = 4 + 24 + 4

    struct NotSmall: Error {}

    /// Grows a snapshot in which nothing is revoked until one table has `count` certificates: that of `auth`, the last
    /// one, or that of `sign` where there is none of `auth`.
    ///
    /// Throws ``NotSmall`` where the table holds more than its first 65,535 numbers.
    init(growing small: [UInt8], isLast: Bool, to count: Int) throws {
        let end = small.count - 32
        let authStart = end - (isLast ? Self.smallTable : Self.emptyTable)
        let start = isLast ? authStart : authStart - Self.smallTable
        guard start > 0, Self.number(small, start) == 0, Self.number(small, start + 28) == 1 else { throw NotSmall() }
        let known = Int(Self.number(small, start + 4))
        let inactive = small[start + 12..<start + 20]
        let marks = Array(small[start + 32..<start + 32 + Self.blockBytes])
        var out = Array(small[..<start])
        out.reserveCapacity(count / 3)
        func put(_ number: some FixedWidthInteger) { withUnsafeBytes(of: number.littleEndian) { out += $0 } }
        let partitions = (0..<1_741).map { String(10_000 + $0) }
        let revokedNumbers = stride(from: 50, through: count, by: 50).count { $0 > known }
        put(UInt32(partitions.count))
        for partition in partitions {
            put(UInt32(partition.utf8.count))
            out += partition.utf8
        }
        put(UInt64(count))
        out += inactive
        put(UInt64(revokedNumbers))
        // The number is the place, and nothing has the number 0.
        let blocks = count >> 16 + 1
        put(UInt32(blocks))
        for block in 0..<blocks {
            var entries: [Int] = []
            var words = [UInt64](repeating: 0, count: 2_048)
            for offset in 0..<65_536 {
                let number = block << 16 | offset
                guard number <= count else { break }
                if number <= known {
                    let old = UInt64(marks[offset >> 2] >> ((offset & 3) * 2) & 3)
                    words[offset >> 5] |= old << UInt64((offset & 31) * 2)
                } else if number % 50 == 0 {
                    words[offset >> 5] |= 3 << UInt64((offset & 31) * 2)
                    entries.append(offset)
                } else {
                    words[offset >> 5] |= 2 << UInt64((offset & 31) * 2)
                }
            }
            words.withUnsafeBytes { out += $0 }
            put(UInt32(entries.count))
            for offset in entries {
                put(UInt16(offset))
                put(UInt16(offset % partitions.count))
                put(UInt16(6_000))
                put(UInt16(RevocationReason.superseded.rawValue))
                put(UInt32(1_790_000_000))
            }
        }
        if !isLast { out += small[authStart..<end] }
        out += SHA256.hash(data: out)
        bytes = out
        issued = count
        revoked = revokedNumbers
    }

    private static func number(_ bytes: [UInt8], _ place: Int) -> UInt32 {
        bytes.withUnsafeBytes { UInt32(littleEndian: $0.loadUnaligned(fromByteOffset: place, as: UInt32.self)) }
    }
}
