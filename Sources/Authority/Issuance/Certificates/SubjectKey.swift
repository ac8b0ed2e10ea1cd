import AuthorityCryptography
import Crypto
import PKIX
import SwiftASN1
import X509

/// The key a certificate is to be about, and whether whoever asked has shown to have it.
struct SubjectKey {
    /// SubjectPublicKeyInfo in DER.
    let info: [UInt8]
    let isProven: Bool
    /// The algorithm that a generation of cards uses such a key with.
    let algorithm: SignatureAlgorithm

    init(_ requested: RequestedKey, of identifier: String) throws(IssuanceError) {
        switch requested {
        case .own(let info):
            algorithm = try Usable(info[...]).algorithm
            self.info = info
            isProven = false
        case .proven(let der):
            guard let request = try? CertificationRequest(parsing: der) else { throw .malformedRequest }
            guard request.onlyCommonName == identifier else { throw .requestForOther }
            let key = try Usable(request.subjectPublicKeyInfo)
            guard key.signed(request, der) else { throw .notProven }
            algorithm = key.algorithm
            info = Array(request.subjectPublicKeyInfo)
            isProven = true
        }
    }

    /// A key of one of the two kinds that certificates are about.
    private enum Usable {
        case rsa(CardPublicKey)
        case p384(P384.Signing.PublicKey)

        init(_ info: ArraySlice<UInt8>) throws(IssuanceError) {
            switch try? PublicKeyOutline(subjectPublicKeyInfo: info) {
            case .rsa(let modulus, let exponent):
                let key = try CardPublicKey(modulus: Array(modulus), exponent: Array(exponent))
                _ = try key.libraryKey()
                self = .rsa(key)
            case .p384(let point):
                guard let key = try? P384.Signing.PublicKey(x963Representation: point) else { throw .unusableKey }
                self = .p384(key)
            case nil:
                throw .unusableKey
            }
        }

        var algorithm: SignatureAlgorithm {
            switch self {
            case .rsa: .rsa2048SHA256
            case .p384: .p384SHA384
            }
        }

        /// Whether the key's signature is on a request (RFC 2986, 4.2).
        func signed(_ request: CertificationRequest, _ der: [UInt8]) -> Bool {
            switch (self, request.algorithm) {
            case (.rsa(let key), .sha256WithRSAEncryption):
                return key.verifies(Array(request.signature), over: Array(request.signed))
            case (.p384(let key), .ecdsaWithSHA384):
                let signature = try? P384.Signing.ECDSASignature(derRepresentation: request.signature)
                return signature.map { key.isValidSignature($0, for: SHA384.hash(data: request.signed)) } ?? false
            default:
                // The hash is the requester's choice.
                guard let request = try? CertificateSigningRequest(derEncoded: der) else { return false }
                return request.publicKey.isValidSignature(request.signature, for: request)
            }
        }
    }
}
