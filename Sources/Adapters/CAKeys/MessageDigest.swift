internal import AuthorityCryptography
internal import COpenSSL

/// Digests by libcrypto (FIPS 180-4).
enum MessageDigest {
    static func sha256(_ message: [UInt8]) -> [UInt8] { unsafe digest(message, EVP_sha256(), 32) }
    static func sha384(_ message: [UInt8]) -> [UInt8] { unsafe digest(message, EVP_sha384(), 48) }

    /// Empty where the library fails; no caller takes a digest of that length.
    @unsafe private static func digest(_ message: [UInt8], _ function: OpaquePointer?, _ length: Int) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: length)
        var count: UInt32 = 0
        let status = unsafe EVP_Digest(message, message.count, &digest, &count, function, nil)
        return status == 1 && Int(count) == length ? digest : []
    }
}
