import CardProfiles
import CardStorage
import CardTesting
import SmartCard
import TLV
import VirtualCard

/// A card file that was used a little, and what it held at each moment.
struct GoodCardFile {
    let bytes: [UInt8]
    let moments: [[Change]]
    /// The plain header's data objects.
    let header: [UInt8]

    static let made: Result<GoodCardFile, FuzzFinding> = {
        let made = try? make()
        return made.map(Result.success) ?? .failure(FuzzFinding(description: "no card file could be made"))
    }()

    private static func make() throws -> GoodCardFile? {
        let header = headerBytes()
        let auth = ObjectID(.jpki, 0x0018)
        var moments = [try SampleCards.fast().card.state.changes()]
        let commits = [2, 1, 3, 2].map { [Change.tries(auth, $0)] }
        let parts = [moments[0]] + commits
        guard let bytes = ForgedCardFile.file(header, salt: salt(in: header), parts.map { $0.flatMap(\.encoded) })
        else {
            return nil
        }
        for commit in commits { moments.append((moments.last ?? []) + commit) }
        return GoodCardFile(bytes: bytes, moments: moments, header: header)
    }

    private static func headerBytes() -> [UInt8] {
        var writer = TLVWriter()
        writer.put(0x80, Array(CardKind.plastic.rawValue.utf8))
        writer.put(0x81, Array("adult".utf8))
        writer.put(0x82, Array("800000000000001".utf8))
        writer.put(0x83, Array("20360331".utf8))
        writer.put(0x84, [0x3B, 0x80, 0x01, 0x81])
        writer.put(0x85, [0, 0, 0, 0, 0x6B, 0x04, 0x2A, 0x46])
        writer.put(0x86, [1])
        writer.put(0x87, [UInt8](repeating: 7, count: 16))
        return writer.bytes
    }

    /// The salt that a header names; none where it is no header.
    static func salt(in header: [UInt8]) -> [UInt8] {
        var reader = TLVReader(header)
        return (try? reader.all())?.first { $0.tag == 0x87 }?.value ?? []
    }

    /// Whether a file is this one up to a moment, and behind that no more than a block that was being written: part of one,
    /// or one without its tag.
    func wasCutOff(_ file: [UInt8], after moment: Int) -> Bool {
        let block = ForgedCardFile.block
        let end = bytes.count - (moments.count - 1 - moment) * block
        guard file.starts(with: bytes.prefix(end)) else { return false }
        return switch file.count - end {
        case ..<block: true
        case ..<(2 * block): file[(end + block - 16)..<(end + block)].allSatisfy { $0 == 0 }
        default: false
        }
    }

    /// The file after alterations of four bytes each: what, where (2), and with what.
    func altered(by orders: [UInt8]) -> [UInt8] {
        var file = bytes
        for start in stride(from: 0, to: orders.count - 3, by: 4).prefix(64) {
            let place = (Int(orders[start + 1]) << 8 | Int(orders[start + 2])) % max(1, file.count)
            let value = orders[start + 3]
            let block = ForgedCardFile.block
            let first = place / block * block
            let second = Int(value) * block
            let isWhole = first + block <= file.count
            switch orders[start] % 6 {
            case 0 where !file.isEmpty: file[place] ^= value
            case 1: file = Array(file.prefix(place))
            case 2 where isWhole && second + block <= file.count:
                for index in 0..<block { file.swapAt(first + index, second + index) }
            case 3 where isWhole && second <= file.count && file.count < 1 << 20:
                file.insert(contentsOf: Array(file[first..<(first + block)]), at: second)
            case 4 where isWhole: file.removeSubrange(first..<(first + block))
            case 5 where file.count < 1 << 20: file += [UInt8](repeating: value, count: place)
            default: break
            }
        }
        return file
    }
}
