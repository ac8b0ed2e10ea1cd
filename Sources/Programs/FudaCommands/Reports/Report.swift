import CivilCalendar
import Problems
import Terminal

/// What a command found out, once for people and programs alike: text and JSON are written from the same fields.
struct Report {
    struct Field {
        /// Stable name in JSON, English, camel case.
        let key: String
        /// What people read in its place; `nil` for what only programs want.
        let label: Text?
        let value: Value
    }

    indirect enum Value {
        case text(String)
        case number(Int)
        case flag(Bool)
        case date(CivilDate)
        /// Seconds since 1970 UTC.
        case instant(Int64)
        /// A word of a closed list: what programs read, and what people do.
        case word(String, Text)
        /// The same for a number.
        case count(Int, Text)
        /// A picture or another file: what it is, and where it was put.
        case bytes([UInt8], mediaType: String)
        case report(Report)
        /// The same for programs, and in a few words for people.
        case described(Report, Text)
        case list([Value])
        /// Not there; with the reason, if there is one to tell.
        case absent(Text?)
    }

    private(set) var fields: [Field] = []

    init() {}

    /// Version of the documents' shape (docs/reader/json.md); `kind` says which document it is.
    init(kind: String) {
        add("schema", nil, .number(1))
        add("kind", nil, .text(kind))
    }

    mutating func add(_ key: String, _ label: Text?, _ value: Value) {
        fields.append(Field(key: key, label: label, value: value))
    }

    mutating func add(_ key: String, ja: String, en: String, _ value: Value) {
        add(key, Text(ja: ja, en: en), value)
    }

    /// The same with the fields that are named first, in that order.
    func arranged(_ keys: [String]) -> Report {
        var report = self
        let named = keys.flatMap { key in fields.filter { $0.key == key } }
        report.fields = named + fields.filter { !keys.contains($0.key) }
        return report
    }
}

// MARK: - For people

extension Report {
    /// One line a field, values in one column; what is inside something stands below it, set in.
    func lines(indentation: Int = 0) -> [String] {
        let margin = String(repeating: " ", count: indentation)
        let shown = fields.compactMap { field in field.label.map { ($0.inLanguage(Terminal.language), field.value) } }
        let column = shown.filter { $0.1.isShort }.map { Terminal.width($0.0) }.max() ?? 0
        return shown.flatMap { label, value -> [String] in
            guard value.isShort else {
                return [margin + label] + value.lines(indentation: indentation + 2)
            }
            return [margin + Terminal.padded(label, to: column + 2) + value.shown]
        }
    }

    func print(asJSON: Bool) throws {
        if asJSON { return Terminal.out(try json()) }
        for line in lines() { Terminal.out(line) }
    }
}

extension Report.Value {
    fileprivate var isShort: Bool {
        switch self {
        case .report: false
        case .list(let values): values.allSatisfy { if case .report = $0 { false } else { true } }
        default: true
        }
    }

    fileprivate func lines(indentation: Int) -> [String] {
        switch self {
        case .report(let report): report.lines(indentation: indentation)
        case .list(let values): values.flatMap { $0.lines(indentation: indentation) }
        default: [String(repeating: " ", count: indentation) + shown]
        }
    }

    /// The value in one line, in the language of this run.
    fileprivate var shown: String {
        switch self {
        case .text(let text): Terminal.harmless(text)
        case .number(let number): String(number)
        case .flag(let flag): flag ? Terminal.say("はい", "yes") : Terminal.say("いいえ", "no")
        case .date(let date): date.withEra
        case .instant(let seconds): Self.japaneseTime(seconds)
        case .word(_, let text), .count(_, let text), .described(_, let text): text.inLanguage(Terminal.language)
        case .bytes(let bytes, let mediaType): "\(mediaType), \(bytes.count) B"
        case .report: ""
        case .list(let values): values.map(\.shown).joined(separator: ", ")
        case .absent(let reason): "–" + (reason.map { " (\($0.inLanguage(Terminal.language)))" } ?? "")
        }
    }

    /// An instant as Japanese clocks show it.
    static func japaneseTime(_ seconds: Int64) -> String {
        let day = CivilDate(japaneseDayAt: seconds)
        let rest = ((seconds + 9 * 3600) % 86_400 + 86_400) % 86_400
        func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(day) \(two(rest / 3600)):\(two(rest / 60 % 60)):\(two(rest % 60)) JST"
    }
}

extension CivilDate {
    /// ISO 8601 with the year of the era beside it.
    var withEra: String {
        guard let era = Era(of: self) else { return description }
        let year = era.year(of: self)
        return Terminal.say(
            "\(self)（\(era.japaneseName)\(year == 1 ? "元" : String(year))年\(month)月\(day)日）",
            "\(self) (\(era.englishName) \(year))"
        )
    }
}

extension Era {
    fileprivate var japaneseName: String {
        switch self {
        case .meiji: "明治"
        case .taisho: "大正"
        case .showa: "昭和"
        case .heisei: "平成"
        case .reiwa: "令和"
        }
    }

    fileprivate var englishName: String {
        switch self {
        case .meiji: "Meiji"
        case .taisho: "Taisho"
        case .showa: "Showa"
        case .heisei: "Heisei"
        case .reiwa: "Reiwa"
        }
    }
}
