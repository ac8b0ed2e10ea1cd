import ArgumentParser
import PKIX
import PlainHTTP
import Problems
import Validation

/// By what somebody who is asked may tell about revocation.
enum StatusMethod: String, ExpressibleByArgument, CaseIterable {
    case ocsp
    case crl

    var name: String { self == .ocsp ? "OCSP" : "CRL" }
}

/// One question that went out, for whoever wants to know who was told what was verified.
struct StatusInquiry {
    enum Outcome: String, CaseIterable {
        case answered
        case unreachable
        /// There was an answer, and nothing in it tells about certificates.
        case useless

        var text: Text {
            switch self {
            case .answered: Text(ja: "回答あり", en: "answered")
            case .unreachable: Text(ja: "応答なし", en: "nobody answered")
            case .useless: Text(ja: "使えない回答", en: "no usable answer")
            }
        }
    }

    let method: StatusMethod
    let url: String
    let outcome: Outcome

    var report: Report {
        var report = Report()
        report.add("method", nil, .text(method.rawValue))
        report.add("url", nil, .text(url))
        report.add("outcome", nil, .text(outcome.rawValue))
        return report
    }
}

/// Asks about one certificate, and notes whom.
struct StatusAsker {
    let facts: CertificateFacts
    let issuer: TrustAnchor
    private(set) var inquiries: [StatusInquiry] = []

    init(_ facts: CertificateFacts, _ issuer: TrustAnchor) {
        self.facts = facts
        self.issuer = issuer
    }

    /// A list of everybody can be long; so long, and no longer.
    private static let greatestList = 256 << 20
    private static let secondsForList = 120

    /// Asks a responder, with a nonce of 32 octets, the length RFC 9654, 2.1, recommends.
    mutating func ask(responder url: String) throws(StatusFailure) -> StatusAnswer {
        guard let address = PlainHTTPAddress(url) else { throw .unreachable }
        var random = SystemRandomNumberGenerator()
        let nonce = (0..<32).map { _ in UInt8.random(in: 0...255, using: &random) }
        guard let request = try? issuer.statusRequest(about: facts, nonce: nonce) else { throw .noAnswer }
        let body = try fetched(.ocsp, url, orElse: .noAnswer) { () throws(PlainHTTPFailure) in
            try PlainHTTP.post(request, type: "application/ocsp-request", to: address)
        }
        let answer = StatusAnswer(body, nonce: nonce)
        note(.ocsp, url, answer.saysSomething ? .answered : .useless)
        return answer
    }

    /// Fetches the lists that speak of the certificate from `base`, where an authority has its own: the one that the
    /// certificate's distribution point names, if it is served there, or that of the whole authority with the delta list
    /// that adds to it.
    mutating func fetchLists(from base: String, _ purpose: CertificatePurpose) throws(StatusFailure) -> [RevocationList]
    {
        let folder = base + (purpose == .signature ? "/sign/" : "/auth/")
        for name in facts.crlDistributionPoints.compactMap(Self.file) {
            if let list = try? fetchList(folder + name) { return [list] }
        }
        let whole = try fetchList(folder + "all.crl")
        // There is none where deltas are not made, and none that is needed just after a full list.
        let delta = try? fetchList(folder + "all-delta.crl")
        return [whole] + (delta.map { [$0] } ?? [])
    }

    /// Fetches one list.
    mutating func fetchList(_ url: String) throws(StatusFailure) -> RevocationList {
        guard let address = PlainHTTPAddress(url) else { throw .unreachable }
        let body = try fetched(.crl, url, orElse: .noList) { () throws(PlainHTTPFailure) in
            try PlainHTTP.get(address, seconds: Self.secondsForList, limit: Self.greatestList)
        }
        guard let list = try? RevocationList(parsing: body) else {
            note(.crl, url, .useless)
            throw .noList
        }
        note(.crl, url, .answered)
        return list
    }

    /// The file that a distribution point's address ends in; its host is not this machine, and never asked.
    private static func file(_ point: String) -> String? {
        guard point.hasPrefix("http://") || point.hasPrefix("https://"), point.hasSuffix(".crl"),
            let name = point.split(separator: "/").last,
            name.utf8.allSatisfy({ byte in
                (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte) || (0x41...0x5A).contains(byte)
                    || byte == 0x2D || byte == 0x2E
            })
        else { return nil }
        return String(name)
    }

    private mutating func fetched(
        _ method: StatusMethod,
        _ url: String,
        orElse useless: StatusFailure,
        _ body: () throws(PlainHTTPFailure) -> PlainHTTPAnswer
    ) throws(StatusFailure) -> [UInt8] {
        let answer: PlainHTTPAnswer
        do throws(PlainHTTPFailure) {
            answer = try body()
        } catch {
            switch error {
            case .unreachable, .late, .cutOff:
                note(method, url, .unreachable)
                throw .unreachable
            case .tooLong, .garbled:
                note(method, url, .useless)
                throw useless
            }
        }
        guard answer.status == 200 else {
            note(method, url, .useless)
            throw useless
        }
        return answer.body
    }

    private mutating func note(_ method: StatusMethod, _ url: String, _ outcome: StatusInquiry.Outcome) {
        inquiries.append(StatusInquiry(method: method, url: url, outcome: outcome))
    }
}
