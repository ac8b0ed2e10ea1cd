import AuthorityCryptography
import AuthorityTesting
import CertificateProfiles
import CivilCalendar
import EventLog
import ForeignTools
import Issuance
import Revocation
import Synchronization

/// Clocks that stand where they were set.
final class SetClock: StatusClock {
    private let times: Mutex<(seconds: Int64, sinceBoot: Int64)>

    init(_ seconds: Int64) { times = Mutex((seconds, 1_000_000)) }

    var seconds: Int64 { times.withLock { $0.seconds } }
    var sinceBoot: Int64 { times.withLock { $0.sinceBoot } }

    /// Time passes on both clocks alike.
    func pass(milliseconds: Int64) {
        times.withLock { times in
            let whole = (times.sinceBoot + milliseconds) / 1000 - times.sinceBoot / 1000
            times.sinceBoot += milliseconds
            times.seconds += whole
        }
    }

    /// Somebody sets the clock.
    func set(by seconds: Int64) { times.withLock { $0.seconds += seconds } }
}

/// A responder over a small authority that follows its log.
struct TestResponder {
    var authority: SmallAuthority
    let clock: SetClock
    let responder: OCSPResponder
    let certificate: [UInt8]
    private var followed = 0

    init(
        _ name: CertificateAuthority = .sign,
        policy: OCSPResponder.Policy = .init(),
        signing: any AuthorityKey = TestKey.p384
    ) throws {
        authority = try SmallAuthority(name)
        clock = SetClock(authority.now)
        responder = OCSPResponder(clock: clock, policy: policy)
        certificate = try Self.certify(&authority, signing)
        try use(signing)
        lease()
        try follow()
    }

    /// A responder's certificate from the newest generation.
    static func certify(_ authority: inout SmallAuthority, _ key: any AuthorityKey) throws -> [UInt8] {
        try authority.issue(
            IssuanceRequest(
                authority.authority == .sign ? .signResponder : .authResponder,
                subject: .service("OCSP responder \(authority.nextSerial)"),
                key: .own(key.subjectPublicKeyInfo),
                notBefore: authority.now,
                end: CivilDate(japaneseDayAt: authority.now + 90 * 86_400),
                identifier: "responder-\(authority.nextSerial)"
            )
        ).der
    }

    func use(_ key: any AuthorityKey) throws {
        responder.use([
            try ResponderSigner(
                authority: authority.authority,
                generation: authority.issuer.generation,
                certificate: certificate,
                key: key
            )
        ])
    }

    func lease() { responder.extendLease(until: clock.sinceBoot + 1000) }

    mutating func follow() throws {
        try responder.follow(Array(authority.log.entries[followed...]))
        followed = authority.log.entries.count
    }

    /// A request as `openssl ocsp` writes it.
    func request(_ serials: [String], _ options: [String] = ["-no_nonce"]) throws -> [UInt8] {
        try OpenSSLProgram.run(
            ["ocsp"] + options + ["-issuer", "ca"] + serials.flatMap { ["-serial", $0] } + ["-reqout", "/dev/stdout"],
            files: ["ca": OpenSSLProgram.pem(authority.issuer.certificate)]
        ).output
    }

    /// What `openssl ocsp` makes of an answer about certificates that it names by a hash.
    func judge(_ answer: [UInt8], _ serials: [String], _ hash: String = "-sha1") throws -> OpenSSLProgram {
        try OpenSSLProgram.run(
            ["ocsp", hash, "-respin", "answer", "-CAfile", "ca", "-no_nonce", "-issuer", "ca"]
                + serials.flatMap { ["-serial", $0] } + ["-validity_period", "999999999"],
            files: ["ca": OpenSSLProgram.pem(authority.issuer.certificate), "answer": answer]
        )
    }
}
