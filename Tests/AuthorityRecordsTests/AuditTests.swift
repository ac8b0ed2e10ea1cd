import CertificateProfiles
import EventLog
import Testing

@testable import AuthorityRecords

@Suite("Audit of the records")
struct AuditTests {
    /// Everything in the log, examined.
    static func examine(_ ledger: Ledger) async throws -> (verifier: LogVerifier, state: AuthorityState) {
        var verifier = LogVerifier()
        var state = AuthorityState()
        for checkpoint in try await ledger.read({ try $0.checkpoints(after: 0, limit: 1_000) }) {
            verifier.take(checkpoint) { content, signature in signature == content.reversed() }
        }
        for head in try await ledger.read({ try $0.heads() }) {
            let start = LogPosition(writer: head.writer, sequence: 0)
            for entry in try await ledger.read({ try $0.entries(after: start, limit: .max) }) {
                verifier.take(entry)
                state.take(entry)
            }
        }
        verifier.finish()
        return (verifier, state)
    }

    @Test("the tables say what the log says, until somebody changes them", arguments: Engine.allCases)
    func tables(engine: Engine) async throws {
        let place = try engine.place()
        let ledger = try await place.ledger()
        try await ledger.begin()
        let first = try await ledger.certify(.auth, request: "r1")
        let second = try await ledger.certify(.sign, request: "r2")
        _ = try await ledger.record(by: "x") { transaction in
            try transaction.append(Examples.revoke(second, .affiliationChanged))
            try transaction.append(Examples.list(3))
            try transaction.append(.verifierAdmitted(VerifierAdmitted(name: "bank", fingerprint: Examples.hash)))
            let reference = CertificateReference(.sign, try transaction.nextSerial(.sign))
            try transaction.append(Examples.plan(reference, request: "r3"))
            try transaction.append(
                .issuanceAbandoned(
                    IssuanceAbandoned(
                        certificate: reference,
                        at: transaction.now / 1000,
                        partition: "13101",
                        notAfter: Examples.instant + 86_400 * 365 * 5
                    )
                )
            )
        }
        let (verifier, state) = try await Self.examine(ledger)
        #expect(verifier.faults.isEmpty && state.impossible.isEmpty)
        #expect(try await ledger.read { try $0.differences(from: state) } == [])

        let changes: [(String, RecordsDifference)] = [
            ("UPDATE certificates SET state = 'valid', reason = NULL WHERE request = 'r2'", .differs(second)),
            (
                """
                UPDATE certificate_bodies SET certificate = (SELECT hash FROM log WHERE sequence = 1)
                WHERE authority = 'auth' AND serial = 2
                """,
                .bodyDiffers(first)
            ),
            ("UPDATE lists SET number = 2", .listDiffers(AuthorityState.ListName(.sign, "13101"))),
            ("DELETE FROM verifiers", .verifierDiffers("bank")),
            ("UPDATE counters SET next = 1 WHERE name = 'sign'", .countDiffers("serial sign")),
        ]
        for (statement, difference) in changes {
            try await ledger.tamper(statement)
            #expect(try await ledger.read { try $0.differences(from: state) }.contains(difference), "\(statement)")
        }
        await ledger.close()
    }

    @Test("checkpoints show that entries at the end are missing", arguments: Engine.allCases)
    func checkpoints(engine: Engine) async throws {
        let place = try engine.place()
        let ledger = try await place.ledger()
        try await ledger.begin()
        for number in 1...3 {
            _ = try await ledger.certify(.auth, request: "r\(number)")
            _ = try await ledger.checkpoint { content in content.reversed() }
        }
        #expect(try await Self.examine(ledger).verifier.faults.isEmpty)
        #expect(try await Self.examine(ledger).verifier.lastCheckpoint?.number == 3)
        try await ledger.tamper("DELETE FROM log WHERE sequence = 11")
        let end = LogPosition(writer: "one", sequence: 11)
        #expect(try await Self.examine(ledger).verifier.faults == [.contradictsCheckpoint(end, checkpoint: 3)])
        await ledger.close()
    }

    @Test("usage is added up", arguments: Engine.allCases)
    func usage(engine: Engine) async throws {
        let place = try engine.place()
        let ledger = try await place.ledger()
        let key = UsageKey(verifier: "bank", month: "2026-04", method: "ocsp", purpose: "login", authority: .auth)
        let other = UsageKey(verifier: "bank", month: "2026-04", method: "crl", purpose: "", authority: .sign)
        try await ledger.add(usage: [key: 3, other: 1])
        try await ledger.add(usage: [key: 4])
        #expect(try await ledger.read { try $0.usage(month: "2026-04") } == [key: 7, other: 1])
        #expect(try await ledger.read { try $0.usage(month: "2026-05") } == [:])
        await ledger.close()
    }
}

extension Ledger {
    /// Changes the tables behind the ledger's back.
    func tamper(_ statement: String) async throws {
        _ = try await record(by: "nobody") { transaction in
            _ = try transaction.connection.execute(statement, [])
        }
    }
}
