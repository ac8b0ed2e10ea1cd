import Problems

/// The checks a certificate goes through, in their order; the raw value is the identifier of the finding.
enum CertificateCheck: String, CaseIterable {
    case form = "certificate-form"
    case issuer = "issuer-known"
    case signature = "certificate-signature"
    case validity
    case keyUsage = "key-usage"
    case policy
    case criticalExtensions = "critical-extensions"
    case basicConstraints = "basic-constraints"
    case revocation
    /// Only of an authority's own certificate: whether it is one of those trusted.
    case anchor = "anchor-known"

    /// The checks of a holder's certificate.
    static let ofHolder = allCases.filter { $0 != .anchor }

    var subject: Text {
        switch self {
        case .form: Text(ja: "証明書の形式", en: "form of the certificate")
        case .issuer: Text(ja: "発行者", en: "issuer")
        case .signature: Text(ja: "証明書の署名", en: "signature on the certificate")
        case .validity: Text(ja: "有効期間", en: "validity")
        case .keyUsage: Text(ja: "鍵の用途", en: "key usage")
        case .policy: Text(ja: "証明書ポリシー", en: "certificate policy")
        case .criticalExtensions: Text(ja: "重要な拡張", en: "critical extensions")
        case .basicConstraints: Text(ja: "基本制約", en: "basic constraints")
        case .revocation: Text(ja: "失効状態", en: "revocation")
        case .anchor: Text(ja: "信頼する認証局との一致", en: "equality with a trusted authority")
        }
    }

    var confirmed: Finding { Finding(rawValue, subject, .confirmed) }

    func failed(_ reason: Text) -> Finding { Finding(rawValue, subject, .failed, reason: reason) }

    func notChecked(_ reason: Text) -> Finding { Finding(rawValue, subject, .notChecked, reason: reason) }

    /// Confirmed, or failed for the reason given.
    func finding(failing reason: Text?) -> Finding { reason.map(failed) ?? confirmed }
}
