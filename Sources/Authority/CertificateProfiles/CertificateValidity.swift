public import CivilCalendar

/// How long the certificates on a card are good.
public enum CertificateValidity {
    /// The last day of a certificate issued on `issued`.
    ///
    /// It is the fifth birthday after the day of issue, or the sixth when the certificate renews one that ends on
    /// `oldEnd` within the three months before that end; never later than the card. A birthday on the day of issue does
    /// not count (a choice of this project). The figures are those of the generation.
    public static func end(
        issued: CivilDate,
        birth: CivilDate,
        cardExpiry: CivilDate,
        renewing oldEnd: CivilDate?,
        generation: CardGeneration = .current
    ) -> CivilDate {
        let renewsEarly =
            oldEnd.map { renewalOpens(before: $0, generation: generation) <= issued && issued <= $0 } ?? false
        let count = generation.certificateBirthdays + (renewsEarly ? 1 : 0)
        return min(cardExpiry, birth.birthday(count, after: issued))
    }

    /// The first day on which a certificate that ends on `end` may be renewed.
    ///
    /// Where that month lacks the day, its last day counts (a choice of this project).
    public static func renewalOpens(before end: CivilDate, generation: CardGeneration = .current) -> CivilDate {
        end.movedBy(months: -generation.renewalMonths)
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
    /// day, with the generation's months of grace, and never beyond the end of the holder's stay.
    public static func end(
        issued: CivilDate,
        birth: CivilDate,
        endOfStay: CivilDate? = nil,
        generation: CardGeneration = .current
    ) -> CivilDate {
        let birthday = birth.birthday(birth.age(on: issued) < adultAge ? 5 : 10, after: issued)
        let end = birthday.movedBy(months: generation.cardGraceMonths)
        return endOfStay.map { min($0, end) } ?? end
    }
}

extension CivilDate {
    /// The same day of another month; its last day where that month is shorter.
    fileprivate func movedBy(months: Int) -> CivilDate {
        let count = year * 12 + month - 1 + months
        // Every month has a day 28, so one of the four exists unless the year leaves the calendar.
        for day in stride(from: day, through: min(day, 28), by: -1) {
            if let date = CivilDate(year: count / 12, month: count % 12 + 1, day: day) { return date }
        }
        return self
    }
}
