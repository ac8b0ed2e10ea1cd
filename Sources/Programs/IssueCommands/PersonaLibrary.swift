import FoundationEssentials
import Personalization
import Problems
import Terminal

/// The persona files at hand.
///
/// Looked for in `--personas`, `FUDA_PERSONAS`, the user's `personas` folder, the installed `share/fuda/personas` and, for a
/// program in its build folder, the project's own; the first file of a name wins.
struct PersonaLibrary {
    private let folders: [String]

    init(option: String?) throws {
        let own = try Locations.userData() + "/personas"
        let places = [
            option, Terminal.environment("FUDA_PERSONAS"), own, Locations.programs + "/../share/fuda/personas",
            Locations.programs + "/../../../Personas",
        ]
        folders = places.compactMap { $0 }
    }

    /// Every persona that can be read, by name; a file that cannot be read is named and passed over.
    func all() -> [Persona] {
        var found: [String: Persona] = [:]
        for path in files() {
            do {
                let persona = try Self.read(path)
                if found[persona.name] == nil { found[persona.name] = persona }
            } catch {
                if let error = error as? PersonaError {
                    Terminal.note(error.problem.whatHappened.inLanguage(Terminal.language))
                }
            }
        }
        return found.values.sorted { $0.name < $1.name }
    }

    func persona(named name: String) throws -> Persona {
        // A file of the right name that cannot be read is the error, not a persona that is missing.
        if let path = files().first(where: { $0.hasSuffix("/\(name).json") }) { _ = try Self.read(path) }
        let personas = all()
        guard let persona = personas.first(where: { $0.name == name }) else {
            throw PersonaError.unknown(name: name, known: personas.map(\.name))
        }
        try persona.validate()
        return persona
    }

    private func files() -> [String] {
        folders.flatMap { folder in
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            return names.filter { $0.hasSuffix(".json") }.sorted().map { folder + "/" + $0 }
        }
    }

    private static func read(_ path: String) throws -> Persona {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw PersonaError.notJSON(file: path, reason: "unreadable")
        }
        do {
            return try JSONDecoder().decode(Persona.self, from: data)
        } catch DecodingError.keyNotFound(let key, let context) {
            let place = (context.codingPath + [key]).map(\.stringValue).joined(separator: ".")
            throw PersonaError.notJSON(file: path, reason: "\(place) is missing")
        } catch DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context),
            DecodingError.dataCorrupted(let context)
        {
            let place = context.codingPath.map(\.stringValue).joined(separator: ".")
            throw PersonaError.notJSON(file: path, reason: place.isEmpty ? "not JSON" : "\(place) is of the wrong kind")
        }
    }
}
