import Crypto

/// How the log names bytes it does not hold.
public enum Fingerprint {
    /// SHA-256 in 64 small hexadecimal digits.
    public static func of(_ bytes: [UInt8]) -> String { Array(SHA256.hash(data: bytes)).hexadecimal }
}
