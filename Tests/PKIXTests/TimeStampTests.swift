import Crypto
import ForeignTools
import Foundation
import PKIX
import Testing

@Suite("Time stamps")
struct TimeStampTests {
    private let now = Int64(Date().timeIntervalSince1970)

    private func request(_ arguments: [String] = []) throws -> [UInt8] { try Stamper.request(arguments) }

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

    @Test(
        "openssl verifies a granted stamp against its request, and refuses it for another",
        arguments: AlgorithmIdentifier.allCases
    )
    func granted(algorithm: AlgorithmIdentifier) throws {
        let query = try request(["-sha256", "-cert"])
        let response = try Stamper.make(algorithm).response(to: query, at: now)
        let anchor = try Authority.shared.certificate
        func verified(_ query: [UInt8]) throws -> ForeignProgram {
            try ForeignProgram.run(
                "openssl",
                ["ts", "-verify", "-in", "r", "-queryfile", "q", "-CAfile", "ca"]
                    + ["-partial_chain"],
                files: ["r": response, "q": query, "ca": anchor]
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
