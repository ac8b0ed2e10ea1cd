import CivilCalendar

/// Dates of HTTP headers: `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, 5.6.7).
enum HTTPDate {
    static func text(_ seconds: Int64) -> String { String(decoding: bytes(seconds), as: UTF8.self) }

    /// The same as bytes.
    static func bytes(_ seconds: Int64) -> [UInt8] {
        let days = Int(seconds / 86_400)
        let date = CivilDate(daysSince1970: days)
        let second = Int(seconds % 86_400)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(29)
        bytes += weekdays[(days + 4) % 7]
        bytes += comma
        twoDigits(date.day, &bytes)
        bytes += months[date.month - 1]
        twoDigits(date.year / 100, &bytes)
        twoDigits(date.year % 100, &bytes)
        bytes.append(UInt8(ascii: " "))
        twoDigits(second / 3600, &bytes)
        bytes.append(UInt8(ascii: ":"))
        twoDigits(second / 60 % 60, &bytes)
        bytes.append(UInt8(ascii: ":"))
        twoDigits(second % 60, &bytes)
        bytes += zone
        return bytes
    }

    private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"].map { Array($0.utf8) }
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        .map { Array(" \($0) ".utf8) }
    private static let comma = Array(", ".utf8)
    private static let zone = Array(" GMT".utf8)

    private static func twoDigits(_ number: Int, _ bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number / 10))
        bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number % 10))
    }
}
