import FoundationEssentials
import SwiftASN1
import X509

/// A signature beside what was signed, by a key whose public half is at hand.
public struct DetachedSignature: Sendable {
    private let key: Certificate.PublicKey

    /// Reads a public key in PEM; `nil` when it is none that can be used here: RSA, or P-384.
    public init?(publicKey pem: [UInt8]) {
        guard let key = try? Certificate.PublicKey(pemEncoded: String(decoding: pem, as: UTF8.self)) else { return nil }
        self.key = key
    }

    /// Whether the key made the signature: sha256WithRSAEncryption or ecdsa-with-SHA384, whichever the key is for.
    public func isRight(_ signature: [UInt8], of message: [UInt8]) -> Bool {
        [Certificate.SignatureAlgorithm.sha256WithRSAEncryption, .ecdsaWithSHA384].contains {
            key.isValidSignature(signature, for: message, signatureAlgorithm: $0)
        }
    }
}
