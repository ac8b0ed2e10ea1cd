import FoundationEssentials
import Personalization
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

    /// Every persona, by name.
    func all() throws -> [Persona] {
        var found: [String: Persona] = [:]
        for folder in folders {
            let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            for file in files where file.hasSuffix(".json") {
                let persona = try Self.read(folder + "/" + file)
                if found[persona.name] == nil { found[persona.name] = persona }
            }
        }
        return found.values.sorted { $0.name < $1.name }
    }

    func persona(named name: String) throws -> Persona {
        let personas = try all()
        guard let persona = personas.first(where: { $0.name == name }) else {
            throw PersonaError.unknown(name: name, known: personas.map(\.name))
        }
        try persona.validate()
        return persona
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
        } catch DecodingError.typeMismatch(_, let context), DecodingError.dataCorrupted(let context) {
            let place = context.codingPath.map(\.stringValue).joined(separator: ".")
            throw PersonaError.notJSON(file: path, reason: place.isEmpty ? "not JSON" : "\(place) is of the wrong kind")
        }
    }
}
