import CertificateProfiles
import Crypto
import EventLog
import Foundation
import PKIX

/// How questions name the certificates of one authority.
struct OCSPIssuer: Sendable {
    private let nameHash: [UInt8]
    private let keyHash: [UInt8]

    /// From the authority's own certificate in DER.
    init(_ certificate: [UInt8]) throws {
        var whole = DERReader(certificate)
        var outer = try whole.enter(DERTag.sequence)
        var fields = try outer.enter(DERTag.sequence)
        _ = try fields.readOptional(DERTag.contextConstructed(0))
        _ = try fields.readInteger()
        for _ in 0..<3 { _ = try fields.read(DERTag.sequence) }
        nameHash = Array(Insecure.SHA1.hash(data: try fields.readElement(DERTag.sequence)))
        var information = try fields.enter(DERTag.sequence)
        _ = try information.read(DERTag.sequence)
        keyHash = Array(Insecure.SHA1.hash(data: try information.readOctetsOfBits()))
    }

    /// A question in DER about certificates by their numbers.
    func question(_ serials: [UInt32], nonce: [UInt8]? = nil) throws -> [UInt8] {
        let certificates = try serials.map { serial in
            let bytes = unsafe withUnsafeBytes(of: serial.bigEndian) { unsafe Array($0) }
            return try CertID(
                .sha1,
                issuerNameHash: nameHash,
                issuerKeyHash: keyHash,
                serial: Array(bytes.drop { $0 == 0 })
            )
        }
        return try OCSPRequest.encode(certificates, nonce: nonce)
    }
}

/// Asks an authority's responder over one connection that is kept.
final class OCSPClient: Sendable {
    let connection: HTTPConnection
    private let issuer: OCSPIssuer
    private let path: String

    /// What came back.
    enum Word: Hashable {
        case good
        case revoked
        case unknown
        case refused(OCSPRefusal)
    }

    struct Reply {
        let word: Word
        /// Seconds since 1970 UTC; 0 of a refusal.
        let producedAt: Int64
    }

    struct Strange: Error {
        let what: String
    }

    init(_ authority: CertificateAuthority, _ address: AuthorityAddress) throws {
        connection = try HTTPConnection(port: address.statusPort)
        issuer = try address.issuer(authority)
        path = "/ocsp/\(authority.rawValue)"
    }

    static func nonce() -> [UInt8] { (0..<32).map { _ in UInt8.random(in: 0...255) } }

    /// Sends a question and waits for the answer; with a nonce the answer is one made for this question.
    func ask(_ serial: UInt32, nonce: [UInt8]? = OCSPClient.nonce()) throws -> Reply {
        try send(serial, nonce: nonce)
        return try receive(nonce: nonce)
    }

    func send(_ serial: UInt32, nonce: [UInt8]?) throws {
        try connection.send(Self.post(path, try issuer.question([serial], nonce: nonce)))
    }

    func receive(nonce: [UInt8]?) throws -> Reply {
        guard let answer = try connection.receive() else { throw Strange(what: "hung up") }
        guard answer.status == 200 else { throw Strange(what: "status \(answer.status)") }
        return try Self.reply(answer.body, nonce: nonce)
    }

    static func reply(_ body: [UInt8], nonce: [UInt8]?) throws -> Reply {
        switch try OCSPResponse(parsing: body) {
        case .refused(let refusal): return Reply(word: .refused(refusal), producedAt: 0)
        case .answered(let basic):
            guard basic.nonce.map({ Array($0) }) == nonce else { throw Strange(what: "another nonce") }
            guard basic.answers.count == 1, let answer = basic.answers.first else { throw Strange(what: "answers") }
            let word: Word =
                switch answer.status {
                case .good: .good
                case .revoked: .revoked
                case .unknown: .unknown
                }
            return Reply(word: word, producedAt: basic.producedAt)
        }
    }

    static func post(_ path: String, _ body: [UInt8], _ headers: String = "") -> [UInt8] {
        Array(
            "POST \(path) HTTP/1.1\r\nHost: ocsp\r\nContent-Type: application/ocsp-request\r\nContent-Length: \(body.count)\r\n\(headers)\r\n"
                .utf8
        ) + body
    }
}
