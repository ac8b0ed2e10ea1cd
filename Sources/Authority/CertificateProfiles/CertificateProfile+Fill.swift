import SwiftASN1
public import X509

/// What a profile needs to be filled in for one certificate.
public struct CertificateParticulars: Hashable, Sendable {
    public var subject: Subject
    public var subjectKey: Certificate.PublicKey
    public var issuerKey: Certificate.PublicKey
    public var locations: PublicLocations

    /// Whom the certificate is about.
    public enum Subject: Hashable, Sendable {
        case authority
        case holder(HolderFacts, SubjectIdentifier)
        /// A responder or a time-stamping authority, by the `CN` it gets.
        case service(String)
    }

    public init(
        _ subject: Subject,
        subjectKey: Certificate.PublicKey,
        issuerKey: Certificate.PublicKey,
        locations: PublicLocations = PublicLocations()
    ) {
        self.subject = subject
        self.subjectKey = subjectKey
        self.issuerKey = issuerKey
        self.locations = locations
    }
}

/// Addresses that certificates carry: names under which the services are known, whatever machine they run on.
public struct PublicLocations: Hashable, Sendable {
    /// Where the certification practice statement would be read.
    public var practiceStatement: String
    /// Where the authority for user authentication answers OCSP; certificates for signatures do not say where that is done.
    public var authResponder: String?

    public init(
        practiceStatement: String = "http://cps.jpki-sim.test/cps.html",
        authResponder: String? = "http://ocsp-auth.jpki-sim.test"
    ) {
        self.practiceStatement = practiceStatement
        self.authResponder = authResponder
    }
}

/// Why a profile could not be filled in.
public enum CertificateProfileError: Error, Hashable, Sendable {
    /// The particulars are about another sort of subject than the profile.
    case subjectMissing(CertificateKind)
    /// The profile lists an extension it says nothing about.
    case nothingToSay(CertificateKind, ExtensionKind)
    /// An instant before 1970 or after 2049, which UTCTime cannot hold here.
    case timeOutOfRange
    /// The holder's identifier is not the last thing in the name.
    case identifierAstray
}

extension CertificateProfile {
    /// The subject's name.
    ///
    /// Throws ``CertificateProfileError``, or what the encoder throws on text that DER cannot hold.
    public func subjectName(_ particulars: CertificateParticulars) throws -> DistinguishedName {
        switch (subject, particulars.subject) {
        case (.authority, .authority):
            return try issuer.distinguishedName()
        case (.service, .service(let name)):
            return try issuer.serviceName(name)
        case (.identifier, .holder(_, let identifier)):
            return try DistinguishedName([.country(), .commonName(identifier.description)])
        case (.localitiesAndIdentifier, .holder(let holder, let identifier)):
            return try DistinguishedName([
                .country(), .locality(holder.prefecture), .locality(holder.municipality),
                .commonName(identifier.description),
            ])
        default:
            throw CertificateProfileError.subjectMissing(kind)
        }
    }

    /// The extensions, in the order of the profile.
    ///
    /// Throws ``CertificateProfileError``, or what the encoder throws on text that DER cannot hold.
    public func filledExtensions(_ particulars: CertificateParticulars) throws -> Certificate.Extensions {
        try Certificate.Extensions(extensions.compactMap { try filled($0, particulars) })
    }

    /// - Returns: `nil` where there is nothing to point to.
    func filled(_ rule: ExtensionRule, _ particulars: CertificateParticulars) throws -> Certificate.Extension? {
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
            // An authority that names no responder gives certificates without the pointer to one.
            guard let responder = particulars.locations.authResponder else { return nil }
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
            return try rule.holding(.policy(policy, practiceStatement: particulars.locations.practiceStatement))
        case .crlDistributionPoints:
            return try rule.holding(.distributionPoint(revocationListName(particulars)))
        case .ocspNoCheck:
            return try rule.holding(.null)
        }
        throw CertificateProfileError.nothingToSay(kind, rule.kind)
    }

    /// An authority's own certificate points to the list under the authority's own name: the list of authorities.
    private func revocationListName(_ particulars: CertificateParticulars) throws -> DistinguishedName {
        switch (subject, particulars.subject) {
        case (.authority, .authority):
            return try issuer.distinguishedName()
        case (.identifier, .holder(let holder, _)), (.localitiesAndIdentifier, .holder(let holder, _)):
            return try issuer.revocationListName(prefecture: holder.prefecture, municipality: holder.municipality)
        case (.service, .service):
            return try issuer.serviceListName()
        default:
            throw CertificateProfileError.subjectMissing(kind)
        }
    }

    private func alternativeNames(_ particulars: CertificateParticulars) throws -> [GeneralName]? {
        switch alternativeName {
        case nil:
            return nil
        case .authority:
            return [.directoryName(try issuer.japaneseName())]
        case .holder:
            guard case .holder(let holder, _) = particulars.subject else {
                throw CertificateProfileError.subjectMissing(kind)
            }
            return try holder.alternativeNames()
        }
    }
}

extension ExtensionRule {
    fileprivate func holding(_ value: ExtensionValue) throws -> Certificate.Extension {
        Certificate.Extension(oid: kind.oid, critical: isCritical, value: try value.encoded()[...])
    }
}
