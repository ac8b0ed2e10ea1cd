import CardCryptography
import CardKeys
import ForeignTools
import Testing

@Suite struct `A sealing key` {
    private static let storageKey = [UInt8](repeating: 0x42, count: 32)
    private static let salt = [UInt8](repeating: 0x07, count: 16)
    private static let context = Array("block 3".utf8)

    private func key(
        _ storageKey: [UInt8] = storageKey,
        salt: [UInt8] = salt,
        purpose: String = "a test"
    ) throws -> SealingKey {
        try SealingKey(storageKey: storageKey, salt: salt, purpose: purpose)
    }

    @Test(arguments: [0, 1, 15, 16, 17, 480, 40_000]) func `opens what it sealed`(count: Int) throws {
        let plain = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
        let box = try key().seal(plain, context: Self.context)
        #expect(box.ciphertext.count == count)
        #expect(try key().open(box, context: Self.context) == plain)
    }

    @Test func `refuses a box with any bit changed`() throws {
        let key = try key()
        let box = try key.seal(Array("1234".utf8), context: Self.context)
        let bytes = box.nonce + box.ciphertext + box.tag
        for index in bytes.indices {
            for bit in 0..<8 {
                var altered = bytes
                altered[index] ^= 1 << UInt8(bit)
                let other = SealedBox(
                    nonce: Array(altered[..<12]),
                    ciphertext: Array(altered[12..<16]),
                    tag: Array(altered[16...])
                )
                #expect(try key.open(other, context: Self.context) == nil)
            }
        }
    }

    @Test(arguments: ["", "block 2", "block 30", "block 3\0"]) func `refuses a box in another context`(other: String)
        throws
    {
        let box = try key().seal([1, 2, 3], context: Self.context)
        #expect(try key().open(box, context: Array(other.utf8)) == nil)
    }

    @Test func `refuses a box of another file, another purpose or another storage key`() throws {
        let box = try key().seal([1, 2, 3], context: Self.context)
        var salt = Self.salt
        salt[15] ^= 1
        var storageKey = Self.storageKey
        storageKey[0] ^= 1
        #expect(try key(salt: salt).open(box, context: Self.context) == nil)
        #expect(try key(purpose: "another test").open(box, context: Self.context) == nil)
        #expect(try key(storageKey).open(box, context: Self.context) == nil)
    }

    @Test(arguments: [(11, 16), (13, 16), (0, 16), (12, 15), (12, 4), (12, 0), (12, 17)])
    func `refuses a nonce or a tag of another length`(nonce: Int, tag: Int) throws {
        let box = try key().seal([1, 2, 3], context: Self.context)
        let other = SealedBox(
            nonce: Array((box.nonce + [0]).prefix(nonce)),
            ciphertext: box.ciphertext,
            tag: Array((box.tag + [0]).prefix(tag))
        )
        #expect(try key().open(other, context: Self.context) == nil)
    }

    @Test func `never seals twice alike`() throws {
        let key = try key()
        let boxes = try (0..<50).map { _ in try key.seal([1, 2, 3], context: []) }
        #expect(Set(boxes.map(\.nonce)).count == 50)
        #expect(Set(boxes.map(\.ciphertext)).count > 1)
    }

    @Test(arguments: [0, 16, 31]) func `is not made of a storage key that is too short`(count: Int) {
        #expect(throws: CryptographyFailure("storage key shorter than 32 bytes")) {
            try SealingKey(storageKey: [UInt8](repeating: 1, count: count), salt: Self.salt, purpose: "a test")
        }
    }
}

@Suite struct `A storage key from a passphrase` {
    private static let passphrase = Array("正しい馬の電池".utf8)
    private static let salt = [UInt8](repeating: 0x5A, count: 16)

    @Test func `is scrypt with N 32,768, r 8 and p 1, as a foreign program reckons it`() throws {
        func hex(_ bytes: [UInt8]) -> String {
            bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        }
        let answer = try OpenSSLProgram.run([
            "kdf", "-keylen", "32", "-binary", "-kdfopt", "hexpass:" + hex(Self.passphrase), "-kdfopt",
            "hexsalt:" + hex(Self.salt), "-kdfopt", "n:32768", "-kdfopt", "r:8", "-kdfopt", "p:1", "-kdfopt",
            "maxmem_bytes:67108864", "SCRYPT",
        ])
        #expect(answer.output.count == 32)
        #expect(try SealingKey.storageKey(passphrase: Self.passphrase, salt: Self.salt) == answer.output)
    }

    @Test func `is another with any other passphrase or salt`() throws {
        let key = try SealingKey.storageKey(passphrase: Self.passphrase, salt: Self.salt)
        let others = try [
            SealingKey.storageKey(passphrase: Self.passphrase + [0x20], salt: Self.salt),
            SealingKey.storageKey(passphrase: Array(Self.passphrase.dropLast()), salt: Self.salt),
            SealingKey.storageKey(passphrase: Self.passphrase, salt: Self.salt + [0]),
        ]
        #expect(Set(others + [key]).count == 4)
        #expect(key.count == 32)
    }
}
