import CardStorage
import CivilCalendar
import Foundation
import Issuance
import Personalization
import Problems
import Testing

@testable import IssueCommands

@Suite struct `A persona` {
    private func persona(_ name: String = "adult") throws -> Persona {
        try #require(try Workshop.shared.get().personas[name])
    }

    @Test(arguments: plastic + ["android", "iphone"]) func `of the project is valid`(name: String) throws {
        try persona(name).validate()
    }

    struct Broken: Sendable, CustomTestStringConvertible {
        let field: String
        let value: String
        let change: @Sendable (inout Persona) -> Void
        var testDescription: String { "\(field): \(value)" }

        static func text(_ field: String, _ path: any WritableKeyPath<Persona, String> & Sendable, _ values: String...)
            -> [Broken]
        {
            values.map { value in Broken(field: field, value: value) { $0[keyPath: path] = value } }
        }

        static func text(_ field: String, _ path: any WritableKeyPath<Persona, String?> & Sendable, _ values: String...)
            -> [Broken]
        {
            values.map { value in Broken(field: field, value: value) { $0[keyPath: path] = value } }
        }
    }

    static let broken: [Broken] =
        Broken.text("name", \.name, "", "an adult", "../adult", "大人", "a\u{7F}")
        + Broken.text("holder.name", \.holder.name, "", String(repeating: "番", count: 101))
        + Broken.text("holder.address", \.holder.address, "", String(repeating: "区", count: 167))
        + Broken.text("holder.nameSubstitutes", \.holder.nameSubstitutes, "", "0000", "000000")
        + Broken.text(
            "holder.addressSubstitutes",
            \.holder.addressSubstitutes,
            "",
            "00000000000000",
            "0000000000000000"
        )
        + Broken.text("holder.gender", \.holder.gender, "", "3", "女", "12")
        + Broken.text("holder.municipalityCode", \.holder.municipalityCode, "1310", "131016", "1310a", "１３１０１")
        + Broken.text(
            "holder.individualNumber",
            \.holder.individualNumber,
            "123456789019",
            "12345678901",
            "1234567890180",
            "12345678901x"
        )
        + Broken.text(
            "holder.residentRegisterCode",
            \.holder.residentRegisterCode,
            "12345678904",
            "1234567890",
            "123456789030"
        )
        + Broken.text("card.securityCode", \.card.securityCode, "228", "22855", "228x")
        + Broken.text("secrets.auth", \.secrets.auth, "", "987", "98765", "98a7")
        + Broken.text("secrets.input", \.secrets.input, "", "987", "98765", "９８７６")
        + Broken.text("secrets.register", \.secrets.register, "", "987", "98765")
        + Broken.text("secrets.sign", \.secrets.sign, "", "QWE12", "QWERTYUIOP1234567", "qwerty1", "QWERTY-1", "ＱＷＥＲＴＹ")
        + [
            Broken(field: "holder.localities", value: "[]") { $0.holder.localities = [] },
            Broken(field: "holder.localities", value: "Osaka") { $0.holder.localities = ["Osaka"] },
            Broken(field: "spend", value: "puk") { $0.spend = ["puk": 1] },
            Broken(field: "spend", value: "-1") { $0.spend = ["auth": -1] },
            Broken(field: "spend", value: "11") { $0.spend = ["auth": 11] },
        ]

    @Test(arguments: broken) func `that could not be a card is refused by naming the field, never its value`(
        broken: Broken
    ) throws {
        var persona = try persona()
        broken.change(&persona)
        let error = PersonaError.unreadable(persona: persona.name, field: broken.field)
        #expect(throws: error) { try persona.validate() }
        guard broken.field != "name", broken.value.utf8.count > 2 else { return }
        for text in [error.problem.whatHappened, error.problem.whatToDo] {
            #expect(!text.ja.contains(broken.value) && !text.en.contains(broken.value))
            if text == error.problem.whatHappened {
                #expect(text.ja.contains(broken.field) && text.en.contains(broken.field))
            }
        }
    }

    @Test(arguments: ["1989-02-29", "31.3.1989", "", "19890331"]) func `born on no day at all is refused`(text: String)
        throws
    {
        var persona = try persona()
        persona.holder.birth = text
        #expect(throws: PersonaError.unreadable(persona: "adult", field: "holder.birth")) {
            try persona.birth(issued: Workshop.today)
        }
    }

    @Test func `without birth needs both an age and a birthday`() throws {
        var persona = try persona("child")
        persona.holder.birthday = nil
        #expect(
            throws: PersonaError.unreadable(persona: "child", field: "holder.birth, or holder.age and holder.birthday")
        ) {
            try persona.birth(issued: Workshop.today)
        }
    }

    @Test(arguments: ["2026-02-30", "today", "", "2026/01/01"]) func `issued or staying until no day at all is refused`(
        text: String
    ) throws {
        var persona = try persona()
        persona.card.issued = text
        persona.card.endOfStay = text
        #expect(throws: PersonaError.unreadable(persona: "adult", field: "card.issued")) {
            try persona.issued(today: Workshop.today)
        }
        #expect(throws: PersonaError.unreadable(persona: "adult", field: "card.endOfStay")) {
            try persona.endOfStay(issued: Workshop.today)
        }
    }

    @Test(arguments: [
        ("2026-05-04", "2016-05-05"), ("2026-05-05", "2017-05-05"), ("2026-05-06", "2017-05-05"),
    ])
    func `of an age has that age on the day of issue`(issued: String, birth: String) throws {
        let issued = try #require(CivilDate(issued))
        #expect(try persona("child").birth(issued: issued).description == birth)
        #expect(try persona("child").birth(issued: issued).age(on: issued) == 9)
    }

    @Test func `has the verification number B that the published example shows`() throws {
        var persona = try persona()
        persona.holder.birth = "1980-02-17"
        let birth = try #require(CivilDate("1980-02-17"))
        let issued = try #require(CivilDate("2025-10-27"))
        let expiry = try #require(CivilDate("2035-02-17"))
        let order = CardOrder(
            persona: persona,
            serial: CardMaker.serial(1),
            issued: issued,
            issuedAt: 0,
            birth: birth,
            cardExpiry: expiry,
            certificateEnd: expiry
        )
        #expect(order.verificationNumberB == "55021720352285")
    }

    @Test(arguments: [(1, "800000000000001"), (99_999_999_999_999, "899999999999999")] as [(UInt64, String)])
    func `gets a serial of fifteen digits that begins with 8`(number: UInt64, serial: String) {
        #expect(CardMaker.serial(number) == serial)
    }

    @Test func `that the card refuses makes no card`() throws {
        var persona = try persona()
        // The record does not fit its file: the card says so, and the maker stops there.
        persona.holder.address = String(repeating: "区", count: 2000)
        var authority = try authority()
        #expect(throws: (any Error).self) {
            try CardMaker(persona: persona, now: Workshop.now).make(
                &authority,
                atr: [],
                protection: .keyFile,
                salt: [1]
            ) { _ in }
        }
    }
}
