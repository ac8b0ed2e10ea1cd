import ArgumentParser
import CardKeys
import CardProfiles
import CardStorage
import CommandBasics
import Problems
import SmartCard
import Terminal
import VirtualCard

/// `fuda card inspect`: what a card file holds, and what its applications allow.
struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: Terminal.say("カードファイルの中と規則を表示する", "look inside a card file and print its rules"),
        discussion: Terminal.say(
            "挿入中のカードは鍵なしで読める部分だけを示します。--profile はファイル無しで規則の表を示します。",
            "Of a card in use only the part is shown that needs no key. --profile prints the rules without a file."
        )
    )

    @Argument(help: ArgumentHelp(Terminal.say("カードファイル", "card file"), valueName: "file"))
    var file: String?

    @Option(
        help: ArgumentHelp(
            Terminal.say("規則の表だけを示す", "print the rules of a kind of card"),
            valueName: "plastic|android|iphone"
        ),
        transform: Self.kind
    )
    var profile: CardKind?

    @Flag(help: ArgumentHelp(Terminal.say("規則の表をMarkdownで", "print the rules as Markdown")))
    var markdown = false

    @OptionGroup var key: StorageKeyOptions
    @OptionGroup var common: CommonOptions

    @Sendable private static func kind(_ text: String) throws -> CardKind {
        guard let kind = CardKind(rawValue: text) else { throw ValidationError("plastic, android, iphone") }
        return kind
    }

    func run() throws {
        if let profile {
            for line in ProfileTable(CardProfile.of(profile)).lines(markdown: markdown) { Terminal.out(line) }
            return
        }
        guard let file else {
            throw ValidationError(Terminal.say("カードファイルか --profile が要ります。", "name a card file, or --profile"))
        }
        let report = try CardReport(file, key)
        if common.json {
            Terminal.out(try jsonText(report))
            return
        }
        for line in report.lines + [""] { Terminal.out(line) }
        for line in ProfileTable(CardProfile.of(report.profileKind)).lines(markdown: markdown) { Terminal.out(line) }
    }
}

/// The rules of a card's files as a table: what docs/card/ shows and the tests enumerate.
struct ProfileTable {
    private let profile: CardProfile

    init(_ profile: CardProfile) { self.profile = profile }

    func lines(markdown: Bool) -> [String] {
        profile.applications.flatMap { application in
            let title = "\(application.name.inLanguage(Terminal.language)) — AID \(application.aid)"
            let rows = application.files.map { row($0) }
            if !markdown { return [title] + rows.map { "  " + $0.joined(separator: "  ") } + [""] }
            let heading = [
                Terminal.say("EF", "EF"), Terminal.say("内容", "content"), Terminal.say("種類", "kind"),
                Terminal.say("条件", "rule"), Terminal.say("出典", "source"),
            ]
            return ["### " + title, ""] + [heading, heading.map { _ in "---" }].map(markdownRow)
                + rows.map(markdownRow) + [""]
        }
    }

    private func markdownRow(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }

    private func row(_ file: FileProfile) -> [String] {
        let (kind, rule) = describe(file.kind)
        return [file.id.description, file.name.inLanguage(Terminal.language), kind, rule, file.source]
    }

    private func describe(_ kind: FileKind) -> (kind: String, rule: String) {
        switch kind {
        case .transparent(let size, let read):
            ("transparent \(size.map { "\($0) B" } ?? Terminal.say("実長", "exact"))", "READ: \(read)")
        case .records(let read): ("records", "READ: \(read)")
        case .reference(let rule):
            (
                "PIN \(rule.length.lowerBound)–\(rule.length.upperBound) [\(rule.alphabet.rawValue)]",
                rule.isVoid
                    ? "blocked from issue" : "\(rule.tries) tries, CHANGE: \(rule.change), UNBLOCK: \(rule.unblock)"
            )
        case .privateKey(let rule): ("RSA-2048 private key", "SIGN: \(rule.sign), AUTHENTICATE: \(describe(rule))")
        case .publicKey: ("public key", "80 A2")
        case .placeholder: ("placeholder", "SELECT only")
        }
    }

    private func describe(_ rule: KeyRule) -> String {
        switch rule.internalAuthenticate {
        case .allowed: "free"
        case .refused(let status): status.description
        }
    }
}
