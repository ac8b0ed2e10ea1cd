import SwiftASN1
public import X509

/// What a profile needs to be filled in for one certificate.
public struct CertificateParticulars: Hashable, Sendable {
    /// `nil` for an authority's own certificate.
    public var holder: HolderFacts?
    public var identifier: SubjectIdentifier?
    public var subjectKey: Certificate.PublicKey
    public var issuerKey: Certificate.PublicKey

    /// The particulars of an authority's own certificate.
    public init(authorityKey: Certificate.PublicKey) {
        subjectKey = authorityKey
        issuerKey = authorityKey
    }

    /// The particulars of a holder's certificate.
    public init(
        holder: HolderFacts,
        identifier: SubjectIdentifier,
        subjectKey: Certificate.PublicKey,
        issuerKey: Certificate.PublicKey
    ) {
        self.holder = holder
        self.identifier = identifier
        self.subjectKey = subjectKey
        self.issuerKey = issuerKey
    }
}

/// Why a profile could not be filled in.
public enum CertificateProfileError: Error, Hashable, Sendable {
    /// The profile is about a holder, and the particulars have none.
    case holderMissing(CertificateKind)
    /// The profile lists an extension it says nothing about.
    case nothingToSay(CertificateKind, ExtensionKind)
}

extension CertificateProfile {
    /// The subject's name.
    ///
    /// Throws ``CertificateProfileError``, or what the encoder throws on text that DER cannot hold.
    public func subjectName(_ particulars: CertificateParticulars) throws -> DistinguishedName {
        if subject == .authority { return try issuer.distinguishedName() }
        guard let holder = particulars.holder, let identifier = particulars.identifier else {
            throw CertificateProfileError.holderMissing(kind)
        }
        let localities: [RelativeDistinguishedName] =
            subject == .identifier ? [] : [.locality(holder.prefecture), .locality(holder.municipality)]
        return try DistinguishedName([.country()] + localities + [.commonName(identifier.description)])
    }

    /// The extensions, in the order of the profile.
    ///
    /// Throws ``CertificateProfileError``, or what the encoder throws on text that DER cannot hold.
    public func filledExtensions(_ particulars: CertificateParticulars) throws -> Certificate.Extensions {
        try Certificate.Extensions(extensions.map { try filled($0, particulars) })
    }

    private func filled(_ rule: ExtensionRule, _ particulars: CertificateParticulars) throws -> Certificate.Extension {
        let critical = rule.isCritical
        switch rule.kind {
        case .keyUsage:
            return try Certificate.Extension(keyUsage, critical: critical)
        case .extendedKeyUsage:
            return try Certificate.Extension(ExtendedKeyUsage(extendedKeyUsage), critical: critical)
        case .basicConstraints:
            return try Certificate.Extension(.isCertificateAuthority(maxPathLength: nil), critical: critical)
        case .subjectKeyIdentifier:
            return try Certificate.Extension(SubjectKeyIdentifier(hash: particulars.subjectKey), critical: critical)
        case .authorityKeyIdentifier:
            let issuerKey = SubjectKeyIdentifier(hash: particulars.issuerKey).keyIdentifier
            return try Certificate.Extension(AuthorityKeyIdentifier(keyIdentifier: issuerKey), critical: critical)
        case .authorityInformationAccess:
            guard let responder = issuer.ocspResponder else { break }
            let access = AuthorityInformationAccess([
                .init(method: .ocspServer, location: .uniformResourceIdentifier(responder))
            ])
            return try Certificate.Extension(access, critical: critical)
        case .subjectAlternativeName:
            guard let names = try alternativeNames(particulars) else { break }
            return try rule.holding(.generalNames(names))
        case .issuerAlternativeName:
            return try rule.holding(.generalNames([.directoryName(issuer.japaneseName())]))
        case .certificatePolicies:
            guard let policy else { break }
            return try rule.holding(.policy(policy, practiceStatement: Self.practiceStatement))
        case .crlDistributionPoints:
            return try rule.holding(.distributionPoint(revocationListName(particulars)))
        }
        throw CertificateProfileError.nothingToSay(kind, rule.kind)
    }

    /// An authority's own certificate points to the list under the authority's own name: the list of authorities.
    private func revocationListName(_ particulars: CertificateParticulars) throws -> DistinguishedName {
        if subject == .authority { return try issuer.distinguishedName() }
        guard let holder = particulars.holder else { throw CertificateProfileError.holderMissing(kind) }
        return try issuer.revocationListName(prefecture: holder.prefecture, municipality: holder.municipality)
    }

    private func alternativeNames(_ particulars: CertificateParticulars) throws -> [GeneralName]? {
        switch alternativeName {
        case nil:
            return nil
        case .authority:
            return [.directoryName(try issuer.japaneseName())]
        case .holder:
            guard let holder = particulars.holder else { throw CertificateProfileError.holderMissing(kind) }
            return try holder.alternativeNames()
        }
    }
}

extension ExtensionRule {
    fileprivate func holding(_ value: ExtensionValue) throws -> Certificate.Extension {
        Certificate.Extension(oid: kind.oid, critical: isCritical, value: try value.encoded()[...])
    }
}
