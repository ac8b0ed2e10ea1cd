import AuthorityCryptography
import AuthorityTesting
import CertificateProfiles
import CivilCalendar
import Crypto
import EventLog
import Foundation
import Issuance
import PKIX
import Revocation

/// OCSP answers in process: from memory, and each signed, beside the bare signature of the same key; flat with the number
/// of certificates.
///
/// Time of the processor, in rounds that take turns.
enum AnswerBench {
    private static let counts = [1_000, 1_000_000, 100_000_000]
    private static let names = "1 k, 1 M, 100 M certificates"
    /// As many certificates are asked about, over the whole range.
    private static let asked = 900
    private static let rounds = 15

    static func run() throws {
        let key = try BenchKeys.rsa()
        let certificate = try issuer(key)
        var sides: [Side] = []
        for count in counts { sides.append(try Side(count, certificate.small, certificate.responder, key)) }
        try memory(sides, certificate.authority)
        try signed(sides, certificate.authority, key)
    }

    private static func memory(_ sides: [Side], _ authority: [UInt8]) throws {
        let requests = try sides.map { side in
            try (0..<asked).map { try OCSPRequest.encode([try certID(authority, side.serial($0))], nonce: nil) }
        }
        for (side, requests) in zip(sides, requests) {
            for request in requests { _ = side.responder.answer(request, for: .sign) }
        }
        var took = sides.map { _ in [Double]() }
        for _ in 0..<rounds {
            for (place, side) in sides.enumerated() {
                let seconds = Measure.processorSeconds {
                    for _ in 0..<60 {
                        for request in requests[place] { _ = side.responder.answerAtOnce(request, for: .sign) }
                    }
                }
                took[place].append(seconds / Double(60 * asked))
            }
        }
        let medians = took.map(\.median)
        Measure.say(
            "answer from memory, \(names)",
            medians.map { ($0 * 1e6).rounded(2) }.joined(separator: ", ")
                + " µs, \((medians.spread * 100).rounded(1)) % apart",
            bar: "10 %",
            medians.spread <= 0.1
        )
    }

    private static func signed(_ sides: [Side], _ authority: [UInt8], _ key: any AuthorityKey) throws {
        let count = 60
        var raw: [Double] = []
        var took = sides.map { _ in [Double]() }
        let message = [UInt8](repeating: 7, count: 1000)
        for round in 0..<rounds {
            raw.append(Measure.processorSeconds { for _ in 0..<count { _ = try? key.signature(over: message) } })
            for (place, side) in sides.enumerated() {
                let questions = try (0..<count).map { number in
                    try OCSPRequest.encode(
                        [try certID(authority, side.serial(number * 14 + round))],
                        nonce: withUnsafeBytes(of: number) { Array($0) }
                    )
                }
                took[place].append(
                    Measure.processorSeconds {
                        for question in questions { _ = side.responder.answer(question, for: .sign) }
                    }
                )
            }
        }
        let medians = took.map(\.median)
        Measure.say(
            "answer signed, \(names)",
            medians.map { ($0 / Double(count) * 1e6).rounded(0) }.joined(separator: ", ")
                + " µs, \((medians.spread * 100).rounded(1)) % apart",
            bar: "10 %",
            medians.spread <= 0.1
        )
        let ratio = raw.median / (medians.max() ?? 1)
        Measure.say(
            "answers signed beside bare signatures (\((Double(count) / raw.median).rounded(0)) a second)",
            "\(ratio.rounded(3)) of them",
            bar: "0.9",
            ratio >= 0.9
        )
    }

    private struct Clock: StatusClock {
        var seconds: Int64 { Int64(Date().timeIntervalSince1970) }
        var sinceBoot: Int64 { Int64(ProcessInfo.processInfo.systemUptime * 1000) }
    }

    /// A responder for so many certificates.
    private struct Side {
        let count: Int
        let responder: OCSPResponder

        init(_ count: Int, _ small: [UInt8], _ certificate: [UInt8], _ key: any AuthorityKey) throws {
            self.count = count
            let grown = try GreatSnapshot(growing: small, isLast: false, to: count)
            responder = OCSPResponder(clock: Clock())
            responder.load(try StatusSnapshot.decoded(grown.bytes))
            responder.extendLease(until: .max)
            responder.use([try ResponderSigner(authority: .sign, generation: 1, certificate: certificate, key: key)])
        }

        /// One of the numbers that are asked about; those before 3 are the authority's own.
        func serial(_ number: Int) -> UInt32 { UInt32(3 + (number % asked) * ((count - 3) / asked)) }
    }

    /// An authority with a responder's certificate, and the snapshot of its status.
    private static func issuer(
        _ key: any AuthorityKey
    ) throws -> (authority: [UInt8], responder: [UInt8], small: [UInt8]) {
        var authority = try SmallAuthority(.sign)
        let certificate = try authority.issue(
            IssuanceRequest(
                .signResponder,
                subject: .service("OCSP responder"),
                key: .own(key.subjectPublicKeyInfo),
                notBefore: authority.now,
                end: CivilDate(japaneseDayAt: authority.now + 9 * 365 * 86_400),
                identifier: "responder"
            )
        ).der
        var state = StatusState()
        for entry in authority.log.entries { try state.apply(entry) }
        return (authority.issuer.certificate, certificate, StatusSnapshot.encoded(state))
    }

    static func certID(_ issuer: [UInt8], _ serial: UInt32) throws -> CertID {
        let outline = try CertificateOutline(parsing: issuer)
        let number = withUnsafeBytes(of: serial.bigEndian) { Array($0.drop { $0 == 0 }) }
        return try CertID(
            .sha1,
            issuerNameHash: Array(Insecure.SHA1.hash(data: outline.subject)),
            issuerKeyHash: Array(Insecure.SHA1.hash(data: outline.publicKey)),
            serial: number.first.map { $0 >= 0x80 } ?? true ? [0] + number : number
        )
    }
}
