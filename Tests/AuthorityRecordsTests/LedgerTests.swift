import AuthorityRecords
import CertificateProfiles
import EventLog
import FoundationEssentials
import SQLiteRecords
import Testing

@Suite("Ledger")
struct LedgerTests {
    @Test("a certificate goes from plan to hold, and the records say so")
    func life() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "records-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let ledger = try await Ledger.open(
            SQLiteDatabase(path: folder + "/r.sqlite"),
            node: "one",
            clock: { 1_790_000_000_000 }
        )
        try await ledger.begin()
        let reference = try await ledger.certify(.sign, request: "r1")
        #expect(reference.serial == 2)
        let held = try await ledger.record(by: "desk", .urgent) { transaction in
            try transaction.append(Examples.revoke(reference, .certificateHold))
        }
        let again = try await ledger.record(by: "desk", .urgent) { transaction in
            try transaction.append(Examples.revoke(reference, .certificateHold))
        }
        #expect(held.value == .written(held.position))
        #expect(again.value == .alreadySo(held.position))
        let record = try await ledger.read { try $0.certificate(reference) }
        #expect(record?.state == .held)
        await ledger.close()
    }
}
