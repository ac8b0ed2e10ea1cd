public import Problems
import SwiftASN1

/// Whose certificates are judged; what belongs to another hierarchy is not judged at all.
public enum Hierarchy: Hashable, Sendable {
    /// The published authorities of J-LIS.
    case production
    /// The two authorities of a simulation; the name is their `O`, such as `JPKI-SIM`.
    case simulated(name: String)
    /// One authority that the user chose, whoever that is.
    case pinned

    /// `O` of the real authorities.
    static let productionName = "JPKI"

    /// `O` of its authorities; `nil` where that is whatever the user chose.
    var organization: String? {
        switch self {
        case .production: Self.productionName
        case .simulated(let name): name
        case .pinned: nil
        }
    }

    public var word: Text {
        switch self {
        case .production: Text(ja: "本番（J-LIS）", en: "production (J-LIS)")
        case .simulated(let name): Text(ja: "模擬（\(name)）", en: "simulated (\(name))")
        case .pinned: Text(ja: "利用者が指定した認証局", en: "an authority the user chose")
        }
    }

    /// The policies that certificates of this hierarchy may have for a purpose.
    func policies(for purpose: CertificatePurpose) -> Set<ASN1ObjectIdentifier> {
        switch self {
        case .production: purpose.productionPolicies
        case .simulated: purpose.testPolicies
        case .pinned: purpose.productionPolicies.union(purpose.testPolicies)
        }
    }
}
