import Crypto
import FoundationEssentials
import X509

/// One certificate, read strictly, as facts that can be shown; nothing of it is judged.
///
/// Texts are ready for a screen and for JSON: control characters are written out. A certificate is about a person, so
/// printing a value of this type shows nothing of it.
public struct CertificateFacts: Hashable, Sendable {
    /// The bytes it was read from.
    public let der: [UInt8]
    /// 1, 2 or 3.
    public let version: Int
    /// 発行番号 in upper-case hexadecimal, whole octets.
    public var serialHex: String { hexadecimal(parts.signed.serial) }
    public var serialDecimal: String { decimal(parts.signed.serial) }
    /// `C=JP, O=JPKI, …`, in the order of the certificate.
    public var issuer: String { parts.signed.issuer.text }
    public var subject: String { parts.signed.subject.text }
    /// First second of the validity, since 1970 UTC.
    public let notBefore: Int64
    /// Last second of the validity, since 1970 UTC; it still belongs to it (RFC 5280, 4.1.2.5).
    public let notAfter: Int64
    /// `sha256WithRSAEncryption`, `ecdsa-with-SHA384`, or an object identifier.
    public var signatureAlgorithm: String { parts.algorithm.text }
    /// `RSA`, `EC P-384`, or an object identifier.
    public let keyAlgorithm: String
    /// `nil` for kinds of key unknown here.
    public let keyBits: Int?
    /// SubjectPublicKeyInfo in DER.
    public var subjectPublicKeyInfo: [UInt8] { parts.signed.key.encoded }
    /// SHA-256 of the DER, in upper-case hexadecimal.
    public let fingerprint: String
    /// Names of RFC 5280, 4.2.1.3; empty when the certificate does not say.
    public var keyUsages: [String] { extensions.keyUsageNames }
    /// `clientAuth` or object identifiers.
    public var extendedKeyUsages: [String] { extensions.extendedKeyUsageNames }
    /// Object identifiers.
    public var policies: [String] { (extensions.policies ?? []).map(\.dotted) }
    /// Names of the lists that would tell of its revocation.
    public var crlDistributionPoints: [String] { extensions.revocationLists.map(\.text) }
    /// Addresses that would answer about its revocation.
    public var ocspResponders: [String] { extensions.ocspResponders }
    /// Upper-case hexadecimal.
    public var authorityKeyIdentifier: String? { extensions.issuerKey.keyIdentifier.map(hexadecimal) }
    /// Upper-case hexadecimal.
    public var subjectKeyIdentifier: String? { extensions.subjectKeyIdentifier.map(hexadecimal) }
    public var issuerAlternativeName: String? {
        extensions.issuerAlternativeNames.map { $0.map(\.text).joined(separator: "; ") }
    }
    /// Whether it says that its key issues certificates.
    public let isAuthority: Bool
    /// Object identifiers of the extensions that must be understood.
    public var criticalExtensions: [String] { extensions.critical.map(\.dotted) }
    /// What it says about a person; `nil` for all but signature certificates.
    public let holder: CertificateHolder?

    let parts: CertificateParts
    let extensions: ExtensionFacts

    /// Reads one certificate and nothing after it.
    ///
    /// Refuses whatever is not DER to the letter, two extensions of one kind, and extensions that do not hold what they
    /// should. For a card's file, which is filled up behind the certificate, see ``trimmed(fromFile:)``.
    public init(parsing der: [UInt8]) throws(CertificateFlaw) {
        let parts: CertificateParts
        do {
            parts = try CertificateParts(parsing: der)
        } catch let flaw as CertificateFlaw {
            throw flaw
        } catch {
            throw .notACertificate
        }
        let signed = parts.signed
        let extensions = try ExtensionFacts(signed.extensions)
        self.der = der
        self.parts = parts
        self.extensions = extensions
        version = signed.version
        notBefore = signed.notBefore
        notAfter = signed.notAfter
        keyAlgorithm = signed.key.algorithm
        keyBits = signed.key.bits
        fingerprint = hexadecimal(SHA256.hash(data: der))
        isAuthority = extensions.isAuthority
        holder = extensions.holder
    }

    /// Whether it was signed with its own key under its own name.
    var isSelfSigned: Bool {
        guard parts.signed.issuer == parts.signed.subject, let key = CheckingKey(parts.signed.key) else { return false }
        return parts.isSigned(by: key)
    }
}

extension CertificateFacts: CustomStringConvertible, CustomReflectable {
    /// Safe for logs: names nobody.
    public var description: String { "CertificateFacts(withheld)" }

    public var customMirror: Mirror { Mirror(self, children: []) }
}

// MARK: - Files of cards

extension CertificateFacts {
    /// Cuts a card's file to the one DER object it begins with; what follows is filler and is not looked at.
    ///
    /// Does not say that the object is a certificate. Throws ``CertificateFlaw/nothingThere`` for a file that is empty or
    /// begins with filler, ``CertificateFlaw/notDER`` for one that ends before its object.
    public static func trimmed(fromFile file: [UInt8]) throws(CertificateFlaw) -> [UInt8] {
        guard let first = file.first, first != 0xFF, first != 0x00 else { throw .nothingThere }
        guard first == 0x30, let lengthByte = file.dropFirst().first else { throw .notDER }
        var header = 2
        var length = Int(lengthByte)
        if lengthByte >= 0x80 {
            // Three octets of length are more than any file of a card has.
            let octets = Int(lengthByte) - 0x80
            let number = file.dropFirst(2).prefix(octets)
            guard (1...3).contains(octets), number.count == octets, number.first != 0 else { throw .notDER }
            length = number.reduce(0) { $0 << 8 | Int($1) }
            guard length >= 0x80 else { throw .notDER }
            header += octets
        }
        guard file.count >= header + length else { throw .notDER }
        return Array(file.prefix(header + length))
    }
}
