import CertificateProfiles
import TLV

/// All that makes offline test cards, in one value that can be stored.
///
/// Printing it shows nothing of its keys.
public struct OfflineAuthority: Sendable, CustomStringConvertible, CustomReflectable {
    public var certificates: TestAuthority
    public var cards: CVAuthority
    /// The serial number of the next card, from 1.
    public var nextCardSerial: UInt64

    public init(certificates: TestAuthority, cards: CVAuthority, nextCardSerial: UInt64 = 1) {
        self.certificates = certificates
        self.cards = cards
        self.nextCardSerial = nextCardSerial
    }

    /// Makes all keys and the authorities' certificates as of `seconds` since 1970 UTC; takes a few seconds.
    public init(generatingAt seconds: Int64) throws(IssuanceError) {
        self.init(certificates: try TestAuthority(generatingAt: seconds), cards: try CVAuthority())
    }

    public var description: String { "OfflineAuthority(keys withheld)" }

    public var customMirror: Mirror { Mirror(self, children: []) }
}

// MARK: - Stored form

extension OfflineAuthority {
    /// Everything, private keys included and in clear: whoever stores it encrypts it.
    ///
    /// Data objects of this project's own: `E0` { `80` version, `81` next card serial, `A1` and `A2` an authority
    /// { `82` key, `83` certificate, `84` next serial }, `A3` { `85` terminal master, `86` role and key, repeated } }.
    public func encoded() -> [UInt8] {
        var writer = TLVWriter()
        writer.put(Tag.all) { all in
            all.put(Tag.version, [Self.version])
            all.put(Tag.cardSerial, nextCardSerial.bigEndianBytes)
            all.put(Tag.sign) { certificates.sign.write(to: &$0) }
            all.put(Tag.auth) { certificates.auth.write(to: &$0) }
            all.put(Tag.cards) { cards.write(to: &$0) }
        }
        return writer.bytes
    }

    /// Reads what ``encoded()`` wrote.
    public init(decoding bytes: [UInt8]) throws(IssuanceError) {
        var reader = TLVReader(bytes)
        guard let all = try? reader.next(), all.tag == Tag.all, reader.isAtEnd else { throw .malformedAuthority }
        let version = try all.part(Tag.version)
        guard version == [Self.version] else {
            if version.count == 1 { throw .unknownVersion(version[0]) }
            throw .malformedAuthority
        }
        nextCardSerial = try UInt64(bigEndianBytes: try all.part(Tag.cardSerial))
        certificates = TestAuthority(
            sign: try IssuingAuthority(.sign, decoding: DataObject(Tag.sign, try all.part(Tag.sign))),
            auth: try IssuingAuthority(.auth, decoding: DataObject(Tag.auth, try all.part(Tag.auth)))
        )
        cards = try CVAuthority(decoding: DataObject(Tag.cards, try all.part(Tag.cards)))
    }

    fileprivate static let version: UInt8 = 1
}

private enum Tag {
    static let all: UInt32 = 0xE0
    static let version: UInt32 = 0x80
    static let cardSerial: UInt32 = 0x81
    static let sign: UInt32 = 0xA1
    static let auth: UInt32 = 0xA2
    static let cards: UInt32 = 0xA3
    static let key: UInt32 = 0x82
    static let certificate: UInt32 = 0x83
    static let nextSerial: UInt32 = 0x84
    static let master: UInt32 = 0x85
    static let roleKey: UInt32 = 0x86
}

extension CVAuthority {
    fileprivate func write(to writer: inout TLVWriter) {
        writer.put(Tag.master, terminalMaster)
        for role in CVRole.allCases { writer.put(Tag.roleKey, [role.rawValue] + keys[role].encoded) }
    }

    fileprivate init(decoding stored: DataObject) throws(IssuanceError) {
        guard let parts = try? stored.children() else { throw .malformedAuthority }
        let roleKeys = parts.filter { $0.tag == Tag.roleKey }
        try self.init(
            keys: PerRole { role throws(IssuanceError) in
                guard let stored = roleKeys.first(where: { $0.value.first == role.rawValue }) else {
                    throw .malformedAuthority
                }
                return try SigningKey(decoding: Array(stored.value.dropFirst()))
            },
            terminalMaster: try stored.part(Tag.master)
        )
    }
}

/// What makes cards where the certificates come from an authority of their own: the keys of the card's own side of trust,
/// and the serial number of the next card.
///
/// Printing it shows nothing of its keys.
public struct CardIssuer: Sendable, CustomStringConvertible, CustomReflectable {
    public var cards: CVAuthority
    /// The serial number of the next card, from 1.
    public var nextCardSerial: UInt64

    public init(cards: CVAuthority, nextCardSerial: UInt64 = 1) {
        self.cards = cards
        self.nextCardSerial = nextCardSerial
    }

    public var description: String { "CardIssuer(keys withheld)" }

    public var customMirror: Mirror { Mirror(self, children: []) }

    /// Everything, private keys included and in clear: the same data objects as those of ``OfflineAuthority``, without
    /// its two authorities.
    public func encoded() -> [UInt8] {
        var writer = TLVWriter()
        writer.put(Tag.all) { all in
            all.put(Tag.version, [OfflineAuthority.version])
            all.put(Tag.cardSerial, nextCardSerial.bigEndianBytes)
            all.put(Tag.cards) { cards.write(to: &$0) }
        }
        return writer.bytes
    }

    /// Reads what ``encoded()`` wrote.
    public init(decoding bytes: [UInt8]) throws(IssuanceError) {
        var reader = TLVReader(bytes)
        guard let all = try? reader.next(), all.tag == Tag.all, reader.isAtEnd,
            try all.part(Tag.version) == [OfflineAuthority.version]
        else { throw .malformedAuthority }
        nextCardSerial = try UInt64(bigEndianBytes: try all.part(Tag.cardSerial))
        cards = try CVAuthority(decoding: DataObject(Tag.cards, try all.part(Tag.cards)))
    }
}

extension IssuingAuthority {
    fileprivate func write(to writer: inout TLVWriter) {
        writer.put(Tag.key, key.encoded)
        writer.put(Tag.certificate, certificate)
        writer.put(Tag.nextSerial, nextSerial.bigEndianBytes)
    }

    fileprivate init(_ name: CertificateAuthority, decoding stored: DataObject) throws(IssuanceError) {
        try self.init(
            name,
            key: try SigningKey(decoding: try stored.part(Tag.key)),
            certificate: try stored.part(Tag.certificate),
            nextSerial: try UInt32(bigEndianBytes: try stored.part(Tag.nextSerial))
        )
    }
}

extension DataObject {
    fileprivate func part(_ tag: UInt32) throws(IssuanceError) -> [UInt8] {
        do { return try child(tag) } catch { throw .malformedAuthority }
    }
}

extension FixedWidthInteger {
    fileprivate var bigEndianBytes: [UInt8] {
        stride(from: Self.bitWidth - 8, through: 0, by: -8).map { UInt8(truncatingIfNeeded: self >> $0) }
    }

    fileprivate init(bigEndianBytes bytes: [UInt8]) throws(IssuanceError) {
        guard bytes.count == Self.bitWidth / 8 else { throw .malformedAuthority }
        self = bytes.reduce(0) { $0 << 8 | Self($1) }
    }
}
