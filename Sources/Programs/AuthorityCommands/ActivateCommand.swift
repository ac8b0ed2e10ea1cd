import ArgumentParser
import CAKeys
import CardStorage
import CommandBasics
import KeyCeremony
import Problems
import Secrets
import Terminal

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// `fuda authority activate`: both custodians let a service use the keys of a token.
struct ActivateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "activate",
        abstract: Terminal.say("トークンの鍵を使えるようにする", "let a service use a token's keys"),
        discussion: Terminal.say(
            """
            二人の秘密からPINを作り、トークンで確かめ、出力先に ラベル.pin（モード0600）として置きます。
            サービスはそのファイルを pin-source で指します。再起動で消えるフォルダー（/run など）を使ってください。
            """,
            """
            Makes the PIN of both secrets, checks it with the token, and puts it into the output folder as LABEL.pin,
            mode 0600. The service names that file as its pin-source. Use a folder that a restart empties, such as one in
            /run.
            """
        )
    )

    @Option(help: ArgumentHelp(Terminal.say("PKCS#11モジュール", "PKCS #11 module"), valueName: "file"))
    var module: String

    @Option(help: ArgumentHelp(Terminal.say("トークンのラベル", "label of the token"), valueName: "label"))
    var tokenLabel: String

    @Option(
        help: ArgumentHelp(Terminal.say("管理者（二人）", "a custodian; two are needed"), valueName: "name[=source]")
    )
    var custodian: [String] = []

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(Terminal.say("出力先", "where the PIN file goes"), valueName: "folder")
    )
    var output: String

    @Flag(name: .shortAndLong, help: ArgumentHelp(Terminal.say("あるファイルを置き換える", "replace a file that is there")))
    var force = false

    @OptionGroup var common: CommonOptions

    func run() throws {
        guard CeremonyPlan.isLabel(tokenLabel) else { throw CeremonyRefusal.badLabel }
        let folder = try Self.checked(output)
        let path = folder + "/" + tokenLabel + ".pin"
        guard force || !SealedFile.exists(path) else { throw Problem.fileIsThere(path, force: true) }
        let pair = try Custodian.pair(custodian)
        let setup = TokenSetup(try .load(module))
        let pin = try Custodian.secrets(pair, isNew: false).pin(.user, token: tokenLabel)
        let keys = try setup.keys(in: tokenLabel, pin: pin)
        try TokenPIN.writeFile(pin, to: path, replacing: force)
        try report(path, keys.map { try Self.uri(tokenLabel, $0.label, module: module, pinFile: path) })
    }

    /// The folder with every link followed: it has to be there, and be this user's alone to write.
    private static func checked(_ path: String) throws -> String {
        guard let real = unsafe realpath(path, nil) else { throw unfit(path) }
        defer { unsafe free(real) }
        var information = stat()
        guard unsafe stat(real, &information) == 0, information.st_mode & S_IFMT == S_IFDIR,
            information.st_uid == geteuid(), information.st_mode & 0o022 == 0
        else { throw unfit(path) }
        return unsafe String(cString: real)
    }

    /// What a service's configuration says.
    private static func uri(_ token: String, _ key: String, module: String, pinFile: String) throws -> String {
        "pkcs11:token=\(token);object=\(escaped(key))?module-path=\(escaped(module))&pin-source=file:\(escaped(pinFile))"
    }

    /// Percent-encoded but for what RFC 7512 leaves as it is everywhere.
    private static func escaped(_ text: String) -> String {
        var out = ""
        for byte in text.utf8 {
            let isPlain =
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                || [0x2F, 0x2E, 0x2D, 0x5F].contains(byte)
            let digits = String(byte, radix: 16, uppercase: true)
            out += isPlain ? String(UnicodeScalar(byte)) : "%" + (byte < 0x10 ? "0" : "") + digits
        }
        return out
    }

    private func report(_ path: String, _ uris: [String]) throws {
        struct Report: Encodable {
            let schema = 1
            let pinFile: String
            let keys: [String]
        }
        if common.json { return Terminal.out(try jsonText(Report(pinFile: path, keys: uris))) }
        Terminal.out(Terminal.say("\(path): PINファイル（モード0600）", "\(path): the PIN file, mode 0600"))
        for uri in uris { Terminal.out("  " + uri) }
    }

    private static func unfit(_ path: String) -> Problem {
        Problem(
            code: "folder-unfit",
            outcome: .refusedForSafety,
            whatHappened: Text(
                ja: "\(path) は自分だけが書けるフォルダーではありません。",
                en: "\(path) is no folder that you alone can write to."
            ),
            whatToDo: Text(ja: "モード0700のフォルダーを用意してください。", en: "Provide a folder of mode 0700.")
        )
    }
}
