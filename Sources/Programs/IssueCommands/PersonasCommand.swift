import ArgumentParser
import CardProfiles
import CommandBasics
import Personalization
import Terminal

/// `fuda card personas`: who cards can be made for, with their PINs, since nobody else would know them.
struct PersonasCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "personas",
        abstract: Terminal.say("模擬の人物を一覧する", "list the synthetic persons")
    )

    @Option(help: ArgumentHelp(Terminal.say("人物ファイルのフォルダー", "folder with persona files"), valueName: "folder"))
    var personas: String?

    @OptionGroup var common: CommonOptions

    func run() throws {
        let all = try PersonaLibrary(option: personas).all()
        if common.json {
            Terminal.out(try jsonText(List(personas: all.map(Entry.init))))
            return
        }
        for persona in all {
            Terminal.out("\(persona.name)  \(Terminal.say(persona.title.ja, persona.title.en))")
            let secrets = Entry(persona).secrets.map { "\($0.key)=\($0.value)" }.sorted().joined(separator: " ")
            Terminal.out("    \(secrets.isEmpty ? Terminal.say("暗証番号なし", "no PINs") : secrets)")
        }
    }

    private struct List: Encodable {
        let schema = 1
        let personas: [Entry]
    }

    private struct Entry: Encodable {
        let name: String
        let kind: String
        let title: [String: String]
        /// Test PINs of invented people: meant to be known.
        let secrets: [String: String]

        init(_ persona: Persona) {
            name = persona.name
            kind = persona.kind.rawValue
            title = ["ja": persona.title.ja, "en": persona.title.en]
            let all = [
                ("sign", persona.secrets.sign), ("auth", persona.secrets.auth), ("input", persona.secrets.input),
                ("register", persona.secrets.register),
            ]
            secrets = Dictionary(uniqueKeysWithValues: all.compactMap { name, value in value.map { (name, $0) } })
        }
    }
}
