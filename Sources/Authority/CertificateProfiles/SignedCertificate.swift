public import AuthorityCryptography
public import PKIX

/// A certificate put together from what was signed and its signature.
public enum SignedCertificate {
    /// Certificate in DER (RFC 5280, 4.1).
    public static func assembled(
        toBeSigned: [UInt8],
        signedWith algorithm: SignatureAlgorithm,
        signature: [UInt8]
    ) -> [UInt8] {
        var writer = DERWriter(capacity: toBeSigned.count + signature.count + 32)
        writer.sequence { certificate in
            certificate.append(toBeSigned)
            certificate.append(algorithm.identifier.encoded)
            certificate.bitString(signature)
        }
        return writer.bytes
    }
}

extension SignatureAlgorithm {
    /// As it is written into what is signed.
    public var identifier: AlgorithmIdentifier {
        switch self {
        case .rsa2048SHA256: .sha256WithRSAEncryption
        case .p384SHA384: .ecdsaWithSHA384
        }
    }
}

extension DERWriter {
    /// A Time of RFC 5280, 4.1.2.5; seconds since 1970 UTC.
    mutating func time(_ seconds: Int64) throws {
        var bytes: [UInt8] = []
        try DERTime.append(seconds, to: &bytes)
        append(bytes)
    }
}
