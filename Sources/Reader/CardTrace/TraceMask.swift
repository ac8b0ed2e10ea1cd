import CardProfiles
import SmartCard
import TLV

/// Blanks what a conversation must not tell: by what each byte is part of, not by how it looks.
///
/// Whatever is not known to be harmless is blanked. Structure, lengths and status stay, and what takes the place of a
/// value has its form, so that a program that reads the trace behaves as it did with the card.
enum TraceMask {
    /// VERIFY, CHANGE REFERENCE DATA, RESET RETRY COUNTER, CHANGE KEY.
    private static let holdingSecrets: Set<UInt8> = [0x20, 0x24, 0x2C, 0x32]

    /// A command without its data, unless that is the name of an application or a file.
    static func withholdData(_ command: [UInt8]) -> [UInt8?] {
        guard command.count > 5, command[1] != 0xA4, command[1] != 0xC0 else { return command }
        let isExtended = command[4] == 0 && command.count >= 7
        let start = isExtended ? 7 : 5
        let length = isExtended ? Int(command[5]) << 8 | Int(command[6]) : Int(command[4])
        // A length that is wanted in three bytes is no data.
        if isExtended, command.count == 7, !holdingSecrets.contains(command[1]) { return command }
        // Where lengths do not add up, and where there may be a secret, nothing behind the fifth byte is given.
        let end = start + length
        let addsUp = command.count == end || command.count == end + (isExtended ? 2 : 1)
        let withheld = addsUp && !holdingSecrets.contains(command[1]) ? start..<end : 5..<command.count
        return command.enumerated().map { index, byte in withheld.contains(index) ? nil : byte }
    }

    static func blank(_ exchanges: [CardTrace.Exchange]) -> CardTrace {
        var place = TracedPlace()
        var targets = exchanges.map { place.follow($0) }
        // GET RESPONSE goes on with what the command before it began.
        for index in targets.indices where exchanges[index].command.count > 1 && exchanges[index].command[1] == 0xC0 {
            guard index > 0 else { continue }
            if case .part(let source, let offset) = targets[index - 1] {
                targets[index] = .part(source, offset: offset + exchanges[index - 1].data.count)
            } else {
                targets[index] = targets[index - 1]
            }
        }
        let sources = blankedSources(exchanges, targets)
        return CardTrace(
            zip(exchanges, targets).map { exchange, target in
                guard case .response(let bytes) = exchange.outcome else { return exchange }
                let data = exchange.data
                let blanked: [UInt8] =
                    switch target {
                    case .part(let source, let offset): slice(sources[source] ?? [], offset, data.count)
                    case .random, .nothing: [UInt8](repeating: 0, count: data.count)
                    }
                let status = bytes.count >= 2 ? Array(bytes.suffix(2)) : bytes
                return CardTrace.Exchange(command: exchange.command, outcome: .response(blanked + status))
            }
        )
    }

    /// Everything as far as it was read, blanked as a whole.
    private static func blankedSources(
        _ exchanges: [CardTrace.Exchange],
        _ targets: [TracedPlace.Target]
    ) -> [TracedPlace.Source: [UInt8]] {
        var sources: [TracedPlace.Source: [UInt8]] = [:]
        for (exchange, target) in zip(exchanges, targets) {
            guard case .part(let source, let offset) = target, !exchange.data.isEmpty else { continue }
            var bytes = sources[source] ?? []
            let end = offset + exchange.data.count
            if bytes.count < end { bytes += [UInt8](repeating: 0, count: end - bytes.count) }
            bytes.replaceSubrange(offset..<end, with: exchange.data)
            sources[source] = bytes
        }
        for (source, bytes) in sources {
            sources[source] =
                switch source {
                case .file(let file): blankFile(bytes, file)
                case .record(let file, _): blankRecord(bytes, file)
                case .dataObject(let tag): blankDataObject(bytes, tag)
                }
        }
        return sources
    }

    private static func slice(_ bytes: [UInt8], _ offset: Int, _ count: Int) -> [UInt8] {
        let part = bytes.dropFirst(offset).prefix(count)
        return part + [UInt8](repeating: 0, count: count - part.count)
    }

    // MARK: - What each file may show

    private static func blankFile(_ bytes: [UInt8], _ file: ObjectID) -> [UInt8] {
        switch (file.place, file.file) {
        case (.jpki, 0x0002), (.jpki, 0x000B), (.jpki, 0x0008):
            return bytes
        case (.jpki, 0x0006):
            return replacing(bytes, 80..<96, with: 0x30)
        case (.jpki, 0x0001), (.jpki, 0x000A):
            return replacing(bytes, 4..., with: 0)
        case (.cardFace, _), (.inputSupport, _):
            return BlankObject.blank(bytes)
        default:
            return [UInt8](repeating: 0, count: bytes.count)
        }
    }

    private static func blankRecord(_ bytes: [UInt8], _ file: ObjectID) -> [UInt8] {
        switch (file.place, file.file) {
        case (.common, 0x0001) where bytes.count == 30:
            // The first digit tells simulated cards from real ones; the rest is nobody's.
            return Array(bytes.prefix(3)) + Array("0000000000000000000020990101".utf8).dropFirst(1)
        case (.common, 0x0002), (.residentRegister, 0x0002): return bytes
        default: return replacing(bytes, 2..., with: 0x30)
        }
    }

    private static func blankDataObject(_ bytes: [UInt8], _ tag: UInt16) -> [UInt8] {
        switch tag {
        case 0x0042, 0x0066, 0x00F7, 0x5F51: bytes
        case 0x00F2 where bytes.count == 8: Array("20990101".utf8)
        case 0x00F8: BlankObject.blankCertificateContents(bytes)
        case 0x7F21: BlankObject.blank(bytes)
        default: [UInt8](repeating: 0x30, count: bytes.count)
        }
    }

    private static func replacing(_ bytes: [UInt8], _ range: some RangeExpression<Int>, with filler: UInt8) -> [UInt8] {
        bytes.enumerated().map { index, byte in range.contains(index) ? filler : byte }
    }
}

/// Blanks the values of data objects and leaves their tags and lengths.
enum BlankObject {
    /// A file that begins with one data object and may go on with filler, or end before the object does.
    static func blank(_ bytes: [UInt8]) -> [UInt8] {
        guard let header = headerLength(bytes, 0) else { return [UInt8](repeating: 0, count: bytes.count) }
        let tag = tag(bytes, 0)
        let value = Array(bytes.dropFirst(header.bytes).prefix(header.length))
        let rest = bytes.count - header.bytes - value.count
        let isConstructed = [0xFF10, 0xFF20, 0xFF30, 0xFF40, 0xFF50, 0x7F21, 0xA1].contains(tag)
        // The number's file holds digits straight away; the age record, which has the same tag, holds objects.
        let blanked =
            isConstructed && !(tag == 0xFF10 && value.first != 0xDF) ? inside(value) : fill(value.count, tag, value)
        return bytes.prefix(header.bytes) + blanked + [UInt8](repeating: 0xFF, count: rest)
    }

    /// 5F4E and 5F37 without 7F21 around them.
    static func blankCertificateContents(_ bytes: [UInt8]) -> [UInt8] { inside(bytes) }

    private static func inside(_ bytes: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        while out.count < bytes.count, let header = headerLength(bytes, out.count) {
            let start = out.count
            let value = Array(bytes.dropFirst(start + header.bytes).prefix(header.length))
            out += bytes[start..<min(start + header.bytes, bytes.count)]
            out += fill(value.count, tag(bytes, start), value)
        }
        return out + [UInt8](repeating: 0, count: bytes.count - out.count)
    }

    /// What stands in for a value of this object.
    private static func fill(_ count: Int, _ tag: UInt32, _ value: [UInt8]) -> [UInt8] {
        switch (tag, count) {
        // Tables of offsets, names of applications and keys, versions: nobody's.
        case (0xDF21, _) where value.count > 8 || value.first == 0, (0xDF41, 4), (0xDF42, 16), (0xDF32, 16),
            (0xDF33, 1), (0x90, _):
            return value
        case (0xDF31, 4): return value
        case (_, 8): return Array("19000101".utf8)
        case (_, 1): return [0x30]
        // My Number and the municipality code.
        case (0xFF10, _), (0xDF34, _): return [UInt8](repeating: 0x30, count: count)
        case (0xDF22, _), (0xDF23, _): return [UInt8](repeating: 0x58, count: count)
        // A public key's 265 bytes; nothing of another length is looked into, however deep it goes.
        case (0xDF12, 265), (0xDF24, 265), (0xDF42, 265), (0xDF51, 265): return inside(value)
        // Issuer's name kept, subject's and key blanked.
        case (0x5F4E, 297...):
            return value.prefix(16) + Array("0000000".utf8) + value[23..<32] + inside(Array(value.dropFirst(32)))
        default: return [UInt8](repeating: 0, count: count)
        }
    }

    private static func tag(_ bytes: [UInt8], _ start: Int) -> UInt32 {
        let first = UInt32(bytes[start])
        guard first & 0x1F == 0x1F, start + 1 < bytes.count else { return first }
        return first << 8 | UInt32(bytes[start + 1])
    }

    /// Bytes of tag and length, and the length; `nil` where these are no data object.
    private static func headerLength(_ bytes: [UInt8], _ start: Int) -> (bytes: Int, length: Int)? {
        guard start < bytes.count else { return nil }
        var position = start + (bytes[start] & 0x1F == 0x1F ? 2 : 1)
        guard position < bytes.count else { return nil }
        var length = Int(bytes[position])
        position += 1
        if length >= 0x80 {
            let count = length & 0x7F
            guard (1...3).contains(count), position + count <= bytes.count else { return nil }
            length = bytes[position..<(position + count)].reduce(0) { $0 << 8 | Int($1) }
            position += count
        }
        return (position - start, length)
    }
}
