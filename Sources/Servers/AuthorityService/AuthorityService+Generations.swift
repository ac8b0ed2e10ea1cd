public import AuthorityCryptography
import AuthorityRecords
public import CertificateProfiles
import CivilCalendar
public import EventLog
import Issuance
import Revocation
import Synchronization

extension AuthorityService {
    /// Days that a responder's certificate is good, and before its end from when the next is made.
    static let responderDays: Int64 = 60
    static let responderRenewalDays: Int64 = 20

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

    /// Opens the keys of all generations and of this node's responders, before the node answers.
    ///
    /// A key that is there and cannot be used stops the start: another passphrase, an altered file, a refused PIN. One
    /// that cannot be reached does not, as it may be back later: ``retryKeys()`` tries again.
    func openKeys() async throws {
        for flaw in try await work.waiting({ self.openIssuers() }) { try Self.requireReachable(flaw) }
        do { _ = try auditKey() } catch { try Self.requireReachable(error) }
        for flaw in try await openResponders() { try Self.requireReachable(flaw) }
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
            let generations = state.withLock { $0.generations[authority] ?? [] }
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

    /// Tries the keys again that could not be opened, and renews responders that are near their end.
    ///
    /// Throws why the key of a generation that issues, or of a responder, cannot be had.
    public func retryKeys() async throws {
        try await readGenerations()
        let flaws = try await work.waiting { self.openIssuers() } + openResponders()
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
        let records = state.withLock { $0.generations[authority] ?? [] }
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
        _ = try await openResponders()
        return Begun(event: new.event, links: links, unlinked: unlinked)
    }

    // MARK: - Responders

    /// Gives the responder a key and a fresh certificate for every generation; makes what is missing or near its end.
    ///
    /// One that is near its end goes on signing where no other can be made, as when the authority's token is away. What
    /// stood against a responder comes back.
    private func openResponders() async throws -> [any Error] {
        var signers: [ResponderSigner] = []
        var flaws: [any Error] = []
        let now = clock.seconds
        for authority in CertificateAuthority.allCases {
            for generation in try await ledger.read({ try $0.generations(authority) }) {
                do { signers.append(try await responderSigner(generation, now)) } catch { flaws.append(error) }
            }
        }
        let known = state.withLock { state in
            defer { state.responders = signers }
            return state.responders.map(\.certificate)
        }
        // Putting the same ones in again would only empty the responder's memory.
        if known != signers.map(\.certificate) { responder.use(signers) }
        return flaws
    }

    private func responderSigner(_ generation: GenerationRecord, _ now: Int64) async throws -> ResponderSigner {
        let authority = generation.authority
        let name = "\(authority.rawValue)-ocsp-\(generation.generation)"
        let key = try keys.own(name, generation.algorithm)
        let kind: CertificateKind = authority == .sign ? .signResponder : .authResponder
        let node = ledger.node
        let latest = try await ledger.read { records in
            try records.latest(kind, authority, generation: generation.generation, holder: node)
        }
        var current: ResponderSigner?
        if let latest, let notAfter = latest.notAfter, now <= notAfter,
            let der = try await ledger.read({ try $0.body(of: latest.reference) })
        {
            let signer = try ResponderSigner(
                authority: authority,
                generation: generation.generation,
                certificate: der,
                key: key
            )
            if now < notAfter - Self.responderRenewalDays * 86_400 { return signer }
            current = signer
        }
        do {
            return try await newResponder(kind, generation.generation, named: name, key, now)
        } catch {
            guard let current else { throw error }
            return current
        }
    }

    private func newResponder(
        _ kind: CertificateKind,
        _ generation: Int,
        named name: String,
        _ key: any AuthorityKey,
        _ now: Int64
    ) async throws -> ResponderSigner {
        try requireClock()
        let authority = CertificateProfile(kind).issuer
        guard let issuer = issuers(authority).first(where: { $0.generation == generation }) else {
            throw AuthorityServiceError.noGeneration(authority)
        }
        let day = CivilDate(japaneseDayAt: min(now + Self.responderDays * 86_400, issuer.notAfter))
        let issued = try await issue(
            IssuanceRequest(
                kind,
                subject: .service("OCSP responder \(ledger.node) \(generation)"),
                key: .own(key.subjectPublicKeyInfo),
                notBefore: now,
                end: day,
                identifier: "\(name)-\(ledger.node)-\(now)",
                holder: ledger.node
            ),
            from: issuer,
            by: "service",
            release: true
        )
        return try ResponderSigner(
            authority: authority,
            generation: generation,
            certificate: issued.der,
            key: key
        )
    }
}
