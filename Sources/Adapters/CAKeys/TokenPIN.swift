public import AuthorityCryptography
public import Secrets

/// Where a token's PIN comes from each time the process logs in; it is not kept in between.
public struct TokenPIN: Sendable {
    private let source: @Sendable () throws(AuthorityKeyFailure) -> SecretBytes
    /// Longest PIN, in bytes.
    static let greatestLength = 255

    /// A file of mode 0600 or 0400: everything up to its first line end.
    public static func file(_ path: String) -> TokenPIN {
        TokenPIN { () throws(AuthorityKeyFailure) -> SecretBytes in
            var bytes = try PrivateFile.read(path, limit: 1024)
            defer { wipe(&bytes) }
            var pin = SecretBytes(capacity: greatestLength)
            for byte in bytes {
                if byte == 0x0A || byte == 0x0D { break }
                guard pin.append(byte) else { throw .refused(.emptySecret) }
            }
            guard pin.count > 0 else { throw .refused(.emptySecret) }
            return pin
        }
    }

    /// A PIN that stays in this process's memory, for ceremonies.
    public static func held(_ pin: borrowing SecretBytes) -> TokenPIN {
        var bytes = pin.copy()
        let holder = Holder(SecretBytes(taking: &bytes))
        return TokenPIN { () throws(AuthorityKeyFailure) -> SecretBytes in
            var bytes = holder.pin.copy()
            return SecretBytes(taking: &bytes)
        }
    }

    private final class Holder: Sendable {
        let pin: SecretBytes
        init(_ pin: consuming SecretBytes) { self.pin = pin }
    }

    private init(_ source: @escaping @Sendable () throws(AuthorityKeyFailure) -> SecretBytes) { self.source = source }

    func read() throws(AuthorityKeyFailure) -> SecretBytes { try source() }

    /// Writes a PIN file, mode 0600, in one piece.
    public static func writeFile(
        _ pin: borrowing SecretBytes,
        to path: String,
        replacing: Bool
    ) throws(AuthorityKeyFailure) {
        var bytes = pin.copy()
        bytes.reserveCapacity(bytes.count + 1)
        bytes.append(0x0A)
        defer { wipe(&bytes) }
        try PrivateFile.write(bytes, to: path, replacing: replacing)
    }
}
