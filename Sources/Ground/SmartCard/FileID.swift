/// An elementary file's two-byte identifier.
///
/// Every file of this card's applications has an id from 0001 to 001E, so that its low five bits are at the same time
/// its short identifier (ISO/IEC 7816-4, 7.4.1).
public struct FileID: RawRepresentable, Hashable, Comparable, Sendable, ExpressibleByIntegerLiteral {
    public let rawValue: UInt16
    public init(rawValue: UInt16) { self.rawValue = rawValue }
    public init(_ rawValue: UInt16) { self.rawValue = rawValue }
    public init(integerLiteral value: UInt16) { rawValue = value }

    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

    /// The identifier as it goes over the wire.
    public var bytes: [UInt8] { [UInt8(rawValue >> 8), UInt8(rawValue & 0xFF)] }
}

extension FileID: CustomStringConvertible {
    public var description: String { Hex(bytes).description }
}
