import CardProfiles
public import CivilCalendar
public import Problems

/// What a JPKI application says it is in (EF 0006: a PKCS #11 CK_TOKEN_INFO with 32-bit big-endian integers, 160 bytes).
public struct TokenInformation: Hashable, Sendable {
    public let label: String
    public let manufacturer: String
    public let model: String
    public let serialNumber: String
    public let greatestPINLength: Int?
    public let leastPINLength: Int?
    public let hardwareVersion: String
    public let firmwareVersion: String

    /// Takes what there is: of some tokens only the label is known.
    init(_ bytes: [UInt8], of file: ObjectID) throws(CardError) {
        guard bytes.count >= 15 else { throw .malformed(file, .cutOff) }
        func text(_ start: Int, _ count: Int) -> String {
            let part = bytes.dropFirst(start).prefix(count)
            let used = part.prefix { $0 != 0 && $0 != 0xFF }
            var text = String(decoding: used.map { (0x20...0x7E).contains($0) ? $0 : 0x3F }, as: UTF8.self)
            while text.hasSuffix(" ") { text.removeLast() }
            return text
        }
        func integer(_ start: Int) -> Int? {
            guard bytes.count >= start + 4 else { return nil }
            return bytes[start..<(start + 4)].reduce(0) { $0 << 8 | Int($1) }
        }
        label = text(0, 32)
        manufacturer = text(32, 32)
        model = text(64, 16)
        serialNumber = text(80, 16)
        greatestPINLength = integer(116)
        leastPINLength = integer(120)
        hardwareVersion = text(140, 2)
        firmwareVersion = text(142, 2)
    }

    public var kind: TokenKind {
        switch label {
        case "JPKIAPICCTOKEN2": .card
        case "JPKIAPGPSETOKEN": .android
        case "JPKIAPIOSTOKEN": .iphone
        case "JPKIAPICCTOKEN": .residentCard
        default: .unknown
        }
    }
}

/// The things that hold a JPKI application, told apart by the token's label (myna, myna-card).
///
/// The raw value is the name JSON uses.
public enum TokenKind: String, Hashable, Sendable {
    case card
    case android
    case iphone
    /// 住民基本台帳カード, issued until 2015.
    case residentCard = "resident-card"
    case unknown

    public var name: Text {
        switch self {
        case .card: Text(ja: "マイナンバーカード", en: "My Number Card")
        case .android: Text(ja: "Androidスマートフォンの電子証明書", en: "certificates in an Android phone")
        case .iphone: Text(ja: "iPhoneの電子証明書", en: "certificates in an iPhone")
        case .residentCard: Text(ja: "住民基本台帳カード", en: "resident register card (before 2016)")
        case .unknown: Text(ja: "不明なトークン", en: "unknown token")
        }
    }

    public var isPhone: Bool { self == .android || self == .iphone }
}

/// Which certificates there are (EF 0008: a byte each, 8F where present; myna-card).
public struct CertificateAvailability: Hashable, Sendable {
    public let signature: Bool
    public let authentication: Bool

    init(_ bytes: [UInt8], of file: ObjectID) throws(CardError) {
        guard bytes.count >= 2 else { throw .malformed(file, .cutOff) }
        signature = bytes[0] == 0x8F
        authentication = bytes[1] == 0x8F
    }
}

/// The record of the common application: 15 digits of serial, 5 of municipality, 8 of expiry (myna-card, myna).
public struct CardNumbers: Hashable, Sendable {
    public let serial: String
    public let municipalityCode: String
    public let expiry: CivilDate

    init(_ record: [UInt8], of file: ObjectID) throws(CardError) {
        guard record.count == 28, record.allSatisfy({ (0x30...0x39).contains($0) }) else {
            throw .malformed(file, .notANumber(0x01))
        }
        guard let expiry = CivilDate(compact: Array(record[20..<28])) else { throw .malformed(file, .notADate(0x01)) }
        serial = String(decoding: record[0..<15], as: UTF8.self)
        municipalityCode = String(decoding: record[15..<20], as: UTF8.self)
        self.expiry = expiry
    }

    /// 製造番号 as other programs show it: the serial without its first two digits (myna).
    public var manufacturingNumber: String { String(serial.dropFirst(2)) }

    /// Serials of this project's cards begin with 8 and of no real one.
    public var isSimulated: Bool { serial.hasPrefix("8") }
}
