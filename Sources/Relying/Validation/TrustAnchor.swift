import PKIX
public import Problems
import X509

/// The certificate of an authority that is trusted because somebody said so, not because of anything in it.
public struct TrustAnchor: Hashable, Sendable {
    /// What it issues for; `nil` for a chosen authority whose name does not say.
    public let kind: CertificatePurpose?
    /// Which of the published generations, counted from 1; `nil` where generations are not numbered.
    public let generation: Int?
    public let facts: CertificateFacts
    /// Made once: making a key takes longer than checking a signature with it.
    private let key: CheckingKey?

    public var fingerprint: String { facts.fingerprint }

    /// Takes a self-signed certificate of an authority, with a key and an algorithm of the profile.
    init(_ facts: CertificateFacts, kind: CertificatePurpose?, generation: Int? = nil) throws(TrustAnchorFlaw) {
        guard facts.isAuthority, facts.version == 3, facts.extensions.keyUsage?.keyCertSign == true else {
            throw .notAnAuthority
        }
        guard facts.isSelfSigned else { throw .notSelfSigned }
        self.facts = facts
        key = CheckingKey(facts.parts.signed.key)
        self.kind = kind
        self.generation = generation
    }

    var name: CertificateName { facts.parts.signed.subject }

    /// Whether a certificate that refers to its issuer's key in this way may mean this key.
    func fits(_ reference: ExtensionFacts.IssuerKeyReference) -> Bool {
        if let identifier = reference.keyIdentifier { return identifier == facts.extensions.subjectKeyIdentifier }
        if let serial = reference.serial { return serial == facts.parts.signed.serial }
        return true
    }

    func hasSigned(_ certificate: CertificateFacts) -> Bool { key.map(certificate.parts.isSigned) ?? false }

    /// Whether this key signed something; false, too, for algorithms that the profile does not know.
    func hasSigned(
        _ bytes: ArraySlice<UInt8>,
        _ algorithm: AlgorithmIdentifier?,
        _ signature: ArraySlice<UInt8>
    ) -> Bool {
        key?.hasSigned(bytes, algorithm, signature) ?? false
    }
}

/// Why a file does not become something to trust.
public enum TrustAnchorFlaw: Error, Hashable, Sendable {
    case unreadable(CertificateFlaw)
    /// It does not say that its key issues certificates.
    case notAnAuthority
    /// Its own key did not sign it under its own name, or the profile knows no such key or algorithm.
    case notSelfSigned
    /// It has the name of the real authorities and was offered as a simulation.
    case productionName
    /// The two certificates are not of one organization, or have none.
    case twoHierarchies
    /// It is the certificate of the other authority, going by its name.
    case otherPurpose

    /// The sentence for people.
    public var reason: Text {
        switch self {
        case .unreadable(let flaw): flaw.reason
        case .notAnAuthority: Text(ja: "認証局の証明書ではありません", en: "it is not the certificate of an authority")
        case .notSelfSigned:
            Text(
                ja: "自己署名が確かめられないか、鍵または署名方式が対象外です",
                en: "its own signature does not hold, or its key or algorithm is of no kind known here"
            )
        case .productionName:
            Text(
                ja: "本番の認証局の名前を持つので、模擬としては使えません",
                en: "it bears the name of the real authorities and cannot serve as a simulation"
            )
        case .twoHierarchies:
            Text(ja: "二つの証明書の組織が同じではありません", en: "the two certificates are not of one organization")
        case .otherPurpose:
            Text(
                ja: "署名用と利用者証明用の認証局が逆です",
                en: "the authorities for signatures and for user authentication are the wrong way round"
            )
        }
    }
}
