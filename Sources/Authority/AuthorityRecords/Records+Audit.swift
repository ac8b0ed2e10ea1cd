import CertificateProfiles
public import EventLog

/// Where the tables say something else than the log.
public enum RecordsDifference: Hashable, Sendable {
    /// In the tables, and never in the log.
    case unlogged(CertificateReference)
    /// In the log, and not in the tables.
    case unrecorded(CertificateReference)
    /// State, reason, time or fingerprint differ.
    case differs(CertificateReference)
    case listDiffers(AuthorityState.ListName)
    case verifierDiffers(String)
    /// The bytes kept are not those whose hash was logged.
    case bodyDiffers(CertificateReference)
    /// A counter or total is not what the log adds up to.
    case countDiffers(String)
}

extension Records {
    /// Compares all tables made of the log with what the log says, and the bytes kept with the hashes logged.
    public func differences(from state: AuthorityState) throws(RecordsError) -> [RecordsDifference] {
        var differences: [RecordsDifference] = []
        for authority in CertificateAuthority.allCases {
            var last: UInt32 = 0
            var seen = 0
            while true {
                let page = try certificates(authority, after: last, limit: 1_000)
                guard let end = page.last else { break }
                for record in page {
                    guard let logged = state.certificates[record.reference] else {
                        differences.append(.unlogged(record.reference))
                        continue
                    }
                    if !record.says(logged) { differences.append(.differs(record.reference)) }
                    if try !hasItsBodies(record) { differences.append(.bodyDiffers(record.reference)) }
                    seen += 1
                }
                last = end.reference.serial
            }
            let logged = state.certificates.keys.filter { $0.authority == authority }
            if seen < logged.count {
                for reference in logged.sorted(by: { $0.serial < $1.serial })
                where try certificate(reference) == nil { differences.append(.unrecorded(reference)) }
            }
            if try lastSerial(authority) < logged.map(\.serial).max() ?? 0 {
                differences.append(.countDiffers("serial \(authority)"))
            }
            var lists: [AuthorityState.ListName: AuthorityState.List] = [:]
            for list in try self.lists(authority) {
                lists[AuthorityState.ListName(authority, list.partition)] = AuthorityState.List(
                    number: list.number,
                    fingerprint: list.fingerprint
                )
            }
            let names = Set(lists.keys).union(state.lists.keys.filter { $0.authority == authority })
            for name in names.sorted(by: { $0.partition < $1.partition }) where lists[name] != state.lists[name] {
                differences.append(.listDiffers(name))
            }
        }
        var verifiers: [String: String] = [:]
        for verifier in try self.verifiers() where verifier.dismissedAt == nil {
            verifiers[verifier.name] = verifier.fingerprint
        }
        for name in Set(verifiers.keys).union(state.verifiers.keys).sorted()
        where verifiers[name] != state.verifiers[name] { differences.append(.verifierDiffers(name)) }
        return differences
    }
}

extension Records {
    /// Bytes that were never kept are no difference: who issues decides what is kept.
    private func hasItsBodies(_ record: CertificateRecord) throws(RecordsError) -> Bool {
        if let bytes = try toBeSigned(of: record.reference), Fingerprint.of(bytes) != record.toBeSigned { return false }
        if let bytes = try body(of: record.reference), Fingerprint.of(bytes) != record.fingerprint { return false }
        return true
    }
}

extension CertificateRecord {
    fileprivate func says(_ logged: AuthorityState.Certificate) -> Bool {
        state == logged.state && kind == logged.kind && generation == logged.generation && reason == logged.reason
            && revokedAt == logged.revokedAt && fingerprint == logged.fingerprint && changedBy == logged.changedBy
    }
}
