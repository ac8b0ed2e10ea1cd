import CivilCalendar
import Foundation
import Testing

/// The judge: Foundation's own Gregorian calendar.
private let calendar: Calendar = {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = TimeZone(secondsFromGMT: 0) ?? .gmt
    return calendar
}()

private func date(_ text: String) throws -> CivilDate { try #require(CivilDate(text), "\(text) is a day") }

@Suite struct `A day of the calendar` {
    @Test(arguments: ["2024-02-29", "2000-02-29", "2026-02-28", "0001-01-01", "9999-12-31", "1989-01-08"])
    func `that exists is read and written alike`(text: String) throws {
        let date = try date(text)
        #expect(date.description == text)
        #expect(date.compact == text.replacingOccurrences(of: "-", with: ""))
    }

    @Test(arguments: [
        "2023-02-29", "1900-02-29", "2100-02-29", "2024-02-30", "2024-04-31", "2024-06-31", "2024-09-31", "2024-11-31",
        "2024-01-32", "2024-01-00", "2024-00-01", "2024-13-01", "0000-01-01",
    ])
    func `that does not exist is none`(text: String) {
        #expect(CivilDate(text) == nil)
    }

    @Test(arguments: [
        "", "2024", "2024-1-01", "2024-01-1", "20240101", "2024/01/01", "2024-01-01 ", "2024-01-01-", "-2024-01-01",
        "２０２４-01-01", "2024-01-0x", "24-01-01", "02024-01-01",
    ])
    func `in another notation is none`(text: String) {
        #expect(CivilDate(text) == nil)
    }

    @Test(arguments: ["+989-03-31", "1989-+3-31", "1989-03-+1"])
    func `with a sign in its digits is none`(text: String) {
        #expect(CivilDate(text) == nil)
    }

    @Test func `is counted from 1970 as Foundation counts it, and back`() throws {
        // From 1600-01-01 to about 2400, in steps that meet every day of the month.
        for days in stride(from: -135_140, to: 157_100, by: 37) {
            let instant = Date(timeIntervalSince1970: Double(days) * 86_400)
            let parts = calendar.dateComponents([.year, .month, .day], from: instant)
            let day = CivilDate(daysSince1970: days)
            #expect([day.year, day.month, day.day] == [parts.year, parts.month, parts.day])
            #expect(day.daysSince1970 == days)
        }
    }

    @Test func `is one day after the day before, through every month's end of four centuries`() throws {
        var before = try date("1999-12-31")
        for count in 1...(146_097 + 400) {
            let day = CivilDate(daysSince1970: before.daysSince1970 + 1)
            #expect(before < day, "day \(count)")
            #expect(CivilDate(year: day.year, month: day.month, day: day.day) == day)
            before = day
        }
    }
}

@Suite struct `A day in Japan` {
    @Test(arguments: [
        ("2026-11-23T14:59:59Z", "2026-11-23"), ("2026-11-23T15:00:00Z", "2026-11-24"),
        ("2024-02-28T15:00:00Z", "2024-02-29"), ("2023-02-28T15:00:00Z", "2023-03-01"),
        ("1969-12-31T14:59:59Z", "1969-12-31"), ("1969-12-31T15:00:00Z", "1970-01-01"),
        ("1900-01-01T00:00:00Z", "1900-01-01"),
    ])
    func `begins at fifteen hours UTC of the day before`(instant: String, day: String) throws {
        let seconds = Int64(try Date(instant, strategy: .iso8601).timeIntervalSince1970)
        #expect(CivilDate(japaneseDayAt: seconds).description == day)
    }

    @Test(arguments: [("2031-03-31", "2031-03-31T14:59:59Z"), ("1969-12-31", "1969-12-31T14:59:59Z")])
    func `ends one second before fifteen hours UTC`(day: String, instant: String) throws {
        let end = try date(day).endInJapan
        #expect(end == Int64(try Date(instant, strategy: .iso8601).timeIntervalSince1970))
        #expect(CivilDate(japaneseDayAt: end).description == day)
        #expect(CivilDate(japaneseDayAt: end + 1) > (try date(day)))
    }
}

@Suite struct `A birthday` {
    @Test(arguments: [
        // birth, reckoned from, how many, the day
        ("1980-02-17", "2025-10-27", 5, "2030-02-17"), ("1980-02-17", "2025-10-27", 10, "2035-02-17"),
        ("1989-03-31", "2026-03-30", 1, "2026-03-31"), ("1989-03-31", "2026-03-31", 1, "2027-03-31"),
        ("1989-03-31", "2026-04-01", 1, "2027-03-31"), ("2004-02-29", "2026-01-01", 1, "2026-02-28"),
        ("2004-02-29", "2026-02-28", 1, "2027-02-28"), ("2004-02-29", "2027-03-01", 1, "2028-02-29"),
        ("2004-02-29", "2024-02-28", 1, "2024-02-29"),
    ])
    func `after a day does not count that day itself`(birth: String, from: String, count: Int, day: String) throws {
        #expect(try date(birth).birthday(count, after: try date(from)).description == day)
    }

    @Test(arguments: [
        ("2011-11-24", "2026-11-23", 14), ("2011-11-23", "2026-11-23", 15), ("2011-11-22", "2026-11-23", 15),
        ("2008-02-29", "2023-02-27", 14), ("2008-02-29", "2023-02-28", 15), ("2008-02-29", "2024-02-28", 15),
        ("2008-02-29", "2024-02-29", 16), ("2026-11-23", "2026-11-23", 0),
    ])
    func `completes a year of age on the day itself and not before`(birth: String, on: String, age: Int) throws {
        #expect(try date(birth).age(on: try date(on)) == age)
    }
}

@Suite struct `A Japanese era` {
    @Test(arguments: [
        ("1868-01-25", Era.meiji, 1), ("1912-07-29", .meiji, 45), ("1912-07-30", .taisho, 1),
        ("1926-12-24", .taisho, 15), ("1926-12-25", .showa, 1), ("1989-01-07", .showa, 64), ("1989-01-08", .heisei, 1),
        ("2019-04-30", .heisei, 31), ("2019-05-01", .reiwa, 1), ("2026-11-23", .reiwa, 8), ("1980-02-17", .showa, 55),
    ])
    func `begins on its first day and counts years from one`(day: String, era: Era, year: Int) throws {
        let day = try date(day)
        #expect(Era(of: day) == era)
        #expect(era.year(of: day) == year)
    }

    @Test(arguments: ["1868-01-24", "1600-01-01"]) func `is none before Meiji`(day: String) throws {
        #expect(Era(of: try date(day)) == nil)
        #expect(try date(day).eraDigitAndDate.hasPrefix("0"))
    }

    @Test(arguments: [
        ("1980-02-17", "550217", "319800217"), ("1989-01-07", "640107", "319890107"),
        ("1989-01-08", "010108", "419890108"),
        ("2019-05-01", "010501", "520190501"), ("1912-07-29", "450729", "119120729"),
    ])
    func `gives the year of a birth where the card writes one`(day: String, compact: String, withDigit: String) throws {
        #expect(try date(day).eraCompact == compact)
        #expect(try date(day).eraDigitAndDate == withDigit)
    }
}
