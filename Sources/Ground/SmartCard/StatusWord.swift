/// The two bytes that end every response (ISO/IEC 7816-4, 5.6; JICSAP v1.1, table 25).
///
/// An open set: a card may answer with any value, so unknown ones are carried, never dropped. Named values are the ones
/// this project sends or acts on; compare against them instead of writing the number at the call site.
public struct StatusWord: RawRepresentable, Hashable, Sendable {
    public let rawValue: UInt16

    public init(rawValue: UInt16) { self.rawValue = rawValue }

    public static let success = Self(rawValue: 0x9000)
    public static let endOfFile = Self(rawValue: 0x6282)
    /// A comparison failed and no counter limits the tries.
    public static let mismatch = Self(rawValue: 0x6300)
    public static let memoryFailure = Self(rawValue: 0x6581)
    /// JICSAP: the security environment does not fit (answer to SET SESSION KEY where there is none).
    public static let securityEnvironmentFaulty = Self(rawValue: 0x66F1)
    public static let wrongLength = Self(rawValue: 0x6700)
    public static let logicalChannelNotSupported = Self(rawValue: 0x6881)
    public static let secureMessagingNotSupported = Self(rawValue: 0x6882)
    public static let chainingNotSupported = Self(rawValue: 0x6884)
    public static let incompatibleWithFileStructure = Self(rawValue: 0x6981)
    public static let securityStatusNotSatisfied = Self(rawValue: 0x6982)
    /// ISO's word for a blocked secret; this card says ``referenceBlocked``.
    public static let authenticationMethodBlocked = Self(rawValue: 0x6983)
    /// The referenced PIN file is locked: what this card says to VERIFY on a blocked PIN.
    public static let referenceBlocked = Self(rawValue: 0x6984)
    public static let conditionsNotSatisfied = Self(rawValue: 0x6985)
    public static let noCurrentFile = Self(rawValue: 0x6986)
    public static let secureMessagingObjectMissing = Self(rawValue: 0x6987)
    public static let secureMessagingObjectWrong = Self(rawValue: 0x6988)
    /// A command under secure messaging arrived although no session exists.
    public static let noSecureMessagingSession = Self(rawValue: 0x69FC)
    public static let wrongData = Self(rawValue: 0x6A80)
    public static let functionNotSupported = Self(rawValue: 0x6A81)
    public static let fileNotFound = Self(rawValue: 0x6A82)
    public static let recordNotFound = Self(rawValue: 0x6A83)
    public static let notEnoughMemory = Self(rawValue: 0x6A84)
    public static let wrongParameters = Self(rawValue: 0x6A86)
    public static let referencedDataNotFound = Self(rawValue: 0x6A88)
    public static let wrongOffset = Self(rawValue: 0x6B00)
    public static let instructionNotSupported = Self(rawValue: 0x6D00)
    public static let classNotSupported = Self(rawValue: 0x6E00)
    public static let selfDiagnosisFailed = Self(rawValue: 0x6F00)

    /// `63Cx`: a comparison failed, `triesLeft` (0–15) tries are left.
    public static func verificationFailed(triesLeft: Int) -> Self {
        Self(rawValue: 0x63C0 | UInt16(min(max(triesLeft, 0), 15)))
    }

    /// Tries left, when the status is `63Cx`.
    public var triesLeft: Int? {
        rawValue & 0xFFF0 == 0x63C0 ? Int(rawValue & 0x000F) : nil
    }

    /// The status as it goes over the wire.
    public var bytes: [UInt8] { [UInt8(rawValue >> 8), UInt8(rawValue & 0xFF)] }

    /// Ends a response with this status.
    public func append(to response: inout [UInt8]) {
        response.append(UInt8(rawValue >> 8))
        response.append(UInt8(rawValue & 0xFF))
    }
}

extension StatusWord: CustomStringConvertible {
    public var description: String { Hex(bytes).description }
}
