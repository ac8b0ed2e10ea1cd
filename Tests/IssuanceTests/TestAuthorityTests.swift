import AuthorityTesting
import CertificateProfiles
import CivilCalendar
import Crypto
import CryptoExtras
import Issuance
import Testing

@Suite struct TestAuthorityTests {
    @Test func `each authority counts from 2 by itself, its own certificate being 1`() throws {
        var authority = try Fixture.authority.certificates
        #expect(try serial(authority.signCACertificate) == "01")
        #expect(try serial(authority.authCACertificate) == "01")
        #expect(try serial(sign(&authority)) == "02")
        #expect(try serial(sign(&authority)) == "03")
        #expect(try serial(auth(&authority)) == "02")
        // The first number whose top bit is set needs a zero octet before it, or it would be negative.
        for _ in 4..<0x80 { _ = try sign(&authority) }
        #expect(try serial(sign(&authority)) == "80")
    }

    @Test func `a refusal spends no serial number`() throws {
        var authority = try Fixture.authority.certificates
        #expect(throws: IssuanceError.endBeforeIssue) { try sign(&authority, end: Fixture.day(2025, 10, 26)) }
        #expect(throws: IssuanceError.missing(.name)) { try sign(&authority) { $0.name = "" } }
        #expect(try serial(sign(&authority)) == "02")
    }

    @Test func `a key that is no RSA key of 2048 bits is refused`() throws {
        var authority = try Fixture.authority.certificates
        let long = HolderKey(rsa: try _RSA.Signing.PrivateKey(keySize: .bits3072))
        #expect(throws: IssuanceError.modulusNot2048Bit(bits: 3072)) { try sign(&authority, by: long) }
        let next = HolderKey(p384: P384.Signing.PrivateKey())
        #expect(throws: IssuanceError.keyOfOtherGeneration) { try sign(&authority, by: next) }
    }

    @Test func `an end before issue is refused, on the day of issue not`() throws {
        var authority = try Fixture.authority.certificates
        let lastSecond = Fixture.day(2025, 10, 27).endInJapan
        #expect(throws: IssuanceError.endBeforeIssue) {
            try sign(&authority, issuedAt: lastSecond + 1, end: Fixture.day(2025, 10, 27))
        }
        #expect(try sign(&authority, issuedAt: lastSecond, end: Fixture.day(2025, 10, 27)).count > 1000)
    }

    @Test func `a certificate may end with its authority and not after it`() throws {
        var authority = try Fixture.authority.certificates
        #expect(try auth(&authority, end: Fixture.day(2035, 10, 25)).count > 1000)
        #expect(throws: IssuanceError.endBeyondAuthority) { try auth(&authority, end: Fixture.day(2035, 10, 26)) }
    }

    @Test func `times that UTCTime cannot write are refused`() throws {
        var authority = try Fixture.authority.certificates
        #expect(throws: IssuanceError.timeOutOfRange) { try sign(&authority, issuedAt: -1) }
        #expect(throws: IssuanceError.timeOutOfRange) {
            try sign(&authority, issuedAt: 2_524_608_000, end: Fixture.day(2051, 1, 1))
        }
        // Ten years later is 2050.
        #expect(throws: IssuanceError.timeOutOfRange) { try TestAuthority(generatingAt: 2_210_000_000) }
    }

    @Test(arguments: ["", "0000", "000000", "0000A", "００００0"])
    func `substitute flags that do not match the text are refused`(flags: String) throws {
        var authority = try Fixture.authority.certificates
        #expect(throws: IssuanceError.substitutesDoNotMatch(.name)) {
            try sign(&authority) { $0.nameSubstitutes = flags }
        }
        #expect(throws: IssuanceError.substitutesDoNotMatch(.address)) {
            try sign(&authority) { $0.addressSubstitutes = flags }
        }
    }

    @Test func `flags count Unicode scalars, so a variation selector has its own`() throws {
        var authority = try Fixture.authority.certificates
        let name = "葛\u{E0100}城　花子"
        #expect(name.count == 5)
        #expect(throws: IssuanceError.substitutesDoNotMatch(.name)) {
            try sign(&authority) {
                $0.name = name
                $0.nameSubstitutes = "00000"
            }
        }
        let issued = try sign(&authority) {
            $0.name = name
            $0.nameSubstitutes = "000000"
        }
        #expect(String(decoding: issued, as: UTF8.self).unicodeScalars.contains("\u{E0100}"))
    }

    struct Row: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let refusal: IssuanceError
        let change: @Sendable (inout HolderFacts) -> Void
    }

    // swift-format-ignore
    static let rows = [
        Row(testDescription: "no name", refusal: .missing(.name)) { $0.name = "" },
        Row(testDescription: "no address", refusal: .missing(.address)) { $0.address = "" },
        Row(testDescription: "no prefecture", refusal: .missing(.prefecture)) { $0.prefecture = "" },
        Row(testDescription: "no municipality", refusal: .missing(.municipality)) { $0.municipality = "" },
        Row(testDescription: "blank municipality", refusal: .missing(.municipality)) { $0.municipality = "  " },
        Row(testDescription: "Japanese prefecture", refusal: .localityNotRoman(.prefecture)) { $0.prefecture = "東京都" },
        Row(testDescription: "line break", refusal: .localityNotRoman(.municipality)) { $0.municipality = "Chiyoda\nku" },
        Row(testDescription: "code too short", refusal: .municipalityCodeNotFiveDigits) { $0.municipalityCode = "1310" },
        Row(testDescription: "code with check digit", refusal: .municipalityCodeNotFiveDigits) { $0.municipalityCode = "131016" },
        Row(testDescription: "code with letter", refusal: .municipalityCodeNotFiveDigits) { $0.municipalityCode = "1310A" },
        Row(testDescription: "gender letter", refusal: .genderNotADigit) { $0.gender = "F" },
        Row(testDescription: "full-width gender", refusal: .genderNotADigit) { $0.gender = "２" },
    ]

    @Test(arguments: rows)
    func `facts that would make an unreadable certificate are refused for both`(row: Row) throws {
        var authority = try Fixture.authority.certificates
        #expect(throws: row.refusal) { try sign(&authority, change: row.change) }
        #expect(throws: row.refusal) { try auth(&authority, change: row.change) }
    }

    // MARK: - Issuing

    private func sign(
        _ authority: inout TestAuthority,
        by key: HolderKey? = nil,
        issuedAt: Int64 = Fixture.now,
        end: CivilDate = Fixture.end,
        change: (inout HolderFacts) -> Void = { _ in }
    ) throws -> [UInt8] {
        var holder = Fixture.holder
        change(&holder)
        let key = try key ?? Fixture.holderKey
        return try authority.issue(try key.request(.sign, for: holder, notBefore: issuedAt, end: end))
    }

    private func auth(
        _ authority: inout TestAuthority,
        end: CivilDate = Fixture.end,
        change: (inout HolderFacts) -> Void = { _ in }
    ) throws -> [UInt8] {
        var holder = Fixture.holder
        change(&holder)
        return try authority.issue(
            try Fixture.holderKey.request(.auth, for: holder, notBefore: Fixture.now, end: end)
        )
    }

    private func serial(_ certificate: [UInt8]) throws -> String {
        let lines = try ASN1Line.list(certificate)
        return try #require(lines.first { $0.type == "INTEGER" && $0.depth == 2 }).value
    }
}
