public import AuthorityCryptography
internal import FoundationEssentials

/// What is kept of a ceremony: who took part, what was done, and which key came of it.
///
/// It names nothing of the machine on which it was held, and holds no secret.
public struct CeremonyRecord: Hashable, Sendable, Codable {
    public enum Result: String, Hashable, Sendable, Codable {
        case done
        case failed
    }

    public enum Control: String, Hashable, Sendable, Codable {
        /// It takes the secrets of two people to use the key.
        case dual
        case single
    }

    /// The token, as it tells of itself.
    public struct Token: Hashable, Sendable, Codable {
        public let label: String
        public let manufacturer: String
        public let model: String
        public let serial: String
        /// Name and version of the module.
        public let library: String

        public init(label: String, manufacturer: String, model: String, serial: String, library: String) {
            self.label = label
            self.manufacturer = manufacturer
            self.model = model
            self.serial = serial
            self.library = library
        }
    }

    public struct Key: Hashable, Sendable, Codable {
        /// `pkcs11:…` or `file:…`, as the authority's log keeps it.
        public let locator: String
        public let algorithm: SignatureAlgorithm
        /// SubjectPublicKeyInfo in DER, Base64.
        public let subjectPublicKeyInfo: String
        /// SHA-256 of it, hexadecimal.
        public let fingerprint: String

        public init(locator: String, algorithm: SignatureAlgorithm, subjectPublicKeyInfo: [UInt8]) {
            self.locator = locator
            self.algorithm = algorithm
            self.subjectPublicKeyInfo = Data(subjectPublicKeyInfo).base64EncodedString()
            fingerprint = Fingerprint.hexadecimal(subjectPublicKeyInfo)
        }
    }

    public private(set) var schema = 1
    public let result: Result
    /// UTC, `2026-01-31T00:00:00Z`.
    public let started: String
    public let ended: String
    public let custodians: [String]
    public let witnesses: [String]
    public let control: Control
    public let token: Token?
    public let key: Key?
    public let steps: [CeremonyEntry]

    init(
        result: Result,
        started: String,
        ended: String,
        custodians: [String],
        witnesses: [String],
        control: Control,
        token: Token?,
        key: Key?,
        steps: [CeremonyEntry]
    ) {
        self.result = result
        self.started = started
        self.ended = ended
        self.custodians = custodians
        self.witnesses = witnesses
        self.control = control
        self.token = token
        self.key = key
        self.steps = steps
    }

    /// The document that is signed: JSON, members sorted, one line end at the end.
    public func json() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(self)) + [0x0A]
    }
}
