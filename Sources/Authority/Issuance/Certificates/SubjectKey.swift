import AuthorityCryptography
import Crypto
import CryptoExtras
import SwiftASN1
import X509

/// The key a certificate is to be about, and whether whoever asked has shown to have it.
struct SubjectKey {
    let key: Certificate.PublicKey
    let isProven: Bool
    /// The algorithm that a generation of cards uses such a key with.
    let algorithm: SignatureAlgorithm

    init(_ requested: RequestedKey, of identifier: String) throws(IssuanceError) {
        switch requested {
        case .own(let info):
            guard let key = try? Certificate.PublicKey(derEncoded: info) else { throw .unusableKey }
            self.key = key
            isProven = false
        case .proven(let request):
            key = try Self.proven(request, of: identifier)
            isProven = true
        }
        algorithm = try Self.algorithm(of: key)
    }

    /// Reads a CertificationRequest and checks the key's signature on it (RFC 2986, 4.2).
    private static func proven(_ der: [UInt8], of identifier: String) throws(IssuanceError) -> Certificate.PublicKey {
        guard let request = try? CertificateSigningRequest(derEncoded: der) else { throw .malformedRequest }
        // The library would read a signature with unused bits, which no algorithm here has.
        guard (try? signature(of: der))?.paddingBits == 0 else { throw .malformedRequest }
        let names = Array(request.subject)
        guard names.count == 1, names[0].count == 1, let name = names[0].first,
            name.type == .RDNAttributeType.commonName, String(name.value) == identifier
        else { throw .requestForOther }
        guard request.publicKey.isValidSignature(request.signature, for: request) else { throw .notProven }
        return request.publicKey
    }

    private static func signature(of request: [UInt8]) throws -> ASN1BitString {
        try DER.sequence(try DER.parse(request), identifier: .sequence) { fields in
            _ = fields.next()
            _ = fields.next()
            return try ASN1BitString(derEncoded: &fields)
        }
    }

    private static func algorithm(of key: Certificate.PublicKey) throws(IssuanceError) -> SignatureAlgorithm {
        if let rsa = _RSA.Signing.PublicKey(key) {
            guard let numbers = try? rsa.getKeyPrimitives() else { throw .unusableKey }
            _ = try CardPublicKey(modulus: Array(numbers.modulus), exponent: Array(numbers.publicExponent))
            return .rsa2048SHA256
        }
        guard P384.Signing.PublicKey(key) != nil else { throw .unusableKey }
        return .p384SHA384
    }
}
