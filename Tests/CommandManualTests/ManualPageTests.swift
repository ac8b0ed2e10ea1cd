import CommandManual
import ForeignTools
import Problems
import Testing

@Suite struct `A manual page` {
    @Test(arguments: Language.allCases) func `is there for every command, and one for all of them`(
        language: Language
    ) throws {
        let tree = try BuiltPrograms.tree(language)
        let pages = try pages(language)
        #expect(pages.map(\.name) == ["fuda.1"] + tree.named.map { $0.words.joined(separator: "-") + ".1" })
        let overview = try formatted(pages[0])
        for command in tree.named {
            #expect(overview.contains("\n       \(command.name)\n"))
            #expect(overview.contains(command.words.joined(separator: "-") + "(1)"))
        }
    }

    @Test(arguments: Language.allCases) func `has every option of its command's help, and no other`(
        language: Language
    ) throws {
        let pages = try pages(language)
        for command in try BuiltPrograms.tree(language).named {
            let page = try #require(pages.first { $0.name == command.words.joined(separator: "-") + ".1" })
            let help = try BuiltPrograms.help(command, language)
            #expect(HelpCheck.differences(page: page.text, help: help) == [], "\(command.name)")
            // The same once more by eye: as groff shows the page, read without this module.
            #expect(try optionsShown(page) == optionsInHelp(help), "\(command.name)")
        }
    }

    @Test(arguments: Language.allCases) func `has the root's options too, where it has any`(language: Language) throws {
        let root = try BuiltPrograms.tree(language).root
        guard !root.options.isEmpty else { return }
        let page = try #require(try pages(language).first)
        #expect(HelpCheck.differences(page: page.text, help: try BuiltPrograms.help(root, language)) == [])
    }

    @Test(arguments: Language.allCases) func `is formatted by groff and man without a warning`(language: Language)
        throws
    {
        let odd = ManualPage.pages(try OddDump.tree(), language: language, version: "0.1.0", date: "2026-04-01")
        for page in try pages(language) + odd {
            let files = [page.name: Array(page.text.utf8)]
            let groff = try ForeignProgram.run(
                "groff",
                ["-man", "-ww", "-Tutf8", "-K", "utf8", page.name],
                files: files
            )
            #expect(groff.status == 0 && groff.notes.isEmpty, "\(page.name): \(groff.notes)")
            let man = try ForeignProgram.run("man", ["--warnings", "-l", page.name], files: files)
            #expect(man.status == 0 && man.notes.isEmpty, "\(page.name): \(man.notes)")
        }
    }

    @Test(arguments: Language.allCases) func `has a line for indexes of manuals`(language: Language) throws {
        for page in try pages(language) {
            let answer = try ForeignProgram.run("lexgrog", [page.name], files: [page.name: Array(page.text.utf8)])
            #expect(answer.text.hasPrefix("\(page.name): \"\(page.name.dropLast(2)) - "), "\(answer.notes)")
        }
    }

    @Test func `has its sections in order, in the words of its language`() throws {
        let titles: [Language: [String]] = [
            .english: ["NAME", "SYNOPSIS", "DESCRIPTION", "ARGUMENTS", "OPTIONS", "EXIT STATUS", "SEE ALSO"],
            .japanese: ["名前", "書式", "説明", "引数", "オプション", "終了ステータス", "関連項目"],
        ]
        for (language, titles) in titles {
            let page = try #require(try pages(language).first { $0.name == "fuda-card-insert.1" })
            let lines = try formatted(page).split(separator: "\n").dropFirst().dropLast()
            #expect(lines.filter { !$0.hasPrefix(" ") }.map(String.init) == titles)
        }
    }

    @Test(arguments: Language.allCases) func `tells what every exit code means`(language: Language) throws {
        for page in try pages(language) {
            let shown = try joined(formatted(page))
            for outcome in Outcome.allCases {
                #expect(
                    shown.contains("\(outcome.rawValue)" + joined(outcome.meaning.inLanguage(language))),
                    "\(page.name)"
                )
            }
        }
    }

    @Test func `keeps Japanese as it is, and within the width of the screen`() throws {
        for page in try pages(.japanese) {
            let shown = try formatted(page)
            #expect(!shown.contains("?") && !shown.contains("\u{FFFD}"))
            // A Japanese character takes two columns.
            for line in shown.split(separator: "\n") {
                #expect(line.unicodeScalars.reduce(0) { $0 + ($1.value >= 0x1100 ? 2 : 1) } <= 80, "\(line)")
            }
        }
        let page = try #require(try pages(.japanese).first { $0.name == "fuda-card-new.1" })
        let shown = try joined(formatted(page))
        for text in ["模擬の人物のカードを作る。", "既存のファイルを置き換える", "（既定:contactless）", "使い方を表示する"] {
            #expect(shown.contains(text))
        }
        #expect(!shown.contains("Showhelp"))
    }

    @Test(arguments: Language.allCases) func `shows odd texts as they are`(language: Language) throws {
        let pages = ManualPage.pages(try OddDump.tree(), language: language, version: "0.1.0", date: "2026-04-01")
        let odd = try formatted(try #require(pages.first { $0.name == "fuda-odd.1" }))
        // As name, as description, which has a capital, for the argument behind a full stop, for the option.
        #expect(joined(odd).count(of: joined(OddDump.text)) == 3)
        #expect(joined(odd).count(of: joined(String(OddDump.text.dropFirst()))) == 4)
        #expect(joined(odd).contains("." + joined(OddDump.text)))
        #expect(odd.contains("\n       .first\n\n           shape\n             kept\n"))
        #expect(odd.contains("\n       -o, --out-put, -out it's:[x]\n"))
        #expect(odd.contains("\n              More.\n\n              .And more.\n"))
        #expect(odd.contains("it's, b:c, d e"))
        #expect(odd.contains("[-out it's:[x] ...]"))

        let overview = try formatted(pages[0])
        #expect(joined(overview).contains(".THisnorequest'northis"))
        #expect(overview.contains("\n           $ fuda odd -o x\n           .so here\n\n       After it.\n"))
        #expect(overview.contains("\n       --version\n"))
    }

    @Test func `is the same at every run, and tells version and date`() throws {
        #expect(try pages(.english) == pages(.english))
        let last = try formatted(try pages(.english)[0]).split(separator: "\n").last
        #expect(last?.contains("fuda 0.1.0") == true)
        #expect(last?.contains("2026-04-01") == true)
    }

    // MARK: - Formatting

    private func pages(_ language: Language) throws -> [ManualPage] {
        ManualPage.pages(try BuiltPrograms.tree(language), language: language, version: "0.1.0", date: "2026-04-01")
    }

    /// As text of 80 columns, without bold, underlines and colours.
    private func formatted(_ page: ManualPage) throws -> String {
        let plain = ["-c", "-b", "-o", "-u"].flatMap { ["-P", $0] }
        let answer = try ForeignProgram.run(
            "groff",
            ["-man", "-rLL=78n", "-Tutf8", "-K", "utf8"] + plain + [page.name],
            files: [page.name: Array(page.text.utf8)]
        )
        #expect(answer.status == 0, "\(answer.notes)")
        return answer.text
    }

    /// What begins an entry and a hyphen.
    private func optionsShown(_ page: ManualPage) throws -> Set<String> {
        try formatted(page).split(separator: "\n").reduce(into: []) { options, line in
            guard let match = line.prefixMatch(of: /\ {7}(-[^ ,]+(, -[^ ,]+)*)/) else { return }
            options.formUnion(match.1.split { ", ".contains($0) }.map(String.init))
        }
    }

    /// Without spaces and line ends, which groff puts elsewhere.
    private func joined(_ text: String) -> String { text.filter { !$0.isWhitespace } }
}

extension String {
    /// How often a text is in this one.
    fileprivate func count(of text: String) -> Int {
        split(separator: text, omittingEmptySubsequences: false).count - 1
    }
}
