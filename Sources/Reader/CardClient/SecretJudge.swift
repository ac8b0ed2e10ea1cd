import CardProfiles
public import Secrets

/// Why what was typed is not sent to the card.
///
/// Says nothing about the digits themselves.
public enum ShapeFlaw: Error, Hashable, Sendable {
    case empty
    case wrongLength
    case wrongCharacters
    /// It has the shape of another secret of this card.
    case looksLike(SecretKind)
    /// It is the security code printed on the front, which is no PIN.
    case securityCode
    /// Twelve digits whose last one does not fit: no My Number.
    case checkDigit
    /// The first six digits are no day with a year of an era.
    case notABirthDate
    /// A birth with its year in four digits, where two of the era belong.
    case gregorianBirth
    /// The four digits after the birth are no year a card can end in.
    case notAnExpiryYear
    /// A new signature password needs at least one letter and one digit.
    case needsLettersAndDigits
    /// A new secret that is the old one.
    case unchanged
    /// A new secret was not typed twice alike.
    case notRepeated
}

/// What was changed in a secret before it is sent, so that a person can be told.
public struct SecretFolding: OptionSet, Hashable, Sendable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    public static let lowerCase = Self(rawValue: 1 << 0)
    public static let fullWidth = Self(rawValue: 1 << 1)
    /// Spaces and hyphens between digits.
    public static let separators = Self(rawValue: 1 << 2)
}

/// A secret that has the shape the card expects: the only thing that is ever sent.
public struct JudgedSecret: ~Copyable, Sendable {
    public let kind: SecretKind
    public let folding: SecretFolding
    let bytes: SecretBytes

    fileprivate init(_ kind: SecretKind, _ bytes: consuming SecretBytes, _ folding: SecretFolding) {
        self.kind = kind
        self.bytes = bytes
        self.folding = folding
    }
}

/// Looks at what was typed before anything is sent: a mix-up of the four secrets costs a walk to the town hall.
public enum SecretJudge {
    /// Takes what was typed (UTF-8) as one kind of secret, or says what it is instead.
    ///
    /// Full-width letters and digits become plain ones, small letters of the signature password capital ones, and spaces
    /// and hyphens in numbers go. `securityCode` is the one printed on this card's front, where it is known.
    public static func judge(
        _ typed: borrowing SecretBytes,
        as kind: SecretKind,
        securityCode: borrowing SecretBytes = SecretBytes(capacity: 1)
    ) throws(ShapeFlaw) -> JudgedSecret {
        var folding: SecretFolding = []
        let secret = fold(typed, kind, &folding)
        guard secret.count > 0 else { throw .empty }
        try look(at: secret, kind)
        if kind.isFourDigits, securityCode.count == 4, secret.equals(securityCode) { throw .securityCode }
        return JudgedSecret(kind, secret, folding)
    }

    /// Takes a new value for a secret, by the rules under which municipalities set them.
    public static func judgeNew(
        _ typed: borrowing SecretBytes,
        as kind: SecretKind,
        repeated: borrowing SecretBytes,
        insteadOf old: borrowing JudgedSecret
    ) throws(ShapeFlaw) -> JudgedSecret {
        let secret = try judge(typed, as: kind)
        let again = try judge(repeated, as: kind)
        guard secret.bytes.equals(again.bytes) else { throw .notRepeated }
        guard !secret.bytes.equals(old.bytes) else { throw .unchanged }
        try checkMixture(secret)
        return secret
    }

    /// Takes a new value that replaces one nobody knows any more.
    public static func judgeNew(
        _ typed: borrowing SecretBytes,
        as kind: SecretKind,
        repeated: borrowing SecretBytes
    ) throws(ShapeFlaw) -> JudgedSecret {
        let secret = try judge(typed, as: kind)
        let again = try judge(repeated, as: kind)
        guard secret.bytes.equals(again.bytes) else { throw .notRepeated }
        try checkMixture(secret)
        return secret
    }

    /// Municipalities take a signature password only with letters and digits in it.
    private static func checkMixture(_ secret: borrowing JudgedSecret) throws(ShapeFlaw) {
        guard secret.kind == .sign else { return }
        var letters = false
        var digits = false
        for index in 0..<secret.bytes.count {
            if secret.bytes[index].isDigit { digits = true } else { letters = true }
        }
        guard letters, digits else { throw .needsLettersAndDigits }
    }

    // MARK: - Shapes

    private static func look(at secret: borrowing SecretBytes, _ kind: SecretKind) throws(ShapeFlaw) {
        var digits = 0
        var letters = 0
        for index in 0..<secret.count {
            if secret[index].isDigit { digits += 1 } else if secret[index].isLetter { letters += 1 }
        }
        let isPlain = digits + letters == secret.count
        let isNumber = digits == secret.count
        let rule = kind.rule
        let fits = rule.length.contains(secret.count) && isPlain && (isNumber || rule.alphabet == .upperCaseAndDigits)
        if isNumber, let other = numberKind(secret), other != kind, !(fits && kind != .sign) { throw .looksLike(other) }
        if isNumber, secret.count == 4, !fits { throw .looksLike(kind == .sign ? .auth : .input) }
        if !isNumber, isPlain, letters > 0, kind.isFourDigits, SecretKind.sign.rule.length.contains(secret.count) {
            throw .looksLike(.sign)
        }
        if kind == .numberB, isNumber, secret.count == 16 { throw .gregorianBirth }
        if kind == .birthDate, isNumber, secret.count == 8 { throw .gregorianBirth }
        guard isPlain, isNumber || rule.alphabet == .upperCaseAndDigits else { throw .wrongCharacters }
        guard rule.length.contains(secret.count) else { throw .wrongLength }
        switch kind {
        case .numberA: guard isIndividualNumber(secret) else { throw .checkDigit }
        case .numberB:
            try checkBirth(secret)
            let year = number(secret, 6..<10)
            guard (2016...2099).contains(year) else { throw .notAnExpiryYear }
        case .birthDate: try checkBirth(secret)
        case .sign, .auth, .input, .register: break
        }
    }

    /// Which long number these digits look like.
    private static func numberKind(_ secret: borrowing SecretBytes) -> SecretKind? {
        if secret.count == 12, isIndividualNumber(secret) { return .numberA }
        if secret.count == 14, (1...12).contains(number(secret, 2..<4)), (2016...2099).contains(number(secret, 6..<10))
        {
            return .numberB
        }
        return nil
    }

    private static func checkBirth(_ secret: borrowing SecretBytes) throws(ShapeFlaw) {
        // 昭和 had 64 years; no era since 1868 had more.
        guard (1...64).contains(number(secret, 0..<2)), (1...12).contains(number(secret, 2..<4)),
            (1...31).contains(number(secret, 4..<6))
        else { throw .notABirthDate }
    }

    private static func isIndividualNumber(_ secret: borrowing SecretBytes) -> Bool {
        var text = secret.copy()
        defer { wipe(&text) }
        return CheckDigit.isIndividualNumber(text)
    }

    private static func number(_ secret: borrowing SecretBytes, _ range: Range<Int>) -> Int {
        var value = 0
        for index in range { value = value * 10 + Int(secret[index] & 0x0F) }
        return value
    }

    // MARK: - Folding

    private static func fold(
        _ typed: borrowing SecretBytes,
        _ kind: SecretKind,
        _ folding: inout SecretFolding
    ) -> SecretBytes {
        var out = SecretBytes(capacity: typed.count)
        var index = 0
        while index < typed.count {
            var byte = typed[index]
            index += 1
            // U+FF01–FF5E, the full-width forms of ASCII: EF BC 81–BF and EF BD 80–9E.
            if byte == 0xEF, index + 1 < typed.count, typed[index] == 0xBC || typed[index] == 0xBD {
                let folded = Int(typed[index]) << 6 &+ Int(typed[index + 1] & 0x3F) - (0xBC << 6) + 0x20
                if (0x21...0x7E).contains(folded) {
                    byte = UInt8(folded)
                    index += 2
                    folding.insert(.fullWidth)
                }
            }
            if kind != .sign, byte == 0x20 || byte == 0x2D {
                folding.insert(.separators)
                continue
            }
            if kind == .sign, (0x61...0x7A).contains(byte) {
                byte -= 0x20
                folding.insert(.lowerCase)
            }
            out.append(byte)
        }
        return out
    }
}

extension SecretKind {
    var isFourDigits: Bool { [.auth, .input, .register].contains(self) }
}

extension UInt8 {
    fileprivate var isDigit: Bool { (0x30...0x39).contains(self) }
    fileprivate var isLetter: Bool { (0x41...0x5A).contains(self & 0xDF) }
}
