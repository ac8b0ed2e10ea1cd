import Foundation
import Testing

@Suite(.serialized) struct `Secrets on the command line` {
    private let desk: Desk

    init() throws { desk = try Desk() }

    private static let passphrase = "correct horse battery staple"

    @Test(arguments: ["hunter22", passphrase, "env:", "file:", "fd:", "fd:x", "fd:-1", "stdin:0", "Env:NAME", ""])
    func `are refused as values, saying how to give them`(value: String) throws {
        let answer = try desk.fuda("card", "new", "--persona", "android", "-o", "a.card", "--passphrase", value)
        #expect(answer.status == 2)
        for form in ["env:", "fd:", "file:"] { #expect(answer.notes.contains(form)) }
        #expect(answer.out.isEmpty && !desk.exists("a.card"))
        if value.utf8.count > 8 { #expect(!answer.notes.contains(value), "and are not repeated") }
    }

    @Test func `are taken from a variable, a descriptor and a file alike`() throws {
        let variable = ["FUDA_TEST_PASSPHRASE": Self.passphrase]
        let made = try desk.fuda(
            "card",
            "new",
            "--persona",
            "android",
            "-o",
            "a.card",
            "--passphrase",
            "env:FUDA_TEST_PASSPHRASE",
            environment: variable
        )
        #expect(made.status == 0)
        try desk.write(Self.passphrase + "\n", to: "unix")
        try desk.write(Self.passphrase + "\r\nsecond line\n", to: "dos")
        try desk.write(Self.passphrase, to: "bare")
        let answers = try [
            desk.fuda("card", "inspect", "a.card", "--passphrase", "env:FUDA_TEST_PASSPHRASE", environment: variable),
            desk.fuda("card", "inspect", "a.card", "--passphrase", "file:unix"),
            desk.fuda("card", "inspect", "a.card", "--passphrase", "file:dos"),
            desk.fuda("card", "inspect", "a.card", "--passphrase", "file:" + desk.path("bare")),
            desk.fuda(
                "card",
                "inspect",
                "a.card",
                "--passphrase",
                "fd:0",
                input: try FileHandle(forReadingFrom: URL(filePath: desk.path("unix")))
            ),
        ]
        for answer in answers { #expect(answer.status == 0, "\(answer.notes)") }
    }

    @Test func `protect the card from any other passphrase, from the key file and from none`() throws {
        try desk.write(Self.passphrase, to: "right")
        try desk.write(Self.passphrase + " ", to: "wrong")
        let made = try desk.fuda("card", "new", "--persona", "android", "-o", "a.card", "--passphrase", "file:right")
        #expect(made.status == 0)
        let wrong = try desk.fuda("card", "inspect", "a.card", "--passphrase", "file:wrong")
        #expect(wrong.status == 14 && wrong.notes.contains("[card-file-key]"))
        let none = try desk.fuda("card", "insert", "a.card")
        #expect(none.status == 2 && none.notes.contains("[passphrase-needed]"))
        // What is plain in the file needs no passphrase.
        let plain = try desk.fuda("card", "inspect", "a.card", "--json")
        #expect(plain.status == 0 && plain.json?["persona"] as? String == "android" && plain.json?["secrets"] == nil)
        let key = try desk.fuda("card", "insert", "a.card", "--key-file", "data/fuda/storage.key")
        #expect(key.status == 2 && key.notes.contains("[passphrase-needed]"))
    }

    @Test(arguments: ["env:FUDA_NOT_SET", "file:nowhere", "fd:77", "file:empty"])
    func `that cannot be read are an input error that names the place`(source: String) throws {
        try desk.write("", to: "empty")
        let answer = try desk.fuda("card", "new", "--persona", "android", "-o", "a.card", "--passphrase", source)
        #expect(answer.status == 14 && answer.notes.contains("[secret-unreadable]") && answer.notes.contains(source))
        #expect(!desk.exists("a.card"))
    }

    @Test func `are no options of any command by value`() throws {
        for option in ["--pin", "--password", "--sign-password", "--key"] {
            for command in ["new", "inspect", "insert"] {
                let answer = try desk.fuda("card", command, option, "1234")
                #expect(answer.status == 2, "\(command) \(option)")
            }
        }
    }

    @Test func `of a running card are kept out of core files`() throws {
        try desk.make("a.card")
        let inserted = try RunningInsertion(desk, ["a.card", "--vpcd", "127.0.0.1:1"])
        let limits = try String(
            contentsOfFile: "/proc/\(inserted.process.processIdentifier)/limits",
            encoding: .utf8
        )
        let core = try #require(limits.split(separator: "\n").first { $0.hasPrefix("Max core file size") })
        #expect(core.split(separator: " ").dropFirst(4).prefix(2) == ["0", "0"])
        inserted.stop()
    }

    @Test func `of the user are in a folder that is theirs alone`() throws {
        let desk = try Desk(hasAuthority: false)
        try desk.make("a.card")
        func mode(_ name: String) throws -> Int? {
            try FileManager.default.attributesOfItem(atPath: desk.path(name))[.posixPermissions] as? Int
        }
        for folder in ["data", "data/fuda", "data/fuda/authority"] { #expect(try mode(folder) == 0o700, "\(folder)") }
        for file in ["a.card", "data/fuda/storage.key", "data/fuda/authority/authority.sealed"] {
            #expect(try mode(file) == 0o600, "\(file)")
        }
    }
}
