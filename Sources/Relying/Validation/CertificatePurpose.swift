public import Problems
import SwiftASN1
import X509

/// What a holder's certificate is for; also which of the two authorities issues it.
public enum CertificatePurpose: String, Hashable, Sendable, CaseIterable {
    /// 署名用: documents are signed with it.
    case signature
    /// 利用者証明用: its holder logs in with it.
    case authentication

    public var word: Text {
        switch self {
        case .signature: Text(ja: "署名用", en: "signature")
        case .authentication: Text(ja: "利用者証明用", en: "user authentication")
        }
    }

    /// The organizational unit of the authority that issues for this purpose (authority certificates of J-LIS).
    var issuingUnit: String {
        switch self {
        case .signature: "JPKI for digital signature"
        case .authentication: "JPKI for user authentication"
        }
    }

    /// The purpose that an authority with this name issues for; `nil` when the name does not say.
    init?(issuedBy name: CertificateName) {
        guard let purpose = Self.allCases.first(where: { name.units.contains($0.issuingUnit) }) else { return nil }
        self = purpose
    }

    /// The key usage, exactly: no more and no less.
    var keyUsage: KeyUsage {
        switch self {
        case .signature: KeyUsage(digitalSignature: true, nonRepudiation: true)
        case .authentication: KeyUsage(digitalSignature: true)
        }
    }

    /// Whether the profile knows these extended key usages: none; for authentication also TLS clients alone.
    func accepts(extendedKeyUsages: [String]) -> Bool {
        extendedKeyUsages.isEmpty || self == .authentication && extendedKeyUsages == ["clientAuth"]
    }

    /// Policies of the real certificates on cards (profile of J-LIS); those on telephones are not public.
    var productionPolicies: Set<ASN1ObjectIdentifier> {
        switch self {
        case .signature: [[1, 2, 392, 200_149, 8, 5, 1, 1, 20]]
        case .authentication: [[1, 2, 392, 200_149, 8, 5, 1, 3, 30]]
        }
    }

    /// Policies of the test arc, on cards and on telephones.
    var testPolicies: Set<ASN1ObjectIdentifier> {
        switch self {
        case .signature: [[1, 2, 392, 200_149, 8, 5, 1, 0, 20], [1, 2, 392, 200_149, 8, 5, 1, 0, 120]]
        case .authentication: [[1, 2, 392, 200_149, 8, 5, 1, 0, 30], [1, 2, 392, 200_149, 8, 5, 1, 0, 130]]
        }
    }
}
