import ForeignTools
import PKIX
import Testing

@Suite("OCSP requests")
struct OCSPRequestTests {
    private let authority: Authority

    init() throws { authority = try Authority.shared }

    private func opensslRequest(_ arguments: [String]) throws -> [UInt8] {
        try OpenSSLProgram.run(
            ["ocsp", "-issuer", "ca.pem", "-reqout", "/dev/stdout"] + arguments,
            files: ["ca.pem": authority.certificate]
        ).output
    }

    @Test("Requests of openssl are read, with both hashes and several certificates")
    func opensslAsks() throws {
        let bytes = try opensslRequest(["-serial", "258", "-sha256", "-serial", "0xFFFFFFFF", "-nonce"])
        let request = try OCSPRequest(parsing: bytes)
        #expect(request.certificates.map(\.algorithm) == [.sha1, .sha256])
        #expect(request.certificates.map(\.serialNumber) == [258, 0xFFFF_FFFF])
        #expect(request.certificates[0].issuerKeyHash.elementsEqual(authority.keyIdentifier))
        #expect(request.nonce?.count == 16)
        #expect(!request.hasUnknownCritical)
        let plain = try OCSPRequest(parsing: try opensslRequest(["-serial", "1", "-no_nonce"]))
        #expect(plain.nonce == nil)
    }

    @Test("openssl understands the requests written here")
    func opensslReads() throws {
        let asked = try OCSPRequest(parsing: try opensslRequest(["-serial", "258", "-no_nonce"]))
        let bytes = try OCSPRequest.encode(asked.certificates, nonce: [0xAB, 0xCD])
        let said = try OpenSSLProgram.run(
            ["ocsp", "-reqin", "request.der", "-req_text"],
            files: ["request.der": bytes]
        )
        #expect(said.text.contains("Serial Number: 0102"))
        #expect(said.text.contains("0402ABCD") || said.text.contains("ABCD"))
        #expect(try OCSPRequest(parsing: bytes).nonce?.elementsEqual([0xAB, 0xCD]) == true)
    }

    @Test("A signed request with a name is read like any other")
    func signed() throws {
        let bytes = try OpenSSLProgram.run(
            ["ocsp", "-issuer", "ca.pem", "-serial", "5", "-signer", "ca.pem", "-signkey", "key.pem"]
                + ["-reqout", "/dev/stdout"],
            files: ["ca.pem": authority.certificate, "key.pem": authority.keyPEM]
        ).output
        #expect(try OCSPRequest(parsing: bytes).certificates.map(\.serialNumber) == [5])
    }

    @Test("Every truncation and every lengthening is refused")
    func truncations() throws {
        let bytes = try opensslRequest(["-serial", "258", "-sha256", "-serial", "3", "-nonce"])
        for length in bytes.indices {
            #expect(throws: PKIXFlaw.self) { try OCSPRequest(parsing: Array(bytes.prefix(length))) }
        }
        #expect(throws: PKIXFlaw.notDER) { try OCSPRequest(parsing: bytes + [0]) }
    }

    @Test("Every flipped bit is refused or read as another request")
    func flips() throws {
        let bytes = try opensslRequest(["-serial", "258", "-sha256", "-serial", "3", "-nonce"])
        let meant = try OCSPRequest(parsing: bytes)
        for place in bytes.indices {
            for bit in 0..<8 {
                var changed = bytes
                changed[place] ^= 1 << bit
                guard let read = try? OCSPRequest(parsing: changed) else { continue }
                #expect(read != meant, "bit \(bit) of byte \(place)")
            }
        }
    }

    @Test("More certificates than the limit, and requests longer than the limit, are refused as such")
    func limits() throws {
        let one = try OCSPRequest(parsing: try opensslRequest(["-serial", "5", "-no_nonce"])).certificates[0]
        let most = Array(repeating: one, count: OCSPRequest.certificateLimit)
        #expect(try OCSPRequest(parsing: try OCSPRequest.encode(most, nonce: nil)).certificates.count == 32)
        #expect(throws: PKIXFlaw.tooMany) { try OCSPRequest.encode(most + [one], nonce: nil) }
        #expect(throws: PKIXFlaw.tooMany) { try OCSPRequest(parsing: raw(most + [one])) }
        let long = [UInt8](repeating: 0x30, count: OCSPRequest.sizeLimit + 1)
        #expect(throws: PKIXFlaw.tooLarge) { try OCSPRequest(parsing: long) }
    }

    @Test("A nonce has 1 to 128 octets", arguments: [0, 1, 32, 128, 129])
    func nonce(length: Int) throws {
        let one = try OCSPRequest(parsing: try opensslRequest(["-serial", "5", "-no_nonce"])).certificates[0]
        let bytes = raw([one], nonce: [UInt8](repeating: 7, count: length))
        if (1...128).contains(length) {
            #expect(try OCSPRequest(parsing: bytes).nonce?.count == length)
        } else {
            #expect(throws: PKIXFlaw.nonce) { try OCSPRequest(parsing: bytes) }
            #expect(throws: PKIXFlaw.nonce) {
                try OCSPRequest.encode([one], nonce: [UInt8](repeating: 7, count: length))
            }
        }
    }

    @Test("What is deep, indefinite or padded is refused")
    func hostile() {
        let samples: [[UInt8]] = [
            [UInt8](repeating: 0x30, count: 60_000),
            Array(repeating: [UInt8(0x30), 0x80], count: 20_000).flatMap(\.self),
            [0x30, 0x80, 0x00, 0x00],
            [0x30, 0x81, 0x02, 0x30, 0x00],
            [0x30, 0x84, 0xFF, 0xFF, 0xFF, 0xFF],
            [0x30, 0x88, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
            [0x30, 0x00],
            [0x30],
            [],
        ]
        for bytes in samples {
            #expect(throws: PKIXFlaw.self) { try OCSPRequest(parsing: bytes) }
            #expect(throws: PKIXFlaw.self) { try OCSPResponse(parsing: bytes) }
            #expect(throws: PKIXFlaw.self) { try CertificateList(parsing: bytes) }
        }
    }

    /// A request without the writer's own limits.
    private func raw(_ certificates: [CertID], nonce: [UInt8]? = nil) -> [UInt8] {
        var writer = DERWriter()
        writer.sequence { outer in
            outer.sequence { request in
                request.sequence { list in
                    for one in certificates { list.sequence { $0.append(one.encoded) } }
                }
                guard let nonce else { return }
                request.element(DERTag.contextConstructed(2)) { tagged in
                    tagged.sequence { list in
                        list.sequence { one in
                            one.objectIdentifier([0x2B, 6, 1, 5, 5, 7, 48, 1, 2])
                            one.element(DERTag.octetString) { $0.append(DERTag.octetString, nonce) }
                        }
                    }
                }
            }
        }
        return writer.bytes
    }
}
