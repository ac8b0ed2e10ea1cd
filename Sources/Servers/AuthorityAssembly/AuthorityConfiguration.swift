import FoundationEssentials
public import Problems

/// `authority.json`: how an authority's folder is run.
///
/// Keys that are not listed here are refused.
public struct AuthorityConfiguration: Hashable, Sendable, Codable {
    /// The node's name, and so that of its chain in the log; another one for every machine.
    public var node = "n1"
    /// `sqlite:` and a file within the folder, or a `postgres:` URL.
    public var database = "sqlite:authority.sqlite"
    /// `current` (RSA-2048 with SHA-256) or `next` (P-384 with SHA-384): what new generations sign with.
    public var cards = "current"
    /// Where certificates say that the certification practice statement is.
    public var practiceStatement = "http://cps.jpki-sim.test/cps.html"
    /// Where authentication certificates say that OCSP is answered; signature certificates do not say where.
    public var authResponder: String? = "http://ocsp-auth.jpki-sim.test"
    /// Seconds that an OCSP answer may be believed, 1 to 60.
    public var answerLifetime = 60
    /// Answers kept in memory.
    public var answersKept = 100_000
    /// Seconds between two delta lists; 0 makes none.
    public var deltaInterval = 3600
    /// Days since the last record after which a start does not believe the clock by itself; 0 believes it always.
    public var clockGap = 30
    /// A PKCS #11 module for keys in tokens that name none.
    public var module: String?
    /// An absolute path of the file with the token's PIN, for such keys.
    public var pinFile: String?
    /// A second place for the log's checkpoints, which should be on another medium.
    public var checkpoints: String?
    /// `open`: whoever reaches the service may ask.
    ///
    /// `accounts`: verifiers with an account only.
    public var verifiers = "open"
    /// An absolute path of the folder for the sockets where what ends TLS connects; the authority's own if left out.
    public var sockets: String?

    public init() {}

    enum CodingKeys: String, CodingKey, CaseIterable {
        case node, database, cards, practiceStatement, authResponder, answerLifetime, answersKept, deltaInterval
        case clockGap, module, pinFile, checkpoints, verifiers, sockets
    }

    /// Keys that are left out keep their defaults.
    public init(from decoder: any Decoder) throws {
        let all = try decoder.container(keyedBy: AnyKey.self)
        if all.allKeys.contains(where: { $0.stringValue == "signResponder" }) { throw ConfigurationError.signResponder }
        let known = Set(CodingKeys.allCases.map(\.rawValue))
        if let unknown = all.allKeys.map(\.stringValue).filter({ !known.contains($0) }).min() {
            throw ConfigurationError.unknownKey(unknown)
        }
        let values = try decoder.container(keyedBy: CodingKeys.self)
        func read<Value: Decodable>(_ key: CodingKeys, into target: inout Value) throws {
            do {
                if let value = try values.decodeIfPresent(Value.self, forKey: key) { target = value }
            } catch {
                throw ConfigurationError.wrongValue(key.rawValue)
            }
        }
        try read(.node, into: &node)
        try read(.database, into: &database)
        try read(.cards, into: &cards)
        try read(.practiceStatement, into: &practiceStatement)
        try read(.authResponder, into: &authResponder)
        try read(.answerLifetime, into: &answerLifetime)
        try read(.answersKept, into: &answersKept)
        try read(.deltaInterval, into: &deltaInterval)
        try read(.clockGap, into: &clockGap)
        try read(.module, into: &module)
        try read(.pinFile, into: &pinFile)
        try read(.checkpoints, into: &checkpoints)
        try read(.verifiers, into: &verifiers)
        try read(.sockets, into: &sockets)
        try check()
    }

    private func check() throws {
        guard ["sqlite:", "postgres:", "postgresql:"].contains(where: database.hasPrefix) else {
            throw ConfigurationError.wrongValue("database")
        }
        guard (1...60).contains(answerLifetime) else { throw ConfigurationError.wrongValue("answerLifetime") }
        guard (0...1_000_000).contains(answersKept) else { throw ConfigurationError.wrongValue("answersKept") }
        guard deltaInterval >= 0 else { throw ConfigurationError.wrongValue("deltaInterval") }
        guard (0...3650).contains(clockGap) else { throw ConfigurationError.wrongValue("clockGap") }
        guard ["current", "next"].contains(cards) else { throw ConfigurationError.wrongValue("cards") }
        guard ["open", "accounts"].contains(verifiers) else { throw ConfigurationError.wrongValue("verifiers") }
        guard sockets?.hasPrefix("/") ?? true else { throw ConfigurationError.wrongValue("sockets") }
    }

    /// Reads the file's text.
    public init(parsing text: [UInt8]) throws(ConfigurationError) {
        do {
            self = try JSONDecoder().decode(Self.self, from: Data(text))
        } catch let error as ConfigurationError {
            throw error
        } catch {
            throw .notJSON
        }
    }

    private struct AnyKey: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}

/// What is wrong with `authority.json`.
public enum ConfigurationError: Error, Hashable, Sendable {
    case notJSON
    case unknownKey(String)
    case wrongValue(String)
    /// A key of earlier versions, which never had an effect: signature certificates have no place for a responder.
    case signResponder

    public var problem: Problem {
        let (ja, en) =
            switch self {
            case .notJSON: ("JSONとして読めません", "it is not JSON")
            case .unknownKey(let key): ("知らないキー: \(key)", "unknown key \(key)")
            case .wrongValue(let key): ("値が正しくありません: \(key)", "wrong value of \(key)")
            case .signResponder:
                (
                    "signResponder は使えません。署名用電子証明書にはOCSPの場所が書かれません",
                    "signResponder is no key, as signature certificates do not say where OCSP is answered"
                )
            }
        return Problem(
            code: "authority-configuration",
            outcome: .inputFile,
            whatHappened: Text(ja: "authority.json を使えません（\(ja)）。", en: "authority.json cannot be used: \(en)."),
            whatToDo: Text(
                ja: "docs/authority/configuration.md にキーの一覧があります。",
                en: "docs/authority/configuration.md lists the keys."
            )
        )
    }
}
