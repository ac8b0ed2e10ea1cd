import CommandManual
import Problems
import Testing

@Suite struct `The comparison of page and help` {
    private let help = """
        OVERVIEW: an example

        Text before the usage is none of the options:
          --not-an-option

        USAGE: fuda odd [<place>] [--out-put <x> ...] --mode <mode> [--yes] [--no-yes]

        ARGUMENTS:
          <place>                 where

        OPTIONS:
          -o, --out-put, -out <it's:[x]>
                                  a description with
                                  --word in it, -w too
          --mode <mode>           --mode again, and -m, --m
          --yes/--no-yes          say yes

        """

    private func page() throws -> String {
        let pages = ManualPage.pages(try OddDump.tree(), language: .english, version: "1", date: "2026-04-01")
        return try #require(pages.first { $0.name == "fuda-odd.1" }).text
    }

    @Test func `finds nothing where both have the same`() throws {
        #expect(HelpCheck.differences(page: try page(), help: help) == [])
    }

    @Test func `finds what only the help has`() throws {
        let more = help + "  -n, --new <x>           new\n  <more>   more\n"
        #expect(
            HelpCheck.differences(page: try page(), help: more) == [
                .onlyInHelp("--new"), .onlyInHelp("-n"), .onlyInHelp("<more>"),
            ]
        )
    }

    @Test func `finds what only the page has`() throws {
        let less = help.split(separator: "\n").filter { !$0.hasPrefix("  -o") && !$0.hasPrefix("  <place>") }
        #expect(
            HelpCheck.differences(page: try page(), help: less.joined(separator: "\n")) == [
                .onlyInPage("--out-put"), .onlyInPage("-o"), .onlyInPage("-out"), .onlyInPage("<place>"),
            ]
        )
    }

    @Test func `takes any text`() throws {
        #expect(HelpCheck.differences(page: "", help: "") == [])
        #expect(HelpCheck.differences(page: ".TP", help: "USAGE:\n  \n  -\n  <") == [.onlyInHelp("-")])
        #expect(HelpCheck.differences(page: ".TP\n\\", help: "OPTIONS:\n  --lang") == [])
    }
}
