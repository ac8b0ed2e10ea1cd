public import CardCryptography
import CardKeys
import Synchronization

/// Cryptography that is the card's own but for RSA, which is a fast imitation: for runs of many commands.
///
/// A signature is a mixture of modulus and block that anybody can make again; nothing about it is secret.
public struct FakeCryptography: CardCryptography {
    private let library = OpenSSLCryptography()
    private let keys = CallCounter()
    /// How often a keyed hash was asked for, which is how often a value was compared.
    public let comparisons = CallCounter()

    private let random: SeededRandomness?

    /// With a seed, its random bytes are the same at every run.
    public init(seed: UInt64? = nil) { random = seed.map(SeededRandomness.init) }

    public func generateKey() throws(CryptographyFailure) -> FakeKey { FakeKey(seed: UInt64(keys.increment())) }

    public func key(decoding bytes: [UInt8]) throws(CryptographyFailure) -> FakeKey {
        guard bytes.count == 8 else { throw CryptographyFailure("fake key") }
        return FakeKey(seed: bytes.reduce(0) { $0 << 8 | UInt64($1) })
    }

    public func randomBytes(_ count: Int) throws(CryptographyFailure) -> [UInt8] {
        if let random { return random.bytes(count) }
        return try library.randomBytes(count)
    }

    public func sha256(_ message: [UInt8]) throws(CryptographyFailure) -> [UInt8] { try library.sha256(message) }

    public func hmacSHA256(key: [UInt8], _ message: [UInt8]) throws(CryptographyFailure) -> [UInt8] {
        _ = comparisons.increment()
        return try library.hmacSHA256(key: key, message)
    }

    public func aesCBC(
        _ direction: CipherDirection,
        key: [UInt8],
        iv: [UInt8],
        _ bytes: [UInt8]
    ) throws(CryptographyFailure) -> [UInt8] {
        try library.aesCBC(direction, key: key, iv: iv, bytes)
    }

    public func isValidSignature(_ signature: [UInt8], of message: [UInt8], modulus: [UInt8]) -> Bool {
        guard let digest = try? library.sha256(message) else { return false }
        return signature == FakeKey.mixture(modulus, paddedDigestInfo(digest))
    }
}

/// A key that is one number.
public struct FakeKey: CardKey {
    private let seed: UInt64
    public let modulus: [UInt8]

    public init(seed: UInt64) {
        self.seed = seed
        var generator = SeededGenerator(seed: seed &+ 0xFACE)
        modulus = [0xC5] + generator.bytes(254) + [0x01]
    }

    public func privateOperation(_ block: [UInt8]) throws(CryptographyFailure) -> [UInt8] {
        guard block.count == 256 else { throw CryptographyFailure("a block must be as long as the modulus") }
        return Self.mixture(modulus, block)
    }

    public func signPSS(digest: [UInt8]) throws(CryptographyFailure) -> [UInt8] {
        guard digest.count == 32 else { throw CryptographyFailure("a digest must be 32 bytes long") }
        return Self.mixture(modulus, digest)
    }

    /// ``sealed(_:)`` undone; wrong for all other bytes.
    public func decryptOAEP(_ ciphertext: [UInt8], length: Int) throws(CryptographyFailure) -> OpenedText {
        guard ciphertext.count == 256, ciphertext[0] == 0, ciphertext[1] == 0x5A, ciphertext[2] & 0x3F == length else {
            return OpenedText(bytes: [UInt8](repeating: 0, count: length), isRight: false)
        }
        return OpenedText(bytes: Array(ciphertext[3..<(3 + length)]), isRight: true)
    }

    public func encoded() throws(CryptographyFailure) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: seed >> (56 - 8 * UInt64($0))) }
    }

    /// What this key deciphers to `plain`, at most 63 bytes.
    public static func sealed(_ plain: [UInt8]) -> [UInt8] {
        [0x00, 0x5A, UInt8(plain.count)] + plain + [UInt8](repeating: 0, count: 253 - plain.count)
    }

    static func mixture(_ modulus: [UInt8], _ block: [UInt8]) -> [UInt8] {
        var sum: UInt64 = 14_695_981_039_346_656_037
        for byte in modulus.prefix(16) { sum = (sum ^ UInt64(byte)) &* 1_099_511_628_211 }
        for byte in block { sum = (sum ^ UInt64(byte)) &* 1_099_511_628_211 }
        var generator = SeededGenerator(seed: sum)
        return generator.bytes(256)
    }
}

/// Random bytes that several copies of a card take from one sequence.
private final class SeededRandomness: Sendable {
    private let generator: Mutex<SeededGenerator>

    init(_ seed: UInt64) { generator = Mutex(SeededGenerator(seed: seed)) }

    func bytes(_ count: Int) -> [UInt8] { generator.withLock { $0.bytes(count) } }
}

/// A number that several copies of a card count up together.
public final class CallCounter: Sendable {
    private let value = Mutex(0)

    public init() {}

    public var count: Int { value.withLock { $0 } }

    public func increment() -> Int {
        value.withLock { value in
            value += 1
            return value
        }
    }
}

/// The block of sha256WithRSAEncryption for a 2048-bit key (RFC 8017, 9.2), written out by hand.
public func paddedDigestInfo(_ digest: [UInt8]) -> [UInt8] {
    paddedBlock(
        [
            0x30, 0x31, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04,
            0x20,
        ] + digest
    )
}

/// `00 01 FF … FF 00` and the bytes, 256 in all.
public func paddedBlock(_ bytes: [UInt8]) -> [UInt8] {
    [0x00, 0x01] + [UInt8](repeating: 0xFF, count: 253 - bytes.count) + [0x00] + bytes
}
