import CardCryptography
import CardKeys
import Testing

private let library = OpenSSLCryptography()

private func bytes(_ hex: String) -> [UInt8] {
    let digits = hex.filter { !$0.isWhitespace }
    return stride(from: 0, to: digits.count, by: 2).compactMap { index in
        UInt8(digits.dropFirst(index).prefix(2), radix: 16)
    }
}

@Suite struct `The cryptography agrees with what was published` {
    /// FIPS 180-4's examples, and the empty message.
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ])
    func `for SHA-256`(message: String, digest: String) throws {
        #expect(try library.sha256(Array(message.utf8)) == bytes(digest))
    }

    /// RFC 4231, 4.2 to 4.7.
    @Test(arguments: [
        (
            [UInt8](repeating: 0x0B, count: 20), "Hi There",
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        ),
        (
            Array("Jefe".utf8), "what do ya want for nothing?",
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        ),
        (
            [UInt8](repeating: 0xAA, count: 131), "Test Using Larger Than Block-Size Key - Hash Key First",
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        ),
        ([], "", "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"),
    ])
    func `for HMAC-SHA-256`(key: [UInt8], message: String, code: String) throws {
        #expect(try library.hmacSHA256(key: key, Array(message.utf8)) == bytes(code))
    }

    private static let key = bytes("2b7e151628aed2a6abf7158809cf4f3c")
    private static let iv = bytes("000102030405060708090a0b0c0d0e0f")
    private static let plain = bytes(
        """
        6bc1bee22e409f96e93d7e117393172a ae2d8a571e03ac9c9eb76fac45af8e51
        30c81c46a35ce411e5fbc1191a0a52ef f69f2445df4f9b17ad2b417be66c3710
        """
    )
    private static let cipher = bytes(
        """
        7649abac8119b246cee98e9b12e9197d 5086cb9b507219ee95db113a917678b2
        73bed6b8e3c1743b7116e69e22229516 3ff1caa1681fac09120eca307586e1a7
        """
    )

    /// NIST SP 800-38A, F.2.1 and F.2.2.
    @Test(arguments: [0, 1, 4]) func `for AES-128-CBC, without padding`(blocks: Int) throws {
        let plain = Array(Self.plain.prefix(16 * blocks))
        let cipher = Array(Self.cipher.prefix(16 * blocks))
        #expect(try library.aesCBC(.encrypt, key: Self.key, iv: Self.iv, plain) == cipher)
        #expect(try library.aesCBC(.decrypt, key: Self.key, iv: Self.iv, cipher) == plain)
    }

    @Test(arguments: [(15, 16, 16), (17, 16, 16), (32, 16, 16), (16, 15, 16), (16, 0, 16), (16, 16, 15), (16, 16, 1)])
    func `and takes no other lengths for AES-128-CBC`(key: Int, iv: Int, count: Int) {
        #expect(throws: CryptographyFailure("AES-CBC lengths")) {
            try library.aesCBC(
                .encrypt,
                key: Array(repeating: 1, count: key),
                iv: Array(repeating: 2, count: iv),
                Array(repeating: 3, count: count)
            )
        }
    }

    @Test(arguments: [0, 1, 16, 256]) func `and gives as many random bytes as wanted`(count: Int) throws {
        let some = try library.randomBytes(count)
        #expect(some.count == count)
        if count >= 16 { #expect(try library.randomBytes(count) != some) }
    }
}
