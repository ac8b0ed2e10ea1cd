import AuthorityCryptography
import AuthorityRecords
import CertificateProfiles
import CivilCalendar
import Issuance
import PKIX
import Revocation
import Synchronization

extension AuthorityService {
    /// Days that a responder's certificate is good, and before its end from when the next is made.
    static let responderDays: Int64 = 60
    static let responderRenewalDays: Int64 = 20

    /// What this node signs with in the name of an authority: a key of its own, and a certificate about it.
    struct OwnService: Sendable {
        let kind: CertificateKind
        /// Of the authority that certifies it; its algorithm is the key's.
        let generation: GenerationRecord
        /// The key's name, and the beginning of the requests' identifiers.
        let keyName: String
        /// The beginning of the subject's `CN`.
        let title: String
        let days: Int64
        let renewalDays: Int64
    }

    /// Gives responders and time stamping their keys and certificates; makes what is missing or near its end.
    ///
    /// What stood against one of them comes back.
    func openServices() async -> [any Error] { await openResponders() + openTimeStamping() }

    /// The key of a service and the certificate that it signs with now; makes the next one near the end of the last.
    ///
    /// One that is near its end goes on serving where no other can be made, as when the authority's token is away. One
    /// that was revoked does not serve.
    func certificate(
        of service: OwnService,
        at now: Int64
    ) async throws -> (der: [UInt8], key: any AuthorityKey) {
        let generation = service.generation
        let key = try keys.own(service.keyName, generation.algorithm)
        let (kind, node) = (service.kind, ledger.node)
        let latest = try await ledger.read { records in
            try records.latest(kind, generation.authority, generation: generation.generation, holder: node)
        }
        let issuer = issuers(generation.authority).first { $0.generation == generation.generation }
        let end = issuer.map { min(now + service.days * 86_400, $0.notAfter) }
        var current: [UInt8]?
        if let latest, let notAfter = latest.notAfter, now <= notAfter,
            let der = try await ledger.read({ try $0.body(of: latest.reference) }),
            // One about a key that is there no more serves nobody.
            let outline = try? CertificateOutline(parsing: der),
            outline.subjectPublicKeyInfo.elementsEqual(key.subjectPublicKeyInfo)
        {
            let isYoung = now < notAfter - service.renewalDays * 86_400
            // Near the authority's own end, a new one would end no later.
            if isYoung || end.map({ $0 <= notAfter }) ?? true { return (der, key) }
            current = der
        }
        do {
            try requireClock()
            guard let issuer, let end else { throw AuthorityServiceError.noGeneration(generation.authority) }
            let issued = try await issue(
                IssuanceRequest(
                    kind,
                    subject: .service("\(service.title) \(node) \(generation.generation)"),
                    key: .own(key.subjectPublicKeyInfo),
                    notBefore: now,
                    end: CivilDate(japaneseDayAt: end),
                    identifier: "\(service.keyName)-\(node)-\(now)",
                    holder: node
                ),
                from: issuer,
                by: "service",
                release: true
            )
            return (issued.der, key)
        } catch {
            guard let current else { throw error }
            return (current, key)
        }
    }

    // MARK: - Responders

    /// Gives the responder a key and a certificate for every generation.
    private func openResponders() async -> [any Error] {
        var signers: [ResponderSigner] = []
        var flaws: [any Error] = []
        let now = clock.seconds
        for authority in CertificateAuthority.allCases {
            for generation in generations(authority) {
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
        let (certificate, key) = try await certificate(
            of: OwnService(
                kind: authority == .sign ? .signResponder : .authResponder,
                generation: generation,
                keyName: "\(authority.rawValue)-ocsp-\(generation.generation)",
                title: "OCSP responder",
                days: Self.responderDays,
                renewalDays: Self.responderRenewalDays
            ),
            at: now
        )
        return try ResponderSigner(
            authority: authority,
            generation: generation.generation,
            certificate: certificate,
            key: key
        )
    }
}
