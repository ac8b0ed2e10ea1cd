import CardProfiles
import SmartCard
import TLV

/// Changes as bytes: one data object each, whose tag says which change it is.
///
/// Tags and layouts are part of the card file's format: they are added to, never altered.
extension Change {
    private enum Tag {
        static let tries: UInt32 = 0xC0
        static let reference: UInt32 = 0xC1
        static let content: UInt32 = 0xC2
        static let record: UInt32 = 0xC3
        static let key: UInt32 = 0xC4
        static let publicKey: UInt32 = 0xC5
        static let dataObject: UInt32 = 0xC6
        static let terminalKey: UInt32 = 0xC7
        static let closed: UInt32 = 0xC8
    }

    public var encoded: [UInt8] {
        switch self {
        case .tries(let object, let tries):
            TLVWriter.encoded(Tag.tries, object.encoded + [UInt8(clamping: tries)])
        case .reference(let object, let salt, let verifier, let tries):
            TLVWriter.encoded(
                Tag.reference,
                object.encoded + [UInt8(clamping: tries), UInt8(clamping: salt.count)] + salt + verifier
            )
        case .content(let object, let bytes): TLVWriter.encoded(Tag.content, object.encoded + bytes)
        case .record(let object, let bytes): TLVWriter.encoded(Tag.record, object.encoded + bytes)
        case .key(let object, let bytes): TLVWriter.encoded(Tag.key, object.encoded + bytes)
        case .publicKey(let object, let bytes): TLVWriter.encoded(Tag.publicKey, object.encoded + bytes)
        case .dataObject(let tag, let bytes):
            TLVWriter.encoded(Tag.dataObject, [UInt8(tag >> 8), UInt8(tag & 0xFF)] + bytes)
        case .terminalKey(let bytes): TLVWriter.encoded(Tag.terminalKey, bytes)
        case .closed: TLVWriter.encoded(Tag.closed, [])
        }
    }

    /// Reads a list of changes; refuses anything it does not know, since leaving out a change would falsify the card.
    public static func decodeAll(_ bytes: [UInt8]) throws(StateFailure) -> [Change] {
        var reader = TLVReader(bytes)
        var changes: [Change] = []
        while !reader.isAtEnd {
            let start = reader.position
            do throws(TLVError) {
                guard let change = Change(try reader.next()) else { throw TLVError.truncated(at: start) }
                changes.append(change)
            } catch {
                throw .undecodable(at: start)
            }
        }
        return changes
    }

    private init?(_ element: DataObject) {
        let value = element.value
        switch element.tag {
        case Tag.terminalKey:
            self = .terminalKey(value)
            return
        case Tag.closed:
            guard value.isEmpty else { return nil }
            self = .closed
            return
        case Tag.dataObject:
            guard value.count >= 2 else { return nil }
            self = .dataObject(UInt16(value[0]) << 8 | UInt16(value[1]), Array(value.dropFirst(2)))
            return
        default:
            break
        }
        guard let object = ObjectID(decoding: value) else { return nil }
        let rest = Array(value.dropFirst(3))
        switch element.tag {
        case Tag.tries:
            guard rest.count == 1 else { return nil }
            self = .tries(object, Int(rest[0]))
        case Tag.reference:
            guard rest.count >= 2, rest.count >= 2 + Int(rest[1]) else { return nil }
            let saltEnd = 2 + Int(rest[1])
            self = .reference(
                object,
                salt: Array(rest[2..<saltEnd]),
                verifier: Array(rest[saltEnd...]),
                tries: Int(rest[0])
            )
        case Tag.content: self = .content(object, rest)
        case Tag.record: self = .record(object, rest)
        case Tag.key: self = .key(object, rest)
        case Tag.publicKey: self = .publicKey(object, rest)
        default: return nil
        }
    }
}

extension ObjectID {
    fileprivate var encoded: [UInt8] { [place.rawValue] + file.bytes }

    fileprivate init?(decoding value: [UInt8]) {
        guard value.count >= 3, let place = Place(rawValue: value[0]) else { return nil }
        self.init(place, FileID(UInt16(value[1]) << 8 | UInt16(value[2])))
    }
}
