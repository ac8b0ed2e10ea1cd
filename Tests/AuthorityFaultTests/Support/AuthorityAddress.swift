import AuthorityAssembly
import AuthorityTesting
import CertificateProfiles
import CivilCalendar
import CryptoExtras
import EventLog
import Foundation

/// Where a running authority is reached, and what clients ask of it.
struct AuthorityAddress: Sendable {
    let folder: String
    let statusPort: Int
    let port: Int
    private let orders: AuthorityPort
    private let issuers: [CertificateAuthority: OCSPIssuer]

    struct Unfit: Error {
        let what: String
    }

    /// From `endpoints.json`; the server has to be there.
    init(_ folder: String) throws {
        self.folder = folder
        let endpoints = try JSONDecoder().decode(
            [String: String].self,
            from: try Data(contentsOf: URL(filePath: folder + "/endpoints.json"))
        )
        func port(_ name: String) throws -> Int {
            guard let port = endpoints[name].flatMap({ URL(string: $0)?.port }) else { throw Unfit(what: name) }
            return port
        }
        statusPort = try port("ocsp.auth")
        self.port = try port("health")
        orders = try AuthorityPort(try AuthorityFolder(folder))
        guard orders.isServed else { throw Unfit(what: "nobody takes orders") }
        var issuers: [CertificateAuthority: OCSPIssuer] = [:]
        for authority in CertificateAuthority.allCases {
            let certificate = try Data(contentsOf: URL(filePath: folder + "/\(authority.rawValue)-ca.der"))
            issuers[authority] = try OCSPIssuer(Array(certificate))
        }
        self.issuers = issuers
    }

    func issuer(_ authority: CertificateAuthority) throws -> OCSPIssuer {
        guard let issuer = issuers[authority] else { throw Unfit(what: authority.rawValue) }
        return issuer
    }

    // MARK: - Orders

    /// Gives an order; a refusal is thrown as `Problem`, and no answer as `ControlSocketError`.
    func order(_ order: AuthorityOrder) throws -> AuthorityAnswer { try orders.carryOut(order, by: "test") }

    private static let key = Result { HolderKey(rsa: try _RSA.Signing.PrivateKey(keySize: .bits2048)) }

    static func issueOrder(_ identifier: String, kind: CertificateKind = .auth, card: String? = nil) throws
        -> AuthorityOrder
    {
        let now = Int64(time(nil))
        return .issue(
            IssueOrder(
                kind: kind,
                holder: IssueOrder.Holder(SmallAuthority.holder),
                request: Data(try key.get().certificationRequest(identifier)).base64EncodedString(),
                identifier: identifier,
                notBefore: now,
                end: CivilDate(japaneseDayAt: now + 4 * 365 * 86_400).description,
                card: card
            )
        )
    }

    /// Has a certificate issued that is not handed over yet; its reference and its DER come back.
    func issue(_ identifier: String = UUID().uuidString, kind: CertificateKind = .auth) throws -> (
        reference: CertificateReference, der: [UInt8]
    ) {
        guard case .issued(let reference, let text) = try order(try Self.issueOrder(identifier, kind: kind)),
            let der = Data(base64Encoded: text)
        else { throw Unfit(what: "answer to issue") }
        return (reference, Array(der))
    }

    func release(_ reference: CertificateReference) throws { _ = try order(.release([reference])) }

    /// Issues and hands over.
    func certificate() throws -> CertificateReference {
        let reference = try issue().reference
        try release(reference)
        return reference
    }

    func hold(_ reference: CertificateReference) throws { _ = try order(.revoke(.serial(reference), .certificateHold)) }

    /// `nil` where nothing was ever recorded under that number.
    func state(_ reference: CertificateReference) throws -> CertificateState? {
        guard case .status(let lines) = try order(.status(.serial(reference))) else {
            throw Unfit(what: "answer to status")
        }
        return lines.first?.state
    }

    /// What the responder says now, in an answer made for this question.
    func word(_ reference: CertificateReference) throws -> OCSPClient.Word {
        try OCSPClient(reference.authority, self).ask(reference.serial).word
    }

    // MARK: - Pages

    func get(_ path: String) throws -> HTTPConnection.Answer {
        let connection = try HTTPConnection(port: port)
        try connection.send("GET \(path) HTTP/1.1\r\nHost: fuda\r\nConnection: close\r\n\r\n")
        guard let answer = try connection.receive() else { throw Unfit(what: "no answer to \(path)") }
        return answer
    }

    /// A figure of `/metrics`.
    func figure(_ name: String) throws -> Int {
        let text = String(decoding: try get("/metrics").body, as: UTF8.self)
        guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix(name + " ") }),
            let value = Int(line.dropFirst(name.count + 1))
        else { throw Unfit(what: name) }
        return value
    }

    var isReady: Bool { (try? get("/ready").status) == 200 }
}
