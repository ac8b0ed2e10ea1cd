/// The common name of a holder's certificate: 23 characters that name nobody.
///
/// Readings of public test cards show fourteen letters and digits, the five-digit code of the municipality and `003A`.
/// How the fourteen are made is not public. The coding here is a choice of this project: seven digits of the issuing
/// instant (seconds since 1970 UTC), then seven of the certificate's serial number, both in base 32 with the digits
/// `0`–`9` and the letters without I, L, O and U. One authority therefore never gives the same identifier twice.
public struct SubjectIdentifier: Hashable, Sendable, CustomStringConvertible {
    public let description: String

    /// Leaves it to the caller that `municipalityCode` is five digits and `issuedAt` lies between 1970 and 3058.
    public init(issuedAt seconds: Int64, serial: UInt32, municipalityCode: String) {
        description = Self.coded(UInt64(max(0, seconds))) + Self.coded(UInt64(serial)) + municipalityCode + "003A"
    }

    private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)

    private static func coded(_ number: UInt64) -> String { String(decoding: digits(number), as: UTF8.self) }

    /// Where the serial number stands.
    static let serialDigits = 7..<14

    /// A serial number as it stands there.
    static func digits(_ serial: UInt32) -> [UInt8] { digits(UInt64(serial)) }

    private static func digits(_ number: UInt64) -> [UInt8] {
        (0..<7).map { alphabet[Int(number >> UInt64(5 * (6 - $0)) & 0x1F)] }
    }
}
