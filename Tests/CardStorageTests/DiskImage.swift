/// One call that changes a disk; files go by a number, since their names change.
enum DiskStep: Hashable {
    case create(String)
    case write(Int, [UInt8], at: Int)
    case truncate(Int, to: Int)
    case sync(Int)
    /// Makes the names durable.
    case syncNames
    case rename(String, to: String)
    case link(String, to: String)
    case remove(String)

    /// How many bytes it writes: it can be cut within them.
    var length: Int { if case .write(_, let bytes, _) = self { bytes.count } else { 0 } }
    var isSync: Bool {
        switch self {
        case .sync, .syncNames: true
        default: false
        }
    }
}

/// What a crash leaves of that which was not made durable.
enum Loss: Hashable {
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
    /// Of what was written each sector reached the disk or did not, by a seed, and likewise the names.
    case sectors(UInt64)

    static let each: [Loss] = [.nothing, .everything, .content, .names, .contentToZeros]
}

/// What stands on a disk, and what of it is durable.
struct DiskImage {
    struct Content: Hashable {
        var bytes: [UInt8] = []
        var durable: [UInt8] = []
        /// Where was written since.
        var pending: [Range<Int>] = []
    }

    private(set) var contents: [Content] = []
    private(set) var names: [String: Int] = [:]
    private var durableNames: [String: Int] = [:]
    static let sector = 512

    /// Does a step: all of it, or, of a write, its first bytes.
    mutating func apply(_ step: DiskStep, bytes count: Int? = nil) {
        switch step {
        case .create(let name):
            names[name] = contents.count
            contents.append(Content())
        case .write(let file, let bytes, let offset):
            contents[file].write(bytes.prefix(count ?? bytes.count), at: offset)
        case .truncate(let file, let length):
            contents[file].bytes.removeLast(contents[file].bytes.count - length)
            contents[file].pending = contents[file].pending.map { $0.clamped(to: 0..<length) }
        case .sync(let file):
            contents[file].durable = contents[file].bytes
            contents[file].pending = []
        case .syncNames: durableNames = names
        case .rename(let source, let destination): names[destination] = names.removeValue(forKey: source)
        case .link(let source, let destination): names[destination] = names[source]
        case .remove(let name): names[name] = nil
        }
    }

    /// The disk as it is found when the power is back.
    func left(_ loss: Loss) -> DiskImage {
        var image = self
        var dice = SeededDice(loss)
        switch loss {
        case .everything, .names: image.names = durableNames
        case .sectors: if dice.coin() { image.names = durableNames }
        case .nothing, .content, .contentToZeros: break
        }
        image.durableNames = image.names
        image.contents = contents.map { content in
            let bytes = content.left(loss, &dice)
            return Content(bytes: bytes, durable: bytes)
        }
        return image
    }
}

extension DiskImage.Content {
    fileprivate mutating func write(_ part: ArraySlice<UInt8>, at offset: Int) {
        let end = offset + part.count
        if bytes.count < end { bytes += [UInt8](repeating: 0, count: end - bytes.count) }
        bytes = Array(bytes[..<offset]) + part + Array(bytes[end...])
        pending.append(offset..<end)
    }

    fileprivate func left(_ loss: Loss, _ dice: inout SeededDice) -> [UInt8] {
        switch loss {
        case .nothing, .names: return bytes
        case .everything, .content: return durable
        case .contentToZeros:
            var left = bytes
            for range in pending {
                let zeros = [UInt8](repeating: 0, count: range.count)
                left = Array(left[..<range.lowerBound]) + zeros + Array(left[range.upperBound...])
            }
            return left
        case .sectors:
            var left = bytes
            for range in pending {
                for start in stride(from: range.lowerBound, to: range.upperBound, by: DiskImage.sector)
                where dice.coin() {
                    let lost = start..<min(start + DiskImage.sector, range.upperBound)
                    for index in lost { left[index] = index < durable.count ? durable[index] : 0 }
                }
            }
            // A length that did not reach the disk takes away what lies beyond it.
            return dice.coin() && durable.count < left.count ? Array(left.prefix(durable.count)) : left
        }
    }
}
