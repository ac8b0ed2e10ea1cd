public import CardProfiles
public import CivilCalendar

/// A synthetic person and the card made for them, as a persona file says it.
///
/// A persona is a JSON file in the personas folder; docs/personas.md explains each key. Adding one needs no code.
public struct Persona: Sendable, Decodable {
    public var name: String
    public var title: LocalizedTitle
    public var kind: CardKind
    public var holder: Holder
    public var card: CardPart
    public var certificates: Certificates
    public var secrets: Secrets
    /// Features of the drawn portrait; `nil` where the card has no photo.
    public var portrait: Portrait?
    /// Wrong tries made on the finished card: name of the secret → how many.
    public var spend: [String: Int]?

    public struct LocalizedTitle: Sendable, Decodable {
        public var ja: String
        public var en: String
    }

    public struct Holder: Sendable, Decodable {
        public var name: String
        /// One digit per Unicode scalar of the name: 1 where a substitute character stands.
        public var nameSubstitutes: String
        public var address: String
        public var addressSubstitutes: String
        /// `YYYY-MM-DD`, or `nil` when `age` and `birthday` are given.
        public var birth: String?
        /// Age on the day of issue, with `birthday` as `MM-DD`.
        public var age: Int?
        public var birthday: String?
        /// `1` male, `2` female, `9` not applicable (JIS X 0303).
        public var gender: String
        /// Prefecture and municipality in Roman letters.
        public var localities: [String]
        /// Five digits, without check digit.
        public var municipalityCode: String
        public var individualNumber: String
        public var residentRegisterCode: String
    }

    public struct CardPart: Sendable, Decodable {
        /// Day of issue, `YYYY-MM-DD`; today when missing.
        public var issued: String?
        /// Last day of stay, for a foreign resident: `YYYY-MM-DD`, or a number of days after issue such as `+400`.
        public var endOfStay: String?
        /// Four digits, printed on the front.
        public var securityCode: String
    }

    public struct Certificates: Sendable, Decodable {
        public var sign: Bool
        public var auth: Bool
    }

    /// PINs and the signature password; `nil` where none is set.
    public struct Secrets: Sendable, Decodable {
        public var sign: String?
        public var auth: String?
        public var input: String?
        public var register: String?
    }

    /// Each feature may be left out; docs/personas.md says what then.
    public struct Portrait: Sendable, Decodable {
        public var age: String?
        public var hair: String?
        public var hairShade: Double?
        public var skinShade: Double?
        public var faceWidth: Double?
        public var glasses: Bool?
        public var beard: Bool?
        public var seed: UInt64?
    }
}

extension CardKind: Decodable {}

extension Persona {
    /// The day of birth: given, or reckoned back from the day of issue.
    public func birth(issued: CivilDate) throws(PersonaError) -> CivilDate {
        if let text = holder.birth {
            guard let date = CivilDate(text) else { throw .unreadable(persona: name, field: "holder.birth") }
            return date
        }
        guard let age = holder.age, let birthday = holder.birthday,
            let inYear = CivilDate("\(issued.yearText)-\(birthday)")
        else { throw .unreadable(persona: name, field: "holder.birth, or holder.age and holder.birthday") }
        let lastBirthday = inYear <= issued ? issued.year : issued.year - 1
        guard let date = CivilDate("\(CivilDate.fourDigits(lastBirthday - age))-\(birthday)") else {
            throw .unreadable(persona: name, field: "holder.birthday")
        }
        return date
    }

    /// The day of issue; `today` when the persona names none.
    public func issued(today: CivilDate) throws(PersonaError) -> CivilDate {
        guard let text = card.issued else { return today }
        guard let date = CivilDate(text) else { throw .unreadable(persona: name, field: "card.issued") }
        return date
    }

    public func endOfStay(issued: CivilDate) throws(PersonaError) -> CivilDate? {
        guard let text = card.endOfStay else { return nil }
        if text.hasPrefix("+"), let days = Int(text.dropFirst()), (0...36_500).contains(days) {
            return CivilDate(daysSince1970: issued.daysSince1970 + days)
        }
        guard let date = CivilDate(text) else { throw .unreadable(persona: name, field: "card.endOfStay") }
        return date
    }

    /// Refuses a persona that could not be a card: numbers with wrong check digits, PINs of the wrong shape, flags that
    /// do not match the text.
    ///
    /// The message names the field, never its value.
    public func validate() throws(PersonaError) {
        func check(_ holds: Bool, _ field: String) throws(PersonaError) {
            guard holds else { throw .unreadable(persona: name, field: field) }
        }
        func isDigits(_ text: String, _ count: Int) -> Bool {
            text.utf8.count == count && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
        }
        try check(!name.isEmpty && name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x2F }, "name")
        try check(!holder.name.isEmpty && holder.name.utf8.count <= 300, "holder.name")
        try check(!holder.address.isEmpty && holder.address.utf8.count <= 500, "holder.address")
        try check(holder.nameSubstitutes.utf8.count == holder.name.unicodeScalars.count, "holder.nameSubstitutes")
        try check(
            holder.addressSubstitutes.utf8.count == holder.address.unicodeScalars.count,
            "holder.addressSubstitutes"
        )
        func isFlags(_ text: String) -> Bool { text.utf8.allSatisfy { $0 == 0x30 || $0 == 0x31 } }
        try check(isFlags(holder.nameSubstitutes), "holder.nameSubstitutes")
        try check(isFlags(holder.addressSubstitutes), "holder.addressSubstitutes")
        try check(["0", "1", "2", "9"].contains(holder.gender), "holder.gender")
        try check(holder.localities.count == 2 && !holder.localities.contains(""), "holder.localities")
        try check(isDigits(holder.municipalityCode, 5), "holder.municipalityCode")
        try check(CheckDigit.isIndividualNumber(holder.individualNumber), "holder.individualNumber")
        try check(CheckDigit.isResidentRegisterCode(holder.residentRegisterCode), "holder.residentRegisterCode")
        try check(isDigits(card.securityCode, 4), "card.securityCode")
        for (field, pin) in [("auth", secrets.auth), ("input", secrets.input), ("register", secrets.register)] {
            try check(pin.map { isDigits($0, 4) } ?? true, "secrets.\(field)")
        }
        let password = ReferenceRule(length: 6...16, alphabet: .upperCaseAndDigits, tries: 5)
        try check(secrets.sign.map { password.admits(Array($0.utf8)) } ?? true, "secrets.sign")
        for (secret, count) in spend ?? [:] {
            try check(["sign", "auth", "input", "register"].contains(secret) && (0...10).contains(count), "spend")
        }
    }
}

extension CivilDate {
    fileprivate var yearText: String { Self.fourDigits(year) }

    fileprivate static func fourDigits(_ year: Int) -> String {
        let text = String(year)
        return String(repeating: "0", count: max(0, 4 - text.utf8.count)) + text
    }
}

/// A persona file cannot be used.
public enum PersonaError: Error, Hashable, Sendable {
    case unknown(name: String, known: [String])
    case notJSON(file: String, reason: String)
    case unreadable(persona: String, field: String)
}
