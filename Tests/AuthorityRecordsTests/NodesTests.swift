import AuthorityRecords
import CertificateProfiles
import EventLog
import ForeignTools
import Testing

@Suite("Several nodes on one database")
struct NodesTests {
    @Test("two nodes that start at once bring one database up to date")
    func startingAtOnce() async throws {
        let place = try Engine.postgres.place()
        let ledgers = try await withThrowingTaskGroup(of: Ledger.self) { group in
            for number in 0..<4 { group.addTask { try await place.ledger("node-\(number)") } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(Set(ledgers.map(\.node)).count == 4)
        for ledger in ledgers { await ledger.close() }
    }

    @Test("three nodes issue at once: no number twice, none left out, each chain whole")
    func serials() async throws {
        let place = try Engine.postgres.place()
        let nodes = try await Self.nodes(3, place)
        try await nodes[0].begin()
        let serials = try await withThrowingTaskGroup(of: UInt32.self) { group in
            for (index, node) in nodes.enumerated() {
                for number in 0..<60 {
                    group.addTask { try await node.certify(.auth, request: "\(index)-\(number)").serial }
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(serials.sorted() == Array(2...181))
        let (verifier, state) = try await AuditTests.examine(nodes[1])
        #expect(verifier.faults.isEmpty && state.impossible.isEmpty)
        #expect(try await nodes[1].read { try $0.differences(from: state) } == [])
        #expect(try await nodes[2].read { try $0.totals(.auth)[.released] } == 180)
        for node in nodes { await node.close() }
    }

    @Test("the same request at two nodes at once gives one certificate")
    func sameRequest() async throws {
        let place = try Engine.postgres.place()
        let nodes = try await Self.nodes(2, place)
        try await nodes[0].begin()
        for round in 0..<20 {
            let found = try await withThrowingTaskGroup(of: CertificateReference.self) { group in
                for node in nodes {
                    group.addTask {
                        try await node.record(by: "test") { transaction in
                            let request = "r\(round)"
                            if let known = try transaction.records.certificate(.sign, request: request) {
                                return known.reference
                            }
                            let reference = CertificateReference(.sign, try transaction.nextSerial(.sign))
                            try transaction.append(Examples.plan(reference, request: request))
                            return reference
                        }.value
                    }
                }
                return try await group.reduce(into: Set()) { $0.insert($1) }
            }
            #expect(found.count == 1)
        }
        for node in nodes { await node.close() }
    }

    @Test("a hold and a revocation at two nodes at once: one takes place, the other is told")
    func revocations() async throws {
        let place = try Engine.postgres.place()
        let nodes = try await Self.nodes(2, place)
        try await nodes[0].begin()
        for round in 0..<20 {
            let reference = try await nodes[0].certify(.auth, request: "r\(round)")
            let reasons: [RevocationReason] = [.certificateHold, .keyCompromise]
            let written = await withTaskGroup(of: Bool.self) { group in
                for (node, reason) in zip(nodes, reasons) {
                    group.addTask {
                        let event = Examples.revoke(reference, reason)
                        return (try? await node.record(by: "desk", .urgent) { try $0.append(event) }) != nil
                    }
                }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(written == 1)
        }
        let (_, state) = try await AuditTests.examine(nodes[0])
        #expect(state.impossible.isEmpty)
        #expect(try await nodes[0].read { try $0.differences(from: state) } == [])
        for node in nodes { await node.close() }
    }

    @Test("two builders of lists: the number that stands never falls")
    func builders() async throws {
        let place = try Engine.postgres.place()
        let nodes = try await Self.nodes(2, place)
        let published = await withTaskGroup(of: [UInt64].self) { group in
            for node in nodes {
                group.addTask {
                    var mine: [UInt64] = []
                    for _ in 0..<30 {
                        // Each goes by what it saw last, as a builder with an old view would.
                        let last = (try? await node.read { try $0.list(.sign, partition: "13101")?.number ?? 0 }) ?? 0
                        if (try? await node.record(by: "lists") { try $0.append(Examples.list(last + 1)) }) != nil {
                            mine.append(last + 1)
                        }
                    }
                    return mine
                }
            }
            return await group.reduce(into: []) { $0 += $1 }
        }
        #expect(Set(published).count == published.count)
        #expect(try await nodes[0].read { try $0.list(.sign, partition: "13101")?.number } == published.max())
        let numbers = try await nodes[0].read { records in
            try records.heads().flatMap { head in
                try records.entries(after: LogPosition(writer: head.writer, sequence: 0), limit: .max)
            }
        }.count
        #expect(numbers == published.count)
        for node in nodes { await node.close() }
    }

    @Test("a node that stands still inside a transaction does not hold up the others for ever")
    func standstill() async throws {
        let place = try Engine.postgres.place()
        let nodes = try await Self.nodes(1, place)
        try await nodes[0].begin()
        let other = try place.database()
        try await other.claim(node: "stuck")
        let hold = Task {
            try await other.write { connection in
                _ = try connection.execute("UPDATE counters SET next = next", [])
                // Longer than the server lets a transaction stand idle.
                _ = try? connection.rows("SELECT 1", [])
                blockThread(seconds: 7)
            }
        }
        let reference = try await nodes[0].certify(.sign, request: "r1")
        #expect(reference.serial == 2)
        await #expect(throws: RecordsError.self) { try await hold.value }
        await other.close()
        await nodes[0].close()
    }

    private static func nodes(_ count: Int, _ place: Place) async throws -> [Ledger] {
        var nodes: [Ledger] = []
        for number in 0..<count { nodes.append(try await place.ledger("node-\(number)")) }
        return nodes
    }
}
