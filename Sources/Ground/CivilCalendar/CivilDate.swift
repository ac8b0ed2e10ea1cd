/// A day of the Gregorian calendar, without time and zone.
///
/// The card and its certificates reckon in Japanese days; whoever turns an instant into a day says so (UTC+9).
public struct CivilDate: Hashable, Comparable, Sendable {
    public let year: Int
    public let month: Int
    public let day: Int

    /// `nil` when there is no such day.
    public init?(year: Int, month: Int, day: Int) {
        guard (1...9999).contains(year), (1...12).contains(month),
            (1...Self.days(in: month, of: year)).contains(day)
        else { return nil }
        self.year = year
        self.month = month
        self.day = day
    }

    /// Reads `YYYY-MM-DD`.
    public init?(_ text: String) {
        let parts = text.utf8.split(separator: 0x2D, omittingEmptySubsequences: false)
        guard parts.count == 3, parts.allSatisfy({ $0.allSatisfy { (0x30...0x39).contains($0) } }), parts[0].count == 4,
            parts[1].count == 2, parts[2].count == 2,
            let year = Int(Substring(parts[0])), let month = Int(Substring(parts[1])),
            let day = Int(Substring(parts[2]))
        else { return nil }
        self.init(year: year, month: month, day: day)
    }

    /// The Japanese day on which an instant falls, given in seconds since 1970 UTC.
    public init(japaneseDayAt seconds: Int64) {
        self.init(daysSince1970: Int((seconds + 9 * 3600).floorDivided(by: 86_400)))
    }

    /// The instant, in seconds since 1970 UTC, at which this day ends in Japan (23:59:59 JST = 14:59:59Z).
    public var endInJapan: Int64 { (Int64(daysSince1970) + 1) * 86_400 - 9 * 3600 - 1 }

    public static func < (left: Self, right: Self) -> Bool {
        (left.year, left.month, left.day) < (right.year, right.month, right.day)
    }

    /// The day on which a year of age is completed `years` after this date.
    ///
    /// A 29 February counts as 28 February in common years (a choice of this project).
    public func anniversary(inYear year: Int) -> CivilDate {
        let lastDay = Self.days(in: month, of: year)
        return CivilDate(unchecked: year, month, min(day, lastDay))
    }

    /// The `count`-th birthday after `date`, this date being the birth.
    ///
    /// A birthday on `date` itself does not count.
    public func birthday(_ count: Int, after date: CivilDate) -> CivilDate {
        let next = anniversary(inYear: date.year) > date ? date.year : date.year + 1
        return anniversary(inYear: next + count - 1)
    }

    /// Full years from this date, taken as a birth, to `date`.
    public func age(on date: CivilDate) -> Int {
        let had = anniversary(inYear: date.year) <= date
        return date.year - year - (had ? 0 : 1)
    }

    /// `YYYYMMDD`, as the card writes dates.
    public var compact: String { Self.digits(year, 4) + Self.digits(month, 2) + Self.digits(day, 2) }

    private init(unchecked year: Int, _ month: Int, _ day: Int) {
        self.year = year
        self.month = month
        self.day = day
    }

    static func digits(_ number: Int, _ count: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, count - text.utf8.count)) + text
    }

    private static func days(in month: Int, of year: Int) -> Int {
        switch month {
        case 4, 6, 9, 11: 30
        case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
        default: 31
        }
    }
}

extension CivilDate: CustomStringConvertible {
    /// `YYYY-MM-DD`.
    public var description: String {
        Self.digits(year, 4) + "-" + Self.digits(month, 2) + "-" + Self.digits(day, 2)
    }
}

// MARK: - Counting days

extension CivilDate {
    /// Days from 1970-01-01, by counting years from March so that the leap day comes last.
    public var daysSince1970: Int {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = shiftedYear.floorDivided(by: 400)
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    public init(daysSince1970 days: Int) {
        let shifted = days + 719_468
        let era = shifted.floorDivided(by: 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        self.init(
            unchecked: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
            month,
            dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        )
    }
}

extension BinaryInteger where Self: SignedInteger {
    fileprivate func floorDivided(by divisor: Self) -> Self {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }
}
