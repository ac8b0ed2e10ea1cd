import Crypto
import PKIX

/// Of a certificate, what lists and answers need: its subject's name and key.
struct AuthorityOutline: Hashable, Sendable {
    /// Name in DER.
    let subject: [UInt8]
    /// The content of the public key's BIT STRING, without its count of unused bits.
    let publicKey: [UInt8]

    init(parsing certificate: [UInt8]) throws(PKIXFlaw) {
        var whole = DERReader(certificate)
        var outer = try whole.enter(DERTag.sequence)
        var fields = try outer.enter(DERTag.sequence)
        _ = try fields.readOptional(DERTag.contextConstructed(0))
        _ = try fields.readInteger()
        // Algorithm, issuer, validity.
        for _ in 0..<3 { _ = try fields.read(DERTag.sequence) }
        subject = Array(try fields.readElement(DERTag.sequence))
        var information = try fields.enter(DERTag.sequence)
        _ = try information.read(DERTag.sequence)
        publicKey = Array(try information.readOctetsOfBits())
    }

    /// SHA-1 over the key, by which certificates and answers name it (RFC 5280, 4.2.1.2; RFC 6960, 4.2.1).
    var keyIdentifier: [UInt8] { Array(Insecure.SHA1.hash(data: publicKey)) }
}

/// How relying parties name an authority's generation in their questions: by hashes of its name and its key.
struct IssuerIdentity: Sendable {
    let algorithm: HashAlgorithm
    let nameHash: [UInt8]
    let keyHash: [UInt8]
    let generation: StatusGeneration

    /// The identities of one generation, one for each hash that is answered for.
    static func all(of generation: StatusGeneration) -> [IssuerIdentity] {
        guard let outline = try? AuthorityOutline(parsing: generation.certificate) else { return [] }
        return [
            IssuerIdentity(
                algorithm: .sha1,
                nameHash: Array(Insecure.SHA1.hash(data: outline.subject)),
                keyHash: outline.keyIdentifier,
                generation: generation
            ),
            IssuerIdentity(
                algorithm: .sha256,
                nameHash: Array(SHA256.hash(data: outline.subject)),
                keyHash: Array(SHA256.hash(data: outline.publicKey)),
                generation: generation
            ),
        ]
    }

    func isNamed(by certificate: CertID) -> Bool {
        certificate.algorithm == algorithm && certificate.issuerKeyHash.elementsEqual(keyHash)
            && certificate.issuerNameHash.elementsEqual(nameHash)
    }
}
