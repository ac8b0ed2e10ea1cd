public import AuthorityCryptography
import AuthorityRecords
public import CertificateProfiles
import CivilCalendar
import EventLog
public import Issuance
import Revocation
import Synchronization

extension AuthorityService {
    /// Days that a responder's certificate is good, and before its end from when the next is made.
    static let responderDays: Int64 = 60
    static let responderRenewalDays: Int64 = 20

    /// Opens the keys of all generations.
    ///
    /// One whose token is away is left out: it cannot issue, and everything else goes on. ``retryKeys()`` tries again.
    func openIssuers() async throws {
        for authority in CertificateAuthority.allCases {
            let generations = try await ledger.read { try $0.generations(authority) }
            let open = Set(issuers(authority).map(\.generation))
            var opened: [Issuer] = []
            for generation in generations where !open.contains(generation.generation) {
                guard let key = try? key(generation.key) else { continue }
                opened.append(
                    try Issuer(
                        authority,
                        generation: generation.generation,
                        certificate: generation.certificate,
                        key: key,
                        locations: locations
                    )
                )
            }
            let new = opened
            state.withLock { state in
                let known = state.issuers[authority, default: []]
                let others = new.filter { one in !known.contains { $0.generation == one.generation } }
                state.issuers[authority] = (known + others).sorted { $0.generation < $1.generation }
                let newest = generations.last?.generation ?? 0
                state.newest[authority] = max(newest, state.newest[authority, default: 0])
            }
        }
    }

    /// Tries the keys again that could not be opened, and renews responders that are near their end.
    public func retryKeys() async throws {
        try await openIssuers()
        try await openResponders()
    }

    /// Begins the next generation of an authority with a key made where this node makes keys, or the one at `locator`.
    ///
    /// The older generations go on being answered for; each vouches for the new one and the other way round by a link
    /// certificate.
    @discardableResult
    public func begin(
        _ authority: CertificateAuthority,
        _ algorithm: SignatureAlgorithm,
        keyAt locator: String? = nil,
        by actor: String
    ) async throws -> Issuer {
        try requireClock()
        let older = issuers(authority)
        let number = try await ledger.read { try $0.generations(authority).count } + 1
        let (locator, key) =
            if let locator { (locator, try key(locator)) } else {
                try keys.make("\(authority.rawValue)-ca-\(number)", algorithm)
            }
        let locations = locations
        let began = try await ledger.record(by: actor) { transaction in
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
            return new.issuer
        }.value
        state.withLock { state in
            state.issuers[authority, default: []].append(began)
            state.newest[authority] = began.generation
            state.keys[locator] = key
        }
        for old in older {
            for (from, to) in [(old, began), (began, old)] {
                _ = try await issue(
                    from.linkRequest(to: to, at: clock.seconds),
                    from: from,
                    by: actor,
                    release: true
                )
            }
        }
        try await openResponders()
        return began
    }

    // MARK: - Responders

    /// Gives the responder a key and a fresh certificate for every generation; makes what is missing or near its end.
    ///
    /// One that is near its end goes on signing where no other can be made, as when the authority's token is away.
    func openResponders() async throws {
        var signers: [ResponderSigner] = []
        let now = clock.seconds
        for authority in CertificateAuthority.allCases {
            for generation in try await ledger.read({ try $0.generations(authority) }) {
                if let signer = try? await responderSigner(generation, now) { signers.append(signer) }
            }
        }
        let known = state.withLock { state in
            defer { state.responders = signers }
            return state.responders.map(\.certificate)
        }
        // Putting the same ones in again would only empty the responder's memory.
        if known != signers.map(\.certificate) { responder.use(signers) }
    }

    private func responderSigner(_ generation: GenerationRecord, _ now: Int64) async throws -> ResponderSigner {
        let authority = generation.authority
        let name = "\(authority.rawValue)-ocsp-\(generation.generation)"
        let key = try ownKey(name, generation.algorithm)
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
