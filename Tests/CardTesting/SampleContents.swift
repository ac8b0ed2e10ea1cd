/// What the cards of the tests hold: synthetic, and shaped as docs/card says the real contents are.
///
/// Plain data, so that a model of the card can be compared with the card without asking the card.
public enum SampleContents {
    public static let pin: [UInt8] = Array("1234".utf8)
    public static let password: [UInt8] = Array("ABC123".utf8)
    public static let myNumber: [UInt8] = Array("123456789018".utf8)
    public static let numberB: [UInt8] = Array("55021720352285".utf8)
    public static let birthKey: [UInt8] = Array("550217".utf8)
    public static let terminalKey: [UInt8] = (0..<32).map { UInt8(0x40 + $0) }

    public static let commonSerialRecord: [UInt8] = [0x01, 0x1C] + Array("0123456789012341310120350217".utf8)
    public static let keyIDRecord: [UInt8] = [0x01, 0x10] + keyID("8000020", "001", last: 0xA8)
    public static let registerCodeRecord: [UInt8] = [0x01, 0x0B] + Array("12345678903".utf8)

    /// The objects of GET DATA, by tag.
    // swift-format-ignore
    public static let dataObjects: [(tag: UInt16, bytes: [UInt8])] = [
        (0x0042, keyID("8000020", "001", last: 0xA8)),
        (0x0045, Array("SIM0123456789".utf8)),
        (0x0066, [0x73, 0x09, 0x06, 0x07, 0x2A, 0x86, 0x48, 0x86, 0xFC, 0x6B, 0x01]),
        (0x00F0, Array("13101".utf8)),
        (0x00F2, Array("20350217".utf8)),
        (0x00F7, keyID("8000021", "001", last: 0xA8)),
        (0x00F8, Array(cvCertificate(seed: 8).dropFirst(5))),
        (0x7F21, cvCertificate(seed: 9)),
        (0x5F51, [0xE0, 0x00, 0xFF, 0x81, 0x31, 0xFE, 0x45, 0x14]),
    ]

    /// One application's files in the order they are stored.
    public struct Application: Sendable {
        public let aid: [UInt8]
        /// Key files: a key pair is made in each.
        public let keys: [UInt16]
        /// Everything else that is stored, file by file; a record file may stand more than once.
        public let stored: [(file: UInt16, bytes: [UInt8])]
    }

    public static let commonAID: [UInt8] = [0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x01, 0x00]
    public static let jpkiAID: [UInt8] = [0xD3, 0x92, 0xF0, 0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01]
    public static let cardFaceAID: [UInt8] = [0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x04, 0x02]
    public static let inputSupportAID: [UInt8] = [0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x04, 0x08]
    public static let residentRegisterAID: [UInt8] = [0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x04, 0x01]
    public static let cardManagerAID: [UInt8] = [0xA0, 0x00, 0x00, 0x01, 0x51, 0x00, 0x00]

    /// Where SET SESSION KEY's private half lies; no SELECT reaches it once the card is closed.
    public static let sessionKeyFile: UInt16 = 0x0106

    // swift-format-ignore
    public static let applications: [Application] = [
        Application(aid: commonAID, keys: [0x0019], stored: [
            (0x0001, commonSerialRecord),
            (0x0002, keyIDRecord),
        ]),
        jpki,
        Application(aid: cardFaceAID, keys: [0x001A], stored: [
            (0x0001, object(0xFF10, pattern(542, seed: 11))),
            (0x0002, object(0xFF20, pattern(6_000, seed: 12))),
            (0x0003, object(0xFF30, pattern(315, seed: 13))),
            (0x0004, cvCertificate(seed: 14)),
            (0x0005, object(0xFF40, pattern(700, seed: 15))),
            (0x0006, [UInt8](repeating: 0xFF, count: 16)),
            (0x0011, birthKey),
            (0x0012, numberB),
            (0x0013, myNumber),
        ]),
        Application(aid: inputSupportAID, keys: [0x0013, sessionKeyFile], stored: [
            (0x0001, [0xFF, 0x10, 0x0C] + myNumber + [0xFF, 0xFF]),
            (0x0002, object(0xFF20, pattern(92, seed: 22))),
            (0x0003, object(0xFF30, pattern(331, seed: 23))),
            (0x0004, cvCertificate(seed: 24)),
            (0x0005, object(0xFF40, pattern(159, seed: 25))),
            (0x0007, object(0xFF50, pattern(531, seed: 27))),
            (0x0008, [UInt8](repeating: 0xFF, count: 16)),
            (0x0011, pin),
            (0x0014, myNumber),
            (0x0015, numberB),
        ]),
        Application(aid: residentRegisterAID, keys: [], stored: [
            (0x0001, registerCodeRecord),
            (0x0002, keyIDRecord),
            (0x001C, pin),
        ]),
    ]

    /// JPKI-AP, on the card and in phones. The certificates are as long as those of the recorded dialogues.
    // swift-format-ignore
    public static let jpki = Application(aid: jpkiAID, keys: [0x0017, 0x001A], stored: [
        (0x0001, certificate(0x2ED, seed: 31)),
        (0x0002, certificate(0x2ED, seed: 32)),
        (0x0006, Array("JPKIAPICCTOKEN2                 ".utf8) + pattern(128, seed: 36)),
        (0x0008, [0x8F, 0x8F, 0x00]),
        (0x000A, certificate(0x2EE, seed: 40)),
        (0x000B, certificate(0x2EF, seed: 41)),
        (0x0018, pin),
        (0x001B, password),
    ])

    /// `90 03 01 00 01  91 82 01 00 <modulus>`.
    public static func publicKeyObject(_ modulus: [UInt8]) -> [UInt8] {
        [0x90, 0x03, 0x01, 0x00, 0x01, 0x91, 0x82, 0x01, 0x00] + modulus
    }

    /// Bytes that begin as a certificate does and are `length` long inside.
    public static func certificate(_ length: Int, seed: UInt64) -> [UInt8] {
        [0x30, 0x82, UInt8(length >> 8), UInt8(length & 0xFF)] + pattern(length, seed: seed)
    }

    /// 568 bytes in the shape of a card-verifiable certificate.
    public static func cvCertificate(seed: UInt64) -> [UInt8] {
        [0x7F, 0x21, 0x82, 0x02, 0x33, 0x5F, 0x4E, 0x82, 0x01, 0x29] + keyID("8000023", "001", last: 0)
            + keyID("8131010", "000", last: 0) + publicKeyObject(pattern(256, seed: seed))
            + [0x5F, 0x37, 0x82, 0x01, 0x00] + pattern(256, seed: seed + 100)
    }

    private static func object(_ tag: UInt16, _ value: [UInt8]) -> [UInt8] {
        let head = [UInt8(tag >> 8), UInt8(tag & 0xFF)]
        let length =
            value.count < 0x80 ? [UInt8(value.count)] : [0x82, UInt8(value.count >> 8), UInt8(value.count & 0xFF)]
        return head + length + value
    }

    private static func keyID(_ number: String, _ group: String, last: UInt8) -> [UInt8] {
        Array(number.utf8) + [0x08, 0x05] + Array(group.utf8) + [0, 0, 0, last]
    }

    private static func pattern(_ count: Int, seed: UInt64) -> [UInt8] {
        var generator = SeededGenerator(seed: seed)
        return (0..<count).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
    }
}
