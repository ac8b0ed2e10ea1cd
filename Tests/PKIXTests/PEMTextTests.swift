import ForeignTools
import PKIX
import Testing

@Suite("Objects in textual armour")
struct PEMTextTests {
    /// What openssl writes of bytes of this length.
    private func armoured(_ length: Int) throws -> (der: [UInt8], pem: [UInt8]) {
        let der = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 89 &+ 31) }
        let base64 = try OpenSSLProgram.run(["base64", "-in", "bytes"], files: ["bytes": der]).output
        return (der, Array("before\n-----BEGIN X-----\n".utf8) + base64 + Array("-----END X-----\nafter\n".utf8))
    }

    @Test("are read as openssl wrote them", arguments: [1, 2, 3, 4, 47, 48, 49, 50, 1_000])
    func lengths(length: Int) throws {
        let (der, pem) = try armoured(length)
        #expect(PEMText.first("X", in: pem) == der)
        #expect(PEMText.only("X", in: pem) == der)
        #expect(PEMText.first("Y", in: pem) == nil)
    }

    @Test("are DER where they are not armoured, and one of several where that will do")
    func forms() throws {
        let der: [UInt8] = [0x30, 0x00]
        #expect(PEMText.first("X", in: der) == der && PEMText.only("X", in: der) == der)
        let (one, other) = (try armoured(5), try armoured(7))
        #expect(PEMText.first("X", in: one.pem + other.pem) == one.der)
        #expect(PEMText.only("X", in: one.pem + other.pem) == nil)
        #expect(PEMText.only("X", in: []) == nil && PEMText.first("X", in: []) == nil)
    }

    @Test(
        "that are damaged are none",
        arguments: [
            "AAA", "AA=A", "A===", "=", "AA==AA==", "AB==", "AAB=", "AA-_", "AAA*", "ＡＡＡＡ", "AAAA=", "A A A",
            "AAAA\u{0}",
        ]
    )
    func damaged(base64: String) {
        #expect(PEMText.first("X", in: Array("-----BEGIN X-----\n\(base64)\n-----END X-----\n".utf8)) == nil)
        #expect(PEMText.first("X", in: Array("-----BEGIN X-----\nAAAA\n-----END Y-----\n".utf8)) == nil)
    }
}
