/// What each key of the card hierarchy is for.
///
/// The raw value is the role's mark in stored form: never give one to another role.
enum CVRole: UInt8, CaseIterable, Sendable {
    case root, intermediate, cardManager
    case faceAuthority, faceMunicipality
    case textAuthority, textMunicipality
    case terminalAuthority, terminal
    case referenceCipher

    var keyIdentifier: CardKeyIdentifier {
        switch self {
        case .root: .root
        case .intermediate: .intermediate
        case .cardManager: .cardManager
        case .faceAuthority: .faceAuthority
        case .faceMunicipality: .faceMunicipality
        case .textAuthority: .textAuthority
        case .textMunicipality: .textMunicipality
        case .terminalAuthority: .terminalAuthority
        case .terminal: .terminal
        case .referenceCipher: .referenceCipher
        }
    }

    /// Name of the anchor for keys a verifier has to be told of.
    var anchorName: String? {
        switch self {
        case .root: "cv-root"
        case .faceAuthority: "cv-face-ca"
        case .textAuthority: "cv-text-ca"
        case .terminalAuthority: "cv-terminal-ca"
        case .intermediate, .cardManager, .faceMunicipality, .textMunicipality, .terminal, .referenceCipher: nil
        }
    }
}

/// One value for every role, none missing.
struct PerRole<Value> {
    private let values: [Value]

    init<Failure: Error>(_ value: (CVRole) throws(Failure) -> Value) throws(Failure) {
        var values: [Value] = []
        for role in CVRole.allCases { values.append(try value(role)) }
        self.values = values
    }

    subscript(role: CVRole) -> Value { values[Int(role.rawValue)] }
}

extension PerRole: Sendable where Value: Sendable {}
