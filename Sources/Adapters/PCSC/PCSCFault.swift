/// A call of the PC/SC service that failed, with the service's code (PC/SC part 5; pcsclite.h).
public struct PCSCFault: Error, Hashable, Sendable, CustomStringConvertible {
    public let call: String
    public let code: PCSCCode

    public init(_ call: String, _ code: PCSCCode) {
        self.call = call
        self.code = code
    }

    public var description: String { "\(call): 0x" + String(code.rawValue, radix: 16, uppercase: true) }
}

/// A code of the PC/SC service: an open set, of which those that are acted on have names.
public struct PCSCCode: RawRepresentable, Hashable, Sendable {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let success = Self(rawValue: 0)
    public static let cancelled = Self(rawValue: 0x8010_0002)
    public static let unknownReader = Self(rawValue: 0x8010_0009)
    public static let timeout = Self(rawValue: 0x8010_000A)
    public static let sharingViolation = Self(rawValue: 0x8010_000B)
    public static let noCard = Self(rawValue: 0x8010_000C)
    public static let protocolMismatch = Self(rawValue: 0x8010_000F)
    public static let notTransacted = Self(rawValue: 0x8010_0016)
    public static let readerUnavailable = Self(rawValue: 0x8010_0017)
    public static let noService = Self(rawValue: 0x8010_001D)
    public static let serviceStopped = Self(rawValue: 0x8010_001E)
    public static let noReaders = Self(rawValue: 0x8010_002E)
    public static let unresponsiveCard = Self(rawValue: 0x8010_0066)
    public static let unpoweredCard = Self(rawValue: 0x8010_0067)
    public static let resetCard = Self(rawValue: 0x8010_0068)
    public static let removedCard = Self(rawValue: 0x8010_0069)
    /// The service does not let this user in (polkit).
    public static let securityViolation = Self(rawValue: 0x8010_006A)
}
