import CardCryptography
import CardKeys
import ForeignTools
import Testing

/// One key for the whole suite; making one takes long.
private let library = OpenSSLCryptography()
private let shared: OpenSSLKey? = try? library.generateKey()

private func key() throws -> OpenSSLKey { try #require(shared) }

@Suite struct `A private key in the card` {
    static let message = Array("番号　花子の申請書".utf8)

    /// `00 01 FF … 00` and a DigestInfo: what a terminal's signature comes down to (RFC 8017, 9.2).
    private static func block(_ digest: [UInt8]) -> [UInt8] {
        let wrapper: [UInt8] = [
            0x30, 0x31, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04,
            0x20,
        ]
        return [0x00, 0x01] + [UInt8](repeating: 0xFF, count: 202) + [0x00] + wrapper + digest
    }

    private func verdict(_ signature: [UInt8], of message: [UInt8], _ options: [String] = []) throws -> Int32 {
        try OpenSSLProgram.run(
            ["dgst", "-sha256"] + options + [
                "-keyform", "DER", "-verify", "key", "-signature", "signature", "message",
            ],
            files: [
                "key": OpenSSLProgram.publicKey(modulus: try key().modulus), "signature": signature, "message": message,
            ]
        ).status
    }

    @Test func `is the same key after being kept as bytes`() throws {
        let key = try key()
        let bytes = try key.encoded()
        let again = try library.key(decoding: bytes)
        #expect(again.modulus == key.modulus)
        #expect(try again.encoded() == bytes)
        let block = Self.block(try library.sha256(Self.message))
        #expect(try again.privateOperation(block) == key.privateOperation(block))
    }

    @Test func `has 2,048 bits of modulus, the highest one set, and is odd`() throws {
        let modulus = try key().modulus
        #expect(modulus.count == 256)
        #expect(modulus[0] & 0x80 != 0)
        #expect(modulus[255] & 1 == 1)
    }

    @Test func `is another one every time`() throws {
        #expect(try library.generateKey().modulus != key().modulus)
    }

    @Test func `signs a padded digest so that a foreign program agrees`() throws {
        let signature = try key().privateOperation(Self.block(try library.sha256(Self.message)))
        #expect(try verdict(signature, of: Self.message) == 0)
        #expect(try verdict(signature, of: Self.message + [0x21]) != 0)
        #expect(library.isValidSignature(signature, of: Self.message, modulus: try key().modulus))
    }

    @Test func `signs with PSS and exactly 32 bytes of salt`() throws {
        let digest = try library.sha256(Self.message)
        let signature = try key().signPSS(digest: digest)
        func options(_ salt: Int) -> [String] {
            ["-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:\(salt)", "-sigopt", "rsa_mgf1_md:sha256"]
        }
        #expect(try verdict(signature, of: Self.message, options(32)) == 0)
        #expect(try verdict(signature, of: Self.message, options(20)) != 0)
        #expect(try verdict(signature, of: Self.message, options(0)) != 0)
        #expect(try verdict(signature, of: [], options(32)) != 0)
        #expect(try key().signPSS(digest: digest) != signature, "the salt is random")
    }

    @Test(arguments: [0, 31, 33, 64]) func `does not sign with PSS what is no SHA-256 digest`(count: Int) throws {
        let key = try key()
        #expect(throws: CryptographyFailure("EVP_PKEY_sign")) {
            try key.signPSS(digest: [UInt8](repeating: 1, count: count))
        }
    }

    @Test(arguments: [0, 1, 255, 257]) func `does nothing with a block of another length than its own`(count: Int)
        throws
    {
        let key = try key()
        #expect(throws: CryptographyFailure("EVP_PKEY_sign")) {
            try key.privateOperation([UInt8](repeating: 1, count: count))
        }
    }

    @Test func `does nothing with a block that is no less than its modulus`() throws {
        let key = try key()
        #expect(throws: CryptographyFailure("EVP_PKEY_sign")) { try key.privateOperation(key.modulus) }
        #expect(throws: CryptographyFailure("EVP_PKEY_sign")) {
            try key.privateOperation([UInt8](repeating: 0xFF, count: 256))
        }
    }

    // MARK: - Deciphering

    private func encipher(_ plain: [UInt8], _ options: [String]) throws -> [UInt8] {
        let answer = try OpenSSLProgram.run(
            ["pkeyutl", "-encrypt", "-pubin", "-keyform", "DER", "-inkey", "key", "-in", "plain"]
                + options.flatMap { ["-pkeyopt", $0] },
            files: ["key": OpenSSLProgram.publicKey(modulus: try key().modulus), "plain": plain]
        )
        #expect(answer.status == 0)
        return answer.output
    }

    private static let oaep = ["rsa_padding_mode:oaep", "rsa_oaep_md:sha256", "rsa_mgf1_md:sha256"]

    @Test(arguments: [1, 16, 32, 190]) func `deciphers what a foreign program enciphered`(count: Int) throws {
        let plain = (0..<count).map { UInt8($0) }
        #expect(try key().decryptOAEP(try encipher(plain, Self.oaep), length: count).text == plain)
    }

    @Test(arguments: [
        ["rsa_padding_mode:pkcs1"], ["rsa_padding_mode:oaep", "rsa_oaep_md:sha1"],
        ["rsa_padding_mode:oaep", "rsa_oaep_md:sha256", "rsa_mgf1_md:sha1"],
        ["rsa_padding_mode:oaep", "rsa_oaep_md:sha256", "rsa_mgf1_md:sha256", "rsa_oaep_label:00"],
    ])
    func `deciphers no other padding`(options: [String]) throws {
        #expect(try key().decryptOAEP(try encipher([1, 2, 3], options), length: 3).text == nil)
    }

    @Test(arguments: [0, 15, 17, 190]) func `deciphers no text of another length, and gives as many bytes`(length: Int)
        throws
    {
        let opened = try key().decryptOAEP(try encipher((0..<16).map { UInt8($0) }, Self.oaep), length: length)
        #expect(opened.text == nil)
        #expect(opened.bytes.count == length)
    }

    @Test func `deciphers nothing that was altered`() throws {
        let cipher = try encipher([1, 2, 3], Self.oaep)
        for index in [1, 17, 128, 255] {
            var altered = cipher
            altered[index] ^= 0x01
            #expect(try key().decryptOAEP(altered, length: 3).text == nil)
        }
    }

    @Test(arguments: [0, 1, 255, 256, 257]) func `deciphers no garbage`(count: Int) throws {
        #expect(try key().decryptOAEP([UInt8](repeating: 0xA5, count: count), length: 36).text == nil)
    }

    // MARK: - Bytes that are no such key

    @Test func `is not made of bytes that are none`() throws {
        let bytes = try key().encoded()
        for wrong in [[], [0x30], Array(bytes.dropLast()), [UInt8](repeating: 0, count: 1200), Array("key".utf8)] {
            #expect(throws: CryptographyFailure("d2i_AutoPrivateKey")) { try library.key(decoding: wrong) }
        }
    }

    @Test(arguments: [
        ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"],
        ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:3072"],
    ])
    func `is not made of an RSA key of another length`(options: [String]) throws {
        let made = try OpenSSLProgram.run(["genpkey", "-outform", "DER"] + options)
        #expect(made.status == 0)
        #expect(throws: CryptographyFailure("not an RSA-2048 key")) { try library.key(decoding: made.output) }
    }

    @Test func `is not made of a key on an elliptic curve`() throws {
        let made = try OpenSSLProgram.run(
            ["genpkey", "-outform", "DER", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"])
        #expect(made.status == 0)
        #expect(throws: CryptographyFailure("EVP_PKEY_get_bn_param")) { try library.key(decoding: made.output) }
    }
}

@Suite struct `Checking a signature` {
    private static let message: [UInt8] = [1, 2, 3]

    @Test func `finds a change of signature, message or key`() throws {
        let key = try key()
        let signature = try OpenSSLProgram.run(
            ["dgst", "-sha256", "-keyform", "DER", "-sign", "key", "message"],
            files: ["key": try key.encoded(), "message": Self.message]
        ).output
        #expect(library.isValidSignature(signature, of: Self.message, modulus: key.modulus))
        #expect(!library.isValidSignature(signature, of: Self.message + [0], modulus: key.modulus))
        #expect(!library.isValidSignature(Array(signature.dropLast()), of: Self.message, modulus: key.modulus))
        #expect(!library.isValidSignature([], of: Self.message, modulus: key.modulus))
        for index in stride(from: 0, to: 256, by: 15) {
            var altered = signature
            altered[index] ^= 0x80
            #expect(!library.isValidSignature(altered, of: Self.message, modulus: key.modulus))
        }
        for wrong in [[], [0], [UInt8](repeating: 0, count: 256), Array(key.modulus.reversed())] as [[UInt8]] {
            #expect(!library.isValidSignature(signature, of: Self.message, modulus: wrong))
        }
    }
}
