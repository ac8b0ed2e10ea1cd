public import Problems
public import SmartCard

/// The six places of the card: the card manager and the five applications on it.
///
/// The raw value names the place in card files and never changes.
public enum Place: UInt8, Hashable, Sendable, CaseIterable {
    case cardManager = 0
    case common = 1
    case jpki = 2
    case cardFace = 3
    case inputSupport = 4
    case residentRegister = 5
}

/// One file of one application: the name under which the card keeps anything.
public struct ObjectID: Hashable, Sendable {
    public let place: Place
    public let file: FileID

    public init(_ place: Place, _ file: FileID) {
        self.place = place
        self.file = file
    }
}

/// What one application of the card holds and obeys, as data.
///
/// It has no behaviour: the virtual card interprets it, a client looks identifiers up in it, the documentation is printed
/// from it and tests enumerate it.
public struct ApplicationProfile: Sendable {
    public let place: Place
    public let name: Text
    public let aid: Hex
    public let files: [FileProfile]
    public let commands: CommandSet
    /// The key meant by P2 = 00 of COMPUTE DIGITAL SIGNATURE, if the application has one.
    public let defaultKey: FileID?
    public let sessionKey: SessionKeyRule

    public init(
        place: Place,
        name: Text,
        aid: Hex,
        commands: CommandSet,
        defaultKey: FileID? = nil,
        sessionKey: SessionKeyRule = .absent,
        files: [FileProfile]
    ) {
        self.place = place
        self.name = name
        self.aid = aid
        self.files = files
        self.commands = commands
        self.defaultKey = defaultKey
        self.sessionKey = sessionKey
    }

    public func file(_ id: FileID) -> FileProfile? {
        for file in files where file.id == id { return file }
        return nil
    }
}

/// The commands an application knows; every other instruction is answered 6D00.
public struct CommandSet: OptionSet, Hashable, Sendable {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let select = Self(rawValue: 1 << 0)
    public static let readBinary = Self(rawValue: 1 << 1)
    public static let readRecord = Self(rawValue: 1 << 2)
    public static let verify = Self(rawValue: 1 << 3)
    /// `00 24 01`: how JPKI-AP and the input-support AP change a PIN.
    public static let changeReferenceData = Self(rawValue: 1 << 4)
    /// `80 32`: how the common AP and the resident-register AP change a PIN (JICSAP CHANGE KEY).
    public static let changeKey = Self(rawValue: 1 << 5)
    public static let computeDigitalSignature = Self(rawValue: 1 << 6)
    public static let internalAuthenticate = Self(rawValue: 1 << 7)
    public static let getChallenge = Self(rawValue: 1 << 8)
    public static let getData = Self(rawValue: 1 << 9)
    public static let externalAuthenticate = Self(rawValue: 1 << 10)
    /// `00 2C` and `80 54`, a choice of this project (docs/card, U2).
    public static let unblock = Self(rawValue: 1 << 11)
    public static let setSessionKey = Self(rawValue: 1 << 12)
    /// `80 A2`: presents a terminal's certificate in two steps.
    public static let terminalCertificate = Self(rawValue: 1 << 13)
    /// MANAGE ATTRIBUTES, ERASE ALL RECORDS, LOCK DF, UNLOCK DF: refused to everybody but the issuer.
    public static let issuerCommands = Self(rawValue: 1 << 14)
    /// INSTALL, LOAD, DELETE, GET STATUS of the card manager: refused (docs/card, U17).
    public static let contentManagement = Self(rawValue: 1 << 15)
    /// `80 FC 00 00`: 6700 on the card, obeyed by the iPhone's token.
    public static let lastCommandIndicator = Self(rawValue: 1 << 16)

    public static let everywhere: Self = [
        .select, .readBinary, .readRecord, .verify, .getChallenge, .getData, .externalAuthenticate, .unblock,
        .lastCommandIndicator,
    ]
}

/// How an application answers SET SESSION KEY (`80 AE`), which opens secure messaging.
public enum SessionKeyRule: Hashable, Sendable {
    case absent
    /// Always this status, as observed on cards.
    case refused(StatusWord)
    /// Opened after `pin`, with a value enciphered to the key kept in `key`.
    case available(pin: FileID, key: FileID)
}

/// One elementary file.
public struct FileProfile: Sendable {
    public let id: FileID
    public let name: Text
    public let kind: FileKind
    /// Where the fact comes from: public sources by name, and choices of docs/card/choices.md by number.
    public let source: String

    public init(_ id: FileID, _ name: Text, _ kind: FileKind, source: String) {
        self.id = id
        self.name = name
        self.kind = kind
        self.source = source
    }

    /// Files above 001E are the card's own business: no SELECT reaches them.
    public var isSelectable: Bool { id <= 0x001E }
}

public enum FileKind: Hashable, Sendable {
    /// Bytes from 0 to `size`; content shorter than that is followed by `FF` (`size` is `nil` where the file is exactly
    /// as long as its content).
    case transparent(size: Int?, read: AccessRule)
    /// Numbered records in simple TLV.
    case records(read: AccessRule)
    /// A PIN, password or number that is compared and never read.
    case reference(ReferenceRule)
    /// A private key and what it may be used for.
    case privateKey(KeyRule)
    /// A public key the card checks terminal certificates with.
    case publicKey
    /// A key or PIN file whose purpose is not public: it can be selected, and that is all.
    case placeholder
}

/// The shape and the limits of reference data.
public struct ReferenceRule: Hashable, Sendable {
    public let length: ClosedRange<Int>
    public let alphabet: Alphabet
    public let tries: Int
    /// Who may set a new value without the terminal's help.
    public let change: AccessRule
    /// Who may give tries back, and set a new value where `change` allows anybody to.
    public let unblock: AccessRule
    /// Blocked from issue: there is no value and never will be.
    public let isVoid: Bool
    /// Where the value and its counter are kept, when two applications share one.
    public let sharedWith: ObjectID?

    public enum Alphabet: String, Hashable, Sendable {
        case digits = "0-9"
        case upperCaseAndDigits = "A-Z 0-9"
    }

    public init(
        length: ClosedRange<Int>,
        alphabet: Alphabet = .digits,
        tries: Int,
        change: AccessRule = .never,
        unblock: AccessRule = .terminal,
        isVoid: Bool = false,
        sharedWith: ObjectID? = nil
    ) {
        self.length = length
        self.alphabet = alphabet
        self.tries = tries
        self.change = change
        self.unblock = unblock
        self.isVoid = isVoid
        self.sharedWith = sharedWith
    }

    /// Whether a new value has the right length and letters; the time taken does not tell which letter is wrong.
    public func admits(_ value: [UInt8]) -> Bool {
        guard length.contains(value.count) else { return false }
        let lettersToo: UInt8 = alphabet == .upperCaseAndDigits ? 1 : 0
        var isAdmitted: UInt8 = 1
        for byte in value {
            isAdmitted &= Self.isWithin(byte, 0x30, 0x39) | lettersToo & Self.isWithin(byte, 0x41, 0x5A)
        }
        return isAdmitted == 1
    }

    /// 1 for a byte of a range, 0 for another, without a branch.
    private static func isWithin(_ byte: UInt8, _ first: UInt8, _ last: UInt8) -> UInt8 {
        let isBelow = (UInt16(byte) &- UInt16(first)) >> 15
        let isAbove = (UInt16(last) &- UInt16(byte)) >> 15
        return UInt8(truncatingIfNeeded: 1 ^ (isBelow | isAbove))
    }
}

/// What a private key may be used for.
public struct KeyRule: Hashable, Sendable {
    /// COMPUTE DIGITAL SIGNATURE.
    public let sign: AccessRule
    public let internalAuthenticate: InternalAuthentication
    /// Whether this is the key that SET SESSION KEY deciphers with.
    public let deciphersSessionKey: Bool

    public enum InternalAuthentication: Hashable, Sendable {
        case allowed
        /// Always this status, as observed on cards.
        case refused(StatusWord)
    }

    public init(
        sign: AccessRule,
        internalAuthenticate: InternalAuthentication,
        deciphersSessionKey: Bool = false
    ) {
        self.sign = sign
        self.internalAuthenticate = internalAuthenticate
        self.deciphersSessionKey = deciphersSessionKey
    }
}
