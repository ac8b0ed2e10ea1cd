import Crypto
import PKIX

/// How relying parties name an authority's generation in their questions: by hashes of its name and its key.
struct IssuerIdentity: Sendable {
    let algorithm: HashAlgorithm
    let nameHash: [UInt8]
    let keyHash: [UInt8]
    let generation: StatusGeneration

    /// The identities of one generation, one for each hash that is answered for.
    static func all(of generation: StatusGeneration) -> [IssuerIdentity] {
        guard let outline = try? CertificateOutline(parsing: generation.certificate) else { return [] }
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

extension CertificateOutline {
    /// SHA-1 over the key, by which certificates and answers name it (RFC 5280, 4.2.1.2; RFC 6960, 4.2.1).
    var keyIdentifier: [UInt8] { Array(Insecure.SHA1.hash(data: publicKey)) }
}
