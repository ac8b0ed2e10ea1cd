import AuthorityCryptography
import AuthorityRecords
import CertificateProfiles
import EventLog
import Glibc
import PostgresRecords
import SQLiteRecords

// How many issuances and suspensions a second are recorded durably, beside what one commit after the other can give.
//
//     RecordsBench FOLDER [POSTGRESQL-ADDRESS]

let clock = ContinuousClock()

func seconds(_ duration: Duration) -> Double {
    Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
}

/// `write` of 4 KiB and `fdatasync`, one after the other.
func bareRate(_ path: String) -> Double {
    let file = open(path, O_RDWR | O_CREAT, 0o600)
    defer { close(file) }
    let block = [UInt8](repeating: 7, count: 4_096)
    let start = clock.now
    var count = 0
    while clock.now - start < .seconds(2) {
        _ = block.withUnsafeBytes { pwrite(file, $0.baseAddress, $0.count, off_t(count % 1_000) * 4_096) }
        fdatasync(file)
        count += 1
    }
    return Double(count) / seconds(clock.now - start)
}

/// Calls of `work` a second, by so many callers at once.
func rate(_ callers: Int, _ total: Int, _ work: @escaping @Sendable (Int) async throws -> Void) async throws -> Double {
    let start = clock.now
    try await withThrowingTaskGroup(of: Void.self) { group in
        for caller in 0..<callers {
            group.addTask { for number in stride(from: caller, to: total, by: callers) { try await work(number) } }
        }
        try await group.waitForAll()
    }
    return Double(total) / seconds(clock.now - start)
}

func bench(_ name: String, _ database: any SQLDatabase) async throws {
    let ledger = try await Ledger.open(database, node: "bench") { 1_800_000_000_000 }
    _ = try await ledger.record(by: "bench") { transaction in
        let serial = try transaction.nextSerial(.auth)
        let event = GenerationBegan(
            authority: .auth,
            generation: 1,
            serial: serial,
            notBefore: 0,
            notAfter: 1,
            algorithm: .rsa2048SHA256,
            certificate: "AAAA",
            key: "file:none"
        )
        try transaction.append(.generationBegan(event))
    }
    let one = try await rate(1, 1_000) { number in
        _ = try await ledger.record(by: "bench") { try $0.append(.serviceStarted(ServiceStarted(program: "bench"))) }
    }
    print("\(name): one entry a commit, one caller: \(Int(one)) a second")
    let bytes = [UInt8](repeating: 0x5A, count: 1_200)
    let fingerprint = Fingerprint.of(bytes)
    for callers in [1, 64, 256] {
        let total = callers == 1 ? 1_000 : 20_000
        let issued = try await rate(callers, total) { number in
            let reference = try await ledger.record(by: "bench") { transaction in
                let reference = CertificateReference(.auth, try transaction.nextSerial(.auth))
                let plan = IssuancePlanned(
                    certificate: reference,
                    generation: 1,
                    kind: .auth,
                    partition: "13101",
                    notBefore: 1_800_000_000,
                    notAfter: 1_957_000_000,
                    toBeSigned: fingerprint,
                    request: "request-\(callers)-\(number)",
                    holder: "holder-\(callers)-\(number)",
                    card: "card-\(callers)-\(number)"
                )
                try transaction.append(.issuancePlanned(plan))
                try transaction.keep(toBeSigned: bytes, of: reference)
                return reference
            }.value
            _ = try await ledger.record(by: "bench") { transaction in
                let issued = CertificateIssued(
                    certificate: reference,
                    fingerprint: Fingerprint.of(Array("\(reference)".utf8))
                )
                try transaction.append(.certificateIssued(issued))
                try transaction.keep(certificate: bytes, of: reference)
            }
        }
        print("\(name): issuance, plan and certificate each durable, \(callers) in flight: \(Int(issued)) a second")
    }
    for callers in [1, 64] {
        let total = callers == 1 ? 1_000 : 10_000
        let start = callers == 1 ? 2 : 1_002
        _ = try await rate(64, total) { number in
            let reference = CertificateReference(.auth, UInt32(start + number))
            _ = try await ledger.record(by: "bench") { try $0.append(.certificateReleased(reference)) }
        }
        let held = try await rate(callers, total) { number in
            let reference = CertificateReference(.auth, UInt32(start + number))
            _ = try await ledger.record(by: "bench", .urgent) { transaction in
                let hold = CertificateRevoked(
                    certificate: reference,
                    reason: .certificateHold,
                    at: 1,
                    partition: "13101",
                    notAfter: 1_957_000_000
                )
                try transaction.append(.certificateRevoked(hold))
            }
        }
        print("\(name): suspensions, \(callers) in flight: \(Int(held)) a second")
    }
    await ledger.close()
}

guard CommandLine.arguments.count > 1 else {
    print("usage: RecordsBench FOLDER [POSTGRESQL-ADDRESS]")
    exit(2)
}
let folder = CommandLine.arguments[1]
print("write of 4 KiB and fdatasync, one after the other: \(Int(bareRate(folder + "/bare"))) a second")
try await bench("SQLite", try SQLiteDatabase(path: folder + "/records.sqlite"))
if CommandLine.arguments.count > 2 {
    try await bench("PostgreSQL", try PostgresDatabase(CommandLine.arguments[2]))
}
