public import CivilCalendar

/// What certificates say about a holder and where the holder lives.
///
/// A signature certificate carries all of it; an authentication certificate only the municipality, in the name of its
/// revocation list and inside its identifier.
public struct HolderFacts: Hashable, Sendable {
    /// Full-width; family and given name separated by U+3000.
    public var name: String
    /// One `0` or `1` per Unicode scalar of ``name``, `1` where it stands in for a character that cannot be written.
    public var nameSubstitutes: String
    /// Full-width, digits and hyphens too.
    public var address: String
    /// One `0` or `1` per Unicode scalar of ``address``.
    public var addressSubstitutes: String
    /// One digit as in JIS X 0303: 1 male, 2 female, 9 not applicable, 0 unknown.
    public var gender: Character
    public var birth: CivilDate
    /// In Roman letters, such as `Tokyo-to`.
    public var prefecture: String
    /// In Roman letters, such as `Chiyoda-ku`.
    public var municipality: String
    /// 全国地方公共団体コード without its check digit: five digits.
    public var municipalityCode: String

    public init(
        name: String,
        nameSubstitutes: String,
        address: String,
        addressSubstitutes: String,
        gender: Character,
        birth: CivilDate,
        prefecture: String,
        municipality: String,
        municipalityCode: String
    ) {
        self.name = name
        self.nameSubstitutes = nameSubstitutes
        self.address = address
        self.addressSubstitutes = addressSubstitutes
        self.gender = gender
        self.birth = birth
        self.prefecture = prefecture
        self.municipality = municipality
        self.municipalityCode = municipalityCode
    }
}

extension HolderFacts: CustomStringConvertible, CustomReflectable {
    /// Safe for logs: names nobody.
    public var description: String { "HolderFacts(withheld)" }

    public var customMirror: Mirror { Mirror(self, children: []) }
}
