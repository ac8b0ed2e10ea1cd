import CardClient
import CardProfiles
import Problems
import SmartCard
import Terminal

/// A card's signed records as files in a folder, so that they can be judged later and elsewhere.
///
/// `face-0002.bin` is the record EF 0002 of the card face, and so on; `manager-00F8.bin` is a data object.
enum EvidenceFolder {
    private static func name(_ file: ObjectID) -> String {
        (file.place == .cardFace ? "face" : "text") + "-\(file.file).bin"
    }

    private static let upper = "manager-00F8.bin"
    private static let lower = "manager-7F21.bin"

    static func save(_ evidence: CardEvidence, in folder: String, replacing: Bool) throws {
        for file in CardEvidence.relevantFiles {
            guard let bytes = evidence.files[file] else { continue }
            try Files.write(bytes, to: folder + "/" + name(file), replacing: replacing)
        }
        for (name, bytes) in [(upper, evidence.rootToIntermediate), (lower, evidence.intermediateToLower)] {
            if let bytes { try Files.write(bytes, to: folder + "/" + name, replacing: replacing) }
        }
    }

    /// Reads back what is there; a folder without any record is refused.
    static func load(_ folder: String) throws -> CardEvidence {
        var evidence = CardEvidence()
        for file in CardEvidence.relevantFiles where Files.exists(folder + "/" + name(file)) {
            evidence.files[file] = try Files.read(folder + "/" + name(file))
        }
        guard !evidence.files.isEmpty else {
            throw Problem.noEvidence(folder)
        }
        if Files.exists(folder + "/" + upper) { evidence.rootToIntermediate = try Files.read(folder + "/" + upper) }
        if Files.exists(folder + "/" + lower) { evidence.intermediateToLower = try Files.read(folder + "/" + lower) }
        return evidence
    }
}

extension Problem {
    static func noEvidence(_ folder: String) -> Problem {
        Problem(
            code: "no-evidence",
            outcome: .inputFile,
            whatHappened: Text(ja: "\(folder) にカードの記録がありません。", en: "There is no record of a card in \(folder)."),
            whatToDo: Text(ja: "`fuda read all -o フォルダー` で作れます。", en: "`fuda read all -o FOLDER` makes one.")
        )
    }
}
