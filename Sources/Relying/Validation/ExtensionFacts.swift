import SwiftASN1
import X509

/// What a certificate's extensions say, read and not judged.
struct ExtensionFacts: Hashable, Sendable {
    private(set) var keyUsage: KeyUsage?
    private(set) var extendedKeyUsages: [ASN1ObjectIdentifier]?
    private(set) var policies: [ASN1ObjectIdentifier]?
    private(set) var isAuthority = false
    private(set) var subjectKeyIdentifier: [UInt8]?
    private(set) var issuerKey = IssuerKeyReference()
    private(set) var issuerAlternativeNames: [NameFact]?
    private(set) var revocationLists: [NameFact] = []
    /// id-pkix-ocsp-nocheck: nobody need ask about a responder's certificate (RFC 6960, 4.2.2.2.1).
    private(set) var needsNoStatus = false
    private(set) var ocspResponders: [String] = []
    private(set) var holder: CertificateHolder?
    /// The extensions that must be understood, in the order of the certificate.
    let critical: [ASN1ObjectIdentifier]

    /// Which key of the issuer signed, as far as the certificate says (RFC 5280, 4.2.1.1).
    struct IssuerKeyReference: Hashable, Sendable {
        var keyIdentifier: [UInt8]?
        /// The serial number of the issuer's certificate, without leading zeros.
        var serial: [UInt8]?
        var isEmpty: Bool { keyIdentifier == nil && serial == nil }
    }

    /// A GeneralName: a directory name, or something else as text.
    enum NameFact: Hashable, Sendable {
        case directory(CertificateName)
        case other(String)

        var text: String {
            switch self {
            case .directory(let name): name.text
            case .other(let text): text
            }
        }
    }

    /// The directory names among ``revocationLists``, each a Name in DER.
    var revocationListNames: [[UInt8]] {
        revocationLists.compactMap { if case .directory(let name) = $0 { name.encoded } else { nil } }
    }

    init(_ extensions: [Certificate.Extension]) throws(CertificateFlaw) {
        critical = extensions.filter(\.critical).map(\.oid)
        for one in extensions {
            do { try read(one) } catch { throw .malformedExtension(one.oid.dotted) }
        }
    }

    private mutating func read(_ one: Certificate.Extension) throws {
        switch one.oid {
        case .X509ExtensionID.keyUsage:
            keyUsage = try KeyUsage(one)
        case .X509ExtensionID.extendedKeyUsage:
            extendedKeyUsages = try Self.list(one) { try ASN1ObjectIdentifier(derEncoded: $0) }
        case .X509ExtensionID.basicConstraints:
            if case .isCertificateAuthority = try BasicConstraints(one) { isAuthority = true }
        case .X509ExtensionID.subjectKeyIdentifier:
            subjectKeyIdentifier = Array(try SubjectKeyIdentifier(one).keyIdentifier)
        case .X509ExtensionID.authorityKeyIdentifier:
            let reference = try AuthorityKeyIdentifier(one)
            issuerKey.keyIdentifier = reference.keyIdentifier.map(Array.init)
            issuerKey.serial = reference.authorityCertSerialNumber.map { $0.bytes.drop { $0 == 0 } }.map(Array.init)
        case .X509ExtensionID.subjectAlternativeName:
            holder = try CertificateHolder(try Self.list(one) { try GeneralName(derEncoded: $0) })
        case .X509ExtensionID.authorityInformationAccess:
            ocspResponders = try Self.list(one, Self.responder).compactMap(\.self)
        case Self.certificatePolicies:
            policies = try Self.list(one, Self.policy)
        case Self.issuerAlternativeName:
            issuerAlternativeNames = try Self.list(one, Self.name)
        case Self.revocationListPoints:
            revocationLists = try Self.list(one, Self.distributionPoint).flatMap(\.self)
        case Self.noCheck:
            needsNoStatus = true
        default:
            break
        }
    }

    static let certificatePolicies: ASN1ObjectIdentifier = [2, 5, 29, 32]
    private static let issuerAlternativeName: ASN1ObjectIdentifier = [2, 5, 29, 18]
    private static let revocationListPoints: ASN1ObjectIdentifier = [2, 5, 29, 31]
    private static let noCheck: ASN1ObjectIdentifier = [1, 3, 6, 1, 5, 5, 7, 48, 1, 5]
    private static let ocsp: ASN1ObjectIdentifier = [1, 3, 6, 1, 5, 5, 7, 48, 1]
    private static let clientAuthentication: ASN1ObjectIdentifier = [1, 3, 6, 1, 5, 5, 7, 3, 2]
}

// MARK: - Reading values

extension ExtensionFacts {
    /// The elements of an extension that is a SEQUENCE OF; all such have at least one (RFC 5280, 4.2.1).
    private static func list<Element>(
        _ one: Certificate.Extension,
        _ read: (ASN1Node) throws -> Element
    ) throws -> [Element] {
        let elements = try DER.sequence(DER.parse(one.value), identifier: .sequence) { nodes in
            var elements: [Element] = []
            while let node = nodes.next() { elements.append(try read(node)) }
            return elements
        }
        guard !elements.isEmpty else { throw CertificateFlaw.notACertificate }
        return elements
    }

    /// PolicyInformation; refuses qualifiers that RFC 5280, 4.2.1.4, does not know.
    private static func policy(_ node: ASN1Node) throws -> ASN1ObjectIdentifier {
        try DER.sequence(node, identifier: .sequence) { nodes in
            let policy = try ASN1ObjectIdentifier(derEncoded: &nodes)
            if let qualifiers = nodes.next() {
                try DER.sequence(qualifiers, identifier: .sequence) { list in
                    while let qualifier = list.next() { try checkQualifier(qualifier) }
                }
            }
            return policy
        }
    }

    private static func checkQualifier(_ node: ASN1Node) throws {
        let practiceStatement: ASN1ObjectIdentifier = [1, 3, 6, 1, 5, 5, 7, 2, 1]
        let userNotice: ASN1ObjectIdentifier = [1, 3, 6, 1, 5, 5, 7, 2, 2]
        try DER.sequence(node, identifier: .sequence) { nodes in
            let identifier = try ASN1ObjectIdentifier(derEncoded: &nodes)
            guard [practiceStatement, userNotice].contains(identifier), nodes.next() != nil else {
                throw CertificateFlaw.notACertificate
            }
        }
    }

    /// AccessDescription: the address, if it is one of OCSP.
    private static func responder(_ node: ASN1Node) throws -> String? {
        try DER.sequence(node, identifier: .sequence) { nodes in
            let method = try ASN1ObjectIdentifier(derEncoded: &nodes)
            guard let location = nodes.next() else { throw CertificateFlaw.notACertificate }
            return method == ocsp ? try name(location).text : nil
        }
    }

    /// DistributionPoint: the full names where its list is; none where it says it otherwise.
    private static func distributionPoint(_ node: ASN1Node) throws -> [NameFact] {
        try DER.sequence(node, identifier: .sequence) { nodes in
            var names: [NameFact] = []
            while let part = nodes.next() {
                guard part.identifier == .context(0), case .constructed(let points) = part.content else { continue }
                for point in points where point.identifier == .context(0) {
                    guard case .constructed(let fullName) = point.content else { throw CertificateFlaw.name }
                    names += try fullName.map(name)
                }
            }
            return names
        }
    }

    /// A GeneralName as text: a directory name or an address; of all else only what kind it is.
    private static func name(_ node: ASN1Node) throws -> NameFact {
        if node.identifier == .context(4) {
            return try DER.explicitlyTagged(node, tagNumber: 4, tagClass: .contextSpecific) {
                .directory(try CertificateName($0))
            }
        }
        guard case .uniformResourceIdentifier(let address) = try GeneralName(derEncoded: node) else {
            return .other("[\(node.identifier.tagNumber)]")
        }
        return .other(address.withControlsShown)
    }
}

extension ASN1Identifier {
    fileprivate static func context(_ number: UInt) -> Self { Self(tagWithNumber: number, tagClass: .contextSpecific) }
}

// MARK: - As text

extension ExtensionFacts {
    /// The usages by their names in RFC 5280, 4.2.1.3.
    var keyUsageNames: [String] {
        guard let keyUsage else { return [] }
        let usages = [
            ("digitalSignature", keyUsage.digitalSignature), ("nonRepudiation", keyUsage.nonRepudiation),
            ("keyEncipherment", keyUsage.keyEncipherment), ("dataEncipherment", keyUsage.dataEncipherment),
            ("keyAgreement", keyUsage.keyAgreement), ("keyCertSign", keyUsage.keyCertSign),
            ("cRLSign", keyUsage.cRLSign), ("encipherOnly", keyUsage.encipherOnly),
            ("decipherOnly", keyUsage.decipherOnly),
        ]
        return usages.filter(\.1).map(\.0)
    }

    var extendedKeyUsageNames: [String] {
        (extendedKeyUsages ?? []).map { $0 == Self.clientAuthentication ? "clientAuth" : $0.dotted }
    }
}
