import CertificateProfiles

extension HolderFacts {
    /// Refuses facts that would make a certificate nobody can read rightly.
    func check() throws(IssuanceError) {
        try Self.check(name, nameSubstitutes, .name)
        try Self.check(address, addressSubstitutes, .address)
        try Self.check(locality: prefecture, .prefecture)
        try Self.check(locality: municipality, .municipality)
        guard municipalityCode.utf8.count == 5, municipalityCode.utf8.allSatisfy(Self.isDigit) else {
            throw .municipalityCodeNotFiveDigits
        }
        guard gender.utf8.count == 1, gender.utf8.allSatisfy(Self.isDigit) else { throw .genderNotADigit }
    }

    /// Flags count Unicode scalars: an ideograph with a variation selector takes two.
    private static func check(_ text: String, _ flags: String, _ field: IssuanceError.Field) throws(IssuanceError) {
        guard !text.isEmpty else { throw .missing(field) }
        guard flags.unicodeScalars.count == text.unicodeScalars.count,
            flags.unicodeScalars.allSatisfy({ $0 == "0" || $0 == "1" })
        else { throw .substitutesDoNotMatch(field) }
    }

    private static func check(locality: String, _ field: IssuanceError.Field) throws(IssuanceError) {
        guard locality.utf8.contains(where: { $0 != 0x20 }) else { throw .missing(field) }
        guard locality.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else { throw .localityNotRoman(field) }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
