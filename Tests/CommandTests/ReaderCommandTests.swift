import ForeignTools
import Foundation
import Testing

@Suite(.serialized) struct `A command of the reader, without one` {
    private let desk: Desk
    private static let nowhere = ["PCSCLITE_CSOCK_NAME": "/nonexistent/pcscd", "PIN": "1234"]

    init() throws {
        desk = try Desk(hasAuthority: false)
        try desk.write("text", to: "file")
    }

    private static let cardCommands = [
        ["readers"], ["read", "card"], ["read", "basic"], ["read", "basic", "--by", "b"], ["read", "number"],
        ["read", "face"], ["read", "photo", "-o", "photo.png"], ["read", "age"], ["read", "certs"],
        ["read", "certs", "--sign"], ["read", "register"], ["read", "register", "--terminal"], ["read", "all"],
        ["pin", "status"], ["pin", "change", "auth"], ["pin", "unblock", "auth"],
        ["pin", "unblock", "auth", "--terminal"], ["cert", "auth"], ["cert", "sign"],
        ["sign", "raw", "file", "-o", "signature"], ["verify", "face"], ["verify", "cert", "sign"], ["doctor"],
        ["apdu", "00A4040C0AD392F000260100000001"],
    ]

    /// There is no terminal here: whoever asked for a PIN first would end with 2.
    @Test(arguments: cardCommands) func `ends with 3 before it asks for anything`(arguments: [String]) throws {
        let answer = try desk.run(arguments, environment: Self.nowhere)
        #expect(answer.status == 3)
        if arguments == ["doctor"] {
            #expect(answer.out.contains("[pcscd-not-running]"))
        } else {
            #expect(answer.out.isEmpty && answer.notes.contains("[pcscd-not-running]"))
        }
        #expect(!desk.exists("signature") && !desk.exists("photo.png"))
    }

    @Test(arguments: cardCommands) func `says so as JSON, with its exit code`(arguments: [String]) throws {
        let answer = try desk.run(arguments + ["--json"], environment: Self.nowhere)
        let document = try #require(answer.json)
        #expect(document["schema"] as? Int == 1)
        guard arguments != ["doctor"] else {
            return #expect(document["problem"] as? String == "pcscd-not-running")
        }
        let error = try #require(document["error"] as? [String: Any])
        #expect(Set(error.keys) == ["code", "exit", "what", "todo"])
        #expect(error["code"] as? String == "pcscd-not-running")
        #expect(error["exit"] as? Int32 == answer.status)
    }

    @Test(
        arguments: [
            ["read"], ["pin"], ["sign"], ["verify"], ["read", "nonsense"], ["read", "basic", "--by", "a"],
            ["read", "number", "--by", "b"], ["read", "basic", "--by", "b", "--secure-messaging"], ["pin", "change"],
            ["pin", "change", "number-a"], ["sign", "raw"], ["sign", "raw", "f", "--scheme", "pss", "--hash", "sha1"],
            ["read", "card", "--wait", "9223372036854775807"], ["read", "card", "--wait=-1"],
            ["read", "card", "--wait", "x"], ["cert", "other"], ["apdu"], ["apdu", "zz"], ["apdu", "00A404"],
            ["explain"], ["completion", "tcsh"], ["manual"], ["trace"], ["trace", "-o", "t", "trace"],
            ["read", "card", "--lang", "fr"], ["verify", "cert", "--at", "now"],
        ]
    )
    func `ends with 2 for arguments that cannot be, in JSON too`(arguments: [String]) throws {
        let plain = try desk.run(arguments, environment: Self.nowhere)
        let first = try desk.run(arguments.first == "trace" ? ["--json"] + arguments : arguments + ["--json"])
        #expect(plain.status == 2 && plain.out.isEmpty && !plain.notes.isEmpty)
        #expect(first.status == 2)
        let error = try #require(first.json?["error"] as? [String: Any])
        #expect(error["code"] as? String == "usage" && error["exit"] as? Int == 2)
        #expect((error["what"] as? String)?.isEmpty == false)
    }

    @Test(
        arguments: [
            ["read", "basic", "--pin", "1234"], ["read", "all", "--sign-pin", "ABC123"],
            ["cert", "sign", "--pin", "ABC123"],
            ["pin", "change", "auth", "--pin", "1234"], ["pin", "change", "auth", "--new-pin", "5678"],
            ["pin", "unblock", "auth", "--terminal", "--new-pin", "5678"], ["sign", "raw", "file", "--pin", "fd:x"],
            ["verify", "face", "--pin", "env:"], ["read", "age", "--pin", "pass:010331"],
        ]
    )
    func `does not take a secret as a value, and does not repeat it`(arguments: [String]) throws {
        let answer = try desk.run(arguments + ["--json"], environment: Self.nowhere)
        #expect(answer.status == 2)
        #expect((answer.json?["error"] as? [String: Any])?["code"] as? String == "secret-source")
        for secret in ["1234", "5678", "ABC123", "010331"] {
            #expect(!answer.out.contains(secret) && !answer.notes.contains(secret))
        }
    }

    @Test(
        arguments: [
            "00200080 0431323334", "0024018004 31323334", "002C028004 31323334", "8032008004 31323334",
            "0020008000000431323334", "0C20008004 31323334",
        ]
    )
    func `takes no command with a secret from its arguments`(command: String) throws {
        for more in [[], ["--spend-tries"]] {
            let answer = try desk.run(["apdu", command] + more, environment: Self.nowhere)
            #expect(answer.status == 7 && answer.notes.contains("[secret-in-arguments]"))
            #expect(!answer.notes.contains("313233"))
        }
        try desk.write(command + "\n", to: "commands")
        let input = try FileHandle(forReadingFrom: URL(filePath: desk.path("commands")))
        #expect(try desk.run(["apdu", "-"], environment: Self.nowhere, input: input).status == 7)
    }

    // MARK: - Output

    /// Runs a command with a terminal for its output.
    private func inTerminal(_ command: String, _ more: [String: String] = [:]) throws -> (status: Int32, text: String) {
        let process = desk.process([], environment: Self.nowhere.merging(["TERM": "xterm"]) { $1 }.merging(more) { $1 })
        let fuda = try #require(process.executableURL).path
        process.executableURL = URL(filePath: "/usr/bin/script")
        process.arguments = ["-qec", "'\(fuda)' \(command)", "/dev/null"]
        let out = Pipe()
        process.standardOutput = out
        process.standardError = FileHandle.nullDevice
        try process.run()
        let text = String(decoding: out.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, text)
    }

    @Test func `does not repeat arguments that are too many, for they may be secrets`() throws {
        let answer = try desk.run(["pin", "change", "auth", "1357", "2468", "--json"], environment: Self.nowhere)
        #expect(answer.status == 2 && (answer.json?["error"] as? [String: Any])?["code"] as? String == "usage")
        for text in [answer.out, answer.notes] { #expect(!text.contains("1357") && !text.contains("2468")) }
    }

    @Test func `has colours on a terminal alone, and none where nobody wants them`() throws {
        let colour = "\u{1B}[31m"
        #expect(try inTerminal("doctor").text.contains(colour))
        #expect(try !inTerminal("doctor", ["NO_COLOR": "1"]).text.contains("\u{1B}["))
        #expect(try !inTerminal("doctor", ["TERM": "dumb"]).text.contains("\u{1B}["))
        #expect(try !desk.run(["doctor"], environment: Self.nowhere).out.contains("\u{1B}"))
    }

    @Test(arguments: ["sign raw file", "read photo", "cert auth --format der"])
    func `writes nothing binary to a terminal`(command: String) throws {
        let answer = try inTerminal(command)
        #expect(answer.status == 2 && answer.text.contains("[binary-to-terminal]"))
        #expect(try inTerminal(command + " -o -").status == 3, "unless somebody insists")
    }

    @Test(arguments: [["sign", "raw", "file", "-o", "kept"], ["trace", "-o", "kept", "readers"]])
    func `writes over no file unless told to`(arguments: [String]) throws {
        try desk.write("precious", to: "kept")
        let answer = try desk.run(arguments, environment: Self.nowhere)
        #expect(answer.status == 7 && answer.notes.contains("[output-exists]"))
        #expect(try desk.read("kept") == Data("precious".utf8))
    }

    @Test(arguments: ["bash", "zsh", "fish"]) func `makes a script its shell understands`(shell: String) throws {
        for language in ["ja", "en"] {
            let answer = try desk.run(["completion", shell, "--lang", language])
            #expect(answer.status == 0 && answer.notes.isEmpty)
            let check = try ForeignProgram.run(shell, ["-n", "script"], files: ["script": Array(answer.out.utf8)])
            #expect(check.status == 0 && check.notes.isEmpty, "\(language): \(check.notes)")
            #expect(answer.out.contains("insert") && answer.out.contains("unblock"), "commands of every program")
        }
    }

    @Test func `makes manual pages in both languages, dated as told, and writes over none`() throws {
        for language in ["ja", "en"] {
            let command = ["manual", "-o", language, "--lang", language, "--date", "2026-04-01"]
            #expect(try desk.run(command).status == 0)
            let page = String(decoding: try desk.read(language + "/fuda-read-basic.1"), as: UTF8.self)
            #expect(page.isJapanese == (language == "ja") && page.contains(#"2026\-04\-01"#))
            #expect(desk.exists(language + "/fuda.1") && desk.exists(language + "/fuda-card-new.1"))
            #expect(try desk.run(command).status == 7)
            #expect(try desk.run(command + ["-f"]).status == 0)
        }
    }

    // MARK: - Help

    /// Every command of `fuda` itself, by its own description.
    private func commands() throws -> [[String]] {
        let dump = try #require(try desk.fuda("--experimental-dump-help").json?["command"] as? [String: Any])
        func paths(_ command: [String: Any], _ path: [String]) -> [[String]] {
            let inner = command["subcommands"] as? [[String: Any]] ?? []
            return [path] + inner.flatMap { paths($0, path + [$0["commandName"] as? String ?? ""]) }
        }
        return paths(dump, []).filter { $0.last != "help" }
    }

    @Test func `has help in both languages, Japanese in one of them alone`() throws {
        let commands = try commands()
        #expect(commands.count > 25)
        for command in commands {
            let japanese = try desk.run(command + ["--help", "--lang", "ja"])
            let english = try desk.run(command + ["--help", "--lang", "en"])
            for help in [japanese, english] { #expect(help.status == 0 && help.notes.isEmpty, "\(command)") }
            #expect(japanese.out.isJapanese, "\(command)")
            #expect(!english.out.isJapanese, "\(command): \(english.out)")
        }
    }
}
