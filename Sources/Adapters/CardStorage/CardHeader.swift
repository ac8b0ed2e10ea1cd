public import CardProfiles
import TLV

/// What anybody may read of a card file without its storage key: nothing that the card itself would not tell.
public struct CardHeader: Hashable, Sendable {
    public var kind: CardKind
    /// Name of the persona the card was made for.
    public var persona: String
    /// The card's serial number: 15 digits.
    public var serial: String
    /// Last day of the card, `YYYYMMDD`.
    public var expiry: String
    /// What the card answers to a reset unless told otherwise.
    public var atr: [UInt8]
    /// Seconds since 1970 UTC.
    public var madeAt: Int64
    /// Certificates that are free to read on the card: name and DER.
    public var certificates: [NamedCertificate]
    /// Where the storage key comes from.
    public var protection: Protection
    /// Random; separates this file's keys from every other file's.
    public var salt: [UInt8]

    public struct NamedCertificate: Hashable, Sendable {
        public let name: String
        public let der: [UInt8]

        public init(name: String, der: [UInt8]) {
            self.name = name
            self.der = der
        }
    }

    public enum Protection: UInt8, Hashable, Sendable {
        case keyFile = 1
        case passphrase = 2
    }

    public init(
        kind: CardKind,
        persona: String,
        serial: String,
        expiry: String,
        atr: [UInt8],
        madeAt: Int64,
        certificates: [NamedCertificate],
        protection: Protection,
        salt: [UInt8]
    ) {
        self.kind = kind
        self.persona = persona
        self.serial = serial
        self.expiry = expiry
        self.atr = atr
        self.madeAt = madeAt
        self.certificates = certificates
        self.protection = protection
        self.salt = salt
    }
}

// MARK: - Codec

extension CardHeader {
    private enum Tag {
        static let kind: UInt32 = 0x80
        static let persona: UInt32 = 0x81
        static let serial: UInt32 = 0x82
        static let expiry: UInt32 = 0x83
        static let atr: UInt32 = 0x84
        static let madeAt: UInt32 = 0x85
        static let protection: UInt32 = 0x86
        static let salt: UInt32 = 0x87
        static let certificate: UInt32 = 0xA0
        static let name: UInt32 = 0x80
        static let der: UInt32 = 0x81
    }

    var encoded: [UInt8] {
        var writer = TLVWriter()
        writer.put(Tag.kind, Array(kind.rawValue.utf8))
        writer.put(Tag.persona, Array(persona.utf8))
        writer.put(Tag.serial, Array(serial.utf8))
        writer.put(Tag.expiry, Array(expiry.utf8))
        writer.put(Tag.atr, atr)
        writer.put(Tag.madeAt, (0..<8).map { UInt8(truncatingIfNeeded: madeAt >> Int64(56 - 8 * $0)) })
        writer.put(Tag.protection, [protection.rawValue])
        writer.put(Tag.salt, salt)
        for certificate in certificates {
            writer.put(Tag.certificate) { inside in
                inside.put(Tag.name, Array(certificate.name.utf8))
                inside.put(Tag.der, certificate.der)
            }
        }
        return writer.bytes
    }

    init?(decoding bytes: [UInt8]) {
        var reader = TLVReader(bytes)
        guard let objects = try? reader.all() else { return nil }
        func first(_ tag: UInt32) -> [UInt8]? { objects.first { $0.tag == tag }?.value }
        func text(_ tag: UInt32) -> String? { first(tag).flatMap { String(validating: $0, as: UTF8.self) } }
        guard let kind = text(Tag.kind).flatMap(CardKind.init), let persona = text(Tag.persona),
            let serial = text(Tag.serial), let expiry = text(Tag.expiry), let atr = first(Tag.atr),
            let madeAt = first(Tag.madeAt), madeAt.count == 8, let salt = first(Tag.salt),
            let protection = first(Tag.protection)?.first.flatMap(Protection.init)
        else { return nil }
        self.kind = kind
        self.persona = persona
        self.serial = serial
        self.expiry = expiry
        self.atr = atr
        self.madeAt = madeAt.reduce(0) { $0 << 8 | Int64($1) }
        self.protection = protection
        self.salt = salt
        certificates = objects.filter { $0.tag == Tag.certificate }.compactMap { object in
            guard let name = try? object.child(Tag.name), let der = try? object.child(Tag.der),
                let text = String(validating: name, as: UTF8.self)
            else { return nil }
            return NamedCertificate(name: text, der: der)
        }
    }
}
