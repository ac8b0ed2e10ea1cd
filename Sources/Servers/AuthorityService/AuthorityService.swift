public import AuthorityCryptography
public import AuthorityRecords
public import CertificateProfiles
public import EventLog
public import Issuance
public import Revocation
import Synchronization

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
    let keys: any AuthorityKeyOpener
    let state: Mutex<State>

    struct State {
        var issuers: [CertificateAuthority: [Issuer]] = [:]
        /// The number of the generation that issues, whether its key can be had or not.
        var newest: [CertificateAuthority: Int] = [:]
        /// Keys by their locators; opened once.
        var keys: [String: any AuthorityKey] = [:]
        var entries: [CertificateAuthority: ListEntries] = [:]
        var responders: [ResponderSigner] = []
        /// Whether the status is complete, so that the node may have a lease.
        var isFollowing = false
        var follower: LogFollower?
    }

    /// Puts a node together and brings its status up to the log's end; from then on it follows.
    ///
    /// What a crash left half done is set right first: plans of this node that were never carried out are abandoned.
    /// `snapshot` saves reading the whole log; one that does not belong to it is passed over.
    public static func start(
        ledger: Ledger,
        database: any SQLDatabase,
        keys: any AuthorityKeyOpener,
        clock: any StatusClock,
        locations: PublicLocations = PublicLocations(),
        policy: OCSPResponder.Policy = OCSPResponder.Policy(),
        snapshot: [UInt8]? = nil
    ) async throws -> AuthorityService {
        let service = AuthorityService(ledger, database, keys, clock, locations, policy)
        // Before the first reading, so that nothing falls between it and what is written meanwhile.
        ledger.observe { [weak service] entries in service?.follow(entries) }
        try await service.readStatus(from: snapshot)
        try await service.openIssuers()
        try await service.abandonUnfinished()
        try await service.openResponders()
        _ = try await ledger.record(by: "service") { transaction in
            try transaction.append(.serviceStarted(ServiceStarted(program: "fuda")))
        }
        return service
    }

    private init(
        _ ledger: Ledger,
        _ database: any SQLDatabase,
        _ keys: any AuthorityKeyOpener,
        _ clock: any StatusClock,
        _ locations: PublicLocations,
        _ policy: OCSPResponder.Policy
    ) {
        self.ledger = ledger
        self.database = database
        self.keys = keys
        self.clock = clock
        self.locations = locations
        responder = OCSPResponder(clock: clock, policy: policy)
        work = SigningThreads()
        state = Mutex(State())
    }

    /// Finishes what was accepted, says so in the log, and lets go of the records.
    public func stop() async {
        responder.endLease()
        // From here on writers need not wait for this node.
        try? await state.withLock(\.follower)?.leave()
        _ = try? await ledger.record(by: "service") { transaction in try transaction.append(.serviceStopped) }
        await ledger.close()
    }

    // MARK: - What there is

    /// The generation that issues now.
    public func issuer(_ authority: CertificateAuthority) throws -> Issuer {
        let (issuer, newest) = state.withLock { ($0.issuers[authority]?.last, $0.newest[authority]) }
        // An older generation does not step in while the key of the newest is away.
        guard let issuer, issuer.generation == newest else { throw AuthorityServiceError.noGeneration(authority) }
        return issuer
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
        }
    }

    func key(_ locator: String) throws -> any AuthorityKey {
        if let known = state.withLock({ $0.keys[locator] }) { return known }
        let key = try keys.open(locator)
        state.withLock { $0.keys[locator] = key }
        return key
    }

    /// A key of this node's own, which no record names; made at its first use.
    func ownKey(_ name: String, _ algorithm: SignatureAlgorithm) throws -> any AuthorityKey {
        if let known = try? key("file:" + name) { return known }
        let made = try keys.make(name, algorithm)
        state.withLock { $0.keys[made.locator] = made.key }
        return made.key
    }
}

/// Opens keys by the locators that the log keeps.
public protocol AuthorityKeyOpener: Sendable {
    func open(_ locator: String) throws -> any AuthorityKey
    /// Makes a key of that name where this node makes keys; its locator and the key come back.
    func make(_ name: String, _ algorithm: SignatureAlgorithm) throws -> (locator: String, key: any AuthorityKey)
}

/// Why the authority did not do what it was asked.
public enum AuthorityServiceError: Error, Hashable, Sendable {
    /// The authority has not begun.
    case noGeneration(CertificateAuthority)
    /// Milliseconds by which the clock is behind the last record.
    case clock(Int64)
    /// Seconds by which somebody set the clock.
    case clockJumped(by: Int64)
    /// The same request is being carried out, or stopped halfway and was abandoned: it needs a new identifier.
    case requestUnfinished(CertificateReference)
    /// The same identifier was used for another key or kind.
    case requestDiffers(CertificateReference)
    /// No certificate of that card, or of that number, is known.
    case nothingToRevoke
    case list(RevocationListError)
}
