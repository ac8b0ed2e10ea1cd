import AuthorityCryptography
public import CertificateProfiles
public import EventLog
import PKIX
import Synchronization

/// Answers about certificates out of memory (RFC 6960), for all threads of a process.
///
/// It says `good` only while three things hold: the status is complete, the node's lease runs, and the clock is right.
/// Otherwise it says `tryLater`. Answers without nonce are signed once and served until the status changes or they age;
/// a status change drops them before it is acknowledged.
public final class OCSPResponder: Sendable {
    private let clock: any StatusClock
    private let policy: Policy
    private let inner: Mutex<Inner>

    /// How long answers live.
    public struct Policy: Hashable, Sendable {
        /// Seconds from thisUpdate to nextUpdate, at most 60: as long as a relying party may go on believing an answer.
        public var lifetime: Int64 = 60
        /// An answer is signed anew when it is this many seconds old.
        public var renewal: Int64 = 30
        /// The most answers that are kept.
        public var cacheLimit = 100_000
        /// How many seconds back from now the status of expired certificates is known: 15 years.
        public var retention: Int64 = 15 * 365 * 86_400

        public init() {}
    }

    public init(clock: any StatusClock, policy: Policy = Policy()) {
        self.clock = clock
        self.policy = policy
        inner = Mutex(Inner(clockGuard: ClockGuard(Instant(clock))))
    }
}

// MARK: - What it knows

extension OCSPResponder {
    /// Starts from a complete state, such as a snapshot and what the log says since.
    public func load(_ status: StatusState) {
        inner.withLock { inner in
            inner.status = status
            inner.identities = status.generations.flatMap(IssuerIdentity.all)
            inner.cache.removeAll()
            for head in status.heads.values { inner.clockGuard.saw(recordAt: head.instant) }
        }
    }

    /// Takes entries of the log; answers that they make wrong are gone when this returns.
    public func follow(_ entries: [LogEntry]) throws(StatusLogError) {
        try inner.withLock { inner throws(StatusLogError) in
            for entry in entries {
                let generations = inner.status.generations.count
                if let changed = try inner.status.apply(entry) { inner.forget(changed) }
                if inner.status.generations.count > generations, let new = inner.status.generations.last {
                    inner.identities += IssuerIdentity.all(of: new)
                }
                inner.clockGuard.saw(recordAt: entry.instant)
            }
        }
    }

    /// The time that answers are made with; seconds since 1970 UTC.
    public var seconds: Int64 { clock.seconds }

    /// The state as it is now; cheap to take, as it is copied only where it changes later.
    public var status: StatusState { inner.withLock { $0.status } }

    /// The node may answer until this instant of ``StatusClock/sinceBoot``.
    public func extendLease(until sinceBoot: Int64) { inner.withLock { $0.lease = max($0.lease, sinceBoot) } }

    /// The node must not answer until it gets a new lease.
    public func endLease() { inner.withLock { $0.lease = .min } }

    /// Signs with these from now on.
    public func use(_ signers: [ResponderSigner]) {
        inner.withLock { inner in
            inner.signers = signers
            inner.cache.removeAll()
        }
    }

    /// An operator says that the clock was set on purpose.
    public func trustClock() { inner.withLock { $0.clockGuard.trust(Instant(clock)) } }

    /// The clock is further from the last record than may be believed without an operator's word.
    public func doubtClock() { inner.withLock { $0.clockGuard.doubt() } }

    /// Whether the clock is right, lease or not.
    public var clockVerdict: ClockVerdict {
        let now = Instant(clock)
        return inner.withLock { $0.clockGuard.judge(now) }
    }

    /// Whether it would answer now, and if not why.
    public var readiness: Readiness {
        let now = Instant(clock)
        return inner.withLock { $0.readiness(now) }
    }
}

/// Why a responder says `tryLater`.
public enum Readiness: Hashable, Sendable {
    case ready
    /// No lease was ever given, or it has run out.
    case leaseRanOut
    case clock(ClockVerdict)
    case noSigner
}

// MARK: - What it says

extension OCSPResponder {
    /// Answers a request that came as bytes, for one authority.
    ///
    /// Certificates of another issuer are `unknown` when they come together with such of this one, and `unauthorized`
    /// when they are all that is asked about; so are certificates of several generations in one request, since one
    /// signature cannot speak for several keys.
    public func answer(_ request: [UInt8], for authority: CertificateAuthority) -> OCSPReply {
        guard let question = Self.question(request) else { return .refusal(.malformedRequest) }
        let isPlain = Self.isPlain(question)
        // Whatever changes between looking and signing is looked at again; each time something newer is signed.
        for _ in 0..<4 {
            let now = Instant(clock)
            let step = inner.withLock { $0.step(question, authority, now, isPlain ? policy : nil) }
            switch step {
            case .done(let reply): return reply
            case .sign(let work):
                guard let reply = sign(work, question, now, isPlain) else { continue }
                return reply
            }
        }
        return .refusal(.tryLater)
    }

    /// Answers without waiting: from memory, or with a refusal; `nil` when something has to be signed.
    public func answerAtOnce(_ request: [UInt8], for authority: CertificateAuthority) -> OCSPReply? {
        guard let question = Self.question(request) else { return .refusal(.malformedRequest) }
        let now = Instant(clock)
        let policy = Self.isPlain(question) ? policy : nil
        let step = inner.withLock { $0.step(question, authority, now, policy) }
        return if case .done(let reply) = step { reply } else { nil }
    }

    /// How many certificates a request asks about; 0 for one that cannot be read.
    public static func certificates(askedIn request: [UInt8]) -> Int { question(request)?.certificates.count ?? 0 }

    private static func question(_ request: [UInt8]) -> OCSPRequest? {
        guard let question = try? OCSPRequest(parsing: request), !question.hasUnknownCritical else { return nil }
        return question
    }

    /// Whether others may get the same answer.
    private static func isPlain(_ question: OCSPRequest) -> Bool {
        question.nonce == nil && question.certificates.count == 1
    }

    /// `nil` when the status changed while it was being signed.
    private func sign(_ work: Work, _ question: OCSPRequest, _ now: Instant, _ isPlain: Bool) -> OCSPReply? {
        let nextUpdate = now.seconds + policy.lifetime
        let draft = OCSPResponseDraft(
            responderKeyHash: work.signer.keyHash,
            producedAt: now.seconds,
            answers: zip(question.certificates, work.statuses).map { certificate, status in
                OCSPAnswer(
                    certificate,
                    status,
                    thisUpdate: now.seconds,
                    nextUpdate: nextUpdate,
                    archiveCutoff: now.seconds - policy.retention
                )
            },
            nonce: question.nonce
        )
        guard let toBeSigned = try? draft.toBeSigned() else { return .refusal(.internalError) }
        let signature: [UInt8]
        do { signature = try work.signer.key.signature(over: toBeSigned) } catch { return .refusal(.tryLater) }
        let bytes = OCSPResponseDraft.assemble(
            toBeSigned: toBeSigned,
            algorithm: work.signer.key.algorithm.identifier,
            signature: signature,
            certificates: [work.signer.certificate]
        )
        let after = Instant(clock)
        return inner.withLock { inner in
            // The lease is looked at after signing: a node that was stopped in between must not speak.
            guard inner.readiness(after) == .ready else { return .refusal(.tryLater) }
            guard inner.statuses(of: question, work.identities) == work.statuses else { return nil }
            if isPlain, let key = work.cacheKey {
                inner.cache.keep(
                    CachedAnswer(
                        certificate: Array(question.certificates[0].encoded),
                        bytes: bytes,
                        signedAt: now.seconds,
                        nextUpdate: nextUpdate
                    ),
                    for: key,
                    limit: policy.cacheLimit
                )
            }
            return .answer(
                bytes,
                thisUpdate: now.seconds,
                nextUpdate: nextUpdate,
                isCacheable: isPlain
            )
        }
    }
}

/// What goes back to whoever asked.
public enum OCSPReply: Hashable, Sendable {
    /// A signed OCSPResponse; it may be kept by caches until its next update if it answers no nonce.
    case answer([UInt8], thisUpdate: Int64, nextUpdate: Int64, isCacheable: Bool)
    case refusal(OCSPRefusalKind)

    public var bytes: [UInt8] {
        switch self {
        case .answer(let bytes, _, _, _): bytes
        case .refusal(let kind): kind.refusal.encoded
        }
    }
}

/// The refusals that this responder gives (RFC 6960, 2.3).
public enum OCSPRefusalKind: String, Hashable, Sendable, CaseIterable {
    case malformedRequest, internalError, tryLater, unauthorized

    var refusal: OCSPRefusal {
        switch self {
        case .malformedRequest: .malformedRequest
        case .internalError: .internalError
        case .tryLater: .tryLater
        case .unauthorized: .unauthorized
        }
    }
}
