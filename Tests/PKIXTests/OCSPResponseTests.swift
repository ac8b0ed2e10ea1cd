import ForeignTools
import Foundation
import PKIX
import Testing

@Suite("OCSP responses")
struct OCSPResponseTests {
    private let authority: Authority
    private let now = Int64(Date().timeIntervalSince1970)

    init() throws { authority = try Authority.shared }

    private func request(_ arguments: [String]) throws -> OCSPRequest {
        try OCSPRequest(
            parsing: try OpenSSLProgram.run(
                ["ocsp", "-issuer", "ca.pem", "-reqout", "/dev/stdout"] + arguments,
                files: ["ca.pem": authority.certificate]
            ).output
        )
    }

    private func respond(_ draft: OCSPResponseDraft) throws -> [UInt8] {
        let signed = try draft.toBeSigned()
        return OCSPResponseDraft.assemble(
            toBeSigned: signed,
            algorithm: .sha256WithRSAEncryption,
            signature: try authority.sign(signed),
            certificates: []
        )
    }

    private func draft(_ request: OCSPRequest) -> OCSPResponseDraft {
        let statuses: [OCSPAnswer.Status] = [
            .good, .revoked(at: now - 100, reason: .certificateHold), .unknown, .revoked(at: now - 50, reason: nil),
        ]
        let answers = zip(request.certificates, statuses).map { certificate, status in
            OCSPAnswer(certificate, status, thisUpdate: now, nextUpdate: now + 60, archiveCutoff: now - 1_000_000)
        }
        return OCSPResponseDraft(
            responderKeyHash: authority.keyIdentifier,
            producedAt: now,
            answers: answers,
            nonce: request.nonce
        )
    }

    @Test("What was written is read again, answer by answer")
    func roundTrip() throws {
        let request = try request(["-serial", "1", "-serial", "2", "-sha256", "-serial", "3", "-serial", "4"])
        var draft = draft(request)
        draft.extendedRevoke = true
        let bytes = try respond(draft)
        guard case .answered(let basic) = try OCSPResponse(parsing: bytes) else {
            Issue.record("refused")
            return
        }
        #expect(basic.answers == draft.answers)
        #expect(basic.nonce == request.nonce)
        #expect(basic.producedAt == now)
        #expect(basic.extendedRevoke)
        #expect(basic.responder == .keyHash(authority.keyIdentifier[...]))
        #expect(!basic.hasUnknownCritical)
        #expect(Array(basic.toBeSigned) == (try draft.toBeSigned()))
    }

    @Test("openssl takes good, hold and unknown from a response as they were meant, and its signature holds")
    func opensslReads() throws {
        let arguments = ["-serial", "1", "-serial", "2", "-serial", "3", "-no_nonce"]
        let bytes = try respond(draft(try request(arguments)))
        let said = try ForeignProgram.run(
            "openssl",
            ["ocsp", "-issuer", "ca.pem", "-respin", "response.der", "-CAfile", "ca.pem", "-resp_text"] + arguments,
            files: ["ca.pem": authority.certificate, "response.der": bytes]
        )
        #expect(said.notes.contains("Response verify OK"))
        #expect(said.text.contains("1: good"))
        #expect(said.text.contains("2: revoked"))
        #expect(said.text.contains("Reason: certificateHold"))
        #expect(said.text.contains("3: unknown"))
        #expect(said.text.contains("OCSP Archive Cutoff"))
    }

    @Test("A response of openssl is read")
    func opensslAnswers() throws {
        let index = """
            V\t351231235959Z\t\t01\tunknown\t/CN=a
            R\t351231235959Z\t260102000000Z,certificateHold\t02\tunknown\t/CN=b

            """
        let request = try OpenSSLProgram.run(
            ["ocsp", "-issuer", "ca.pem", "-serial", "1", "-serial", "2", "-serial", "3", "-reqout", "/dev/stdout"],
            files: ["ca.pem": authority.certificate]
        ).output
        let response = try OpenSSLProgram.run(
            ["ocsp", "-index", "index.txt", "-rsigner", "ca.pem", "-rkey", "key.pem", "-CA", "ca.pem"]
                + ["-reqin", "request.der", "-respout", "/dev/stdout", "-ndays", "1"],
            files: [
                "index.txt": Array(index.utf8), "ca.pem": authority.certificate, "key.pem": authority.keyPEM,
                "request.der": request,
            ]
        ).output
        guard case .answered(let basic) = try OCSPResponse(parsing: response) else {
            Issue.record("refused")
            return
        }
        #expect(
            basic.answers.map(\.status) == [.good, .revoked(at: 1_767_312_000, reason: .certificateHold), .unknown]
        )
        #expect(basic.nonce == (try OCSPRequest(parsing: request)).nonce)
        #expect(basic.responder == .name(authority.name[...]))
        #expect(basic.certificates.count == 1)
        #expect(basic.algorithm == .sha256WithRSAEncryption)
    }

    @Test("Refusals are five bytes that openssl names", arguments: OCSPRefusal.allCases)
    func refusals(refusal: OCSPRefusal) throws {
        let said = try ForeignProgram.run(
            "openssl",
            ["ocsp", "-respin", "response.der", "-resp_text"],
            files: ["response.der": refusal.encoded]
        )
        #expect(said.text.lowercased().contains("\(refusal.name.lowercased()) (\(refusal.rawValue))"))
        #expect(try OCSPResponse(parsing: refusal.encoded) == .refused(refusal))
    }

    @Test("Every truncation is refused, every flipped bit refused or read as another response")
    func damage() throws {
        let bytes = try respond(draft(try request(["-serial", "1", "-serial", "2"])))
        let meant = try OCSPResponse(parsing: bytes)
        for place in bytes.indices {
            #expect(throws: PKIXFlaw.self) { try OCSPResponse(parsing: Array(bytes.prefix(place))) }
            for bit in 0..<8 {
                var changed = bytes
                changed[place] ^= 1 << bit
                guard let read = try? OCSPResponse(parsing: changed) else { continue }
                #expect(read != meant, "bit \(bit) of byte \(place)")
            }
        }
    }
}
