public import AuthorityCryptography
import AuthorityRecords
public import CertificateProfiles
import CivilCalendar
public import EventLog
import Issuance
import Revocation
import Synchronization

extension AuthorityService {
    /// Reads which generations there are; no key is needed.
    func readGenerations() async throws {
        for authority in CertificateAuthority.allCases {
            let generations = try await ledger.read { try $0.generations(authority) }
            state.withLock { state in
                // What this node began meanwhile is not taken back.
                if generations.count > state.generations[authority, default: []].count {
                    state.generations[authority] = generations
                }
            }
        }
    }

    /// All generations as they were read last, oldest first, whether their keys can be had or not.
    func generations(_ authority: CertificateAuthority) -> [GenerationRecord] {
        state.withLock { $0.generations[authority] ?? [] }
    }

    /// Opens the keys of all generations and of this node's services, before the node answers.
    ///
    /// A key that is there and cannot be used stops the start: another passphrase, an altered file, a refused PIN. One
    /// that cannot be reached does not, as it may be back later: ``retryKeys()`` tries again.
    func openKeys() async throws {
        for flaw in try await work.waiting({ self.openIssuers() }) { try Self.requireReachable(flaw) }
        do { _ = try auditKey() } catch { try Self.requireReachable(error) }
        for flaw in await openServices() { try Self.requireReachable(flaw) }
    }

    private static func requireReachable(_ error: any Error) throws {
        if case .refused? = error as? AuthorityKeyFailure { throw error }
        if case .malformedAuthority? = error as? IssuanceError { throw error }
    }

    /// Opens the keys of all generations that are not open; what stood against those that issue now comes back.
    ///
    /// A generation whose token is away is left out: it cannot issue, and everything else goes on.
    private func openIssuers() -> [any Error] {
        var flaws: [any Error] = []
        for authority in CertificateAuthority.allCases {
            let generations = generations(authority)
            let open = Set(issuers(authority).map(\.generation))
            for generation in generations where !open.contains(generation.generation) {
                do {
                    try openIssuer(generation)
                } catch  where generation.generation == generations.last?.generation {
                    flaws.append(error)
                } catch {
                    continue
                }
            }
        }
        return flaws
    }

    @discardableResult
    func openIssuer(_ record: GenerationRecord) throws -> Issuer {
        let issuer = try Issuer(
            record.authority,
            generation: record.generation,
            certificate: record.certificate,
            key: try keys.key(record.key),
            locations: locations
        )
        add(issuer)
        return issuer
    }

    private func add(_ issuer: Issuer) {
        state.withLock { state in
            let known = state.issuers[issuer.authority, default: []].filter { $0.generation != issuer.generation }
            state.issuers[issuer.authority] = (known + [issuer]).sorted { $0.generation < $1.generation }
        }
    }

    /// Tries the keys again that could not be opened, and renews certificates of services that are near their end.
    ///
    /// Throws why the key of a generation that issues, or of a service, cannot be had.
    public func retryKeys() async throws {
        try await readGenerations()
        let flaws = try await work.waiting { self.openIssuers() } + openServices()
        if let first = flaws.first { throw first }
    }

    /// A generation that began, with what links it to those before.
    public struct Begun: Sendable {
        public let event: GenerationBegan
        /// Certificates by which generations vouch for each other.
        public let links: [Link]
        /// Generations that are not linked with it, as their keys cannot be reached.
        public let unlinked: [Int]

        /// By `from`, about the key of `to`.
        public struct Link: Hashable, Sendable {
            public let from: Int
            public let to: Int
            public let certificate: CertificateReference
            public let der: [UInt8]
        }
    }

    /// Begins the next generation of an authority with a key made where this node makes keys, or the one at `locator`.
    ///
    /// The older generations go on being answered for; each vouches for the new one and the other way round by a link
    /// certificate. A generation whose key cannot be reached is left unlinked; one whose key is there and cannot be used
    /// stops this before anything is made.
    @discardableResult
    public func begin(
        _ authority: CertificateAuthority,
        _ algorithm: SignatureAlgorithm,
        keyAt locator: String? = nil,
        by actor: String
    ) async throws -> Begun {
        try requireClock()
        try await readGenerations()
        let records = generations(authority)
        var older: [Issuer] = []
        var unlinked: [Int] = []
        for record in records {
            do {
                older.append(try await work.waiting { try self.openIssuer(record) })
            } catch AuthorityKeyFailure.unavailable {
                unlinked.append(record.generation)
            }
        }
        let number = records.count + 1
        let named = locator
        let (locator, key) = try await work.waiting { [keys] in
            let name = "\(authority.rawValue)-ca-\(number)"
            let found = try named.map { (locator: $0, key: try keys.key($0)) } ?? keys.make(name, algorithm)
            // The records wait for the certificate's signature, so a key that does not answer is met before.
            _ = try found.key.signature(over: [])
            return found
        }
        let locations = locations
        let new = try await ledger.record(by: actor) { transaction in
            // The self-signed certificate is made while the number is held, so that none is spent without it.
            let new = try NewGeneration(
                of: authority,
                generation: number,
                serial: try transaction.nextSerial(authority),
                key: key,
                locator: locator,
                at: transaction.now / 1000,
                locations: locations
            )
            try transaction.append(.generationBegan(new.event))
            return new
        }.value
        add(new.issuer)
        try await readGenerations()
        var links: [Begun.Link] = []
        for old in older {
            for (from, to) in [(old, new.issuer), (new.issuer, old)] {
                let issued = try await issue(
                    from.linkRequest(to: to, at: clock.seconds),
                    from: from,
                    by: actor,
                    release: true
                )
                links.append(
                    Begun.Link(
                        from: from.generation,
                        to: to.generation,
                        certificate: issued.certificate,
                        der: issued.der
                    )
                )
            }
        }
        _ = await openServices()
        return Begun(event: new.event, links: links, unlinked: unlinked)
    }
}
