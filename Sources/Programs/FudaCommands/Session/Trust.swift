import ArgumentParser
import CardClient
import FoundationEssentials
import PKIX
import Problems
import SmartCard
import Terminal
import Validation

/// Whom a verification trusts: the published authorities, a simulated hierarchy, or one certificate by its fingerprint.
struct TrustOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            Terminal.say(
                "信頼するもの: production、模擬認証局のフォルダー、CA証明書のファイル（PEM・DER）",
                "whom to trust: production, the folder of a simulated authority, or a CA certificate (PEM or DER)"
            ),
            valueName: "production|path"
        )
    )
    var trust = "production"

    init() {}

    func load() throws -> Trust {
        if trust == "production" { return Trust(anchors: .production, cardKeys: .production) }
        return try Files.isFolder(trust) ? simulated(trust) : pinned(trust)
    }

    /// A folder of public anchors, as `fuda card new` makes it.
    private func simulated(_ folder: String) throws -> Trust {
        let anchors: TrustAnchors
        do throws(TrustAnchorFlaw) {
            anchors = try TrustAnchors(
                simulated: try read(folder + "/sign-ca.der"),
                authCA: try read(folder + "/auth-ca.der")
            )
        } catch {
            throw Problem.noAnchor(folder, error.reason)
        }
        var keys: [(number: String, key: PublicKeyObject)] = []
        for name in ["cv-root", "cv-face-ca", "cv-text-ca"] {
            keys.append(try Self.cardKey(folder + "/\(name).txt"))
        }
        return Trust(anchors: anchors, cardKeys: CardKeyRing(.simulated, keys))
    }

    private func pinned(_ path: String) throws -> Trust {
        let anchors: TrustAnchors
        do throws(TrustAnchorFlaw) {
            anchors = try TrustAnchors(pinning: try read(path))
        } catch {
            throw Problem.noAnchor(path, error.reason)
        }
        let fingerprint = anchors.anchors.first?.fingerprint ?? ""
        Terminal.note(
            Terminal.say(
                "信頼するCA証明書のSHA-256: \(fingerprint)",
                "trusting the CA certificate with SHA-256 \(fingerprint)"
            )
        )
        return Trust(anchors: anchors, cardKeys: CardKeyRing(.production, []))
    }

    /// A certificate's DER; an unreadable file is no anchor either, and says so itself.
    private func read(_ path: String) throws(TrustAnchorFlaw) -> [UInt8] {
        guard let bytes = try? CertificateFile.der(path) else { throw .unreadable(.notACertificate) }
        return bytes
    }

    /// Three lines: `key-id`, `exponent`, `modulus`, each with its value in hexadecimal.
    private static func cardKey(_ path: String) throws -> (number: String, key: PublicKeyObject) {
        let text = String(decoding: try Files.read(path), as: UTF8.self)
        var values: [Substring: Substring] = [:]
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: " ", maxSplits: 1)
            if parts.count == 2 { values[parts[0]] = parts[1] }
        }
        guard let identifier = Hex(parsing: String(values["key-id"] ?? ""))?.bytes,
            let number = KeyIdentifier(identifier)?.number,
            let exponent = Hex(parsing: String(values["exponent"] ?? ""))?.bytes, !exponent.isEmpty,
            let modulus = Hex(parsing: String(values["modulus"] ?? ""))?.bytes, !modulus.isEmpty
        else {
            throw Problem.noAnchor(path, Text(ja: "鍵の3行がありません。", en: "It lacks the three lines of a key."))
        }
        return (number, PublicKeyObject(modulus: modulus, exponent: exponent))
    }
}

/// Authorities of certificates and keys of the card hierarchy, of one hierarchy both.
struct Trust {
    let anchors: TrustAnchors
    let cardKeys: CardKeyRing

    /// A hierarchy's stable name, which programs read.
    static func name(of hierarchy: Hierarchy) -> String {
        switch hierarchy {
        case .production: "production"
        case .simulated: "simulated"
        case .pinned: "pinned"
        }
    }
}

/// Certificates in files, PEM or DER.
enum CertificateFile {
    static func der(_ path: String) throws -> [UInt8] {
        guard let der = PEMText.first("CERTIFICATE", in: try Files.read(path)) else {
            throw Problem.notACertificate(path)
        }
        return der
    }

    static func pem(_ der: [UInt8]) -> String {
        let base64 = Data(der).base64EncodedString()
        var lines: [Substring] = []
        var rest = base64[...]
        while !rest.isEmpty {
            lines.append(rest.prefix(64))
            rest = rest.dropFirst(64)
        }
        return ([Substring(begin)] + lines + ["-----END CERTIFICATE-----"]).joined(separator: "\n") + "\n"
    }

    private static let begin = "-----BEGIN CERTIFICATE-----"
}

extension Problem {
    static func noAnchor(_ path: String, _ reason: Text) -> Problem {
        Problem(
            code: "trust-anchor",
            outcome: .inputFile,
            whatHappened: Text(
                ja: "\(path) を信頼の起点にできません: \(reason.ja)",
                en: "\(path) cannot be trusted as an authority: \(reason.en)"
            ),
            whatToDo: Text(
                ja: "production、`fuda card new` の認証局のフォルダー、自己署名のCA証明書のいずれかを指定してください。",
                en:
                    "Give production, the authority's folder that `fuda card new` made, or a self-signed CA certificate."
            )
        )
    }

    static func notACertificate(_ path: String) -> Problem {
        Problem(
            code: "not-a-certificate",
            outcome: .inputFile,
            whatHappened: Text(ja: "\(path) は証明書ではありません。", en: "\(path) is no certificate."),
            whatToDo: Text(ja: "PEMかDERのX.509証明書を指定してください。", en: "Give an X.509 certificate in PEM or DER.")
        )
    }
}
