import AuthorityCryptography
import AuthorityRecords
public import CertificateProfiles
public import EventLog
import Issuance
public import Revocation
import Synchronization

extension AuthorityService {
    /// Seconds that a full list is good: a day, and one more for whoever fetches late.
    public static let listLifetime: Int64 = 48 * 3600

    /// Signs full lists of partitions, all that there are if none is named, and hands each to `publish` once recorded.
    ///
    /// A partition in which nothing changed costs its signature. Numbers rise with every list, whoever builds it.
    @discardableResult
    public func publishLists(
        _ authority: CertificateAuthority,
        partitions: [String]? = nil,
        by actor: String,
        publish: @Sendable (SignedRevocationList) throws -> Void
    ) async throws -> [ListPublished] {
        try requireClock()
        let issuer = try issuer(authority)
        let signer = try Self.listIssuer(issuer)
        let status = responder.status
        let names = Self.names(status, authority)
        let wanted = partitions ?? names.keys.sorted()
        for partition in wanted where names[partition] == nil {
            throw AuthorityServiceError.list(.unknownPartition(partition))
        }
        let now = clock.seconds
        let last = try await ledger.read { records in
            Dictionary(uniqueKeysWithValues: try records.lists(authority).map { ($0.partition, $0) })
        }
        let table = status.table(of: authority)
        let entries = try state.withLock { state in
            var entries = state.entries[authority] ?? ListEntries()
            // What ended since the last publication stays for one more.
            let end = wanted.compactMap { last[$0]?.thisUpdate }.min() ?? now
            try entries.prepare(wanted, from: table, endingFrom: end)
            state.entries[authority] = entries
            return entries
        }
        var published: [ListPublished] = []
        for partition in wanted {
            let list = try await work.run(with: issuer.signingKey) {
                try signer.fullList(
                    partition,
                    named: names[partition] ?? nil,
                    entries,
                    number: (last[partition]?.number ?? 0) + 1,
                    thisUpdate: now,
                    nextUpdate: now + Self.listLifetime
                )
            }
            try await record(list, by: actor, publish)
            published.append(list.event)
        }
        return published
    }

    /// Signs a list of what changed since the last full list of the whole authority; `nil` before there is one.
    @discardableResult
    public func publishDelta(
        _ authority: CertificateAuthority,
        by actor: String,
        publish: @Sendable (SignedRevocationList) throws -> Void
    ) async throws -> ListPublished? {
        try requireClock()
        let issuer = try issuer(authority)
        let signer = try Self.listIssuer(issuer)
        let table = responder.status.table(of: authority)
        let now = clock.seconds
        guard let last = try await ledger.read({ try $0.list(authority, partition: ListPartition.all) }),
            let base = last.fullNumber, let baseThisUpdate = last.fullThisUpdate
        else { return nil }
        let list = try await work.run(with: issuer.signingKey) {
            try signer.deltaList(
                base: base,
                baseThisUpdate: baseThisUpdate,
                from: table,
                number: last.number + 1,
                thisUpdate: now,
                nextUpdate: now + Self.listLifetime
            )
        }
        try await record(list, by: actor, publish)
        return list.event
    }

    /// Signs the manifest of what is published, with the key that issues now.
    public func sealLists(
        _ authority: CertificateAuthority,
        _ seal: @escaping @Sendable (_ sign: ([UInt8]) throws -> [UInt8]) throws -> Void
    ) async throws {
        let key = try issuer(authority).signingKey
        try await work.waiting { try seal { try key.signature(over: $0) } }
    }

    private func record(
        _ list: SignedRevocationList,
        by actor: String,
        _ publish: @Sendable (SignedRevocationList) throws -> Void
    ) async throws {
        _ = try await ledger.record(by: actor) { transaction in try transaction.append(.listPublished(list.event)) }
        try publish(list)
    }

    private static func listIssuer(_ issuer: Issuer) throws -> RevocationListIssuer {
        try RevocationListIssuer(
            issuer.authority,
            generation: issuer.generation,
            certificate: issuer.certificate,
            key: issuer.signingKey
        )
    }

    /// The lists that there are, and their names.
    private static func names(
        _ status: StatusState,
        _ authority: CertificateAuthority
    ) -> [String: RevocationListName?] {
        var names: [String: RevocationListName?] = [
            ListPartition.authorities: .authorities, ListPartition.services: .services,
        ]
        names.updateValue(nil, forKey: ListPartition.all)
        for (code, name) in status.municipalities[authority, default: [:]] { names[code] = name }
        return names
    }
}
