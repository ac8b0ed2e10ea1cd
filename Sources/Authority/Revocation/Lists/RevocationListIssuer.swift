public import AuthorityCryptography
public import CertificateProfiles
import Crypto
public import EventLog
import PKIX

/// One generation of an authority as the signer of its lists: the newest signs for all.
public struct RevocationListIssuer: Sendable {
    public let authority: CertificateAuthority
    public let generation: Int
    private let key: any AuthorityKey
    private let name: [UInt8]
    private let keyIdentifier: [UInt8]

    public init(
        _ authority: CertificateAuthority,
        generation: Int,
        certificate: [UInt8],
        key: any AuthorityKey
    ) throws(RevocationListError) {
        guard let outline = try? CertificateOutline(parsing: certificate) else { throw .malformedCertificate }
        self.authority = authority
        self.generation = generation
        self.key = key
        name = Array(outline.subject)
        keyIdentifier = outline.keyIdentifier
    }

    /// Signs the full list of a partition whose entries were prepared.
    ///
    /// `name` is that of the list, `nil` for the list of the whole authority; times are seconds since 1970 UTC.
    public func fullList(
        _ partition: String,
        named listName: RevocationListName?,
        _ entries: ListEntries,
        number: UInt64,
        thisUpdate: Int64,
        nextUpdate: Int64
    ) throws(RevocationListError) -> SignedRevocationList {
        var draft = try draft(partition, listName, entries.entries(of: partition), number, thisUpdate, nextUpdate)
        if partition == ListPartition.all { draft.freshest = try encoded(.deltas) }
        return try sign(draft, partition)
    }

    /// Signs the list of what changed in the whole authority since its last full list.
    public func deltaList(
        base: UInt64,
        baseThisUpdate: Int64,
        from table: StatusTable,
        number: UInt64,
        thisUpdate: Int64,
        nextUpdate: Int64
    ) throws(RevocationListError) -> SignedRevocationList {
        let added = try ListEntries.added(since: baseThisUpdate, in: table, endingFrom: baseThisUpdate)
        var draft = try draft(ListPartition.all, nil, added, number, thisUpdate, nextUpdate)
        draft.deltaBase = base
        return try sign(draft, ListPartition.all)
    }

    /// What full and delta lists have in common.
    private func draft(
        _ partition: String,
        _ listName: RevocationListName?,
        _ entries: EncodedEntries,
        _ number: UInt64,
        _ thisUpdate: Int64,
        _ nextUpdate: Int64
    ) throws(RevocationListError) -> CertificateListDraft {
        CertificateListDraft(
            algorithm: key.algorithm.identifier,
            issuer: name,
            thisUpdate: thisUpdate,
            nextUpdate: nextUpdate,
            entries: entries,
            authorityKeyIdentifier: keyIdentifier,
            number: number,
            scope: try scope(partition, listName)
        )
    }

    private func scope(
        _ partition: String,
        _ listName: RevocationListName?
    ) throws(RevocationListError) -> IssuingDistributionPoint {
        let name: [UInt8]? = if let listName { try encoded(listName) } else { nil }
        return IssuingDistributionPoint(
            name: name,
            partition == ListPartition.authorities ? .authorityCertificates : .userCertificates
        )
    }

    private func encoded(_ name: RevocationListName) throws(RevocationListError) -> [UInt8] {
        do { return try name.encoded(for: authority) } catch { throw .unwritable }
    }

    private func sign(
        _ draft: CertificateListDraft,
        _ partition: String
    ) throws(RevocationListError) -> SignedRevocationList {
        let toBeSigned: [UInt8]
        do { toBeSigned = try draft.toBeSigned() } catch { throw .unwritable }
        let signature: [UInt8]
        do { signature = try key.signature(over: toBeSigned) } catch { throw .keyFailed("\(error)") }
        let der = CertificateList.assemble(
            toBeSigned: toBeSigned,
            algorithm: draft.algorithm,
            signature: signature
        )
        return SignedRevocationList(
            der: der,
            event: ListPublished(
                authority: authority,
                partition: partition,
                number: draft.number,
                base: draft.deltaBase,
                thisUpdate: draft.thisUpdate,
                nextUpdate: draft.nextUpdate,
                entries: draft.entries.count,
                fingerprint: Fingerprint.of(der)
            )
        )
    }
}

/// A list ready to be recorded, and published after that.
public struct SignedRevocationList: Sendable {
    /// CertificateList in DER (RFC 5280, 5.1).
    public let der: [UInt8]
    /// For the log.
    public let event: ListPublished
}
