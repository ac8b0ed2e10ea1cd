internal import COpenSSL
public import CardCryptography

/// The hash functions signatures are made over (FIPS 180-4).
public enum HashAlgorithm: Hashable, Sendable {
    /// For old verifiers only; collisions are known.
    case sha1
    case sha256
    case sha384
    case sha512
}

extension OpenSSLCryptography {
    /// The digest of a message.
    public func digest(_ message: [UInt8], by algorithm: HashAlgorithm) throws(CryptographyFailure) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 64)
        var length: UInt32 = 0
        let function =
            switch algorithm {
            case .sha1: unsafe EVP_sha1()
            case .sha256: unsafe EVP_sha256()
            case .sha384: unsafe EVP_sha384()
            case .sha512: unsafe EVP_sha512()
            }
        guard unsafe EVP_Digest(message, message.count, &digest, &length, function, nil) == 1 else {
            throw CryptographyFailure("EVP_Digest")
        }
        return Array(digest.prefix(Int(length)))
    }
}
