import CardProfiles
import CivilCalendar
import SmartCard
import TLV

/// The data objects of one record with the bytes each of them had on the card: signatures cover those, not what a writer
/// would make of the values.
struct RecordObjects {
    let file: ObjectID
    private let objects: [(object: DataObject, raw: [UInt8])]

    /// Takes a whole record apart: the outer object with this tag and the objects inside it.
    init(_ bytes: [UInt8], tag: UInt32, of file: ObjectID) throws(CardError) {
        let outer: DataObject
        do throws(TLVError) {
            outer = try firstObject(bytes)
        } catch {
            throw .malformed(file, .notADataObject)
        }
        guard outer.tag == tag else { throw .malformed(file, .wrongTag(outer.tag)) }
        self.file = file
        var objects: [(DataObject, [UInt8])] = []
        var reader = TLVReader(outer.value)
        do throws(TLVError) {
            while !reader.isAtEnd {
                let start = reader.position
                let object = try reader.next()
                // Of two objects with one tag, a reader might show the one and a signature cover the other.
                if objects.contains(where: { $0.0.tag == object.tag }) { throw TLVError.missing(tag: object.tag) }
                objects.append((object, Array(outer.value[start..<reader.position])))
            }
        } catch {
            throw .malformed(file, .badStructure)
        }
        self.objects = objects
    }

    func value(_ tag: UInt32) throws(CardError) -> [UInt8] {
        for entry in objects where entry.object.tag == tag { return entry.object.value }
        throw .malformed(file, .missing(tag))
    }

    func value(_ tag: UInt32, count: Int) throws(CardError) -> [UInt8] {
        let value = try value(tag)
        guard value.count == count else { throw .malformed(file, .wrongLength(tag)) }
        return value
    }

    /// The objects with these tags as they were on the card, one after the other.
    func raw(_ tags: UInt32...) throws(CardError) -> [UInt8] {
        var bytes: [UInt8] = []
        for tag in tags {
            guard let entry = objects.first(where: { $0.object.tag == tag }) else {
                throw .malformed(file, .missing(tag))
            }
            bytes += entry.raw
        }
        return bytes
    }

    /// Everything from the object with this tag to the end.
    func raw(from tag: UInt32) throws(CardError) -> [UInt8] {
        guard let start = objects.firstIndex(where: { $0.object.tag == tag }) else {
            throw .malformed(file, .missing(tag))
        }
        return objects[start...].flatMap { $0.raw }
    }

    /// Text in UTF-8, refused where it is none.
    func text(_ tag: UInt32) throws(CardError) -> String {
        let value = try value(tag)
        guard let text = String(exactly: value) else { throw .malformed(file, .notText(tag)) }
        return text
    }

    /// A date in eight Gregorian digits.
    func date(_ tag: UInt32) throws(CardError) -> CivilDate {
        guard let date = CivilDate(compact: try value(tag, count: 8)) else { throw .malformed(file, .notADate(tag)) }
        return date
    }

    func gender(_ tag: UInt32) throws(CardError) -> Gender {
        let digit = try value(tag, count: 1)[0]
        guard let gender = Gender(rawValue: digit) else { throw .malformed(file, .notANumber(tag)) }
        return gender
    }
}

/// The data object that bytes begin with; what follows it is left.
func firstObject(_ bytes: [UInt8]) throws(TLVError) -> DataObject {
    var reader = TLVReader(bytes)
    return try reader.next()
}

/// 性別 as one digit (JIS X 0303, ISO/IEC 5218).
public enum Gender: UInt8, Hashable, Sendable {
    case unknown = 0x30
    case male = 0x31
    case female = 0x32
    case notApplicable = 0x39
}

extension String {
    /// `nil` when the bytes are not UTF-8.
    init?(exactly bytes: [UInt8]) {
        self.init(decoding: bytes, as: UTF8.self)
        guard utf8.elementsEqual(bytes) else { return nil }
    }
}

extension CivilDate {
    /// Reads `YYYYMMDD` in ASCII.
    init?(compact digits: [UInt8]) {
        guard digits.count == 8, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        func number(_ range: Range<Int>) -> Int { digits[range].reduce(0) { $0 * 10 + Int($1 & 0x0F) } }
        self.init(year: number(0..<4), month: number(4..<6), day: number(6..<8))
    }
}
