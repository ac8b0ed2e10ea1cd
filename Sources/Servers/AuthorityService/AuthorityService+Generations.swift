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
            var issuers: [Issuer] = []
            for generation in generations {
                guard let key = try? key(generation.key) else { continue }
                issuers.append(
                    try Issuer(
                        authority,
                        generation: generation.generation,
                        certificate: generation.certificate,
                        key: key,
                        locations: locations
                    )
                )
            }
            state.withLock { $0.issuers[authority] = issuers }
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
    func openResponders() async throws {
        var signers: [ResponderSigner] = []
        let now = clock.seconds
        for authority in CertificateAuthority.allCases {
            for issuer in issuers(authority) {
                if let signer = try? await responderSigner(issuer, now) { signers.append(signer) }
            }
        }
        let known = state.withLock { state in
            defer { state.responders = signers }
            return state.responders.map(\.certificate)
        }
        // Putting the same ones in again would only empty the responder's memory.
        if known != signers.map(\.certificate) { responder.use(signers) }
    }

    private func responderSigner(_ issuer: Issuer, _ now: Int64) async throws -> ResponderSigner {
        let name = "\(issuer.authority.rawValue)-ocsp-\(issuer.generation)"
        let key = try key(try responderKey(name, issuer.algorithm))
        let kind: CertificateKind = issuer.authority == .sign ? .signResponder : .authResponder
        let node = ledger.node
        let latest = try await ledger.read { records in
            try records.latest(kind, issuer.authority, generation: issuer.generation, holder: node)
        }
        if let latest, let notAfter = latest.notAfter, now < notAfter - Self.responderRenewalDays * 86_400,
            let der = try await ledger.read({ try $0.body(of: latest.reference) })
        {
            return try ResponderSigner(
                authority: issuer.authority,
                generation: issuer.generation,
                certificate: der,
                notAfter: notAfter,
                key: key
            )
        }
        try requireClock()
        let end = min(now + Self.responderDays * 86_400, issuer.notAfter)
        let day = CivilDate(japaneseDayAt: end)
        let issued = try await issue(
            IssuanceRequest(
                kind,
                subject: .service("OCSP responder \(node) \(issuer.generation)"),
                key: .own(key.subjectPublicKeyInfo),
                notBefore: now,
                end: day,
                identifier: "\(name)-\(node)-\(now)",
                holder: node
            ),
            from: issuer,
            by: "service",
            release: true
        )
        return try ResponderSigner(
            authority: issuer.authority,
            generation: issuer.generation,
            certificate: issued.der,
            notAfter: day.endInJapan,
            key: key
        )
    }

    /// The locator of the responder's key; it is made at the first start.
    private func responderKey(_ name: String, _ algorithm: SignatureAlgorithm) throws -> String {
        let locator = "file:" + name
        if (try? key(locator)) != nil { return locator }
        let made = try keys.make(name, algorithm)
        state.withLock { $0.keys[made.locator] = made.key }
        return made.locator
    }
}
