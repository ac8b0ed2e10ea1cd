public import ArgumentParser
import CardArtwork
import CommandBasics
import FacePicture
import Issuance
import Personalization
public import Problems
import Terminal

/// `fuda-issue`: makes cards.
public struct IssueCommands: ParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "fuda card",
        abstract: Terminal.say("模擬カードを作る", "make simulated cards"),
        subcommands: [NewCommand.self, PersonasCommand.self, TerminalCommand.self]
    )

    public init() {}

    /// Runs the program with this process's arguments and ends it with the exit code of the outcome.
    public static func runAndExit() -> Never {
        Program.run(Self.self) { problem($0) }
    }

    /// What an error in making a card is to a person; `nil` for others.
    public static func problem(_ error: any Error) -> Problem? {
        switch error {
        case let error as PersonaError: error.problem
        case let error as PersonalizationError: error.problem
        case let error as IssuanceError: .making("issuance", "\(error)")
        case let error as ArtworkError: .making("artwork", error.description)
        case let error as FacePictureError: .making("photo", error.description)
        default: nil
        }
    }
}

// MARK: - Errors for people

extension Problem {
    static func making(_ part: String, _ reason: String) -> Problem {
        Problem(
            code: "card-\(part)",
            outcome: .other,
            whatHappened: Text(
                ja: "カードを作れません (\(part)): \(reason)",
                en: "The card cannot be made (\(part)): \(reason)"
            ),
            whatToDo: Text(ja: "ペルソナの内容と導入パッケージを確かめてください。", en: "Check the persona and the installed packages.")
        )
    }
}

extension PersonalizationError {
    var problem: Problem {
        Problem.making("personalization", "\(step) → \(status)")
    }
}

extension PersonaError {
    var problem: Problem {
        switch self {
        case .unknown(let name, let known):
            if known.isEmpty {
                return Problem(
                    code: "personas-missing",
                    outcome: .inputFile,
                    whatHappened: Text(ja: "人物ファイルが一つも見つかりません。", en: "No persona files were found."),
                    whatToDo: Text(
                        ja: "--personas か FUDA_PERSONAS でフォルダーを指定してください。",
                        en: "Name their folder with --personas or FUDA_PERSONAS."
                    )
                )
            }
            let list = known.joined(separator: ", ")
            return Problem(
                code: "persona-unknown",
                outcome: .usage,
                whatHappened: Text(ja: "ペルソナがありません: \(name)", en: "There is no persona \(name)."),
                whatToDo: Text(ja: "選べるもの: \(list)", en: "Choose one of: \(list)")
            )
        case .notJSON(let file, let reason):
            return Problem(
                code: "persona-json",
                outcome: .inputFile,
                whatHappened: Text(ja: "\(file) を読めません: \(reason)", en: "\(file) cannot be read: \(reason)"),
                whatToDo: Text(ja: "docs/personas.md の形に直してください。", en: "Bring it into the shape of docs/personas.md.")
            )
        case .unreadable(let persona, let field):
            return Problem(
                code: "persona-field",
                outcome: .inputFile,
                whatHappened: Text(
                    ja: "ペルソナ \(persona) の \(field) が正しくありません。",
                    en: "\(field) of persona \(persona) is not right."
                ),
                whatToDo: Text(
                    ja: "docs/personas.md にその項目の形があります。",
                    en: "docs/personas.md says what it must look like."
                )
            )
        }
    }
}
