import CardProfiles
public import CivilCalendar
import TLV

/// 4情報: what the input-support application holds as text (EF 0002, FF20).
public struct FourFacts: Hashable, Sendable {
    /// Family and given name, separated by U+3000.
    public let name: String
    public let address: String
    public let birth: CivilDate
    public let gender: Gender

    init(_ record: [UInt8], of file: ObjectID) throws(CardError) {
        let objects = try RecordObjects(record, tag: 0xFF20, of: file)
        name = try objects.text(0xDF22)
        address = try objects.text(0xDF23)
        birth = try objects.date(0xDF24)
        gender = try objects.gender(0xDF25)
    }
}

/// 個人番号, twelve digits.
///
/// Who may read, keep or pass it on is a matter of law (番号法); so it shows itself only when asked by name.
public struct IndividualNumber: Hashable, Sendable, CustomStringConvertible {
    /// The digits.
    public let digits: String

    /// `nil` when these are not twelve digits of which the last is the right check digit.
    public init?(_ digits: String) {
        guard CheckDigit.isIndividualNumber(digits) else { return nil }
        self.digits = digits
    }

    /// EF 0001: `FF10 0C`, twelve digits, two bytes of filler.
    init(_ record: [UInt8], of file: ObjectID) throws(CardError) {
        let object: DataObject
        do throws(TLVError) {
            object = try firstObject(record)
        } catch {
            throw .malformed(file, .notADataObject)
        }
        guard object.tag == 0xFF10 else { throw .malformed(file, .wrongTag(object.tag)) }
        guard let number = Self(String(decoding: object.value, as: UTF8.self)) else {
            throw .malformed(file, .notANumber(0xFF10))
        }
        self = number
    }

    public var description: String { "IndividualNumber(withheld)" }
}

/// EF 0003 of the input support (FF30): digests of the number's and the facts' files, signed by the municipality.
public struct TextDigests: Hashable, Sendable {
    public let numberDigest: [UInt8]
    public let factsDigest: [UInt8]
    public let signedBytes: [UInt8]
    public let signature: [UInt8]

    init(_ record: [UInt8], of file: ObjectID) throws(CardError) {
        let objects = try RecordObjects(record, tag: 0xFF30, of: file)
        numberDigest = try objects.value(0xDF31, count: 32)
        factsDigest = try objects.value(0xDF32, count: 32)
        signedBytes = try objects.raw(0xDF31, 0xDF32)
        signature = try objects.value(0xDF33)
    }
}

/// A public key in a signed record: FF50 of the input support.
public struct SignedPublicKey: Hashable, Sendable {
    public let key: PublicKeyObject
    public let signedBytes: [UInt8]
    public let signature: [UInt8]

    init(_ record: [UInt8], of file: ObjectID) throws(CardError) {
        let objects = try RecordObjects(record, tag: 0xFF50, of: file)
        key = try PublicKeyObject(try objects.value(0xDF51), of: file)
        signedBytes = try objects.raw(0xDF51)
        signature = try objects.value(0xDF52)
    }
}

/// What an application says of itself: FF40 of the input support, FF30 of the card face.
public struct ApplicationBasics: Hashable, Sendable {
    /// Version, extended lengths, vendor, vendor's own (myna-card, myna).
    public let identification: [UInt8]
    public let keyIdentifier: KeyIdentifier?
    /// Five digits; the card face's alone.
    public let municipalityCode: String?

    init(text record: [UInt8], of file: ObjectID) throws(CardError) {
        let objects = try RecordObjects(record, tag: 0xFF40, of: file)
        identification = try objects.value(0xDF41)
        keyIdentifier = KeyIdentifier(try objects.value(0xDF42))
        municipalityCode = nil
    }

    init(face record: [UInt8], of file: ObjectID) throws(CardError) {
        let objects = try RecordObjects(record, tag: 0xFF30, of: file)
        identification = try objects.value(0xDF31)
        keyIdentifier = KeyIdentifier(try objects.value(0xDF32))
        municipalityCode = try objects.text(0xDF34)
    }
}
