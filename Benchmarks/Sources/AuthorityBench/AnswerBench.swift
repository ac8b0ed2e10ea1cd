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
enum AnswerBench {
    static func run() throws {
        let key = try BenchKeys.rsa()
        let raw = BenchKeys.rawRate(key, threads: 1)
        Measure.say("signatures a second of the responder's key, one thread", raw.rounded(0))
        for count in [1_000, 1_000_000] as [UInt32] {
            let (responder, issuer) = try responder(count, key)
            let requests = try (0..<UInt32(min(count, 10_000))).map { try request(issuer, 2 + $0 % (count - 2)) }
            for request in requests.prefix(2_000) { _ = responder.answer(request, for: .sign) }
            let kept = Array(requests.prefix(2_000))
            let rounds = 50
            let took = Measure.seconds {
                for _ in 0..<rounds { for request in kept { _ = responder.answerAtOnce(request, for: .sign) } }
            }
            Measure.say(
                "answers a second from memory, \(count) certificates",
                (Double(rounds * kept.count) / took).rounded(0)
            )
            let nonces = try (0..<3_000).map { number in
                try OCSPRequest.encode(
                    [try certID(issuer, UInt32(2 + number % 900))],
                    nonce: withUnsafeBytes(of: number) { Array($0) }
                )
            }
            let signing = Measure.seconds { for request in nonces { _ = responder.answer(request, for: .sign) } }
            let rate = Double(nonces.count) / signing
            Measure.say(
                "answers a second, each signed, \(count) certificates",
                "\(rate.rounded(0)), \((rate / raw).rounded(2)) of the bare signature"
            )
        }
    }

    private struct Clock: StatusClock {
        var seconds: Int64 { Int64(Date().timeIntervalSince1970) }
        var sinceBoot: Int64 { Int64(ProcessInfo.processInfo.systemUptime * 1000) }
    }

    private static func responder(_ count: UInt32, _ key: any AuthorityKey) throws -> (OCSPResponder, [UInt8]) {
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
        var log = authority.log
        for serial in 3..<count {
            try log.append(.certificateReleased(CertificateReference(.sign, serial)))
        }
        var state = StatusState()
        for entry in log.entries { try state.apply(entry) }
        let responder = OCSPResponder(clock: Clock())
        responder.load(state)
        responder.extendLease(until: .max)
        responder.use([
            try ResponderSigner(
                authority: .sign,
                generation: 1,
                certificate: certificate,
                key: key
            )
        ])
        return (responder, authority.issuer.certificate)
    }

    private static func request(_ issuer: [UInt8], _ serial: UInt32) throws -> [UInt8] {
        try OCSPRequest.encode([try certID(issuer, serial)], nonce: nil)
    }

    private static func certID(_ issuer: [UInt8], _ serial: UInt32) throws -> CertID {
        let outline = try CertificateOutline(parsing: issuer)
        return try CertID(
            .sha1,
            issuerNameHash: Array(Insecure.SHA1.hash(data: outline.subject)),
            issuerKeyHash: Array(Insecure.SHA1.hash(data: outline.publicKey)),
            serial: withUnsafeBytes(of: serial.bigEndian) { Array($0) }
        )
    }
}
