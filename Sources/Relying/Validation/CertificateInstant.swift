import CivilCalendar
import SwiftASN1

/// A time in a certificate, as seconds since 1970 UTC.
///
/// Read here and not by the certificate library, which takes a sixty-second second for a time.
enum CertificateInstant {
    /// Reads UTCTime up to 2049 and GeneralizedTime from 2050, to the second and in UTC (RFC 5280, 4.1.2.5).
    ///
    /// Throws ``CertificateFlaw/time`` on anything else.
    static func seconds(_ node: ASN1Node) throws -> Int64 {
        guard case .primitive(let content) = node.content, content.last == UInt8(ascii: "Z") else {
            throw CertificateFlaw.time
        }
        let digits = content.dropLast().map { Int($0) - 0x30 }
        guard digits.allSatisfy({ (0...9).contains($0) }) else { throw CertificateFlaw.time }
        switch (node.identifier, digits.count) {
        case (.utcTime, 12):
            let year = pair(digits, 0)
            return try seconds(year: year < 50 ? 2000 + year : 1900 + year, Array(digits.dropFirst(2)))
        case (.generalizedTime, 14):
            let year = pair(digits, 0) * 100 + pair(digits, 2)
            guard year >= 2050 else { throw CertificateFlaw.time }
            return try seconds(year: year, Array(digits.dropFirst(4)))
        default:
            throw CertificateFlaw.time
        }
    }

    /// `digits` are ten: month, day, hour, minute, second.
    private static func seconds(year: Int, _ digits: [Int]) throws -> Int64 {
        let (hour, minute, second) = (pair(digits, 4), pair(digits, 6), pair(digits, 8))
        guard let day = CivilDate(year: year, month: pair(digits, 0), day: pair(digits, 2)),
            hour < 24, minute < 60, second < 60
        else { throw CertificateFlaw.time }
        return Int64(day.daysSince1970) * 86_400 + Int64(hour * 3600 + minute * 60 + second)
    }

    private static func pair(_ digits: [Int], _ place: Int) -> Int {
        digits.dropFirst(place).prefix(2).reduce(0) { $0 * 10 + $1 }
    }
}
