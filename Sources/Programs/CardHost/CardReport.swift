import CardKeys
import CardProfiles
import CardStorage
import CommandBasics
import Problems
import SmartCard
import Terminal
import VirtualCard

/// What `fuda card inspect FILE` says: the plain header, and the counters when the file can be opened.
struct CardReport: Encodable {
    /// Version of this JSON document's shape.
    let schema = 1
    let file: String
    let kind: String
    let persona: String
    let serial: String
    let expiry: String
    let atr: String
    let madeAt: Int64
    let protection: String
    let certificates: [Certificate]
    /// `nil` while the card is inserted somewhere, or without its key.
    let secrets: [Secret]?
    /// Why `secrets` is missing.
    let note: String?

    struct Certificate: Encodable {
        let name: String
        let bytes: Int
        let sha256: String
    }

    struct Secret: Encodable {
        /// Stable name of the place, such as `jpki`.
        let place: String
        let application: String
        let file: String
        let name: String
        let triesLeft: Int
        let maximum: Int
    }

    init(_ path: String, _ key: StorageKeyOptions) throws {
        let header = try CardFile.header(of: path)
        let cryptography = OpenSSLCryptography()
        file = path
        kind = header.kind.rawValue
        persona = header.persona
        serial = header.serial
        expiry = header.expiry
        atr = Hex(header.atr).description
        madeAt = header.madeAt
        protection = header.protection == .keyFile ? "key-file" : "passphrase"
        certificates = header.certificates.map { certificate in
            Certificate(
                name: certificate.name,
                bytes: certificate.der.count,
                sha256: Hex((try? cryptography.sha256(certificate.der)) ?? []).description
            )
        }
        do {
            let opened = try CardFile(opening: path, storageKey: try key.key(for: header))
            let state = try CardState(header.kind, replaying: opened.changes, using: cryptography)
            secrets = Self.secrets(of: state)
            note = nil
        } catch CardFileError.inUse {
            secrets = nil
            note = Terminal.say("挿入中のため残り回数は示しません。", "The card is inserted: counters are not shown.")
        } catch CardFileError.badKeyFile where !key.isExplicit {
            (secrets, note) = (nil, Self.withoutKey)
        } catch let problem as Problem where problem.code == "passphrase-needed" {
            (secrets, note) = (nil, Self.withoutKey)
        }
    }

    /// The plain header needs no key; only a key that was named has to fit.
    private static var withoutKey: String {
        Terminal.say("鍵がないため残り回数は示しません。", "Without its key the counters are not shown.")
    }

    private static func secrets(of state: CardState<OpenSSLCryptography>) -> [Secret] {
        CardProfile.of(state.kind).applications.flatMap { application in
            application.files.compactMap { file in
                guard case .reference(let rule) = file.kind else { return nil }
                let owner = rule.sharedWith ?? ObjectID(application.place, file.id)
                return Secret(
                    place: "\(application.place)",
                    application: application.name.inLanguage(Terminal.language),
                    file: file.id.description,
                    name: file.name.inLanguage(Terminal.language),
                    triesLeft: state.triesLeft(owner) ?? 0,
                    maximum: rule.tries
                )
            }
        }
    }

    var profileKind: CardKind { CardKind(rawValue: kind) ?? .plastic }

    var lines: [String] {
        var lines = [
            Terminal.say("種類        \(kind)", "kind         \(kind)"),
            Terminal.say("ペルソナ    \(persona)", "persona      \(persona)"),
            Terminal.say("製造番号    \(serial)", "serial       \(serial)"),
            Terminal.say("有効期限    \(expiry)", "expiry       \(expiry)"),
            "ATR          \(atr)",
        ]
        for certificate in certificates {
            lines.append("\(certificate.name)  \(certificate.bytes) B  SHA-256 \(certificate.sha256)")
        }
        for secret in secrets ?? [] {
            lines.append(
                "\(secret.file)  \(secret.triesLeft)/\(secret.maximum)  \(secret.name) (\(secret.application))"
            )
        }
        if let note { lines.append(note) }
        return lines
    }
}
