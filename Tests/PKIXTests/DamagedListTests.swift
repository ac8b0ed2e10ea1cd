import PKIX
import Testing

@Suite("Damaged revocation lists")
struct DamagedListTests {
    private let authority: Authority

    init() throws { authority = try Authority.shared }

    private func list() throws -> [UInt8] {
        var entries = EncodedEntries()
        try entries.append(serial: 5, revokedAt: 1_780_000_000, reason: .certificateHold)
        try entries.append(serial: 700, revokedAt: 1_780_000_001, reason: nil)
        var draft = authority.draft(entries, scope: .init(name: Authority.partition("Tama"), .userCertificates))
        draft.deltaBase = 3
        return try authority.list(draft)
    }

    @Test("Every truncation and every lengthening is refused")
    func truncations() throws {
        let bytes = try list()
        for length in bytes.indices {
            #expect(throws: PKIXFlaw.self) { try CertificateList(parsing: Array(bytes.prefix(length))) }
        }
        #expect(throws: PKIXFlaw.notDER) { try CertificateList(parsing: bytes + [0]) }
    }

    @Test("Every flipped bit is refused, or changes what is signed or the signature")
    func flips() throws {
        let bytes = try list()
        let meant = try CertificateList(parsing: bytes)
        for place in bytes.indices {
            for bit in 0..<8 {
                var changed = bytes
                changed[place] ^= 1 << bit
                guard let read = try? CertificateList(parsing: changed) else { continue }
                #expect(
                    !read.toBeSigned.elementsEqual(meant.toBeSigned) || !read.signature.elementsEqual(meant.signature),
                    "bit \(bit) of byte \(place)"
                )
            }
        }
    }
}
