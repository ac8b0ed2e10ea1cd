import CardClient
import CardProfiles
import Problems
import SmartCard
import Terminal

/// One secret's counter, as people and programs see it.
struct TriesReport {
    let kind: SecretKind
    let file: ObjectID
    let left: TriesLeft

    /// Every secret of every application, in the order people think of them; those a card does not have are left out.
    static let files: [(SecretKind, Place)] = [
        (.sign, .jpki), (.auth, .jpki), (.input, .inputSupport), (.register, .residentRegister), (.register, .common),
        (.numberA, .cardFace), (.numberB, .cardFace), (.birthDate, .cardFace), (.numberA, .inputSupport),
        (.numberB, .inputSupport),
    ]

    /// Asks for every counter, application by application; no try is spent.
    static func read(_ client: inout Client) throws(CardError) -> [TriesReport] {
        var places: [Place] = []
        for (_, place) in files where !places.contains(place) { places.append(place) }
        var rows: [TriesReport] = []
        for place in places { rows += try read(&client, in: place) }
        return arranged(rows)
    }

    /// Asks for the counters of one application, that of `last` after the others.
    ///
    /// An application that a card does not have answers the same for every file of it.
    static func read(
        _ client: inout Client,
        in place: Place,
        last: SecretKind? = nil
    ) throws(CardError) -> [TriesReport] {
        let kinds = files.filter { $0.1 == place }.map(\.0)
        var rows: [TriesReport] = []
        for kind in kinds.filter({ $0 != last }) + kinds.filter({ $0 == last }) {
            guard let file = kind.file(in: place) else { continue }
            let left = try client.triesLeft(file)
            if left != .absent { rows.append(TriesReport(kind: kind, file: file, left: left)) }
        }
        return rows
    }

    /// The same in the order of ``files``.
    static func arranged(_ rows: [TriesReport]) -> [TriesReport] {
        files.flatMap { kind, place in rows.filter { $0.kind == kind && $0.file.place == place } }
    }

    var report: Report {
        var report = Report()
        report.add("secret", nil, .text(kind.rawValue))
        report.add("application", nil, .text("\(file.place)"))
        report.add("file", nil, .text(file.file.description))
        report.add("name", nil, .text(kind.name.inLanguage(Terminal.language)))
        if case .left(let count) = left {
            report.add("triesLeft", label, .count(count, words))
        } else if left == .blocked {
            report.add("triesLeft", label, .count(0, words))
        } else {
            report.add("triesLeft", label, .absent(words))
        }
        report.add("state", nil, .text(state))
        report.add("maximum", nil, .number(kind.rule.tries))
        return report
    }

    private var label: Text {
        let place = CardProfile.of(.plastic).application(file.place)?.name ?? Text(ja: "", en: "")
        return Text(ja: "\(kind.name.ja)（\(place.ja)）", en: "\(kind.name.en) (\(place.en))")
    }

    private var state: String {
        switch left {
        case .left: "counted"
        case .blocked: "blocked"
        case .unlimited: "unlimited"
        case .verified: "verified"
        case .absent: "absent"
        }
    }

    var words: Text {
        switch left {
        case .left(1): Text(ja: "残り1回（あと1回間違えると閉塞）", en: "1 left (one more mistake blocks it)")
        case .left(let count): Text(ja: "残り\(count)回", en: "\(count) left")
        case .blocked: Text(ja: "閉塞", en: "blocked")
        case .unlimited: Text(ja: "制限なし", en: "not counted")
        case .verified: Text(ja: "照合済み", en: "verified")
        case .absent: Text(ja: "なし", en: "none")
        }
    }

    /// Rows of a table for people.
    var cells: [String] {
        let language = Terminal.language
        let place = CardProfile.of(.plastic).application(file.place)?.name.inLanguage(language) ?? ""
        return [kind.name.inLanguage(language), words.inLanguage(language), place]
    }
}
