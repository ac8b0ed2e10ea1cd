import PKIX
import SwiftASN1
import X509

/// A public key ready for checking signatures.
struct CheckingKey: Hashable, Sendable {
    private let key: Certificate.PublicKey

    /// `nil` for keys that the profile does not know, and for numbers that make no key.
    init?(_ key: CertificateKey) {
        guard key.isOfProfile, let made = try? Certificate.PublicKey(derEncoded: key.encoded) else { return nil }
        self.key = made
    }

    /// Whether this key signed something; false, too, for algorithms that the profile does not know.
    func hasSigned(
        _ bytes: ArraySlice<UInt8>,
        _ algorithm: AlgorithmIdentifier?,
        _ signature: ArraySlice<UInt8>
    ) -> Bool {
        guard let algorithm else { return false }
        let checking: Certificate.SignatureAlgorithm =
            switch algorithm {
            case .sha256WithRSAEncryption: .sha256WithRSAEncryption
            case .ecdsaWithSHA384: .ecdsaWithSHA384
            }
        return key.isValidSignature(signature, for: bytes, signatureAlgorithm: checking)
    }
}
