public import CivilCalendar
import PKIX

/// What a signature certificate says about the person it was issued to (otherNames in arc 1.2.392.200149.8.5.5).
///
/// All of it is personal data; printing a value of this type shows none. The names may come in any order, each once.
/// Texts are ready for a screen: control characters are written out.
public struct CertificateHolder: Hashable, Sendable {
    /// 氏名, or `nil` when the certificate does not say.
    public let name: String?
    public let nameSubstitutes: SubstituteFlags?
    /// 住所.
    public let address: String?
    public let addressSubstitutes: SubstituteFlags?
    /// 生年月日 as written: `EYYYYMMDD`, the digit of the era and the Gregorian date, unknown parts as zeros.
    public let birthText: String?
    /// The day, where ``birthText`` is one.
    public let birth: CivilDate?
    /// The era that ``birthText`` begins with, where it is a known one; not held against the date.
    public let birthEra: Era?
    /// 性別 as written: one digit, 1 male and 2 female.
    public let gender: String?

    /// Which characters of a text stand in for ones that could not be written.
    public struct SubstituteFlags: Hashable, Sendable {
        /// As written: one `0` or `1` per character.
        public let digits: String
        /// Whether there is one flag, `0` or `1`, for each Unicode scalar of the text; otherwise nobody can say which
        /// character a flag means.
        public let isReliable: Bool

        /// Whether some character of the text may be a substitute; true, too, for flags that are not reliable.
        public var marksAny: Bool { !isReliable || digits.contains("1") }

        fileprivate init(_ digits: String, of text: String) {
            isReliable =
                digits.unicodeScalars.count == text.unicodeScalars.count
                && digits.utf8.allSatisfy { (0x30...0x31).contains($0) }
            self.digits = digits.withControlsShown
        }
    }

    /// `nil` when none of the names is about a holder; throws on a fact that is said twice, or is no UTF-8 text.
    init?(_ names: [GeneralNameFact]) throws {
        var facts: [Fact: String] = [:]
        for case .other(let type, let value) in names {
            guard let fact = Fact(type) else { continue }
            guard let value, facts[fact] == nil else { throw CertificateFlaw.name }
            var reader = DERReader(value)
            guard let text = String(validating: try reader.read(DERTag.utf8String), as: UTF8.self) else {
                throw CertificateFlaw.name
            }
            facts[fact] = text
        }
        guard !facts.isEmpty else { return nil }
        name = facts[.name]?.withControlsShown
        address = facts[.address]?.withControlsShown
        nameSubstitutes = facts[.nameSubstitutes].map { SubstituteFlags($0, of: facts[.name] ?? "") }
        addressSubstitutes = facts[.addressSubstitutes].map { SubstituteFlags($0, of: facts[.address] ?? "") }
        gender = facts[.gender]?.withControlsShown
        birthText = facts[.birth]?.withControlsShown
        (birthEra, birth) = Self.birth(facts[.birth] ?? "")
    }

    private enum Fact: UInt8 {
        case name = 1
        case nameSubstitutes, gender, birth, address, addressSubstitutes

        init?(_ type: ArraySlice<UInt8>) {
            guard type.dropLast().elementsEqual(Self.arc), let last = type.last else { return nil }
            self.init(rawValue: last)
        }

        /// 1.2.392.200149.8.5.5.
        private static let arc: [UInt8] = [0x2A, 0x83, 0x08, 0x8C, 0x9B, 0x55, 0x08, 0x05, 0x05]
    }

    private static func birth(_ text: String) -> (Era?, CivilDate?) {
        let digits = text.utf8.map { Int($0) - 0x30 }
        guard digits.count == 9, digits.allSatisfy({ (0...9).contains($0) }) else { return (nil, nil) }
        let number = { (range: Range<Int>) in digits[range].reduce(0) { $0 * 10 + $1 } }
        return (Era(rawValue: digits[0]), CivilDate(year: number(1..<5), month: number(5..<7), day: number(7..<9)))
    }
}

extension CertificateHolder: CustomStringConvertible, CustomReflectable {
    /// Safe for logs: names nobody.
    public var description: String { "CertificateHolder(withheld)" }

    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension CertificateHolder.SubstituteFlags: CustomStringConvertible, CustomReflectable {
    /// Safe for logs: says nothing of the length of a name.
    public var description: String { "SubstituteFlags(withheld)" }

    public var customMirror: Mirror { Mirror(self, children: []) }
}
