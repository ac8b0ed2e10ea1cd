import AuthorityRecords
import CertificateProfiles
import EventLog
import Synchronization
import Testing

@Suite("Ledger")
struct LedgerTests {
    struct Refusal: Error {}

    @Test("a certificate goes from plan to hold, and the records say so at each step", arguments: Engine.allCases)
    func life(engine: Engine) async throws {
        let place = try engine.place()
        let ledger = try await place.ledger()
        try await ledger.begin()
        let reference = try await ledger.record(by: "operator") { transaction in
            let reference = CertificateReference(.sign, try transaction.nextSerial(.sign))
            try transaction.append(Examples.plan(reference, request: "r1", card: "card-1"))
            try transaction.keep(toBeSigned: Examples.toBeSigned, of: reference)
            return reference
        }.value
        #expect(reference.serial == 2)
        #expect(try await ledger.read { try $0.certificate(.sign, request: "r1") }?.state == .planned)
        #expect(try await ledger.read { try $0.toBeSigned(of: reference) } == Examples.toBeSigned)
        #expect(try await ledger.read { try $0.body(of: reference) } == nil)

        _ = try await ledger.record(by: "operator") { transaction in
            try transaction.append(Examples.issue(reference))
            try transaction.keep(certificate: Examples.body(reference), of: reference)
        }
        let issued = try #require(try await ledger.read { try $0.certificate(reference) })
        #expect(issued.state == .issuedInactive)
        #expect(issued.partition == "13101")
        #expect(try await ledger.read { try $0.certificate(fingerprint: issued.fingerprint ?? "") } == issued)
        #expect(try await ledger.read { try $0.certificates(card: "card-1") } == [issued])
        #expect(try await ledger.read { try $0.certificates(holder: "holder-r1") } == [issued])
        #expect(try await ledger.read { try $0.body(of: reference) } == Examples.body(reference))

        _ = try await ledger.record(by: "counter") { try $0.append(.certificateReleased(reference)) }
        #expect(try await ledger.read { try $0.revoked(.sign, partition: "13101", after: 0, limit: 10) } == [])
        let held = try await ledger.record(by: "desk", .urgent) { transaction in
            try transaction.append(Examples.revoke(reference, .certificateHold))
        }
        #expect(held.value == .written(held.position))
        let after = try #require(try await ledger.read { try $0.certificate(reference) })
        #expect(after.state == .held && after.reason == .certificateHold)
        #expect(after.revokedAt == Examples.instant + 60)
        #expect(after.changedBy == held.position)
        #expect(try await ledger.read { try $0.revoked(.sign, partition: "13101", after: 0, limit: 10) } == [after])
        #expect(try await ledger.read { try $0.revoked(.sign, partition: nil, after: 0, limit: 10) } == [after])
        #expect(try await ledger.read { try $0.revoked(.sign, partition: "99999", after: 0, limit: 10) } == [])

        _ = try await ledger.record(by: "counter") { try $0.append(.holdMadeFinal(reference)) }
        let final = try #require(try await ledger.read { try $0.certificate(reference) })
        #expect(final.state == .revoked && final.reason == .certificateHold)
        let totals = try await ledger.read { try $0.totals(.sign) }
        #expect(totals == [.began: 1, .planned: 1, .issued: 1, .released: 1, .held: 1, .madeFinal: 1])
        await ledger.close()
    }

    @Test("the same hold twice is told as such and writes nothing", arguments: Engine.allCases)
    func holdTwice(engine: Engine) async throws {
        let place = try engine.place()
        let ledger = try await place.ledger()
        try await ledger.begin()
        let reference = try await ledger.certify(.auth, request: "r1")
        let hold = Examples.revoke(reference, .certificateHold)
        let first = try await ledger.record(by: "desk", .urgent) { try $0.append(hold) }
        let second = try await ledger.record(by: "desk", .urgent) { try $0.append(hold) }
        #expect(second.value == .alreadySo(first.position))
        #expect(second.positions == [first.position])
        #expect(try await ledger.read { try $0.head(of: "one") }.position == first.position)
        await ledger.close()
    }

    @Test("64 callers at once: every entry in one dense chain, every number once", arguments: Engine.allCases)
    func concurrent(engine: Engine) async throws {
        let place = try engine.place()
        let ledger = try await place.ledger()
        try await ledger.begin()
        let observed = Mutex<[LogEntry]>([])
        ledger.observe { entries in observed.withLock { $0 += entries } }
        let serials = try await withThrowingTaskGroup(of: [UInt32].self) { group in
            for caller in 0..<64 {
                group.addTask {
                    var serials: [UInt32] = []
                    for number in 0..<5 {
                        serials.append(try await ledger.certify(.auth, request: "r\(caller)-\(number)").serial)
                    }
                    return serials
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(serials.sorted() == Array(2...321))
        let entries = try await ledger.read {
            try $0.entries(after: LogPosition(writer: "one", sequence: 0), limit: 9_999)
        }
        #expect(entries.count == 2 + 64 * 5 * 3)
        var head = LogHead(of: "one")
        for entry in entries {
            #expect(entry.follows(head) && entry.hasRightHash)
            head = LogHead(after: entry)
        }
        #expect(observed.withLock { $0 } == Array(entries.dropFirst(2)))
        await ledger.close()
    }

    @Test("an operation that refuses does not fail those it shares a transaction with", arguments: Engine.allCases)
    func refusals(engine: Engine) async throws {
        let place = try engine.place()
        let ledger = try await place.ledger()
        try await ledger.begin()
        let outcomes = await withTaskGroup(of: (Int, Bool).self) { group in
            for number in 0..<60 {
                group.addTask {
                    do {
                        _ = try await ledger.record(by: "test") { transaction in
                            if number % 5 == 0 { throw Refusal() }
                            let reference = CertificateReference(.sign, try transaction.nextSerial(.sign))
                            try transaction.append(Examples.plan(reference, request: "r\(number)"))
                            // After having written.
                            if number % 5 == 1 { throw Refusal() }
                        }
                        return (number, true)
                    } catch {
                        return (number, false)
                    }
                }
            }
            return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        for (number, recorded) in outcomes {
            #expect(recorded == (number % 5 > 1))
            let found = try await ledger.read { try $0.certificate(.sign, request: "r\(number)") }
            #expect((found != nil) == recorded, "\(number)")
        }
        #expect(try await ledger.read { try $0.lastSerial(.sign) } == 1 + 36)
        #expect(try await ledger.read { try $0.totals(.sign)[.planned] } == 36)
        await ledger.close()
    }

    @Test("a statement the database refuses fails its operation alone", arguments: Engine.allCases)
    func statements(engine: Engine) async throws {
        let place = try engine.place()
        let ledger = try await place.ledger()
        try await ledger.begin()
        let reference = try await ledger.certify(.sign, request: "r1")
        await #expect(throws: LedgerRefusal.requestTaken(reference)) {
            _ = try await ledger.record(by: "test") { transaction in
                let serial = try transaction.nextSerial(.sign)
                try transaction.append(Examples.plan(CertificateReference(.sign, serial), request: "r1"))
            }
        }
        #expect(try await ledger.certify(.sign, request: "r2").serial == 3)
        await ledger.close()
    }

    @Test("what contradicts the records is refused, and the log keeps nothing of it", arguments: Engine.allCases)
    func contradictions(engine: Engine) async throws {
        let place = try engine.place()
        let ledger = try await place.ledger()
        try await ledger.begin()
        let good = try await ledger.certify(.sign, request: "r1")
        _ = try await ledger.record(by: "desk") { try $0.append(Examples.list(7)) }
        let end = try await ledger.read { try $0.head(of: "one") }
        let stranger = CertificateReference(.sign, 999)
        let cases: [(AuthorityEvent, LedgerRefusal)] = [
            (.certificateReleased(stranger), .unknownCertificate(stranger)),
            (Examples.plan(good, request: "r9"), .serialTaken(good)),
            (Examples.plan(stranger, request: "r9"), .serialNotReserved(stranger)),
            (.certificateReleased(good), .transition(good, .notFrom(.valid, .release))),
            (.holdMadeFinal(good), .transition(good, .notFrom(.valid, .makeFinal))),
            (
                Examples.revoke(good, .unspecified),
                .transition(good, .reason(.unspecified, from: .valid, rules: ["K4", "K5", "K6", "K7", "K8", "K9"]))
            ),
            (Examples.list(7), .listNumber(.sign, partition: "13101", published: 7)),
            (Examples.list(3), .listNumber(.sign, partition: "13101", published: 7)),
            (.verifierDismissed(VerifierDismissed(name: "nobody")), .unknownVerifier("nobody")),
        ]
        for (event, refusal) in cases {
            await #expect(throws: refusal) { _ = try await ledger.record(by: "test") { try $0.append(event) } }
        }
        #expect(try await ledger.read { try $0.head(of: "one") } == end)
        await ledger.close()
    }

    @Test("lists: the number rises, and the last full one is remembered", arguments: Engine.allCases)
    func lists(engine: Engine) async throws {
        let place = try engine.place()
        let ledger = try await place.ledger()
        for event in [Examples.list(1), Examples.list(2, base: 1), Examples.list(5, base: 1)] {
            _ = try await ledger.record(by: "lists") { try $0.append(event) }
        }
        let list = try #require(try await ledger.read { try $0.list(.sign, partition: "13101") })
        #expect(list.number == 5 && list.fullNumber == 1)
        #expect(try await ledger.read { try $0.lists(.sign) } == [list])
        #expect(try await ledger.read { try $0.lists(.auth) } == [])
        await ledger.close()
    }

    @Test("verifiers come and go", arguments: Engine.allCases)
    func verifiers(engine: Engine) async throws {
        let place = try engine.place()
        let ledger = try await place.ledger()
        let admitted = AuthorityEvent.verifierAdmitted(VerifierAdmitted(name: "銀行", fingerprint: Examples.hash))
        for _ in 0..<2 { _ = try await ledger.record(by: "operator") { try $0.append(admitted) } }
        #expect(try await ledger.read { try $0.verifiers() }.map(\.name) == ["銀行"])
        #expect(try await ledger.read { try $0.head(of: "one") }.sequence == 1)
        _ = try await ledger.record(by: "operator") { try $0.append(.verifierDismissed(VerifierDismissed(name: "銀行"))) }
        #expect(try await ledger.read { try $0.verifiers() }.first?.dismissedAt != nil)
        await ledger.close()
    }

    @Test("a clock that is set back does not carry the log back, and is told", arguments: Engine.allCases)
    func clock(engine: Engine) async throws {
        let place = try engine.place()
        let now = Mutex<Int64>(1_790_000_000_000)
        let box = Shared(now)
        let ledger = try await place.ledger { box.value.withLock { $0 } }
        _ = try await ledger.record(by: "test") { try $0.append(.serviceStopped) }
        box.value.withLock { $0 -= 900 }
        #expect(ledger.clockState.behind == 900 && ledger.clockState.isTrustworthy)
        box.value.withLock { $0 -= 200 }
        #expect(ledger.clockState.behind == 1_100 && !ledger.clockState.isTrustworthy)
        _ = try await ledger.record(by: "test") { try $0.append(.serviceStopped) }
        let entries = try await ledger.read { try $0.entries(after: LogPosition(writer: "one", sequence: 0), limit: 9) }
        #expect(entries.map(\.instant) == [1_790_000_000_000, 1_790_000_000_000])
        await ledger.close()
        let again = try await place.ledger { box.value.withLock { $0 } }
        #expect(again.clockState.behind == 1_100)
        await again.close()
    }

    @Test("after closing, nothing is recorded and everything is there on opening again", arguments: Engine.allCases)
    func reopening(engine: Engine) async throws {
        let place = try engine.place()
        let ledger = try await place.ledger()
        try await ledger.begin()
        let reference = try await ledger.certify(.sign, request: "r1")
        await ledger.close()
        await #expect(throws: RecordsError.closed) {
            _ = try await ledger.record(by: "test") { try $0.append(.serviceStopped) }
        }
        let again = try await place.ledger()
        #expect(try await again.read { try $0.certificate(reference) }?.state == .valid)
        #expect(try await again.certify(.sign, request: "r2").serial == reference.serial + 1)
        await again.close()
    }

    @Test("one process is a node, and another is told so", arguments: Engine.allCases)
    func oneProcess(engine: Engine) async throws {
        let place = try engine.place()
        let ledger = try await place.ledger("one")
        await #expect(throws: RecordsError.nodeTaken("one")) { _ = try await place.ledger("one") }
        await ledger.close()
        let next = try await place.ledger("one")
        await next.close()
    }

    @Test("a database put back to an earlier state is noticed, and not written to", arguments: Engine.allCases)
    func putBack(engine: Engine) async throws {
        let place = try engine.place()
        let ledger = try await place.ledger()
        try await ledger.begin()
        let database = try place.database()
        try await database.write { connection in
            _ = try connection.execute("DELETE FROM log WHERE sequence = 2", [])
        }
        await #expect(throws: RecordsError.corrupt("log one ends too early")) {
            _ = try await ledger.record(by: "test") { try $0.append(.serviceStopped) }
        }
        #expect(try await ledger.read { try $0.head(of: "one") }.sequence == 1)
        await database.close()
        await ledger.close()
    }

    @Test("entries recorded without the process knowing are told to observers first", arguments: Engine.allCases)
    func continued(engine: Engine) async throws {
        let place = try engine.place()
        let ledger = try await place.ledger()
        try await ledger.begin()
        let log = AppliedEntries()
        ledger.observe { log.add($0) }
        let head = try await ledger.read { try $0.head(of: "one") }
        let unknown = LogEntry(after: head, instant: 0, actor: "x", body: try AuthorityEvent.serviceStopped.encoded())
        let database = try place.database()
        try await database.write { connection in
            _ = try connection.execute(
                "INSERT INTO log (writer, sequence, instant, actor, body, previous, hash) VALUES ($1, $2, $3, $4, $5, $6, $7)",
                [
                    .text("one"), SQLValue(unknown.sequence), .integer(unknown.instant), .text("x"),
                    .bytes(unknown.body), .bytes(unknown.previous), .bytes(unknown.hash),
                ]
            )
        }
        let recorded = try await ledger.record(by: "test") { try $0.append(.serviceStopped) }
        #expect(log.all.map(\.sequence) == [3, 4] && log.all.first == unknown)
        #expect(recorded.position.sequence == 4)
        await database.close()
        await ledger.close()
    }

    @Test("an altered end of the chain is found on opening", arguments: Engine.allCases)
    func alteredEnd(engine: Engine) async throws {
        let place = try engine.place()
        let ledger = try await place.ledger()
        try await ledger.begin()
        await ledger.close()
        let database = try place.database()
        try await database.write { connection in
            _ = try connection.execute("UPDATE log SET actor = $1 WHERE sequence = 1", [.text("someone else")])
        }
        await database.close()
        await #expect(throws: RecordsError.corrupt("log one 1")) { _ = try await place.ledger() }
    }
}

final class Shared<Value: ~Copyable>: Sendable where Value: Sendable {
    let value: Value
    init(_ value: consuming Value) { self.value = value }
}
