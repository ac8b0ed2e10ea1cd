public import CardCryptography
public import CardKeys
public import CardProfiles
import SmartCard
public import VirtualCard

/// Cards made the only way a card is made: by commands to a blank one (docs/card/choices.md, C22).
public struct SampleCard<Cryptography: CardCryptography>: Sendable {
    public let card: VirtualCard<Cryptography>
    /// The public halves of the keys made in it.
    public let moduli: [KeyPosition: [UInt8]]
    /// The authority that may certify terminals to this card; its public half lies in JPKI 0016.
    public let terminalAuthority: Cryptography.Key

    /// The same card, ready to talk, with switches.
    public func dialogue(_ leniency: Leniency = []) -> CardDialogue<Cryptography> {
        CardDialogue(VirtualCard(card.state, cryptography: cryptography, leniency: leniency))
    }

    public let cryptography: Cryptography
}

public struct KeyPosition: Hashable, Sendable {
    public let aid: [UInt8]
    public let file: UInt16

    public init(_ aid: [UInt8], _ file: UInt16) {
        self.aid = aid
        self.file = file
    }
}

/// A command to a blank card was not answered 9000.
public struct CardMakingFailure: Error {
    public let command: [UInt8]
    public let status: UInt16
}

/// Everything the tests share is made once for each process; cards are values, so each test has its own copy.
public enum SampleCards {
    private static let madeReal = Result { try makeCard(.plastic, using: OpenSSLCryptography()) }
    private static let madeFast = Result { try makeCard(.plastic, using: FakeCryptography()) }

    /// A plastic card with real RSA keys.
    public static func real() throws -> SampleCard<OpenSSLCryptography> { try madeReal.get() }
    /// A plastic card with imitated ones.
    public static func fast() throws -> SampleCard<FakeCryptography> { try madeFast.get() }
}

/// Makes a card of one kind with ``SampleContents``.
///
/// `leavingUnset` names PIN files that get no value, by application.
public func makeCard<Cryptography: CardCryptography>(
    _ kind: CardKind,
    using cryptography: Cryptography,
    leavingUnset: Set<KeyPosition> = [],
    closing: Bool = true
) throws -> SampleCard<Cryptography> {
    var dialogue = CardDialogue(VirtualCard(CardState<Cryptography>(blank: kind), cryptography: cryptography))
    func sent(_ command: [UInt8]) throws -> [UInt8] {
        let answer = dialogue.send(command)
        guard answer.status == 0x9000 else { throw CardMakingFailure(command: command, status: answer.status) }
        return answer.data
    }
    func selectFile(_ file: UInt16) throws {
        _ = try sent(commandBytes([0x00, 0xA4, 0x02, 0x0C], [UInt8(file >> 8), UInt8(file & 0xFF)]))
    }
    func store(_ file: UInt16, _ bytes: [UInt8]) throws {
        try selectFile(file)
        _ = try sent(commandBytes([0x80, 0xE2, 0x00, 0x80], bytes))
    }

    for object in SampleContents.dataObjects {
        let tag = [UInt8(object.tag >> 8), UInt8(object.tag & 0xFF)]
        _ = try sent(commandBytes([0x80, 0xE2, 0x01, 0x00], tag + object.bytes))
    }
    if kind == .plastic { _ = try sent(commandBytes([0x80, 0xE2, 0x02, 0x00], SampleContents.terminalKey)) }

    let authority = try cryptography.generateKey()
    var moduli: [KeyPosition: [UInt8]] = [:]
    for application in kind == .plastic ? SampleContents.applications : [SampleContents.jpki] {
        _ = try sent(commandBytes([0x00, 0xA4, 0x04, 0x0C], application.aid))
        for file in application.keys {
            try selectFile(file)
            let answer = try sent([0x00, 0x47, 0x00, 0x80, 0x00, 0x00, 0x00])
            moduli[KeyPosition(application.aid, file)] = Array(answer[9..<265])
        }
        for (file, bytes) in application.stored where !leavingUnset.contains(KeyPosition(application.aid, file)) {
            try store(file, bytes)
        }
        if application.aid == SampleContents.jpkiAID { try store(0x0016, authority.modulus) }
        if let modulus = moduli[KeyPosition(application.aid, SampleContents.sessionKeyFile)] {
            try store(0x0006, [0xA1, 0x82, 0x01, 0x09] + SampleContents.publicKeyObject(modulus))
        }
    }
    if closing { _ = try sent([0x80, 0xF0, 0x80, 0x0F]) }
    dialogue.card.powerOff()
    return SampleCard(
        card: dialogue.card,
        moduli: moduli,
        terminalAuthority: authority,
        cryptography: cryptography
    )
}
