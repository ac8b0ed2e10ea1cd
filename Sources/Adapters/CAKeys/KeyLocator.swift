public import Problems

/// Where an authority's key is, as configuration and logs name it.
///
/// `file:NAME` is a key file in the authority's own folder; `pkcs11:…` a key in a token (RFC 7512). Neither holds a
/// secret: a URI with `pin-value` is refused, since arguments, configuration and logs are read by others.
public enum KeyLocator: Hashable, Sendable, CustomStringConvertible {
    /// The file's name: 1 to 100 of A–Z a–z 0–9 `.` `_` `-`, not beginning with a point.
    case file(String)
    case token(TokenKeyURI)

    /// Reads a locator.
    ///
    /// An error names what is wrong and repeats nothing of the text.
    public init(_ text: String) throws(KeyLocatorError) {
        if text.hasPrefix("pkcs11:") {
            self = .token(try TokenKeyURI(text))
        } else if text.hasPrefix("file:") {
            let name = String(text.dropFirst("file:".count))
            guard Self.isName(name) else { throw .fileName }
            self = .file(name)
        } else {
            throw .scheme
        }
    }

    /// What the log keeps: token and key without module and PIN file, which belong to a machine.
    public var description: String {
        switch self {
        case .file(let name): "file:" + name
        case .token(let uri): uri.description
        }
    }

    private static func isName(_ name: String) -> Bool {
        (1...100).contains(name.utf8.count) && name.utf8.first != 0x2E
            && name.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                    || [0x2E, 0x5F, 0x2D].contains(byte)
            }
    }
}

/// Why a text does not say where a key is.
public enum KeyLocatorError: String, Error, Hashable, Sendable, CaseIterable {
    case scheme
    case fileName = "file-name"
    /// Not the syntax of RFC 7512.
    case syntax
    case pinValue = "pin-value"
    /// Neither `token` nor `serial`.
    case noToken = "no-token"
    /// Neither `object` nor `id`.
    case noObject = "no-object"
    /// `type` is there and is not `private`.
    case type
    /// `module-path` is not absolute.
    case relativeModule = "relative-module-path"
    /// `pin-source` is not `file:` and an absolute path.
    case pinSource = "pin-source"
    /// An attribute that RFC 7512 does not know, or one that is not used here: `module-name`, `slot-id`.
    case unknownAttribute = "unknown-attribute"

    /// For people.
    public var problem: Problem {
        Problem(
            code: "key-locator",
            outcome: .usage,
            whatHappened: Text(ja: "鍵の場所が正しくありません: \(rawValue)", en: "The key's location is wrong: \(rawValue)."),
            whatToDo: Text(
                ja: "file:名前、または pkcs11:token=…;object=…?module-path=/…&pin-source=file:/… です。PINそのものは書けません。",
                en:
                    "Say file:NAME or pkcs11:token=…;object=…?module-path=/…&pin-source=file:/…; never the PIN itself."
            )
        )
    }
}
