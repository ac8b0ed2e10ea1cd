import ArgumentParser
import AuthorityAssembly
import AuthorityServer
import CommandBasics
import Problems
import Terminal

/// `fuda-server authority`: certificate authorities, OCSP, revocation lists, time stamps.
struct AuthorityCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "authority",
        abstract: Terminal.say(
            "認証局を動かす（OCSP、失効リスト、タイムスタンプ）",
            "run an authority: OCSP, revocation lists, time stamps, orders"
        ),
        discussion: Terminal.say(
            "フォルダーは `fuda authority init` で作ります。何を提供しているかは フォルダー/endpoints.json にあります。",
            "`fuda authority init` makes the folder. What is served stands in FOLDER/endpoints.json."
        )
    )

    @Option(help: ArgumentHelp(Terminal.say("認証局のフォルダー", "folder of the authority"), valueName: "folder"))
    var data: String

    @Option(
        help: ArgumentHelp(
            Terminal.say("待ち受け先（OCSPは次のポート、0は空きポート）", "where to listen; OCSP on the next port, 0 picks ports"),
            valueName: "host:port"
        )
    )
    var listen = "127.0.0.1:8080"

    @OptionGroup var common: CommonOptions

    func run() throws {
        let (host, port) = try address()
        let server = AuthorityServer(try AuthorityFolder(data), host: host, port: port)
        let wantsJSON = common.json
        try Waiting.run {
            try await server.run { endpoints in
                if wantsJSON, let text = try? jsonText(endpoints) { return Terminal.out(text) }
                Terminal.out(Terminal.say("動いています: \(endpoints.health)", "running: \(endpoints.health)"))
            }
        }
    }

    private func address() throws -> (String, Int) {
        guard let colon = listen.lastIndex(of: ":"), let port = Int(listen[listen.index(after: colon)...]),
            (0...65_534).contains(port), colon > listen.startIndex
        else {
            throw ValidationError(Terminal.say("--listen はホスト:ポートです。", "--listen is HOST:PORT"))
        }
        return (String(listen[..<colon]), port)
    }
}
