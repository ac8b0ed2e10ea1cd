import Crypto
import CryptoExtras
import ForeignTools
import Foundation
import PKIX
import Testing

@Suite("Time stamps")
struct TimeStampTests {
    private let authority: Authority
    private let now = Int64(Date().timeIntervalSince1970)
    private let policy: [UInt8] = [0x2A, 0x03, 0x04]

    init() throws { authority = try Authority.shared }

    private func request(_ arguments: [String] = []) throws -> [UInt8] {
        try OpenSSLProgram.run(
            ["ts", "-query", "-data", "text", "-out", "/dev/stdout"] + arguments,
            files: ["text": Array("stamp this".utf8)]
        ).output
    }

    /// A certificate for time stamps by the authority, and its key.
    private func stamper() throws -> (signer: TimeStampSigner, key: _RSA.Signing.PrivateKey) {
        let key = try _RSA.Signing.PrivateKey(keySize: .bits2048)
        let made = try OpenSSLProgram.run(
            ["req", "-new", "-x509", "-key", "key", "-CA", "ca", "-CAkey", "cakey", "-days", "100", "-set_serial", "9"]
                + ["-subj", "/CN=stamper", "-addext", "extendedKeyUsage=critical,timeStamping", "-outform", "DER"],
            files: [
                "key": Array(key.pemRepresentation.utf8), "ca": authority.certificate, "cakey": authority.keyPEM,
            ]
        ).output
        let signer = TimeStampSigner(
            certificate: try CertificateOutline(parsing: made),
            algorithm: .sha256WithRSAEncryption
        ) { Array(SHA256.hash(data: $0)) }
        return (signer, key)
    }

    @Test("Requests of openssl are read")
    func requests() throws {
        let full = try TimeStampRequest(parsing: request(["-sha512", "-cert", "-tspolicy", "1.2.3.4"]))
        #expect(full.algorithm == .sha512)
        #expect(full.hash.elementsEqual(SHA512.hash(data: Array("stamp this".utf8))))
        #expect(full.policy?.elementsEqual([0x2A, 0x03, 0x04]) == true)
        #expect(full.wantsCertificate && full.nonce != nil && full.extensions.isEmpty)
        let plain = try TimeStampRequest(parsing: request(["-sha256", "-no_nonce"]))
        #expect(!plain.wantsCertificate && plain.nonce == nil && plain.policy == nil)
    }

    @Test("openssl verifies a granted stamp against its request, and refuses it for another")
    func granted() throws {
        let (signer, key) = try stamper()
        let query = try request(["-sha256", "-cert"])
        let asked = try TimeStampRequest(parsing: query)
        let draft = TimeStampDraft(
            policy: policy,
            imprint: asked.imprint,
            serial: [0x80, 1],
            time: now,
            accuracy: 1,
            nonce: asked.nonce
        )
        let response = try signer.granted(draft, withCertificate: asked.wantsCertificate) { bytes in
            Array(try key.signature(for: bytes, padding: .insecurePKCS1v1_5).rawRepresentation)
        }
        func verified(_ query: [UInt8]) throws -> ForeignProgram {
            try ForeignProgram.run(
                "openssl",
                ["ts", "-verify", "-in", "r", "-queryfile", "q", "-CAfile", "ca"]
                    + ["-partial_chain"],
                files: ["r": response, "q": query, "ca": authority.certificate]
            )
        }
        let said = try verified(query)
        #expect(said.text.contains("Verification: OK"), "\(said.text)\(said.notes)")
        #expect(try verified(request(["-sha256", "-cert"])).text.contains("FAILED"))
        let text = try OpenSSLProgram.run(["ts", "-reply", "-in", "r", "-text"], files: ["r": response]).text
        for part in ["Status: Granted", "Policy OID: 1.2.3.4", "Serial number: 0x8001", "Accuracy: 0x01 seconds"] {
            #expect(text.contains(part), "\(text)")
        }
    }

    @Test("Refusals are those that openssl names", arguments: TimeStampRefusal.allCases)
    func refusals(refusal: TimeStampRefusal) throws {
        let text = try OpenSSLProgram.run(["ts", "-reply", "-in", "r", "-text"], files: ["r": refusal.encoded]).text
        let names: [TimeStampRefusal: String] = [
            .badAlg: "unrecognized or unsupported algorithm", .badRequest: "transaction not permitted",
            .badDataFormat: "the data submitted has the wrong format",
            .timeNotAvailable: "time source is not available",
            .unacceptedPolicy: "the requested TSA policy is not supported", .unacceptedExtension: "extension",
            .addInfoNotAvailable: "additional information", .systemFailure: "system failure",
        ]
        #expect(text.contains("Status: Rejected"), "\(text)")
        #expect(text.contains(names[refusal] ?? "?"), "\(text)")
    }

    @Test("Every truncation is refused, every flipped bit refused or read as another request")
    func damage() throws {
        let bytes = try request(["-sha256", "-cert", "-tspolicy", "1.2.3.4"])
        let meant = try TimeStampRequest(parsing: bytes)
        for place in bytes.indices {
            #expect(throws: PKIXFlaw.self) { try TimeStampRequest(parsing: Array(bytes.prefix(place))) }
            for bit in 0..<8 {
                var changed = bytes
                changed[place] ^= 1 << bit
                guard let read = try? TimeStampRequest(parsing: changed) else { continue }
                #expect(read != meant, "bit \(bit) of byte \(place)")
            }
        }
        #expect(throws: PKIXFlaw.tooLarge) {
            try TimeStampRequest(parsing: [UInt8](repeating: 0x30, count: TimeStampRequest.sizeLimit + 1))
        }
    }
}
