import SwiftASN1
public import X509

/// One of the two authorities of the public certification service, under the name of this simulation.
public enum CertificateAuthority: String, Hashable, Sendable, CaseIterable, Codable {
    /// 署名用: issues signature certificates.
    case sign
    /// 利用者証明用: issues authentication certificates.
    case auth

    /// `O` of both authorities; the real ones say JPKI.
    public static let organization = "JPKI-SIM"

    /// The organizational unit that tells the two apart.
    public var unit: String {
        switch self {
        case .sign: "JPKI for digital signature"
        case .auth: "JPKI for user authentication"
        }
    }

    /// The name as issuer and as subject: all generations of an authority share it (JPKI profile of J-LIS).
    public func distinguishedName() throws -> DistinguishedName {
        try DistinguishedName([
            .country(),
            .organization(Self.organization),
            .unit(unit),
            .unit("Japan Agency for Local Authority Information Systems"),
        ])
    }

    /// The same name in Japanese: alternative name of the authority, and of the issuer in what it issues.
    public func japaneseName() throws -> DistinguishedName {
        let purpose =
            switch self {
            case .sign: "署名用"
            case .auth: "利用者証明用"
            }
        return try DistinguishedName([
            .country(),
            .organization("公的個人認証サービス（模擬）"),
            .unit("公的個人認証サービス\(purpose)（模擬）"),
            .unit("地方公共団体情報システム機構（模擬）"),
        ])
    }

    /// Where the list with the certificates of one municipality is published: lists are partitioned by municipality.
    public func revocationListName(prefecture: String, municipality: String) throws -> DistinguishedName {
        try DistinguishedName([
            .country(),
            .organization(Self.organization),
            .unit(unit),
            .unit("CRL Distribution Points"),
            .unit(prefecture),
            .commonName("\(municipality) CRLDP"),
        ])
    }

    /// Where the list with certificates of services, such as time stamping, is published.
    public func serviceListName() throws -> DistinguishedName {
        try DistinguishedName([
            .country(),
            .organization(Self.organization),
            .unit(unit),
            .unit("CRL Distribution Points"),
            .commonName("Services CRLDP"),
        ])
    }

    /// Where the list of what changed since the last list of the whole authority is published.
    public func deltaListName() throws -> DistinguishedName {
        try DistinguishedName([
            .country(),
            .organization(Self.organization),
            .unit(unit),
            .unit("CRL Distribution Points"),
            .commonName("Delta CRLDP"),
        ])
    }

    /// The name of a service that works for the authority, such as its responder.
    public func serviceName(_ name: String) throws -> DistinguishedName {
        try DistinguishedName([.country(), .organization(Self.organization), .unit(unit), .commonName(name)])
    }
}

/// The names under which an authority's lists are published.
public enum RevocationListName: Hashable, Sendable {
    /// The list with the certificates of one municipality, named in Roman letters.
    case municipality(prefecture: String, municipality: String)
    /// Certificates about keys of authorities: the authority's own name.
    case authorities
    /// Certificates of responders and of time stamping.
    case services
    /// What changed since the last list of the whole authority.
    case deltas

    /// Name in DER, as certificates and lists hold it.
    ///
    /// Throws what the encoder throws on text that DER cannot hold.
    public func encoded(for authority: CertificateAuthority) throws -> [UInt8] {
        let name =
            switch self {
            case .municipality(let prefecture, let municipality):
                try authority.revocationListName(prefecture: prefecture, municipality: municipality)
            case .authorities: try authority.distinguishedName()
            case .services: try authority.serviceListName()
            case .deltas: try authority.deltaListName()
            }
        var serializer = DER.Serializer()
        try serializer.serialize(name)
        return serializer.serializedBytes
    }
}

// MARK: - Attributes

extension RelativeDistinguishedName {
    /// `C=JP`; RFC 5280 wants a country as PrintableString, everything else here is UTF8String.
    static func country() throws -> Self {
        Self(try Attribute(type: .RDNAttributeType.countryName, printableString: "JP"))
    }

    static func organization(_ text: String) -> Self {
        Self(Attribute(type: .RDNAttributeType.organizationName, utf8String: text))
    }

    static func unit(_ text: String) -> Self {
        Self(Attribute(type: .RDNAttributeType.organizationalUnitName, utf8String: text))
    }

    static func locality(_ text: String) -> Self {
        Self(Attribute(type: .RDNAttributeType.localityName, utf8String: text))
    }

    static func commonName(_ text: String) -> Self {
        Self(Attribute(type: .RDNAttributeType.commonName, utf8String: text))
    }
}
