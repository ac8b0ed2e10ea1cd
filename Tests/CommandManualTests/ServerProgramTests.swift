import CommandManual
import ForeignTools
import Problems
import Testing

@Suite struct `The program that runs services` {
    @Test(arguments: Language.allCases) func `has manual pages of its own, with every option`(language: Language) throws
    {
        let tree = try BuiltPrograms.serverTree(language)
        let pages = ManualPage.pages(tree, language: language, version: "0.1.0", date: "2026-04-01")
        #expect(pages.map(\.name) == ["fuda-server.1"] + tree.named.map { $0.words.joined(separator: "-") + ".1" })
        #expect(tree.named.map(\.name) == ["fuda-server authority"])
        for command in tree.named {
            let page = try #require(pages.first { $0.name == command.words.joined(separator: "-") + ".1" })
            let help = try BuiltPrograms.help(command, language)
            #expect(HelpCheck.differences(page: page.text, help: help) == [], "\(command.name)")
            let groff = try ForeignProgram.run(
                "groff",
                ["-man", "-ww", "-Tutf8", "-K", "utf8", page.name],
                files: [page.name: Array(page.text.utf8)]
            )
            #expect(groff.status == 0 && groff.notes.isEmpty, "\(groff.notes)")
        }
    }

    @Test(arguments: Shell.allCases) func `is completed by every shell`(shell: Shell) throws {
        let tree = try BuiltPrograms.serverTree(.english)
        let (status, notes) = try shell.parses(tree)
        #expect(status == 0 && notes.isEmpty, "\(notes)")
        #expect(try shell.offers("fuda-server ", tree).contains("authority"))
        let command = try #require(tree.command("fuda-server authority"))
        let options = optionsInHelp(try BuiltPrograms.help(command, .english))
        #expect(try Set(shell.offers("fuda-server authority -", tree)) == options)
        let folders = try shell.offers("fuda-server authority --data ", tree).map { $0.replacing("/", with: "") }
        #expect(folders == ["cards"])
    }

    @Test(arguments: Shell.allCases) func `is completed by the script that fuda prints for it`(shell: Shell) throws {
        let printed = try BuiltPrograms.output(
            "completion",
            shell.rawValue,
            "--program",
            "fuda-server",
            "--lang",
            "en"
        )
        #expect(printed == shell.script(try BuiltPrograms.serverTree(.english)))
        let other = try BuiltPrograms.output("completion", shell.rawValue, "--lang", "en")
        #expect(other == shell.script(try BuiltPrograms.tree(.english)))
    }
}
