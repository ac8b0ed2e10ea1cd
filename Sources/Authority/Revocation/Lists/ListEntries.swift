import EventLog
import PKIX

/// The entries of one authority's lists, written once and kept until they change.
///
/// A partition in which nothing was revoked and nothing ended hands the next list the same bytes: issuing it anew costs
/// its head and its signature. Partitions that did change are written in one pass over the table, however many they are.
public struct ListEntries: Sendable {
    private var kept: [String: Kept] = [:]

    private struct Kept {
        var revision: Int
        var entries = EncodedEntries()
        /// The first day, in days since 1970, for which the list is right.
        var from: Int64
        /// The last such day: after it the first of its certificates is to leave the list.
        var firstEnd = Int64.max
    }

    public init() {}

    /// The entries of a partition, brought up to date by ``prepare(_:from:endingFrom:)``.
    func entries(of partition: String) -> EncodedEntries { kept[partition]?.entries ?? EncodedEntries() }

    /// How many entries a list of the partition would have.
    public func count(of partition: String) -> Int { kept[partition]?.entries.count ?? 0 }

    /// Writes the entries of those partitions that changed; says which they were.
    ///
    /// Certificates that ended before `end` (seconds since 1970 UTC) are not on the lists any more.
    @discardableResult
    public mutating func prepare(
        _ partitions: [String],
        from table: StatusTable,
        endingFrom end: Int64
    ) throws(RevocationListError) -> [String] {
        let day = end / 86_400
        let changed = partitions.filter { partition in
            guard let kept = kept[partition] else { return true }
            return kept.revision != table.revision(ofList: partition) || day < kept.from || day > kept.firstEnd
        }
        guard !changed.isEmpty else { return [] }
        // Where each of the table's partitions goes: into its own list, and into that of all.
        var fresh = changed.map { Kept(revision: table.revision(ofList: $0), from: day) }
        let places = Dictionary(
            uniqueKeysWithValues: changed.enumerated().compactMap { index, name in
                table.place(of: name).map { ($0, index) }
            }
        )
        let all = changed.firstIndex(of: ListPartition.all)
        let authorities = table.place(of: ListPartition.authorities)
        var failed = false
        table.forEachRevoked { revoked in
            guard revoked.endDay > day else { return }
            for index in [places[revoked.partition], revoked.partition == authorities ? nil : all] {
                guard let index else { continue }
                do throws(PKIXFlaw) {
                    try fresh[index].entries.append(
                        serial: revoked.serial,
                        revokedAt: revoked.at,
                        reason: CRLReason(rawValue: revoked.reason.rawValue)
                    )
                } catch {
                    failed = true
                }
                fresh[index].firstEnd = min(fresh[index].firstEnd, revoked.endDay - 1)
            }
        }
        guard !failed else { throw .unwritable }
        for (name, one) in zip(changed, fresh) { kept[name] = one }
        return changed
    }

    /// Entries of the whole authority that came since an instant: what a delta list adds to its base.
    static func added(
        since: Int64,
        in table: StatusTable,
        endingFrom end: Int64
    ) throws(RevocationListError) -> EncodedEntries {
        var entries = EncodedEntries()
        var failed = false
        let authorities = table.place(of: ListPartition.authorities)
        table.forEachRevoked { revoked in
            guard revoked.at >= since, revoked.endDay > end / 86_400, revoked.partition != authorities else { return }
            do throws(PKIXFlaw) {
                try entries.append(
                    serial: revoked.serial,
                    revokedAt: revoked.at,
                    reason: CRLReason(rawValue: revoked.reason.rawValue)
                )
            } catch {
                failed = true
            }
        }
        guard !failed else { throw .unwritable }
        return entries
    }
}

extension StatusTable {
    /// Rises with every revocation that a list tells of.
    fileprivate func revision(ofList partition: String) -> Int {
        partition == ListPartition.all ? counts.revoked : revision(of: partition)
    }
}

/// Why there is no list.
public enum RevocationListError: Error, Hashable, Sendable {
    /// A time or a size that a list cannot hold.
    case unwritable
    /// No certificate of such a partition was ever issued.
    case unknownPartition(String)
    /// The authority's own certificate cannot be read.
    case malformedCertificate
    /// The authority's key gave no signature; the name of the failure.
    case keyFailed(String)
}
