import CertificateProfiles
import EventLog
import PKIX

/// Both clocks at one instant.
struct Instant: StatusClock, Hashable {
    let seconds: Int64
    let sinceBoot: Int64

    init(_ clock: any StatusClock) {
        seconds = clock.seconds
        sinceBoot = clock.sinceBoot
    }
}

/// Something to be signed, and what it says.
struct Work {
    let signer: ResponderSigner
    /// One for each certificate of the request; `nil` where the issuer is another.
    let identities: [Int?]
    let statuses: [OCSPAnswer.Status]
    let cacheKey: UInt64?
}

enum Step {
    case done(OCSPReply)
    case sign(Work)
}

/// An answer without nonce about one certificate.
struct CachedAnswer {
    /// The question's own words, which the answer repeats.
    let certificate: [UInt8]
    let bytes: [UInt8]
    let signedAt: Int64
    let nextUpdate: Int64
}

/// Signed answers by the issuer's place among the identities and the serial number; the oldest make room.
struct AnswerCache {
    private var answers: [UInt64: CachedAnswer] = [:]
    private var order: [UInt64] = []
    private var oldest = 0

    subscript(key: UInt64) -> CachedAnswer? { answers[key] }

    mutating func keep(_ answer: CachedAnswer, for key: UInt64, limit: Int) {
        guard limit > 0 else { return }
        if answers.updateValue(answer, forKey: key) == nil {
            if order.count < limit {
                order.append(key)
            } else {
                // What was forgotten meanwhile leaves its place in the order; removing nothing does no harm.
                answers.removeValue(forKey: order[oldest])
                order[oldest] = key
                oldest = (oldest + 1) % limit
            }
        }
    }

    mutating func remove(_ key: UInt64) { answers.removeValue(forKey: key) }

    mutating func removeAll() {
        answers.removeAll()
        order.removeAll()
        oldest = 0
    }
}

/// What the responder knows, under its lock.
struct Inner {
    var status = StatusState()
    var identities: [IssuerIdentity] = []
    var signers: [ResponderSigner] = []
    var lease = Int64.min
    var clockGuard: ClockGuard
    var cache = AnswerCache()

    init(clockGuard: ClockGuard) { self.clockGuard = clockGuard }

    func readiness(_ now: Instant) -> Readiness {
        guard now.sinceBoot < lease else { return .leaseRanOut }
        let verdict = clockGuard.judge(now)
        return verdict == .right ? .ready : .clock(verdict)
    }

    /// Answers from the cache, or says what has to be signed; without a policy nothing is taken from the cache.
    func step(
        _ question: OCSPRequest,
        _ authority: CertificateAuthority,
        _ now: Instant,
        _ policy: OCSPResponder.Policy?
    ) -> Step {
        guard readiness(now) == .ready else { return .done(.refusal(.tryLater)) }
        if let policy, let kept = kept(question.certificates[0], authority, now, policy) { return .done(kept) }
        let named = question.certificates.map { place(of: $0, authority) }
        let generations = Set(named.compactMap { $0.map { identities[$0].generation.number } })
        guard generations.count == 1, let generation = generations.first else {
            return .done(.refusal(.unauthorized))
        }
        guard
            let signer = signers.first(where: {
                $0.authority == authority && $0.generation == generation && now.seconds <= $0.notAfter
            })
        else { return .done(.refusal(.tryLater)) }
        return .sign(
            Work(
                signer: signer,
                identities: named,
                statuses: statuses(of: question, named),
                cacheKey: Self.key(named[0], question.certificates[0])
            )
        )
    }

    /// The place among the identities of who issued a certificate.
    private func place(of certificate: CertID, _ authority: CertificateAuthority) -> Int? {
        identities.firstIndex { $0.generation.authority == authority && $0.isNamed(by: certificate) }
    }

    /// The answer in memory, if there is one that is young enough and repeats the question's own words.
    private func kept(
        _ certificate: CertID,
        _ authority: CertificateAuthority,
        _ now: Instant,
        _ policy: OCSPResponder.Policy
    ) -> OCSPReply? {
        guard let key = Self.key(place(of: certificate, authority), certificate), let kept = cache[key],
            now.seconds >= kept.signedAt, now.seconds < kept.signedAt + policy.renewal,
            certificate.encoded.elementsEqual(kept.certificate)
        else { return nil }
        return .answer(kept.bytes, thisUpdate: kept.signedAt, nextUpdate: kept.nextUpdate, isCacheable: true)
    }

    func statuses(of question: OCSPRequest, _ named: [Int?]) -> [OCSPAnswer.Status] {
        zip(question.certificates, named).map { certificate, place in
            guard let place, let number = certificate.serialNumber, let serial = UInt32(exactly: number) else {
                return .unknown
            }
            let asked = identities[place].generation
            let reference = CertificateReference(asked.authority, serial)
            // A serial number of another generation was never issued by the key that is asked about.
            guard status.generation(of: reference) == asked.number else { return .unknown }
            switch status.status(of: reference) {
            case .neverIssued, .inactive: return .unknown
            case .good: return .good
            case .revoked(let revocation):
                return .revoked(at: revocation.at, reason: CRLReason(rawValue: revocation.reason.rawValue))
            }
        }
    }

    mutating func forget(_ certificate: CertificateReference) {
        for place in identities.indices where identities[place].generation.authority == certificate.authority {
            cache.remove(UInt64(place) << 32 | UInt64(certificate.serial))
        }
    }

    private static func key(_ place: Int?, _ certificate: CertID) -> UInt64? {
        guard let place, let number = certificate.serialNumber, number <= UInt64(UInt32.max) else { return nil }
        return UInt64(place) << 32 | number
    }
}
