import SmartCard

/// The sixteen bytes that name a key in card-verifiable certificates.
///
/// Readings of cards show: a number of seven ASCII digits, `08 05`, a group of three ASCII digits, three zero bytes, and
/// a level, `A8` for the keys of the card manager and zero below. Real numbers begin with 5, real test numbers with 6
/// or 9; all of this project begin with 8.
public struct CardKeyIdentifier: Hashable, Sendable, CustomStringConvertible {
    public let bytes: [UInt8]

    static let length = 16

    /// Takes any sixteen bytes, also those of another hierarchy; `nil` when there are not sixteen.
    public init?(_ bytes: [UInt8]) {
        guard bytes.count == Self.length else { return nil }
        self.bytes = bytes
    }

    /// A name in this project's hierarchy; `number` is what follows the leading 8.
    private init(eightAnd number: StaticString, group: StaticString = "001", level: UInt8 = 0x00) {
        let digits = Array("8\(number)".utf8) + [0x08, 0x05] + Array("\(group)".utf8)
        bytes = digits + [0x00, 0x00, 0x00, level]
        precondition(bytes.count == Self.length, "a key number has seven digits, its group three")
    }

    /// Whether the key belongs to this project's hierarchy and to no real one.
    public var isSimulated: Bool { bytes[0] == 0x38 }

    public var description: String { Hex(bytes).description }

    public static let root = Self(eightAnd: "000010", level: 0xA8)
    public static let intermediate = Self(eightAnd: "000020", level: 0xA8)
    public static let cardManager = Self(eightAnd: "000021", level: 0xA8)
    public static let faceAuthority = Self(eightAnd: "000023")
    /// What the card-face application's basic record names; no certificate is about it.
    public static let faceApplication = Self(eightAnd: "000024")
    public static let textAuthority = Self(eightAnd: "000033")
    /// What the input-support application's basic record names; no certificate is about it.
    public static let textApplication = Self(eightAnd: "000034")
    /// The municipality's keys: code 99999, which no municipality has, and a running digit (a choice of this project).
    public static let faceMunicipality = Self(eightAnd: "999991", group: "000")
    public static let textMunicipality = Self(eightAnd: "999992", group: "000")
    public static let terminalAuthority = Self(eightAnd: "200073")
    public static let terminal = Self(eightAnd: "299774")
    public static let referenceCipher = Self(eightAnd: "900025")
}
