public import CertificateProfiles

/// The state of an authority as its log tells it, and nothing else.
///
/// Events of several writers about one certificate are taken in the order of the rules, whatever order they come in: an
/// event that does not fit yet waits for the one that makes it fit.
public struct AuthorityState: Sendable {
    /// What befell one certificate.
    public struct Certificate: Hashable, Sendable {
        public var kind: CertificateKind
        public var generation: Int
        public var state: CertificateState
        public var reason: RevocationReason?
        /// Seconds since 1970 UTC.
        public var revokedAt: Int64?
        public var fingerprint: String?
        /// The entry that changed it last.
        public var changedBy: LogPosition
    }

    public struct List: Hashable, Sendable {
        public let number: UInt64
        public let fingerprint: String

        public init(number: UInt64, fingerprint: String) {
            self.number = number
            self.fingerprint = fingerprint
        }
    }

    public struct ListName: Hashable, Sendable {
        public let authority: CertificateAuthority
        public let partition: String

        public init(_ authority: CertificateAuthority, _ partition: String) {
            self.authority = authority
            self.partition = partition
        }
    }

    public private(set) var certificates: [CertificateReference: Certificate] = [:]
    public private(set) var lists: [ListName: List] = [:]
    /// Fingerprints of the client certificates of those admitted.
    public private(set) var verifiers: [String: String] = [:]
    /// Entries that hold no event known.
    public private(set) var faults: [LogFault] = []

    /// Events that do not fit yet.
    private var waiting: [CertificateReference: [(event: AuthorityEvent, entry: LogEntry)]] = [:]

    public init() {}

    /// Events that never came to fit: by the rules and all other entries, they could not have happened.
    public var impossible: [LogFault] {
        waiting.values.joined().map { $0.entry.position }
            .sorted { ($0.writer, $0.sequence) < ($1.writer, $1.sequence) }
            .map(LogFault.impossible)
    }

    /// Takes the next entry.
    public mutating func take(_ entry: LogEntry) {
        guard let event = try? AuthorityEvent(decoding: entry.body) else {
            faults.append(.unreadable(entry.position))
            return
        }
        switch event {
        case .listPublished(let event):
            let name = ListName(event.authority, event.partition)
            if event.number > lists[name]?.number ?? 0 {
                lists[name] = List(number: event.number, fingerprint: event.fingerprint)
            }
        case .verifierAdmitted(let event): verifiers[event.name] = event.fingerprint
        case .verifierDismissed(let event): verifiers[event.name] = nil
        case .partitionOpened, .serviceStarted, .serviceStopped, .clockTrusted, .certificateLookedUp: break
        default: take(event, entry)
        }
    }

    private mutating func take(_ event: AuthorityEvent, _ entry: LogEntry) {
        guard let reference = event.certificate else { return }
        guard apply(event, entry, to: reference) else {
            waiting[reference, default: []].append((event, entry))
            return
        }
        // What waited for this may fit now, and others after it.
        while let index = waiting[reference]?.firstIndex(where: { apply($0.event, $0.entry, to: reference) }) {
            waiting[reference]?.remove(at: index)
        }
        if waiting[reference]?.isEmpty ?? false { waiting[reference] = nil }
    }

    /// Follows the line of the table that allows the event.
    ///
    /// - Returns: whether there is one.
    private mutating func apply(_ event: AuthorityEvent, _ entry: LogEntry, to reference: CertificateReference) -> Bool
    {
        let before = certificates[reference]
        guard let trigger = event.trigger, let kind = before?.kind ?? event.kind else { return false }
        let reason: RevocationReason? = if case .certificateRevoked(let event) = event { event.reason } else { nil }
        let line = try? CertificateTransition.allowing(trigger, reason: reason, from: before?.state, kind: kind)
        guard let line else { return false }
        var after =
            before
            ?? Certificate(
                kind: kind,
                generation: event.generation ?? 0,
                state: line.to,
                changedBy: entry.position
            )
        after.state = line.to
        after.changedBy = entry.position
        switch event {
        case .generationBegan(let event): after.fingerprint = event.fingerprint
        case .certificateIssued(let event): after.fingerprint = event.fingerprint
        case .certificateRevoked(let event):
            after.reason = event.reason
            after.revokedAt = event.at
        case .issuanceAbandoned(let event):
            after.reason = .unspecified
            after.revokedAt = event.at
        default: break
        }
        certificates[reference] = after
        return true
    }
}
