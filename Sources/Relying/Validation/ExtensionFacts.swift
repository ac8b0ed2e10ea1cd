import PKIX
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
    private(set) var issuerAlternativeNames: [GeneralNameFact]?
    private(set) var revocationLists: [GeneralNameFact] = []
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
            extendedKeyUsages = try Self.list(one) {
                try Self.identifier(try $0.readElement(DERTag.objectIdentifier))
            }
        case .X509ExtensionID.basicConstraints:
            if case .isCertificateAuthority = try BasicConstraints(one) { isAuthority = true }
        case .X509ExtensionID.subjectKeyIdentifier:
            subjectKeyIdentifier = Array(try SubjectKeyIdentifier(one).keyIdentifier)
        case .X509ExtensionID.authorityKeyIdentifier:
            let reference = try AuthorityKeyIdentifier(one)
            issuerKey.keyIdentifier = reference.keyIdentifier.map(Array.init)
            issuerKey.serial = reference.authorityCertSerialNumber.map { $0.bytes.drop { $0 == 0 } }.map(Array.init)
        case .X509ExtensionID.subjectAlternativeName:
            holder = try CertificateHolder(try Self.list(one) { try GeneralNameFact(&$0) })
        case .X509ExtensionID.authorityInformationAccess:
            ocspResponders = try Self.list(one, Self.responder).compactMap(\.self)
        case Self.certificatePolicies:
            policies = try Self.list(one, Self.policy)
        case Self.issuerAlternativeName:
            issuerAlternativeNames = try Self.list(one) { try GeneralNameFact(&$0) }
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
    /// id-ad-ocsp, 1.3.6.1.5.5.7.48.1.
    private static let ocsp: [UInt8] = [0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x01]
    private static let clientAuthentication: ASN1ObjectIdentifier = [1, 3, 6, 1, 5, 5, 7, 3, 2]
}

// MARK: - Reading values

extension ExtensionFacts {
    /// The elements of an extension that is a SEQUENCE OF; all such have at least one (RFC 5280, 4.2.1).
    private static func list<Element>(
        _ one: Certificate.Extension,
        _ read: (inout DERReader) throws -> Element
    ) throws -> [Element] {
        guard DERReader.isWellFormed(one.value) else { throw CertificateFlaw.notDER }
        var outer = DERReader(one.value)
        var list = try outer.enter(DERTag.sequence)
        try outer.finish()
        var elements: [Element] = []
        while !list.isAtEnd { elements.append(try read(&list)) }
        guard !elements.isEmpty else { throw CertificateFlaw.notACertificate }
        return elements
    }

    /// PolicyInformation; refuses qualifiers that RFC 5280, 4.2.1.4, does not know.
    private static func policy(_ list: inout DERReader) throws -> ASN1ObjectIdentifier {
        var information = try list.enter(DERTag.sequence)
        let policy = try identifier(try information.readElement(DERTag.objectIdentifier))
        if var qualifiers = try information.enterOptional(DERTag.sequence) {
            while !qualifiers.isAtEnd {
                var qualifier = try qualifiers.enter(DERTag.sequence)
                let identifier = try qualifier.readObjectIdentifier()
                guard identifier.dropLast().elementsEqual(qualifierArc), (1...2).contains(identifier.last ?? 0) else {
                    throw CertificateFlaw.notACertificate
                }
                _ = try qualifier.readElement()
                try qualifier.finish()
            }
        }
        try information.finish()
        return policy
    }

    /// id-qt, 1.3.6.1.5.5.7.2: 1 is a practice statement, 2 a notice.
    private static let qualifierArc: [UInt8] = [0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x02]

    private static func identifier(_ encoded: ArraySlice<UInt8>) throws -> ASN1ObjectIdentifier {
        try ASN1ObjectIdentifier(derEncoded: encoded)
    }

    /// AccessDescription: the address, if it is one of OCSP.
    private static func responder(_ list: inout DERReader) throws -> String? {
        var description = try list.enter(DERTag.sequence)
        let method = try description.readObjectIdentifier()
        let location = try GeneralNameFact(&description)
        try description.finish()
        return method.elementsEqual(ocsp) ? location.text : nil
    }

    /// DistributionPoint: the full names where its list is; none where it says it otherwise.
    private static func distributionPoint(_ list: inout DERReader) throws -> [GeneralNameFact] {
        var point = try list.enter(DERTag.sequence)
        var names: [GeneralNameFact] = []
        if var name = try point.enterOptional(DERTag.contextConstructed(0)) {
            if var full = try name.enterOptional(DERTag.contextConstructed(0)) {
                while !full.isAtEnd { names.append(try GeneralNameFact(&full)) }
            } else {
                _ = try name.read(DERTag.contextConstructed(1))
            }
            try name.finish()
        }
        for tag in [DERTag.context(1), DERTag.contextConstructed(2)] { _ = try point.readOptional(tag) }
        try point.finish()
        return names
    }
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
