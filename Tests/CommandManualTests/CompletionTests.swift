import CommandManual
import Problems
import Testing

@Suite struct `A shell completes` {
    @Test(arguments: Shell.allCases, Language.allCases) func `with a script that is one of its language`(
        shell: Shell,
        language: Language
    ) throws {
        for tree in [try BuiltPrograms.tree(language), try OddDump.tree(), try CommandTree(parsing: [])] {
            let (status, notes) = try shell.parses(tree)
            #expect(status == 0 && notes.isEmpty, "\(notes)")
        }
    }

    @Test(arguments: Shell.allCases) func `the commands of every group, and nothing else`(shell: Shell) throws {
        let tree = try BuiltPrograms.tree(.english)
        for group in tree.root.descendants where !group.subcommands.isEmpty {
            #expect(
                try Set(shell.offers(group.name + " ", tree)) == Set(group.subcommands.map(\.word)),
                "\(group.name)"
            )
        }
        #expect(try shell.offers("fuda card ins", tree).allSatisfy { ["insert", "inspect"].contains($0) })
    }

    @Test(arguments: Shell.allCases) func `every option of every command's help, and no other`(shell: Shell) throws {
        let tree = try BuiltPrograms.tree(.japanese)
        for command in tree.named {
            let options = optionsInHelp(try BuiltPrograms.help(command, .japanese))
            #expect(options.count > 2)
            #expect(try Set(shell.offers(command.name + " -", tree)) == options, "\(command.name)")
            let long = options.filter { $0.hasPrefix("--") }
            #expect(try Set(shell.offers(command.name + " --", tree)) == long, "\(command.name)")
        }
    }

    @Test(arguments: Shell.allCases) func `the values that an option can have`(shell: Shell) throws {
        let tree = try BuiltPrograms.tree(.english)
        func offers(_ line: String) throws -> Set<String> {
            // Some shells repeat what stands before the value.
            Set(try shell.offers(line, tree).map { $0.replacing("--lang=", with: "") })
        }
        #expect(try offers("fuda card new --lang ") == ["ja", "en"])
        #expect(try offers("fuda card new --lang=") == ["ja", "en"])
        #expect(try offers("fuda card new --persona card -o x --lang ") == ["ja", "en"])
        #expect(try offers("fuda card insert one.card --atr ") == ["contactless", "contact"])
        #expect(try offers("fuda card inspect --profile ") == ["plastic", "android", "iphone"])
    }

    @Test(arguments: Shell.allCases) func `files and folders where these belong`(shell: Shell) throws {
        let tree = try BuiltPrograms.tree(.english)
        // Shells mark folders, each where it likes to.
        func offers(_ line: String) throws -> Set<String> {
            Set(try shell.offers(line, tree).map { $0.replacing("/", with: "") })
        }
        #expect(try offers("fuda card insert ") == ["one.card", "cards"])
        #expect(try offers("fuda card insert one.card ") == ["one.card", "cards"])
        #expect(try offers("fuda card new -o ") == ["one.card", "cards"])
        #expect(try offers("fuda card insert --key-file ") == ["one.card", "cards"])
        #expect(try offers("fuda card new --authority ") == ["cards"])
        #expect(try offers("fuda card insert --own-reader ") == ["cards"])
    }

    @Test func `in bash, where it does not take words apart at the equals sign, with what stands before it`() throws {
        let tree = try BuiltPrograms.tree(.english)
        #expect(try Shell.bash.offers("fuda card new --lang=j", tree) == ["ja"])
        #expect(try Shell.bash.offers("fuda card new --lang=j", tree, breaksAtEquals: false) == ["--lang=ja"])
    }

    @Test(arguments: Shell.allCases) func `no options once they are at an end`(shell: Shell) throws {
        let tree = try BuiltPrograms.tree(.english)
        #expect(try !shell.offers("fuda card insert -- -", tree).contains { $0.hasPrefix("--") })
    }

    @Test(arguments: [Shell.zsh, .fish]) func `with descriptions as they are written`(shell: Shell) throws {
        let odd = try OddDump.tree()
        let commands = try shell.offers("fuda ", odd, described: true)
        #expect(commands.contains { $0.hasPrefix("odd") && $0.hasSuffix(OddDump.text) }, "\(commands)")
        let options = try shell.offers("fuda odd -", odd, described: true)
        #expect(options.contains { $0.contains("--out-put") && $0.contains(OddDump.text) }, "\(options)")
        let japanese = try shell.offers("fuda card ", try BuiltPrograms.tree(.japanese), described: true)
        #expect(japanese.contains { $0.hasPrefix("new") && $0.hasSuffix("模擬の人物のカードを作る") }, "\(japanese)")
    }

    @Test func `odd values as words of its own language`() throws {
        let odd = try OddDump.tree()
        #expect(try Shell.bash.offers("fuda odd --mode ", odd) == [#"it\'s"#, "b:c", #"d\ e"#])
        #expect(try Set(Shell.fish.offers("fuda odd --mode ", odd)) == ["it's", "b:c", "d e"])
        let listed = try Shell.zsh.offers("fuda odd --mode ", odd)
        #expect(listed == ["b:c", #"d\"#, "e", #"it\'s"#])
    }
}
