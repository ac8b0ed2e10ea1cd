import CivilCalendar

/// Times as X.509 writes them: to the second, in UTC, ending in `Z`; here seconds since 1970 UTC.
public enum DERTime {
    /// 2050-01-01T00:00:00Z: from here on RFC 5280, 4.1.2.5, demands GeneralizedTime.
    public static let endOfUTCTime: Int64 = 2_524_608_000

    /// UTCTime from 1950 through 2049, GeneralizedTime otherwise (RFC 5280, 4.1.2.5).
    ///
    /// Throws ``PKIXFlaw/time`` outside the years 1 to 9999.
    public static func append(_ seconds: Int64, to bytes: inout [UInt8]) throws(PKIXFlaw) {
        let isShort = (-631_152_000..<endOfUTCTime).contains(seconds)
        try append(seconds, isShort: isShort, to: &bytes)
    }

    /// GeneralizedTime, as OCSP writes all its times (RFC 6960, 4.2.2.1).
    ///
    /// Throws ``PKIXFlaw/time`` outside the years 1 to 9999.
    public static func appendGeneralized(_ seconds: Int64, to bytes: inout [UInt8]) throws(PKIXFlaw) {
        try append(seconds, isShort: false, to: &bytes)
    }

    private static func append(_ seconds: Int64, isShort: Bool, to bytes: inout [UInt8]) throws(PKIXFlaw) {
        // 0001-01-01T00:00:00Z and 10000-01-01T00:00:00Z.
        guard (-62_135_596_800..<253_402_300_800).contains(seconds) else { throw .time }
        let day = (seconds >= 0 ? seconds : seconds - 86_399) / 86_400
        let second = Int(seconds - day * 86_400)
        let date = CivilDate(daysSince1970: Int(day))
        bytes.append(isShort ? DERTag.utcTime : DERTag.generalizedTime)
        bytes.append(isShort ? 13 : 15)
        if !isShort { appendPair(date.year / 100, to: &bytes) }
        appendPair(date.year % 100, to: &bytes)
        appendPair(date.month, to: &bytes)
        appendPair(date.day, to: &bytes)
        appendPair(second / 3600, to: &bytes)
        appendPair(second / 60 % 60, to: &bytes)
        appendPair(second % 60, to: &bytes)
        bytes.append(UInt8(ascii: "Z"))
    }

    private static func appendPair(_ number: Int, to bytes: inout [UInt8]) {
        bytes.append(0x30 + UInt8(number / 10))
        bytes.append(0x30 + UInt8(number % 10))
    }

    /// Reads what RFC 5280, 4.1.2.5, allows: UTCTime, and GeneralizedTime only for years that UTCTime cannot write.
    static func seconds(_ tag: UInt8, _ content: ArraySlice<UInt8>) throws(PKIXFlaw) -> Int64 {
        switch tag {
        case DERTag.utcTime:
            guard content.count == 13 else { throw .time }
            let year = try pair(content, 0)
            return try seconds(year: year < 50 ? 2000 + year : 1900 + year, content.dropFirst(2))
        case DERTag.generalizedTime:
            guard content.count == 15 else { throw .time }
            let year = try pair(content, 0) * 100 + pair(content, 2)
            guard !(1950..<2050).contains(year) else { throw .time }
            return try seconds(year: year, content.dropFirst(4))
        default:
            throw .structure
        }
    }

    /// Reads GeneralizedTime without fractions of a second, whatever the year.
    static func generalizedSeconds(_ content: ArraySlice<UInt8>) throws(PKIXFlaw) -> Int64 {
        guard content.count == 15 else { throw .time }
        return try seconds(year: try pair(content, 0) * 100 + pair(content, 2), content.dropFirst(4))
    }

    /// `rest` is month, day, hour, minute, second and `Z`: eleven octets.
    private static func seconds(year: Int, _ rest: ArraySlice<UInt8>) throws(PKIXFlaw) -> Int64 {
        guard rest.last == UInt8(ascii: "Z") else { throw .time }
        let (hour, minute, second) = (try pair(rest, 4), try pair(rest, 6), try pair(rest, 8))
        guard let day = CivilDate(year: year, month: try pair(rest, 0), day: try pair(rest, 2)), hour < 24, minute < 60,
            second < 60
        else { throw .time }
        return Int64(day.daysSince1970) * 86_400 + Int64(hour * 3600 + minute * 60 + second)
    }

    private static func pair(_ digits: ArraySlice<UInt8>, _ place: Int) throws(PKIXFlaw) -> Int {
        let start = digits.startIndex + place
        let (tens, ones) = (Int(digits[start]) - 0x30, Int(digits[start + 1]) - 0x30)
        guard (0...9).contains(tens), (0...9).contains(ones) else { throw .time }
        return tens * 10 + ones
    }
}

extension DERReader {
    /// A Time of RFC 5280, 4.1.2.5.
    public mutating func readTime() throws(PKIXFlaw) -> Int64 {
        guard let tag = nextTag else { throw .structure }
        return try DERTime.seconds(tag, try read(tag))
    }

    mutating func readGeneralizedTime() throws(PKIXFlaw) -> Int64 {
        try DERTime.generalizedSeconds(try read(DERTag.generalizedTime))
    }
}
