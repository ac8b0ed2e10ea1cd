import AuthorityCryptography
import AuthorityRecords
import CertificateProfiles
import EventLog
import FoundationEssentials
import Glibc
import PostgresRecords
import SQLiteRecords

// Issues and suspends certificates as fast as it can, and says what was acknowledged, a line each, after it was: somebody
// else kills it, takes its disk away, and compares.
//
//     LedgerHammer sqlite|postgres ADDRESS RUN [FILE-SIZE-LIMIT]

let arguments = CommandLine.arguments
guard arguments.count >= 4 else { exit(2) }
if arguments.count > 4, let limit = UInt(arguments[4]) {
    signal(SIGXFSZ, SIG_IGN)
    var limits = rlimit(rlim_cur: limit, rlim_max: limit)
    unsafe setrlimit(__rlimit_resource_t(1), &limits)
}

/// One write for one line: what is in the pipe when the process dies is whole.
@Sendable func say(_ line: String) {
    let bytes = Array((line + "\n").utf8)
    _ = unsafe bytes.withUnsafeBytes { unsafe write(1, $0.baseAddress, $0.count) }
}

do {
    let database: any SQLDatabase =
        arguments[1] == "sqlite" ? try SQLiteDatabase(path: arguments[2]) : try PostgresDatabase(arguments[2])
    let ledger = try await Ledger.open(database, node: "hammer") { Int64(Date().timeIntervalSince1970 * 1_000) }
    _ = try await ledger.record(by: "hammer") { transaction in
        guard try transaction.records.generations(.auth).isEmpty else { return }
        let event = GenerationBegan(
            authority: .auth,
            generation: 1,
            serial: try transaction.nextSerial(.auth),
            notBefore: 0,
            notAfter: 1,
            algorithm: .rsa2048SHA256,
            certificate: "AAAA",
            key: "file:none"
        )
        try transaction.append(.generationBegan(event))
    }
    say("ready")
    await withTaskGroup(of: Void.self) { group in
        for caller in 0..<12 {
            group.addTask {
                for number in 0... {
                    do {
                        try await hammer(ledger, request: "\(arguments[3])-\(caller)-\(number)")
                    } catch {
                        say("failed \(error)")
                        if error as? RecordsError == .storageFailed { return }
                        try? await Task.sleep(for: .milliseconds(5))
                    }
                }
            }
        }
    }
} catch {
    say("stopped \(error)")
}

/// Plan, then issue and release, then suspend every third: each durable before the next.
@Sendable func hammer(_ ledger: Ledger, request: String) async throws {
    let toBeSigned = Array("to be signed \(request)".utf8)
    let reference = try await ledger.record(by: "hammer") { transaction in
        let reference = CertificateReference(.auth, try transaction.nextSerial(.auth))
        let plan = IssuancePlanned(
            certificate: reference,
            generation: 1,
            kind: .auth,
            partition: "13101",
            notBefore: 0,
            notAfter: 1,
            toBeSigned: Fingerprint.of(toBeSigned),
            request: request
        )
        try transaction.append(.issuancePlanned(plan))
        try transaction.keep(toBeSigned: toBeSigned, of: reference)
        return reference
    }.value
    say("planned \(reference.serial)")
    let body = Array("certificate \(request)".utf8)
    _ = try await ledger.record(by: "hammer") { transaction in
        let issued = CertificateIssued(certificate: reference, fingerprint: Fingerprint.of(body))
        try transaction.append(.certificateIssued(issued))
        try transaction.keep(certificate: body, of: reference)
        try transaction.append(.certificateReleased(reference))
    }
    say("valid \(reference.serial)")
    guard reference.serial.isMultiple(of: 3) else { return }
    _ = try await ledger.record(by: "hammer", .urgent) { transaction in
        let hold = CertificateRevoked(
            certificate: reference,
            reason: .certificateHold,
            at: 1,
            partition: "13101",
            notAfter: 1
        )
        try transaction.append(.certificateRevoked(hold))
    }
    say("held \(reference.serial)")
}
