import PKIX
import SwiftASN1

/// The public key in a certificate: what kind it is, and its bytes.
struct CertificateKey: Hashable, Sendable {
    /// SubjectPublicKeyInfo in DER.
    let encoded: [UInt8]
    /// `RSA`, `EC P-384`, or an object identifier.
    let algorithm: String
    let bits: Int?
    /// The public key without tag, length and unused bits: what key hashes are over (RFC 6960, 4.1.1).
    let content: [UInt8]
    /// Whether the profile knows such keys: RSA-2048 with exponent 65537 today, P-384 on the next card.
    let isOfProfile: Bool

    /// Reads SubjectPublicKeyInfo; a key of a kind unknown here is read too, and is not of the profile.
    init(_ node: ASN1Node) throws {
        encoded = Array(node.encodedBytes)
        let (identifier, key) = try DER.sequence(node, identifier: .sequence) { nodes in
            guard let algorithm = nodes.next() else { throw CertificateFlaw.notACertificate }
            return (try AlgorithmName(algorithm), try ASN1BitString(derEncoded: &nodes))
        }
        guard key.paddingBits == 0 else { throw CertificateFlaw.notACertificate }
        content = Array(key.bytes)
        switch (identifier.name, identifier.parameters) {
        case (Self.rsa, Self.null):
            let (modulus, exponent) = try Self.rsaNumbers(key.bytes)
            algorithm = "RSA"
            bits = modulus.count * 8 - (modulus.first?.leadingZeroBitCount ?? 0)
            isOfProfile = bits == 2048 && exponent.elementsEqual([0x01, 0x00, 0x01])
        case (Self.ellipticCurve, Self.p384):
            algorithm = "EC P-384"
            bits = 384
            isOfProfile = true
        case (Self.ellipticCurve, Self.p256):
            algorithm = "EC P-256"
            bits = 256
            isOfProfile = false
        case (let other, _):
            algorithm = other.dotted
            bits = nil
            isOfProfile = false
        }
    }

    private static func rsaNumbers(_ bytes: ArraySlice<UInt8>) throws -> (ArraySlice<UInt8>, ArraySlice<UInt8>) {
        try DER.sequence(DER.parse(bytes), identifier: .sequence) { nodes in
            (try ArraySlice<UInt8>(derEncoded: &nodes), try ArraySlice<UInt8>(derEncoded: &nodes))
        }
    }

    private static let rsa: ASN1ObjectIdentifier = [1, 2, 840, 113_549, 1, 1, 1]
    private static let ellipticCurve: ASN1ObjectIdentifier = [1, 2, 840, 10_045, 2, 1]
    private static let null: [UInt8] = [0x05, 0x00]
    /// secp384r1 and secp256r1, as encoded object identifiers (RFC 5480, 2.1.1.1).
    private static let p384: [UInt8] = [0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x22]
    private static let p256: [UInt8] = [0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07]
}

/// An AlgorithmIdentifier: which algorithm, and its parameters as encoded.
struct AlgorithmName: Hashable, Sendable {
    let name: ASN1ObjectIdentifier
    /// Empty when absent.
    let parameters: [UInt8]

    init(_ node: ASN1Node) throws {
        (name, parameters) = try DER.sequence(node, identifier: .sequence) { nodes in
            (try ASN1ObjectIdentifier(derEncoded: &nodes), nodes.next().map { Array($0.encodedBytes) } ?? [])
        }
    }

    /// The algorithm, where the profile knows it.
    var ofProfile: AlgorithmIdentifier? {
        switch (name, parameters) {
        // RFC 4055, 5: NULL, and absent parameters are to be taken for the same.
        case (Self.sha256WithRSA, [0x05, 0x00]), (Self.sha256WithRSA, []): .sha256WithRSAEncryption
        case (Self.ecdsaWithSHA384, []): .ecdsaWithSHA384
        default: nil
        }
    }

    /// The usual name of the algorithm, or its identifier.
    var text: String {
        switch name {
        case Self.sha256WithRSA: "sha256WithRSAEncryption"
        case Self.ecdsaWithSHA384: "ecdsa-with-SHA384"
        default: name.dotted
        }
    }

    private static let sha256WithRSA: ASN1ObjectIdentifier = [1, 2, 840, 113_549, 1, 1, 11]
    private static let ecdsaWithSHA384: ASN1ObjectIdentifier = [1, 2, 840, 10_045, 4, 3, 3]
}
