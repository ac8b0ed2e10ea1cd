import Crypto
import ForeignTools
import Foundation
import Issuance
import Personalization
import Testing

@Suite struct `The JPKI application of a made card` {
    private static let all = plastic + ["android", "iphone"]
    private static let withSignature = ["adult", "expired", "foreign", "rare-characters", "android", "iphone"]
    private static let digestInfo = bytes("3031300D060960864801650304020105000420")

    private func opened(_ name: String) throws -> Reader {
        var card = try card(name)
        #expect(card.enter(Reader.jpki) == "9000")
        return card
    }

    /// The certificate at the beginning of a file, without its filler.
    private func certificate(_ file: [UInt8]) throws -> [UInt8] {
        try #require(file.starts(with: [0x30, 0x82]), "clients read the length from 30 82")
        let length = 4 + (Int(file[2]) << 8 | Int(file[3]))
        #expect(file[length...].allSatisfy { $0 == 0xFF })
        return Array(file[..<length])
    }

    private func chains(_ leaf: [UInt8], to root: [UInt8], at instant: Int64) throws -> Bool {
        try OpenSSLProgram.run(
            ["verify", "-x509_strict", "-attime", "\(instant)", "-CAfile", "root", "leaf"],
            files: ["root": OpenSSLProgram.pem(root), "leaf": OpenSSLProgram.pem(leaf)]
        ).status == 0
    }

    private static let labels = ["android": "JPKIAPGPSETOKEN", "iphone": "JPKIAPIOSTOKEN"]

    @Test(arguments: all) func `says in 160 bytes what kind of token it is`(name: String) throws {
        var card = try opened(name)
        let token = card.read(0x0006).content
        #expect(token.count == 160)
        let label = Self.labels[name] ?? "JPKIAPICCTOKEN2"
        #expect(
            String(decoding: token[..<32], as: UTF8.self) == label.padding(toLength: 32, withPad: " ", startingAt: 0)
        )
        #expect(String(decoding: token[32..<64], as: UTF8.self) == String(repeating: "0", count: 31) + "1")
        #expect(token[64..<96].allSatisfy { (0x20...0x7E).contains($0) })
        let numbers = "0000040D 00000001 00000000 00000001 00000000 00000010 00000006"
        #expect(Array(token[96..<124]) == bytes(numbers))
        #expect(token[124..<140].allSatisfy { $0 == 0xFF })
        #expect(String(decoding: token[140...], as: UTF8.self) == "0301" + String(repeating: "9", count: 16))
    }

    @Test(arguments: all) func `says in three bytes which certificates it has`(name: String) throws {
        var card = try opened(name)
        #expect(card.read(0x0008).content == (Self.hasSignature(name) ? [0x8F, 0x8F, 0x00] : [0x00, 0x8F, 0x00]))
    }

    private static func hasSignature(_ name: String) -> Bool { withSignature.contains(name) || name == "locked" }

    @Test(arguments: all) func `has both authorities' certificates free to read`(name: String) throws {
        var card = try opened(name)
        #expect(try certificate(card.read(0x0002).content) == authority().certificates.signCACertificate)
        #expect(try certificate(card.read(0x000B).content) == authority().certificates.authCACertificate)
    }

    @Test(arguments: all) func `has an authentication certificate that chains to its authority and no other`(
        name: String
    ) throws {
        var card = try opened(name)
        if name == "android" {
            #expect(card.read(0x000A).status == "6982", "a phone shows it after the PIN only")
            #expect(card.verify(0x0018, "1234") == "9000")
        }
        let leaf = try certificate(card.read(0x000A).content)
        let instant: Int64 = name == "expired" ? 1_500_000_000 : Workshop.now + 60
        #expect(
            try chains(leaf, to: try authority().certificates.authCACertificate, at: instant) == (name != "expired")
        )
        #expect(try !chains(leaf, to: try authority().certificates.signCACertificate, at: instant))
    }

    @Test(arguments: withSignature) func `has a signature certificate behind its password, chaining to its authority`(
        name: String
    ) throws {
        var card = try opened(name)
        #expect(card.read(0x0001).status == "6982")
        #expect(card.verify(0x001B, "ABC123") == "9000")
        let leaf = try certificate(card.read(0x0001).content)
        let isValid = try chains(leaf, to: try authority().certificates.signCACertificate, at: Workshop.now + 60)
        #expect(isValid == (name != "expired"))
        #expect(try !chains(leaf, to: try authority().certificates.authCACertificate, at: Workshop.now + 60))
    }

    @Test(arguments: withSignature) func `has keys that match its certificates, each behind its own secret`(
        name: String
    ) throws {
        var card = try opened(name)
        let digest = Self.digestInfo + Array(SHA256.hash(data: Array("申請".utf8)))
        let command = "802A0080" + hexadecimal([UInt8(digest.count)])
        for key in [0x0017, 0x001A] {
            #expect(card.select(key) == "9000")
            #expect(card.send(command, digest + [0x00]).status == "6982")
        }
        #expect(card.verify(0x0018, "1234") == "9000")
        _ = card.select(0x001A)
        #expect(card.send(command, digest + [0x00]).status == "6982", "the PIN is not the password")
        _ = card.select(0x0017)
        let authentication = card.send(command, digest + [0x00]).data
        let authenticationKey = bytes(
            try OpenSSLProgram.modulus(ofCertificate: try certificate(card.read(0x000A).content))
        )
        #expect(try OpenSSLProgram.recover(authentication, modulus: authenticationKey) == digest)

        #expect(card.verify(0x001B, "ABC123") == "9000")
        _ = card.select(0x001A)
        let signature = card.send(command, digest + [0x00]).data
        let signatureKey = bytes(try OpenSSLProgram.modulus(ofCertificate: try certificate(card.read(0x0001).content)))
        #expect(try OpenSSLProgram.recover(signature, modulus: signatureKey) == digest)
        #expect(signatureKey != authenticationKey)
    }

    // MARK: - What single personas lack

    @Test(arguments: ["child", "infant", "no-pin"])
    func `without signature certificate has no password to try and signs nothing`(
        name: String
    ) throws {
        var card = try opened(name)
        #expect(card.triesLeft(0x001B) == "63C0")
        #expect(card.verify(0x001B, "ABC123") == "6984")
        #expect(card.read(0x0001).status == "6982")
        _ = card.select(0x001A)
        #expect(card.send("802A0080 04 01020304 00").status == "6982")
    }

    @Test func `without PINs answers every PIN as blocked, and still shows the face to numbers A and B`() throws {
        var card = try opened("no-pin")
        #expect(card.triesLeft(0x0018) == "63C0")
        for value in ["0000", "1234"] { #expect(card.verify(0x0018, value) == "6984") }
        _ = card.select(0x0017)
        #expect(card.send("802A0080 04 01020304 00").status == "6982")
        #expect(card.enter(Reader.text) == "9000")
        #expect(card.verify(0x0011, "1234") == "6984")
        #expect(card.verify(0x0015, try card.numberB) == "9000")
        #expect(card.enter(Reader.register) == "9000")
        #expect(card.verify(0x001C, "1234") == "6984")
    }

    @Test func `that was locked has no try left on any secret and refuses the right ones`() throws {
        var card = try opened("locked")
        let secrets = [
            (Reader.jpki, 0x001B, "ABC123"), (Reader.jpki, 0x0018, "1234"), (Reader.text, 0x0011, "1234"),
            (Reader.register, 0x001C, "1234"), (Reader.common, 0x001C, "1234"),
        ]
        for (application, file, value) in secrets {
            #expect(card.enter(application) == "9000")
            #expect(card.triesLeft(file) == "63C0")
            #expect(card.verify(file, value) == "6984")
        }
        #expect(card.enter(Reader.text) == "9000")
        #expect(card.triesLeft(0x0014) == "63CA")
        #expect(card.verify(0x0014, card.persona.holder.individualNumber) == "9000")
    }

    @Test(arguments: ["adult", "child", "foreign", "rare-characters", "infant"])
    func `starts with every counter full`(name: String) throws {
        var card = try opened(name)
        #expect(card.triesLeft(0x0018) == "63C3")
        if Self.hasSignature(name) { #expect(card.triesLeft(0x001B) == "63C5") }
        #expect(card.enter(Reader.face) == "9000")
        for file in [0x0011, 0x0012, 0x0013] { #expect(card.triesLeft(file) == "63CA") }
        #expect(card.enter(Reader.text) == "9000")
        #expect(card.triesLeft(0x0011) == "63C3")
        #expect(card.triesLeft(0x0012) == "63C0")
    }

    @Test(arguments: ["android", "iphone"]) func `in a phone is alone there`(name: String) throws {
        var card = try card(name)
        for application in [Reader.common, Reader.face, Reader.text, Reader.register] {
            #expect(card.enter(application) == "6A82")
        }
    }

    @Test(arguments: all) func `of a finished card takes no more of the factory's commands`(name: String) throws {
        var card = try opened(name)
        _ = card.select(0x0017)
        for command in ["00470080 00", "80E20080 01 00", "80E20200 01 00", "80F0800F"] {
            #expect(card.send(command).status != "9000", "\(command)")
        }
        #expect(card.read(0x0008).content.count == 3)
    }
}
