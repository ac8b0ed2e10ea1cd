import CivilCalendar
import Testing
import Validation

@Suite struct CertificateHolderTests {
    @Test func `the six facts are read in any order`() throws {
        let facts: [(UInt, String)] = [
            (1, "番号　花子"), (2, "01000"), (3, "2"), (4, "319800217"), (5, "東京都"), (6, "000"),
        ]
        let inOrder = try holder(facts)
        #expect(try holder(facts.reversed()) == inOrder)
        #expect(try holder([3, 0, 5, 1, 4, 2].map { facts[$0] }) == inOrder)
        #expect(inOrder?.name == "番号　花子")
        #expect(inOrder?.nameSubstitutes?.digits == "01000")
        #expect(inOrder?.nameSubstitutes?.isReliable == true)
        #expect(inOrder?.nameSubstitutes?.marksAny == true)
        #expect(inOrder?.addressSubstitutes?.marksAny == false)
        #expect(inOrder?.gender == "2")
        #expect(inOrder?.address == "東京都")
        #expect(inOrder?.birthText == "319800217")
        #expect(inOrder?.birthEra == .showa)
        #expect(inOrder?.birth == Fixture.day(1980, 2, 17))
    }

    @Test(arguments: ["0", "0000", "000000", "0000A", "００００0", ""])
    func `flags that do not fit the text are kept, and marked as unreliable`(flags: String) throws {
        let holder = try holder([(1, "番号　花子"), (2, flags)])
        #expect(holder?.nameSubstitutes?.isReliable == false)
        #expect(holder?.nameSubstitutes?.digits == flags)
        #expect(holder?.nameSubstitutes?.marksAny == true)
    }

    @Test func `flags count Unicode scalars`() throws {
        #expect(try holder([(1, "葛\u{E0100}城"), (2, "000")])?.nameSubstitutes?.isReliable == true)
        #expect(try holder([(1, "葛\u{E0100}城"), (2, "00")])?.nameSubstitutes?.isReliable == false)
    }

    @Test func `flags without a text are unreliable unless both are empty`() throws {
        #expect(try holder([(2, "0")])?.nameSubstitutes?.isReliable == false)
        #expect(try holder([(1, ""), (2, "")])?.nameSubstitutes?.isReliable == true)
    }

    @Test(arguments: [
        "500000000", "019890000", "319801332", "319800230", "31980021", "3198002170", "", "あ19800217", "３19800217",
    ])
    func `a birth that is no day is shown as written and is no date`(text: String) throws {
        let holder = try holder([(4, text)])
        #expect(holder?.birth == nil)
        #expect(holder?.birthText == text)
    }

    @Test(arguments: [("118991201", Era.meiji), ("219151010", .taisho), ("420100101", .heisei), ("520240229", .reiwa)])
    func `the era is the first digit`(text: String, era: Era) throws {
        let holder = try holder([(4, text)])
        #expect(holder?.birthEra == era)
        #expect(holder?.birth != nil)
    }

    @Test(arguments: ["019890331", "919890331"])
    func `an unknown era leaves the date`(text: String) throws {
        let holder = try holder([(4, text)])
        #expect(holder?.birthEra == nil)
        #expect(holder?.birth == Fixture.day(1989, 3, 31))
    }

    @Test func `an otherName outside the six is passed over, and alone makes no holder`() throws {
        #expect(try holder([(7, "x")]) == nil)
        #expect(try holder([(0, "x")]) == nil)
        #expect(try holder([(7, "x"), (1, "y")])?.name == "y")
    }

    @Test(arguments: 1...6)
    func `a fact that is said twice makes the certificate unreadable, even the same twice`(last: Int) {
        let flaw = CertificateFlaw.malformedExtension("2.5.29.17")
        #expect(throws: flaw) { try holder([(UInt(last), "1"), (UInt(last), "1")]) }
        #expect(throws: flaw) { try holder([(UInt(last), "1"), (UInt(last), "2")]) }
    }

    @Test func `a name that is not UTF-8 makes the certificate unreadable`() throws {
        let der = try Fixture.issue(.signature)
        let broken = try der.patched(Array("花".utf8), [0xFF, 0xFE, 0x80])
        #expect(throws: CertificateFlaw.malformedExtension("2.5.29.17")) { try CertificateFacts(parsing: broken) }
        let overlong = try der.patched(Array("花".utf8), [0xE0, 0x80, 0xAF])
        #expect(throws: CertificateFlaw.malformedExtension("2.5.29.17")) { try CertificateFacts(parsing: overlong) }
    }

    private func holder(_ names: [(UInt, String)]) throws -> CertificateHolder? {
        try CertificateFacts(parsing: Forger.sign.issue { $0.put(try Broken.otherNames(names)) }).holder
    }
}
