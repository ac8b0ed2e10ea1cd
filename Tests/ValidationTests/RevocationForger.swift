import Crypto
import PKIX
import SwiftASN1
import Validation
import X509

/// What an authority, or somebody who would like to be one, says about revocation.
extension Forger {
    /// The serial number that this authority gives its certificates in tests.
    static let serial: UInt32 = 0x0132_C4AC

    var nameDER: [UInt8] { get throws { try encoded(name) } }

    func sign(_ bytes: [UInt8]) throws -> [UInt8] {
        try key.sign(bytes: bytes, signatureAlgorithm: .sha256WithRSAEncryption).rawRepresentation
    }

    var keyIdentifier: [UInt8] { Array(SubjectKeyIdentifier(hash: key.publicKey).keyIdentifier) }

    /// The partition that a certificate names, found in it by another reader than the judge's.
    func partition(of certificate: [UInt8]) throws -> [UInt8] {
        let parsed = try Certificate(derEncoded: certificate)
        guard let points = parsed.extensions.first(where: { $0.oid == [2, 5, 29, 31] }) else { throw NoPartition() }
        var reader = DERReader(points.value)
        var list = try reader.enter(DERTag.sequence)
        var point = try list.enter(DERTag.sequence)
        var name = try point.enter(DERTag.contextConstructed(0))
        var full = try name.enter(DERTag.contextConstructed(0))
        var directory = try full.enter(DERTag.contextConstructed(4))
        return Array(try directory.readElement(DERTag.sequence))
    }

    struct NoPartition: Error {}

    /// A list of the holders' partition, changed before it is signed.
    func list(
        _ entries: [(serial: UInt32, reason: CRLReason)] = [],
        revokedAt: Int64 = Fixture.now - 500,
        number: UInt64 = 10,
        _ change: (inout CertificateListDraft) throws -> Void = { _ in }
    ) throws -> [UInt8] {
        var encoded = EncodedEntries()
        for entry in entries { try encoded.append(serial: entry.serial, revokedAt: revokedAt, reason: entry.reason) }
        var draft = CertificateListDraft(
            algorithm: .sha256WithRSAEncryption,
            issuer: try nameDER,
            thisUpdate: Fixture.now - 100,
            nextUpdate: Fixture.now + 172_800,
            entries: encoded,
            authorityKeyIdentifier: keyIdentifier,
            number: number,
            scope: IssuingDistributionPoint(name: try partition(of: issue()), .userCertificates)
        )
        try change(&draft)
        let signed = try draft.toBeSigned()
        return CertificateList.assemble(toBeSigned: signed, algorithm: draft.algorithm, signature: try sign(signed))
    }

    /// What `Certificate`'s writer and the judge hold in common: DER of a value.
    func encoded(_ value: some DERSerializable) throws -> [UInt8] {
        var serializer = DER.Serializer()
        try serializer.serialize(value)
        return serializer.serializedBytes
    }

    /// A responder's certificate in the shape of the profile, changed before it is signed.
    func responder(
        _ key: Certificate.PrivateKey,
        _ change: (inout Draft) throws -> Void = { _ in }
    ) throws -> [UInt8] {
        try issue { draft in
            draft.key = key.publicKey
            draft.serial = Certificate.SerialNumber(77)
            draft.notBefore = Fixture.now - 1000
            draft.subject = DistinguishedName([
                RelativeDistinguishedName(.init(type: .RDNAttributeType.commonName, utf8String: "OCSP"))
            ])
            draft.extensions = [
                try Certificate.Extension(KeyUsage(digitalSignature: true), critical: true),
                try Certificate.Extension(ExtendedKeyUsage([.ocspSigning]), critical: false),
                Self.noCheck,
            ]
            try change(&draft)
        }
    }

    static let noCheck = Certificate.Extension(oid: [1, 3, 6, 1, 5, 5, 7, 48, 1, 5], critical: false, value: [5, 0])

    /// The identifier of a certificate of this authority.
    func certID(_ serial: UInt32 = Forger.serial, by algorithm: HashAlgorithm = .sha1) throws -> CertID {
        let name = try nameDER
        let content = try DERReader.keyContent(try encoded(key.publicKey))
        let hash = { (bytes: [UInt8]) in
            algorithm == .sha1 ? Array(Insecure.SHA1.hash(data: bytes)) : Array(SHA256.hash(data: bytes))
        }
        return try CertID(
            algorithm,
            issuerNameHash: hash(name),
            issuerKeyHash: hash(content),
            serial: [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: serial >> $0) }
        )
    }

    /// An answer, changed before it is signed by this authority or by a responder's key.
    func answer(
        _ status: OCSPAnswer.Status = .good,
        by responder: (key: Certificate.PrivateKey, certificate: [UInt8])? = nil,
        _ change: (inout OCSPResponseDraft) throws -> Void = { _ in }
    ) throws -> [UInt8] {
        let signer = responder?.key ?? key
        var draft = OCSPResponseDraft(
            responderKeyHash: Array(
                Insecure.SHA1.hash(data: try DERReader.keyContent(try encoded(signer.publicKey)))
            ),
            producedAt: Fixture.now - 5,
            answers: [
                OCSPAnswer(
                    try certID(),
                    status,
                    thisUpdate: Fixture.now - 10,
                    nextUpdate: Fixture.now + 50
                )
            ]
        )
        try change(&draft)
        let signed = try draft.toBeSigned()
        return OCSPResponseDraft.assemble(
            toBeSigned: signed,
            algorithm: .sha256WithRSAEncryption,
            signature: try signer.sign(bytes: signed, signatureAlgorithm: .sha256WithRSAEncryption).rawRepresentation,
            certificates: responder.map { [$0.certificate] } ?? []
        )
    }
}

extension DERReader {
    /// The content of the BIT STRING of a SubjectPublicKeyInfo.
    static func keyContent(_ info: [UInt8]) throws -> [UInt8] {
        var reader = DERReader(info)
        var inner = try reader.enter(DERTag.sequence)
        _ = try inner.readElement(DERTag.sequence)
        return Array(try inner.readOctetsOfBits())
    }
}

extension [UInt8] {
    /// What is to be signed of a list, with one more extension, a critical one that nobody knows, 2.5.29.99.
    func withUnknownCriticalExtension() throws -> [UInt8] {
        let list = try CertificateList(parsing: self)
        var reader = DERReader(list.toBeSigned)
        var content = try reader.enter(DERTag.sequence)
        var elements: [ArraySlice<UInt8>] = []
        while !content.isAtEnd { elements.append(try content.readElement()) }
        var writer = DERWriter()
        writer.sequence { signed in
            for element in elements.dropLast() { signed.append(element) }
            signed.element(DERTag.contextConstructed(0)) { tagged in
                tagged.sequence { list in
                    list.append(elements.last.map(Self.inner) ?? [])
                    list.sequence { one in
                        one.objectIdentifier([0x55, 0x1D, 0x63])
                        one.append(DERTag.boolean, [0xFF])
                        one.append(DERTag.octetString, [0x05, 0x00])
                    }
                }
            }
        }
        return writer.bytes
    }

    /// The extensions inside `[0]` and its sequence.
    private static func inner(_ tagged: ArraySlice<UInt8>) -> [UInt8] {
        var reader = DERReader(tagged)
        guard var outer = try? reader.enter(DERTag.contextConstructed(0)),
            let list = try? outer.read(DERTag.sequence)
        else { return [] }
        return Array(list)
    }
}
