import Foundation
import Testing

/// The road from a person to VERIFY, as processes: what is sent, what is refused, and what is said.
@Suite(.serialized) struct FudaPINTests {
    private let reader: CardInReader

    init() throws { reader = try CardInReader("adult") }

    private func tries(_ secret: String) throws -> Int? {
        let rows = try reader.fuda("pin", "status", "--json").json["secrets"] as? [[String: Any]] ?? []
        return rows.first { $0["secret"] as? String == secret }?["triesLeft"] as? Int
    }

    @Test func `a wrong PIN is counted, the last try is refused, and a blocked one has a way out`() throws {
        let first = try reader.fuda("read", "basic", "--pin", "env:WRONG_PIN", "--lang", "ja")
        #expect(first.status == 5 && first.complaint.contains("券面事項入力補助用暗証番号が違います。残り2回です。"))
        let second = try reader.fuda("read", "basic", "--pin", "env:WRONG_PIN")
        #expect(second.status == 5 && second.complaint.contains("1 try is left"))
        let refused = try reader.fuda("read", "basic", "--pin", "env:PIN")
        #expect(refused.status == 7 && refused.complaint.contains("[pin-last-try]"))
        #expect(try tries("input") == 1)
        #expect(try reader.fuda("pin", "status").status == 7)
        let last = try reader.fuda("read", "basic", "--pin", "env:WRONG_PIN", "--last-try")
        #expect(last.status == 6 && last.complaint.contains("it was the last try"))
        let blocked = try reader.fuda("read", "basic", "--pin", "env:PIN", "--last-try", "--json")
        #expect(blocked.status == 6 && blocked.errorCode == "pin-blocked")
        #expect(blocked.complaint.contains("counter of your municipality"))
        #expect(try reader.fuda("pin", "status").status == 6)
        let advice = try reader.fuda("pin", "unblock", "input", "--lang", "ja")
        #expect(advice.status == 6 && advice.output.contains("市区町村の窓口"))
        let reset = try reader.fuda(
            "pin",
            "unblock",
            "input",
            "--terminal",
            "--new-pin",
            "env:NEW",
            with: ["NEW": "2468"]
        )
        #expect(reset.status == 0, "\(reset.text)")
        #expect(try tries("input") == 3)
        #expect(try reader.fuda("read", "basic", "--pin", "env:NEW", with: ["NEW": "2468"]).status == 0)
    }

    @Test(arguments: [
        ("basic", "ABC123", "pin-mixed-up"), ("basic", "123456789018", "pin-mixed-up"), ("basic", "123", "pin-shape"),
        ("basic", "12a4", "pin-shape"), ("basic", "12345", "pin-shape"),
    ])
    func `what cannot be the PIN is not sent`(what: String, typed: String, code: String) throws {
        let answer = try reader.fuda("read", what, "--pin", "env:TYPED", "--json", with: ["TYPED": typed])
        #expect(answer.status == 7 && answer.errorCode == code)
        #expect(!answer.text.contains(typed))
        #expect(try tries("input") == 3)
    }

    @Test func `the security code on the front is not sent as a PIN, where it is known`() throws {
        let typed = ["CODE": "2285"]
        let answer = try reader.fuda(
            "read",
            "basic",
            "--pin",
            "env:CODE",
            "--security-code",
            "env:CODE",
            "--lang",
            "ja",
            with: typed
        )
        #expect(answer.status == 7 && answer.complaint.contains("[pin-mixed-up]"))
        #expect(answer.complaint.contains("セキュリティコード") && !answer.text.contains("2285"))
        #expect(try tries("input") == 3)
        let other = try reader.fuda("read", "basic", "--pin", "env:PIN", "--security-code", "env:CODE", with: typed)
        #expect(other.status == 0)
    }

    @Test func `a long file tells how many bytes of it have come`() throws {
        let answer = try reader.run(
            .python,
            [try Self.script("terminal"), try CardLibrary.program(), "read", "photo", "--by", "a", "-o", "p.png"],
            input: "123456789018\r"
        )
        #expect(answer.status == 0, "\(answer.text)")
        let lines = answer.output.matches(
            of: /reading the face record \(FF20\) \(EF 0002\), leave the card where it is: (\d+) of (\d+) bytes/
        )
        #expect(lines.count > 10)
        #expect(lines.last.map { $0.1 == $0.2 } == true)
    }

    @Test func `a PIN where the password belongs is not sent, small letters are made capital and that is said`() throws
    {
        let mixed = try reader.fuda("cert", "sign", "--pin", "env:PIN")
        #expect(mixed.status == 7 && mixed.complaint.contains("[pin-mixed-up]"))
        let folded = try reader.fuda("cert", "sign", "--pin", "env:LOW", with: ["LOW": "ａbc１23"])
        #expect(folded.status == 0)
        #expect(folded.complaint.contains("made capital") && folded.complaint.contains("made plain"))
        #expect(try tries("sign") == 5)
    }

    @Test(arguments: [
        ("auth", "PIN", "4321"), ("sign", "PASSWORD", "NEW456"), ("input", "PIN", "4321"), ("register", "PIN", "4321"),
    ])
    func `every PIN can be changed, and other programs know the new one only`(
        which: String,
        old: String,
        new: String
    ) throws {
        let changed = try reader.fuda(
            "pin",
            "change",
            which,
            "--pin",
            "env:\(old)",
            "--new-pin",
            "env:NEW",
            with: ["NEW": new]
        )
        #expect(changed.status == 0, "\(changed.text)")
        let places: [String: (String, String)] = [
            "auth": (Command.selectJPKI, "0018"), "sign": (Command.selectJPKI, "001B"),
            "input": (Command.selectInputSupport, "0011"), "register": ("00A4040C 0A D3921000310001010401", "001C"),
        ]
        let (application, file) = try #require(places[which])
        let former = which == "sign" ? TestSecrets.password : TestSecrets.pin
        try reader.expect(
            """
            connect -> T=1
            \(application) -> 9000
            \(Command.selectFile(file)) -> 9000
            \(Command.verify(former)) -> \(which == "sign" ? "63C4" : "63C2")
            \(Command.verify(new)) -> 9000
            """
        )
    }

    @Test func `a new PIN that cannot be one, or is the old one, changes nothing`() throws {
        for (which, old, new) in [("auth", "PIN", "123"), ("auth", "PIN", "1234"), ("sign", "PASSWORD", "ABCDEFG")] {
            let answer = try reader.fuda(
                "pin",
                "change",
                which,
                "--pin",
                "env:\(old)",
                "--new-pin",
                "env:NEW",
                with: ["NEW": new]
            )
            #expect(answer.status == 7, "\(answer.text)")
        }
        #expect(try tries("auth") == 3 && tries("sign") == 5)
        #expect(try reader.fuda("cert", "sign", "--pin", "env:PASSWORD").status == 0)
    }

    @Test func `no output, log or trace holds the secret`() throws {
        let secrets = ["SECRET": "4071"]
        _ = try reader.fuda("pin", "change", "input", "--pin", "env:PIN", "--new-pin", "env:SECRET", with: secrets)
        let answer = try reader.fuda(
            "trace",
            "-o",
            "t",
            "read",
            "basic",
            "--pin",
            "env:SECRET",
            "-v",
            "--json",
            with: secrets
        )
        #expect(answer.status == 0)
        let trace = String(decoding: try reader.bytes("t"), as: UTF8.self)
        for text in [answer.text, trace] {
            #expect(!text.contains("4071") && !text.contains("34303731"), "neither as text nor as bytes")
        }
        #expect(trace.contains("> 0020008004********") && !trace.contains(Command.hex(Array("番号".utf8))))
        let replay = try reader.fuda(
            "read",
            "basic",
            "--pin",
            "env:SECRET",
            "--reader",
            "replay:t",
            "--json",
            with: secrets
        )
        #expect(replay.status == 0)
        #expect((replay.json["name"] as? String)?.allSatisfy { $0 == "X" } == true)
    }

    @Test func `a PIN is asked for at the terminal, without showing it, and Ctrl-C gives up`() throws {
        let program = try CardLibrary.program()
        let right = try reader.run(.python, [try Self.script("terminal"), program, "read", "basic"], input: "1234\r")
        #expect(right.status == 0, "\(right.text)")
        #expect(
            right.output.contains("input-support PIN (4 digits, not the security code on the front; 3 tries left): ")
        )
        #expect(right.output.contains("番号　花子") && !right.output.contains("1234"))
        #expect(right.output.hasSuffix("echo is on\n"))
        let japanese = try reader.run(
            .python,
            [try Self.script("terminal"), program, "cert", "sign", "--lang", "ja"],
            input: "abc12\u{7F}\u{7F}123\r"
        )
        #expect(japanese.status == 0, "\(japanese.text)")
        #expect(japanese.output.contains("署名用パスワード（英大文字と数字6〜16文字、残り5回）: "))
        let given = try reader.run(.python, [try Self.script("terminal"), program, "read", "basic"], input: "12\u{3}")
        #expect(given.status == 11 && given.output.contains("[cancelled]") && given.output.hasSuffix("echo is on\n"))
        #expect(try tries("input") == 3)
    }

    @Test func `without a terminal and without a source it does not wait`() throws {
        let program = try CardLibrary.program()
        let answer = try reader.run(.setsid, ["--wait", program, "read", "basic"], timeout: 60)
        #expect(answer.status == 2 && answer.complaint.contains("[no-terminal]"))
        #expect(try tries("input") == 3)
    }

    private static func script(_ name: String) throws -> String {
        try #require(Bundle.module.path(forResource: name, ofType: "py", inDirectory: "Scripts"))
    }
}
