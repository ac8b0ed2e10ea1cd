/// A Japanese era, as far as living people and their documents reach.
///
/// First days: 明治 1868-01-25, 大正 1912-07-30, 昭和 1926-12-25, 平成 1989-01-08, 令和 2019-05-01; each era's first year is
/// year 1. The raw value is the digit that stands for the era in a signature certificate's date of birth.
public enum Era: Int, CaseIterable, Sendable {
    case meiji = 1
    case taisho = 2
    case showa = 3
    case heisei = 4
    case reiwa = 5

    public var firstDay: CivilDate {
        switch self {
        case .meiji: CivilDate(daysSince1970: -37_231)
        case .taisho: CivilDate(daysSince1970: -20_974)
        case .showa: CivilDate(daysSince1970: -15_713)
        case .heisei: CivilDate(daysSince1970: 6_947)
        case .reiwa: CivilDate(daysSince1970: 18_017)
        }
    }

    /// The era a day belongs to; `nil` before Meiji.
    public init?(of date: CivilDate) {
        guard let era = Self.allCases.last(where: { $0.firstDay <= date }) else { return nil }
        self = era
    }

    /// The year of this era in which a day falls, counted from 1.
    public func year(of date: CivilDate) -> Int { date.year - firstDay.year + 1 }
}

extension CivilDate {
    /// `YYMMDD` with the year of the Japanese era: how 照合番号B and the birth-date key write a birth.
    public var eraCompact: String {
        guard let era = Era(of: self) else {
            return Self.digits(year % 100, 2) + Self.digits(month, 2) + Self.digits(day, 2)
        }
        return Self.digits(era.year(of: self), 2) + Self.digits(month, 2) + Self.digits(day, 2)
    }

    /// `EYYYYMMDD`: how a signature certificate writes a birth (digit of the era, then the Gregorian date).
    public var eraDigitAndDate: String { String(Era(of: self)?.rawValue ?? 0) + compact }
}
