import AuthorityAssembly
import AuthorityRecords
import AuthorityService
import CertificateProfiles
import EventLog
import Foundation

/// An authority's folder with many certificates, recorded as issuing records them, and not signed one by one.
struct LoadedAuthority: Sendable {
    let folder: AuthorityFolder
    /// Of `auth`, from the first of them on.
    let serials: ClosedRange<UInt32>
    /// The snapshot at its end.
    let snapshot: [UInt8]
    /// What `auth` is trusted by.
    let issuer: [UInt8]

    init(_ path: String, count: Int, database: String? = nil) async throws {
        let words = ["fuda-issue", "authority", "init", "--data", path] + (database.map { ["--database", $0] } ?? [])
        try Program.demand(words, notes: path + ".log")
        folder = try AuthorityFolder(path)
        let service = try await folder.start()
        try await service.catchUp()
        let now = Int64(Date().timeIntervalSince1970)
        let begin = try await Self.next(service)
        for start in stride(from: 0, to: count, by: 200) {
            _ = try await service.ledger.record(by: "bench") { transaction in
                try transaction.append(
                    .partitionOpened(
                        PartitionOpened(
                            authority: .auth,
                            code: "13101",
                            prefecture: "Tokyo-to",
                            municipality: "Chiyoda-ku"
                        )
                    )
                )
                for number in start..<min(count, start + 200) {
                    let reference = CertificateReference(.auth, try transaction.nextSerial(.auth))
                    let fingerprint = Fingerprint.of(Array("\(reference)".utf8))
                    let plan = IssuancePlanned(
                        certificate: reference,
                        generation: 1,
                        kind: .auth,
                        partition: "13101",
                        notBefore: now,
                        notAfter: now + 4 * 365 * 86_400,
                        toBeSigned: fingerprint,
                        request: "bench-\(number)"
                    )
                    try transaction.append(.issuancePlanned(plan))
                    try transaction.append(
                        .certificateIssued(CertificateIssued(certificate: reference, fingerprint: fingerprint))
                    )
                    try transaction.append(.certificateReleased(reference))
                }
            }
        }
        try await service.catchUp()
        serials = begin...(begin + UInt32(count) - 1)
        snapshot = service.snapshot()
        issuer = try service.issuer(.auth).certificate
        try folder.writeSnapshot(of: service)
        await service.stop()
    }

    private static func next(_ service: AuthorityService) async throws -> UInt32 {
        UInt32(service.responder.status.table(of: .auth).counts.issued) + 1
    }
}
