/// Whom to trust: authorities of one hierarchy, and of one only.
///
/// A certificate that a card hands out is never one of them, however it calls itself.
public struct TrustAnchors: Hashable, Sendable {
    public let hierarchy: Hierarchy
    public let anchors: [TrustAnchor]

    /// The published authorities of J-LIS, as far as their certificates are at hand.
    public static let production = TrustAnchors(published: PublishedAnchor.all)

    /// The two authorities of a simulation, as certificates in DER.
    ///
    /// Refuses the name of the real ones, so that nothing real is ever judged by a key somebody made.
    public init(simulated signCA: [UInt8], authCA: [UInt8]) throws(TrustAnchorFlaw) {
        let sign = try Self.read(signCA)
        let auth = try Self.read(authCA)
        let organizations = [sign, auth].map { $0.parts.signed.subject.organization }
        guard !organizations.contains(Hierarchy.productionName) else { throw .productionName }
        guard let name = organizations.first ?? nil, organizations.last == name else { throw .twoHierarchies }
        for (facts, purpose) in [(sign, CertificatePurpose.signature), (auth, .authentication)] {
            guard CertificatePurpose(issuedBy: facts.parts.signed.subject) == purpose else { throw .otherPurpose }
        }
        hierarchy = .simulated(name: name.withControlsShown)
        anchors = [try TrustAnchor(sign, kind: .signature), try TrustAnchor(auth, kind: .authentication)]
    }

    /// One authority that the user chose, as a certificate in DER.
    public init(pinning authority: [UInt8]) throws(TrustAnchorFlaw) {
        let facts = try Self.read(authority)
        hierarchy = .pinned
        anchors = [try TrustAnchor(facts, kind: CertificatePurpose(issuedBy: facts.parts.signed.subject))]
    }

    /// Leaves out every row whose certificate is not the one with the fingerprint of the row.
    init(published rows: [PublishedAnchor]) {
        hierarchy = .production
        anchors = rows.compactMap(\.anchor)
    }

    private static func read(_ der: [UInt8]) throws(TrustAnchorFlaw) -> CertificateFacts {
        do { return try CertificateFacts(parsing: der) } catch { throw .unreadable(error) }
    }
}
