public import CivilCalendar

/// How long the certificates on a card are good.
public enum CertificateValidity {
    /// The last day of a certificate issued on `issued`.
    ///
    /// It is the fifth birthday after the day of issue, or the sixth when the certificate renews one that ends on
    /// `oldEnd` within the three months before that end; never later than the card. A birthday on the day of issue does
    /// not count (a choice of this project).
    public static func end(
        issued: CivilDate,
        birth: CivilDate,
        cardExpiry: CivilDate,
        renewing oldEnd: CivilDate?
    ) -> CivilDate {
        let renewsEarly = oldEnd.map { renewalOpens(before: $0) <= issued && issued <= $0 } ?? false
        return min(cardExpiry, birth.birthday(renewsEarly ? 6 : 5, after: issued))
    }

    /// The first day on which a certificate that ends on `end` may be renewed: three months earlier.
    ///
    /// Where that month lacks the day, its last day counts (a choice of this project).
    public static func renewalOpens(before end: CivilDate) -> CivilDate {
        let month = end.month > 3 ? end.month - 3 : end.month + 9
        let year = end.month > 3 ? end.year : end.year - 1
        // Every month has a day 28, so one of the four exists unless the year leaves the calendar.
        for day in stride(from: end.day, through: min(end.day, 28), by: -1) {
            if let date = CivilDate(year: year, month: month, day: day) { return date }
        }
        return end
    }

    /// The last day of an authority's own certificate: ten years less a day, as the published ones run.
    public static func authorityEnd(issued: CivilDate) -> CivilDate {
        CivilDate(daysSince1970: issued.anniversary(inYear: issued.year + 10).daysSince1970 - 1)
    }
}

/// How long a card is good.
public enum CardValidity {
    /// The age from which a card is good for ten birthdays; 18 since April 2022.
    public static let adultAge = 18

    /// The last day of a card issued on `issued`: the tenth birthday after it, the fifth for a holder under 18 on that
    /// day, and never beyond the end of the holder's stay.
    public static func end(issued: CivilDate, birth: CivilDate, endOfStay: CivilDate? = nil) -> CivilDate {
        let birthday = birth.birthday(birth.age(on: issued) < adultAge ? 5 : 10, after: issued)
        return endOfStay.map { min($0, birthday) } ?? birthday
    }
}
