import CardProfiles
import TLV

/// The content of the card's files, byte by byte.
///
/// Layouts: docs/card/ (myna-card, myna, jsapdu, pymyna agree on them).
enum CardRecords {
    /// `90 03 010001 91 820100 <256>`: a public key as the card writes it, 265 bytes.
    static func publicKey(_ modulus: [UInt8]) -> [UInt8] {
        TLVWriter.encoded(0x90, [0x01, 0x00, 0x01]) + TLVWriter.encoded(0x91, modulus)
    }

    /// A 16-byte key id: seven digits, `08 05`, three digits, three zeros and the level.
    static func keyID(_ number: String, group: String = "001", level: UInt8 = 0) -> [UInt8] {
        Array(number.utf8) + [0x08, 0x05] + Array(group.utf8) + [0, 0, 0, level]
    }

    /// A record in simple TLV: one byte of tag, one of length.
    static func record(_ tag: UInt8, _ value: [UInt8]) -> [UInt8] { [tag, UInt8(value.count)] + value }

    /// JPKI 0006: a PKCS #11 CK_TOKEN_INFO with 32-bit big-endian integers, 160 bytes.
    static func tokenInformation(label: String, serial: String) -> [UInt8] {
        func padded(_ text: String, _ count: Int) -> [UInt8] {
            Array(text.utf8.prefix(count)) + [UInt8](repeating: 0x20, count: max(0, count - text.utf8.count))
        }
        func integers(_ values: UInt32...) -> [UInt8] {
            values.flatMap { value in [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> UInt32($0)) } }
        }
        let unknown = UInt32.max
        return padded(label, 32)
            + padded("00000000000000000000000000000001", 32)
            + padded("JPKI-SIM", 16)
            + padded(serial, 16)
            + integers(0x0000_040D, 1, 0, 1, 0, 16, 6, unknown, unknown, unknown, unknown)
            + padded("03", 2) + padded("01", 2)
            + padded(String(repeating: "9", count: 16), 16)
    }
}

// MARK: - Card face

extension CardRecords {
    /// FF10 of the card face: birth, public key, signature over both objects.
    static func age(birth: String, modulus: [UInt8], sign: ([UInt8]) throws -> [UInt8]) rethrows -> [UInt8] {
        let signed = TLVWriter.encoded(0xDF11, Array(birth.utf8)) + TLVWriter.encoded(0xDF12, publicKey(modulus))
        return TLVWriter.encoded(0xFF10, signed + TLVWriter.encoded(0xDF13, try sign(signed)))
    }

    struct Face {
        var birth: String
        var gender: String
        var modulus: [UInt8]
        var name: [UInt8]
        var address: [UInt8]
        var photo: [UInt8]
        var expiry: String
        var securityCode: [UInt8]
    }

    /// FF20 of the card face.
    ///
    /// The signature covers three digests of groups of objects; expiry and code come after it.
    static func face(
        _ face: Face,
        digest: ([UInt8]) throws -> [UInt8],
        sign: (_ threeDigests: [UInt8]) throws -> [UInt8]
    ) rethrows -> [UInt8] {
        let facts = [
            TLVWriter.encoded(0xDF22, Array(face.birth.utf8)), TLVWriter.encoded(0xDF23, Array(face.gender.utf8)),
            TLVWriter.encoded(0xDF24, publicKey(face.modulus)),
        ]
        let images = [TLVWriter.encoded(0xDF25, face.name), TLVWriter.encoded(0xDF26, face.address)]
        let photo = TLVWriter.encoded(0xDF27, face.photo)
        let signature = try sign(try digest(facts.flatMap { $0 }) + digest(images.flatMap { $0 }) + digest(photo))
        let objects =
            facts + images + [
                photo, TLVWriter.encoded(0xDF28, signature), TLVWriter.encoded(0xDF29, Array(face.expiry.utf8)),
                TLVWriter.encoded(0xDF2A, face.securityCode),
            ]
        return withOffsets(0xFF20, 0xDF21, objects)
    }

    /// FF30 of the card face: who made the application, and the reference numbers enciphered for the issuer alone.
    static func faceBasics(municipalityCode: String, issuerCipher: [UInt8]) -> [UInt8] {
        var writer = TLVWriter()
        writer.put(0xFF30) { inside in
            inside.put(0xDF31, [0x06, 0x03, 0xFF, 0x01])
            inside.put(0xDF32, keyID("8000024"))
            inside.put(0xDF33, [0x00])
            inside.put(0xDF34, Array(municipalityCode.utf8))
            inside.put(0xDF35, keyID("8900025") + issuerCipher)
        }
        return writer.bytes
    }

    /// FF40 of the card face: the picture of My Number, the card's public key, a signature over both.
    static func numberImage(_ image: [UInt8], modulus: [UInt8], sign: ([UInt8]) throws -> [UInt8]) rethrows -> [UInt8] {
        let signed = TLVWriter.encoded(0xDF41, image) + TLVWriter.encoded(0xDF42, publicKey(modulus))
        return TLVWriter.encoded(0xFF40, signed + TLVWriter.encoded(0xDF43, try sign(signed)))
    }
}

// MARK: - Input support

extension CardRecords {
    /// FF10 of the input support: `FF 10 0C`, twelve digits, `FF FF`: 17 bytes, all of which are digested.
    static func individualNumber(_ number: String) -> [UInt8] {
        TLVWriter.encoded(0xFF10, Array(number.utf8)) + [0xFF, 0xFF]
    }

    /// The four facts, from DF22 on: what the digest covers.
    static func facts(name: String, address: String, birth: String, gender: String) -> [[UInt8]] {
        [
            TLVWriter.encoded(0xDF22, Array(name.utf8)), TLVWriter.encoded(0xDF23, Array(address.utf8)),
            TLVWriter.encoded(0xDF24, Array(birth.utf8)), TLVWriter.encoded(0xDF25, Array(gender.utf8)),
        ]
    }

    /// FF20 of the input support: offsets, then the four facts.
    static func attributes(_ facts: [[UInt8]]) -> [UInt8] { withOffsets(0xFF20, 0xDF21, facts) }

    /// FF30 of the input support: digests of number and facts, signed.
    static func textSignature(
        numberDigest: [UInt8],
        factsDigest: [UInt8],
        sign: ([UInt8]) throws -> [UInt8]
    ) rethrows -> [UInt8] {
        let signed = TLVWriter.encoded(0xDF31, numberDigest) + TLVWriter.encoded(0xDF32, factsDigest)
        return TLVWriter.encoded(0xFF30, signed + TLVWriter.encoded(0xDF33, try sign(signed)))
    }

    /// FF40 of the input support.
    ///
    /// What DF43 means is not public: a digest's shape and filler.
    static func textBasics(digest: [UInt8]) -> [UInt8] {
        var writer = TLVWriter()
        writer.put(0xFF40) { inside in
            inside.put(0xDF41, [0x01, 0x03, 0xFF, 0x01])
            inside.put(0xDF42, keyID("8000034"))
            inside.put(0xDF43, digest + [UInt8](repeating: 0xFF, count: 96))
        }
        return writer.bytes
    }

    /// EF 0006: the key for SET SESSION KEY.
    static func sessionPublicKey(_ modulus: [UInt8]) -> [UInt8] { TLVWriter.encoded(0xA1, publicKey(modulus)) }

    /// FF50: the public half of the application's key, signed.
    static func signedPublicKey(_ modulus: [UInt8], sign: ([UInt8]) throws -> [UInt8]) rethrows -> [UInt8] {
        let signed = TLVWriter.encoded(0xDF51, publicKey(modulus))
        return TLVWriter.encoded(0xFF50, signed + TLVWriter.encoded(0xDF52, try sign(signed)))
    }

    /// An outer object whose first inner object lists where each following one begins, counted from the file's start.
    private static func withOffsets(_ outer: UInt32, _ table: UInt32, _ objects: [[UInt8]]) -> [UInt8] {
        let tableLength = 3 + objects.count * 2
        let total = objects.reduce(tableLength) { $0 + $1.count }
        let header = total < 0x80 ? 3 : 5
        var offsets: [UInt8] = []
        var position = header + tableLength
        for object in objects {
            offsets += [UInt8(position >> 8), UInt8(position & 0xFF)]
            position += object.count
        }
        return TLVWriter.encoded(outer, TLVWriter.encoded(table, offsets) + objects.flatMap { $0 })
    }
}

// MARK: - Card manager

extension CardRecords {
    /// Card recognition data (GlobalPlatform Card Specification 2.3, H.2): tag 66 with its inner objects.
    static let cardRecognition: [UInt8] = {
        let arc: [UInt8] = [0x2A, 0x86, 0x48, 0x86, 0xFC, 0x6B]
        var writer = TLVWriter()
        writer.put(0x66) { outer in
            outer.put(0x73) { inside in
                inside.put(0x06, arc + [0x01])
                inside.put(0x60, TLVWriter.encoded(0x06, arc + [0x02, 0x02, 0x01, 0x01]))
                inside.put(0x63, TLVWriter.encoded(0x06, arc + [0x03]))
                inside.put(0x64, TLVWriter.encoded(0x06, arc + [0x04, 0x03, 0x00]))
            }
        }
        return writer.bytes
    }()
}
