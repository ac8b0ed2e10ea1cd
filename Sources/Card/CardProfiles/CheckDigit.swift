/// Check digits of the two numbers a resident has.
public enum CheckDigit {
    /// Whether twelve digits are a My Number: eleven and their check digit (Ministry of Internal Affairs ordinance 85
    /// of 2014, article 5).
    ///
    /// With P(n) the n-th digit from the right without the check digit and Q(n) = n + 1 for n up to 6, n − 5 above, r =
    /// ΣP·Q mod 11; the check digit is 0 where r ≤ 1, else 11 − r.
    public static func isIndividualNumber(_ text: String) -> Bool {
        isIndividualNumber(Array(text.utf8))
    }

    /// The same for ASCII digits.
    public static func isIndividualNumber(_ digits: [UInt8]) -> Bool {
        isValid(digits, weights: [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2])
    }

    /// Whether eleven digits are a resident register code: ten and a check digit by the same rule.
    ///
    /// The rule is an inference from the one published sample (docs/card/choices.md, U22).
    public static func isResidentRegisterCode(_ text: String) -> Bool {
        isValid(Array(text.utf8), weights: [5, 4, 3, 2, 7, 6, 5, 4, 3, 2])
    }

    private static func isValid(_ text: [UInt8], weights: [Int]) -> Bool {
        let digits = text.map { Int($0) - 0x30 }
        guard digits.count == weights.count + 1, digits.allSatisfy({ (0...9).contains($0) }) else { return false }
        var sum = 0
        for (digit, weight) in zip(digits, weights) { sum += digit * weight }
        let remainder = sum % 11
        return digits[weights.count] == (remainder <= 1 ? 0 : 11 - remainder)
    }
}
