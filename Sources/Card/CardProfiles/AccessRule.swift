public import SmartCard

/// What a terminal has proved to one application of the card since it was selected.
///
/// One bit each: bits 1–30 stand for the reference data (PIN, password, number) in the file with that identifier, bit 0
/// for a terminal that has authenticated itself (EXTERNAL AUTHENTICATE), bit 31 for an accepted terminal certificate.
public struct SecurityStatus: OptionSet, Hashable, Sendable {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let terminal = Self(rawValue: 1)
    public static let terminalCertificate = Self(rawValue: 1 << 31)

    /// The reference data in the file with this identifier, 0001–001E, has been verified.
    public static func verified(_ file: FileID) -> Self { Self(rawValue: 1 << UInt32(file.rawValue & 0x1F)) }
}

/// Who may do one thing with one file, as data: a list of sets, of which any one is enough.
///
/// `[[]]` is *always* and `[]` is *never*, so that every rule can be printed, and enumerated by a test against every
/// security status.
public struct AccessRule: Hashable, Sendable {
    public let anyOf: [SecurityStatus]

    public init(anyOf: [SecurityStatus]) { self.anyOf = anyOf }

    public static let always = Self(anyOf: [[]])
    public static let never = Self(anyOf: [])
    public static let terminal = Self(anyOf: [.terminal])

    /// Any one of these files' reference data has been verified.
    public static func verified(_ files: FileID...) -> Self { Self(anyOf: files.map { .verified($0) }) }

    /// This file's reference data has been verified and the terminal has authenticated itself.
    public static func verifiedByTerminal(_ file: FileID) -> Self { Self(anyOf: [[.verified(file), .terminal]]) }

    public func isSatisfied(by status: SecurityStatus) -> Bool {
        for required in anyOf where status.isSuperset(of: required) { return true }
        return false
    }
}

extension AccessRule: CustomStringConvertible {
    /// `free`, `never`, or alternatives such as `0011 or 0014`, `001C + terminal`.
    public var description: String {
        if anyOf.isEmpty { return "never" }
        if anyOf.contains([]) { return "free" }
        return anyOf.map { required in
            var parts: [String] = []
            for id in UInt16(1)...30 where required.contains(.verified(FileID(id))) {
                parts.append(FileID(id).description)
            }
            if required.contains(.terminal) { parts.append("terminal") }
            if required.contains(.terminalCertificate) { parts.append("terminal certificate") }
            return parts.joined(separator: " + ")
        }.joined(separator: " or ")
    }
}
