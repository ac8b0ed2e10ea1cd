public import AuthorityRecords
public import CertificateProfiles
public import EventLog
public import Issuance
public import Revocation
import Synchronization
import TimeStamping

/// One node of the authorities: issues, revokes, answers and publishes, and records each step before it counts.
///
/// Everything outside is handed in: records, keys, clocks, and the place where lists go. Commands and servers are shells
/// around it.
public final class AuthorityService: Sendable {
    public let ledger: Ledger
    public let responder: OCSPResponder
    let clock: any StatusClock
    let locations: PublicLocations
    let work: SigningThreads
    let database: any SQLDatabase
    let keys: KeyRing
    let opening: KeyOpening
    let state: Mutex<State>

    struct State {
        var issuers: [CertificateAuthority: [Issuer]] = [:]
        /// All generations that there are, oldest first, whether their keys can be had or not.
        var generations: [CertificateAuthority: [GenerationRecord]] = [:]
        var entries: [CertificateAuthority: ListEntries] = [:]
        var responders: [ResponderSigner] = []
        var stamper: TimeStampingAuthority?
        /// Whether the status is complete, so that the node may have a lease.
        var isFollowing = false
        var follower: LogFollower?
    }

    /// Puts a node together and brings its status up to the log's end; from then on it follows.
    ///
    /// What a crash left half done is set right first: plans of this node that were never carried out are abandoned.
    /// `snapshot` saves reading the whole log; one that does not belong to it is passed over. Throws
    /// `AuthorityKeyFailure` where keys are opened at the start and one that this node needs cannot be used. With a
    /// doubted clock nothing is signed until an operator vouches for it; holds are taken all the same.
    public static func start(
        ledger: Ledger,
        database: any SQLDatabase,
        keys: any AuthorityKeyOpener,
        clock: any StatusClock,
        locations: PublicLocations = PublicLocations(),
        policy: OCSPResponder.Policy = OCSPResponder.Policy(),
        snapshot: [UInt8]? = nil,
        opening: KeyOpening = .atStart,
        isClockDoubted: Bool = false
    ) async throws -> AuthorityService {
        let service = AuthorityService(ledger, database, keys, opening, clock, locations, policy)
        if isClockDoubted { service.responder.doubtClock() }
        // Before the first reading, so that nothing falls between it and what is written meanwhile.
        ledger.observe { [weak service] entries in service?.follow(entries) }
        try await service.readStatus(from: snapshot)
        try await service.readGenerations()
        try await service.abandonUnfinished()
        if opening == .atStart { try await service.openKeys() }
        _ = try await ledger.record(by: "service") { transaction in
            try transaction.append(.serviceStarted(ServiceStarted(program: "fuda")))
        }
        return service
    }

    private init(
        _ ledger: Ledger,
        _ database: any SQLDatabase,
        _ keys: any AuthorityKeyOpener,
        _ opening: KeyOpening,
        _ clock: any StatusClock,
        _ locations: PublicLocations,
        _ policy: OCSPResponder.Policy
    ) {
        self.ledger = ledger
        self.database = database
        self.keys = KeyRing(keys)
        self.opening = opening
        self.clock = clock
        self.locations = locations
        responder = OCSPResponder(clock: clock, policy: policy)
        work = SigningThreads()
        state = Mutex(State())
    }

    /// Finishes what was accepted, says so in the log, and lets go of the records and of the keys.
    ///
    /// When this returns nothing uses a token any more: a process that ended meanwhile would take the token's module away
    /// from under it.
    public func stop() async {
        responder.endLease()
        // From here on writers need not wait for this node.
        try? await state.withLock(\.follower)?.leave()
        _ = try? await ledger.record(by: "service") { transaction in try transaction.append(.serviceStopped) }
        await ledger.close()
        await work.finish()
        responder.use([])
        state.withLock { state in
            state.issuers = [:]
            state.responders = []
            state.stamper = nil
        }
        keys.empty()
    }

    // MARK: - What there is

    /// The generation that issues now.
    ///
    /// Throws ``AuthorityServiceError/noGeneration(_:)`` while its key cannot be had, and `AuthorityKeyFailure` where it
    /// is opened now and cannot be used.
    public func issuer(_ authority: CertificateAuthority) throws -> Issuer {
        let (issuer, newest) = state.withLock { ($0.issuers[authority]?.last, $0.generations[authority]?.last) }
        // An older generation does not step in while the key of the newest is away.
        guard let newest else { throw AuthorityServiceError.noGeneration(authority) }
        if let issuer, issuer.generation >= newest.generation { return issuer }
        guard opening == .atFirstUse else { throw AuthorityServiceError.noGeneration(authority) }
        return try openIssuer(newest)
    }

    /// All generations whose keys can be had, oldest first.
    public func issuers(_ authority: CertificateAuthority) -> [Issuer] {
        state.withLock { $0.issuers[authority] ?? [] }
    }

    /// Refuses to sign anything with a clock that is not right.
    func requireClock() throws {
        guard ledger.clockState.isTrustworthy else { throw AuthorityServiceError.clock(ledger.clockState.behind) }
        switch responder.clockVerdict {
        case .right: break
        case .behindLastRecord(let seconds): throw AuthorityServiceError.clock(seconds * 1000)
        case .jumped(let seconds): throw AuthorityServiceError.clockJumped(by: seconds)
        case .aheadOfLastRecord(let seconds): throw AuthorityServiceError.clockAhead(by: seconds)
        }
    }
}

/// Why the authority did not do what it was asked.
public enum AuthorityServiceError: Error, Hashable, Sendable {
    /// The authority has not begun.
    case noGeneration(CertificateAuthority)
    /// Milliseconds by which the clock is behind the last record.
    case clock(Int64)
    /// Seconds by which somebody set the clock.
    case clockJumped(by: Int64)
    /// Seconds by which the clock was ahead of the last record when the node started.
    case clockAhead(by: Int64)
    /// The same request is being carried out, or stopped halfway and was abandoned: it needs a new identifier.
    case requestUnfinished(CertificateReference)
    /// The same identifier was used for another key or kind.
    case requestDiffers(CertificateReference)
    /// No certificate of that card, or of that number, is known.
    case nothingToRevoke
    case list(RevocationListError)
}
