import CommandManual
import Problems
import Testing

@Suite struct `The tree of all commands` {
    @Test(arguments: Language.allCases) func `has those of every program, in either language`(language: Language) throws
    {
        let tree = try BuiltPrograms.tree(language)
        #expect(tree.root.name == "fuda")
        let names = Set(tree.leaves.map(\.name))
        for word in ["new", "personas", "terminal", "insert", "inspect"] {
            #expect(names.contains("fuda card \(word)"))
        }
        #expect(!tree.root.descendants.contains { $0.word == "help" })
        #expect(names.count == tree.leaves.count)
    }

    @Test func `has the same commands and options in both languages`() throws {
        let trees = try Language.allCases.map { try BuiltPrograms.tree($0) }
        let shapes = trees.map { tree in
            tree.root.descendants.map { [$0.name] + $0.arguments.flatMap { $0.names + [$0.valueName ?? ""] } }
        }
        #expect(shapes[0] == shapes[1])
    }

    @Test func `knows what its arguments are`() throws {
        let tree = try BuiltPrograms.tree(.english)
        let new = try #require(tree.command("fuda card new"))
        func option(_ name: String) throws -> CommandTree.Argument {
            try #require(new.arguments.first { $0.names.contains(name) })
        }
        #expect(try option("--output").names == ["-o", "--output"])
        #expect(try option("--output").completion == .files)
        #expect(try option("--output").isOptional == false)
        #expect(try option("--authority").completion == .folders)
        #expect(try option("--atr").completion == .words(["contactless", "contact"]))
        #expect(try option("--atr").defaultValue == "contactless")
        #expect(try option("--force").valueName == nil)
        #expect(try option("--persona").completion == .nothing)
        let insert = try #require(tree.command("fuda card insert"))
        #expect(insert.positionals.map(\.completion) == [.files])
        #expect(insert.positionals.map(\.isRepeating) == [true])
    }

    @Test func `leaves out what is hidden, and the commands that only print help`() throws {
        let tree = try OddDump.tree()
        #expect(tree.root.subcommands.map(\.word) == ["odd", "plain"])
        #expect(!tree.root.descendants.flatMap(\.options).flatMap(\.names).contains("--hidden"))
        #expect(tree.command("fuda odd")?.options.first?.names == ["-o", "--out-put", "-out"])
    }

    @Test func `puts parts together wherever their roots belong`() throws {
        let tree = try tree(
            group("fuda card", "first", leaf("a")),
            group("fuda card", "second", leaf("b")),
            group("fuda", "root", leaf("c"), group("card", "third", leaf("d"))),
            group("fuda far away", "far", leaf("e"))
        )
        #expect(
            tree.leaves.map(\.name) == ["fuda card a", "fuda card b", "fuda card d", "fuda c", "fuda far away e"]
        )
        #expect(tree.command("fuda card")?.abstract == "first")
        #expect(tree.root.abstract == "root")
        #expect(tree.command("fuda far")?.abstract.isEmpty == true)
    }

    @Test func `has no command twice`() {
        #expect(throws: CommandTreeError.twice("fuda card a")) {
            try tree(group("fuda card", "", leaf("a")), group("fuda card", "", leaf("a")))
        }
        #expect(throws: CommandTreeError.twice("fuda card")) {
            try tree(group("fuda card", "", leaf("a")), group("fuda", "", leaf("card")))
        }
    }

    @Test(arguments: ["git", "fudan card", "card", "", " "]) func `has no commands of others`(name: String) {
        #expect(throws: CommandTreeError.foreignCommand(name)) { try tree(group(name, "", leaf("a"))) }
    }

    @Test(
        arguments: [
            "", "fuda", "[]", "{}", #"{"serializationVersion": 0}"#, #"{"serializationVersion": 0, "command": {}}"#,
            #"{"serializationVersion": 1, "command": {"commandName": "fuda"}}"#, "\u{0}",
        ]
    )
    func `is made of dumps only, of the version that is known`(text: String) {
        #expect(throws: CommandTreeError.notADump(index: 1)) {
            try CommandTree(parsing: [Array(dump(leaf("fuda")).utf8), Array(text.utf8)])
        }
    }

    @Test func `of no dumps is the root alone`() throws {
        let tree = try CommandTree(parsing: [])
        #expect(tree.leaves.map(\.name) == ["fuda"])
        #expect(ManualPage.pages(tree, language: .english, version: "1", date: "2026-04-01").map(\.name) == ["fuda.1"])
    }

    @Test(
        arguments: [
            ("ja|en", .words(["ja", "en"])), ("file", .files), ("path", .files), ("folder", .folders),
            ("file|-", .files),
            ("name", .nothing), ("host:port", .nothing), ("env:name|fd:n", .nothing), ("a|", .nothing),
        ] as [(String, CommandTree.Completion)]
    )
    func `reads from a value's name what can be offered`(name: String, completion: CommandTree.Completion) throws {
        let option = """
            {"kind": "option", "shouldDisplay": true, "isOptional": true, "isRepeating": false, "valueName": "\(name)",
             "names": [{"kind": "long", "name": "x"}]}
            """
        let tree = try tree(#"{"commandName": "fuda", "arguments": [\#(option)]}"#)
        #expect(tree.root.options.map(\.completion) == [completion])
    }

    // MARK: - Dumps

    private func tree(_ commands: String...) throws -> CommandTree {
        try CommandTree(parsing: commands.map { Array(dump($0).utf8) })
    }

    private func dump(_ command: String) -> String { #"{"serializationVersion": 0, "command": \#(command)}"# }

    private func leaf(_ name: String) -> String { #"{"commandName": "\#(name)"}"# }

    private func group(_ name: String, _ abstract: String, _ commands: String...) -> String {
        let list = commands.joined(separator: ",")
        return #"{"commandName": "\#(name)", "abstract": "\#(abstract)", "subcommands": [\#(list)]}"#
    }
}
