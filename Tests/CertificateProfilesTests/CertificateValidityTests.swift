import AuthorityCryptography
import CertificateProfiles
import CivilCalendar
import Testing

@Suite struct CertificateValidityTests {
    struct Row: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let issued: String
        let birth: String
        var cardExpiry = "2099-12-31"
        var oldEnd: String?
        let end: String
    }

    // swift-format-ignore
    static let rows = [
        // The dates of a public test card.
        Row(testDescription: "five birthdays", issued: "2025-10-27", birth: "1980-02-17", end: "2030-02-17"),
        Row(testDescription: "birthday later in the year of issue", issued: "2025-01-10", birth: "1980-02-17", end: "2029-02-17"),
        Row(testDescription: "issued on the birthday", issued: "2025-02-17", birth: "1980-02-17", end: "2030-02-17"),
        Row(testDescription: "issued on the day before the birthday", issued: "2025-02-16", birth: "1980-02-17", end: "2029-02-17"),
        Row(testDescription: "the card ends first", issued: "2025-10-27", birth: "1980-02-17", cardExpiry: "2027-02-17", end: "2027-02-17"),
        Row(testDescription: "born on 29 February, common year", issued: "2024-06-01", birth: "2000-02-29", end: "2029-02-28"),
        Row(testDescription: "born on 29 February, leap year", issued: "2023-06-01", birth: "2000-02-29", end: "2028-02-29"),
        Row(testDescription: "born on 29 February, issued on its 28th", issued: "2023-02-28", birth: "2000-02-29", end: "2028-02-29"),
        Row(testDescription: "renewed on the first day", issued: "2029-11-17", birth: "1980-02-17", oldEnd: "2030-02-17", end: "2035-02-17"),
        Row(testDescription: "renewed a day too early", issued: "2029-11-16", birth: "1980-02-17", oldEnd: "2030-02-17", end: "2034-02-17"),
        Row(testDescription: "renewed on the last day", issued: "2030-02-17", birth: "1980-02-17", oldEnd: "2030-02-17", end: "2036-02-17"),
        Row(testDescription: "renewed after the end", issued: "2030-02-18", birth: "1980-02-17", oldEnd: "2030-02-17", end: "2035-02-17"),
        Row(testDescription: "renewed early, the card ends first", issued: "2030-01-05", birth: "1980-02-17", cardExpiry: "2030-02-17", oldEnd: "2030-02-17", end: "2030-02-17"),
    ]

    @Test(arguments: rows)
    func `a certificate ends on the fifth birthday, the sixth when renewed early, and never after its card`(
        row: Row
    ) throws {
        let end = CertificateValidity.end(
            issued: try #require(CivilDate(row.issued)),
            birth: try #require(CivilDate(row.birth)),
            cardExpiry: try #require(CivilDate(row.cardExpiry)),
            renewing: row.oldEnd.flatMap { CivilDate($0) }
        )
        #expect(end == CivilDate(row.end))
    }

    @Test(arguments: [
        ("2030-02-17", "2029-11-17"), ("2030-05-31", "2030-02-28"), ("2028-05-31", "2028-02-29"),
        ("2030-03-31", "2029-12-31"), ("2030-07-31", "2030-04-30"), ("2030-04-01", "2030-01-01"),
    ])
    func `renewal opens three months before the end, on the last day of a month too short`(
        end: String,
        opens: String
    ) throws {
        #expect(CertificateValidity.renewalOpens(before: try #require(CivilDate(end))) == CivilDate(opens))
    }

    /// Japanese days of issue and of end of the published first and third signature authorities.
    @Test(arguments: [("2015-10-20", "2025-10-19"), ("2023-07-16", "2033-07-15")])
    func `an authority's certificate runs ten years less a day, as the published ones do`(
        issued: String,
        end: String
    ) throws {
        #expect(CertificateValidity.authorityEnd(issued: try #require(CivilDate(issued))) == CivilDate(end))
    }
}

/// Figures of the Digital Agency's task force for the next card (March 2024).
@Suite struct NextGenerationTests {
    @Test(arguments: [
        ("2028-06-01", nil, "2038-02-17"), ("2037-02-16", "2038-02-17", "2046-02-17"),
        ("2037-02-17", "2038-02-17", "2048-02-17"), ("2038-02-17", "2038-02-17", "2049-02-17"),
    ])
    func `a certificate runs to the tenth birthday, the eleventh when renewed within the last year`(
        issued: String,
        oldEnd: String?,
        end: String
    ) throws {
        let found = CertificateValidity.end(
            issued: try #require(CivilDate(issued)),
            birth: try #require(CivilDate("1980-02-17")),
            cardExpiry: try #require(CivilDate("2099-12-31")),
            renewing: oldEnd.flatMap { CivilDate($0) },
            generation: .next
        )
        #expect(found == CivilDate(end))
    }

    @Test(arguments: [("1980-02-17", "2038-03-17"), ("1980-01-31", "2038-02-28"), ("2020-12-31", "2034-01-31")])
    func `a card is good for a month beyond its last birthday`(birth: String, end: String) throws {
        let found = CardValidity.end(
            issued: try #require(CivilDate("2028-12-31")),
            birth: try #require(CivilDate(birth)),
            generation: .next
        )
        #expect(found == CivilDate(end))
    }

    @Test func `it signs with P-384 and SHA-384, today's cards with RSA and SHA-256`() {
        #expect(CardGeneration.next.algorithm == .p384SHA384)
        #expect(CardGeneration.current.algorithm == .rsa2048SHA256)
    }
}

@Suite struct CardValidityTests {
    struct Row: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let issued: String
        let birth: String
        var endOfStay: String?
        let end: String
    }

    // swift-format-ignore
    static let rows = [
        Row(testDescription: "an adult", issued: "2025-10-27", birth: "1980-02-17", end: "2035-02-17"),
        Row(testDescription: "on the 18th birthday", issued: "2025-10-27", birth: "2007-10-27", end: "2035-10-27"),
        Row(testDescription: "the day before the 18th birthday", issued: "2025-10-26", birth: "2007-10-27", end: "2029-10-27"),
        Row(testDescription: "a newborn", issued: "2025-10-27", birth: "2025-10-20", end: "2030-10-20"),
        Row(testDescription: "an adult born on 29 February", issued: "2024-03-01", birth: "1996-02-29", end: "2034-02-28"),
        Row(testDescription: "a stay that ends first", issued: "2025-10-27", birth: "1980-02-17", endOfStay: "2026-03-31", end: "2026-03-31"),
        Row(testDescription: "a stay that ends later", issued: "2025-10-27", birth: "1980-02-17", endOfStay: "2040-01-01", end: "2035-02-17"),
    ]

    @Test(arguments: rows)
    func `a card ends on the tenth birthday, the fifth under 18, and with the stay`(row: Row) throws {
        let end = CardValidity.end(
            issued: try #require(CivilDate(row.issued)),
            birth: try #require(CivilDate(row.birth)),
            endOfStay: row.endOfStay.flatMap { CivilDate($0) }
        )
        #expect(end == CivilDate(row.end))
    }
}
