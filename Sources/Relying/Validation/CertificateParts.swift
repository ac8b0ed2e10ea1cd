import SwiftASN1
import X509

/// A certificate taken apart along RFC 5280, 4.1, and nothing of it judged.
///
/// Taken apart here and not by the certificate library: that one reads certificates of all the world, this one refuses
/// whatever is not DER to the letter, so that one signed certificate has one encoding.
struct CertificateParts: Hashable, Sendable {
    let signedBytes: [UInt8]
    let signed: SignedParts
    let algorithm: AlgorithmName
    let signature: [UInt8]

    /// As long as a file of a card can be.
    static let limit = 0xFFFF

    /// Throws ``CertificateFlaw``, or what the DER reader throws on a wrong structure.
    init(parsing der: [UInt8]) throws {
        guard !der.isEmpty else { throw CertificateFlaw.nothingThere }
        guard der.count <= Self.limit else { throw CertificateFlaw.tooLong }
        guard let root = try? DER.parse(der) else { throw CertificateFlaw.notDER }
        self = try DER.sequence(root, identifier: .sequence) { nodes in
            guard let signed = nodes.next(), let outer = nodes.next() else { throw CertificateFlaw.notACertificate }
            let signature = try ASN1BitString(derEncoded: &nodes)
            guard signature.paddingBits == 0 else { throw CertificateFlaw.notACertificate }
            return Self(
                signedBytes: Array(signed.encodedBytes),
                signed: try SignedParts(signed),
                algorithm: try AlgorithmName(outer),
                signature: Array(signature.bytes)
            )
        }
        guard algorithm == signed.algorithm else { throw CertificateFlaw.algorithmsDiffer }
    }

    private init(signedBytes: [UInt8], signed: SignedParts, algorithm: AlgorithmName, signature: [UInt8]) {
        self.signedBytes = signedBytes
        self.signed = signed
        self.algorithm = algorithm
        self.signature = signature
    }

    /// Whether `key` made the signature; false, too, for algorithms that the profile does not know.
    func isSigned(by key: CheckingKey) -> Bool { key.hasSigned(signedBytes[...], algorithm.ofProfile, signature[...]) }
}

/// What stands under the signature: TBSCertificate.
struct SignedParts: Hashable, Sendable {
    /// 1, 2 or 3, as people count versions.
    let version: Int
    /// Without leading zeros.
    let serial: [UInt8]
    let algorithm: AlgorithmName
    let issuer: CertificateName
    let notBefore: Int64
    let notAfter: Int64
    let subject: CertificateName
    let key: CertificateKey
    let extensions: [Certificate.Extension]

    /// Refuses the unique identifiers of version 2 (RFC 5280, 4.1.2.8: nobody is to issue them).
    init(_ node: ASN1Node) throws {
        self = try DER.sequence(node, identifier: .sequence) { nodes in
            let version = try DER.decodeDefaultExplicitlyTagged(
                &nodes,
                tagNumber: 0,
                tagClass: .contextSpecific,
                defaultValue: 0
            )
            guard (0...2).contains(version) else { throw CertificateFlaw.notACertificate }
            let serial = try Self.serial(try Self.next(&nodes))
            let algorithm = try AlgorithmName(try Self.next(&nodes))
            let issuer = try CertificateName(try Self.next(&nodes))
            let (notBefore, notAfter) = try DER.sequence(try Self.next(&nodes), identifier: .sequence) { times in
                (
                    try CertificateInstant.seconds(try Self.next(&times)),
                    try CertificateInstant.seconds(try Self.next(&times))
                )
            }
            return Self(
                version: version + 1,
                serial: serial,
                algorithm: algorithm,
                issuer: issuer,
                notBefore: notBefore,
                notAfter: notAfter,
                subject: try CertificateName(try Self.next(&nodes)),
                key: try CertificateKey(try Self.next(&nodes)),
                extensions: try Self.extensions(&nodes)
            )
        }
    }

    private init(
        version: Int,
        serial: [UInt8],
        algorithm: AlgorithmName,
        issuer: CertificateName,
        notBefore: Int64,
        notAfter: Int64,
        subject: CertificateName,
        key: CertificateKey,
        extensions: [Certificate.Extension]
    ) {
        self.version = version
        self.serial = serial
        self.algorithm = algorithm
        self.issuer = issuer
        self.notBefore = notBefore
        self.notAfter = notAfter
        self.subject = subject
        self.key = key
        self.extensions = extensions
    }

    private static func next(_ nodes: inout ASN1NodeCollection.Iterator) throws -> ASN1Node {
        guard let node = nodes.next() else { throw CertificateFlaw.notACertificate }
        return node
    }

    private static func serial(_ node: ASN1Node) throws -> [UInt8] {
        guard node.identifier == .integer else { throw CertificateFlaw.notACertificate }
        guard let octets = try? ArraySlice<UInt8>(derEncoded: node), octets.count <= 20 else {
            throw CertificateFlaw.serialNumber
        }
        let number = octets.drop { $0 == 0 }
        guard !number.isEmpty else { throw CertificateFlaw.serialNumber }
        return Array(number)
    }

    private static func extensions(_ nodes: inout ASN1NodeCollection.Iterator) throws -> [Certificate.Extension] {
        let extensions = try DER.optionalExplicitlyTagged(&nodes, tagNumber: 3, tagClass: .contextSpecific) {
            try DER.sequence(of: Certificate.Extension.self, identifier: .sequence, rootNode: $0)
        }
        guard let extensions else { return [] }
        guard !extensions.isEmpty else { throw CertificateFlaw.notACertificate }
        var seen: Set<ASN1ObjectIdentifier> = []
        for one in extensions where !seen.insert(one.oid).inserted {
            throw CertificateFlaw.duplicateExtension(one.oid.dotted)
        }
        return extensions
    }
}
