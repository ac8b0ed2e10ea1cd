import AuthorityRecords
import CertificateProfiles
import EventLog
import ForeignTools
import Foundation
import Testing

@Suite("Crashes and failing storage", .serialized)
struct CrashTests {
    /// Rounds of each loop; more where somebody has the time.
    static let rounds = Soak.rounds(20)

    @Test("killed at any moment: nothing acknowledged is missing, no number comes twice", arguments: Engine.allCases)
    func killed(engine: Engine) async throws {
        let place = try engine.place()
        var all = Hammer()
        for round in 0..<Self.rounds {
            let run = try await Hammer.run(place, run: "\(round)", until: .random(in: 2...400))
            #expect(run.lines.first == "ready", "\(run.lines.first ?? "nothing")")
            all.lines += run.lines
            Soak.progress("records killed, \(engine.rawValue)", round + 1, of: Self.rounds)
        }
        #expect(all.serials("held").count > Self.rounds)
        try await check(place, all, "records killed, \(engine.rawValue)")
    }

    @Test("a server killed under load, again and again: nothing acknowledged is missing")
    func serverKilled() async throws {
        let server = try PostgresServer()
        let place = Place(engine: .postgres, address: try server.database(), folder: nil)
        var all = Hammer()
        let rounds = max(1, Self.rounds / 5)
        for round in 0..<rounds {
            let run = try await Hammer.run(place, run: "\(round)", until: 2_000) {
                Thread.sleep(forTimeInterval: .random(in: 0.1...1))
                try server.kill()
                try server.start()
            }
            all.lines += run.lines
            Soak.progress("server of the records killed", round + 1, of: rounds)
        }
        #expect(all.lines.contains { $0.hasPrefix("failed") })
        try await check(place, all, "server of the records killed")
    }

    @Test("no room for a file to grow: refused, and nothing acknowledged is lost")
    func noRoom() async throws {
        let place = try Engine.sqlite.place()
        let run = try await Hammer.run(place, run: "a", until: 100_000, limit: 1_500_000)
        #expect(run.lines.contains { $0.hasPrefix("failed") })
        #expect(run.serials("valid").count > 10)
        try await check(place, run, "no room for a file")
    }

    @Test("a full disk that gets room again: refused meanwhile, and then it goes on")
    func fullDisk() async throws {
        let place = try Engine.sqlite.place()
        let shim = try Self.shim(beside: place)
        let run = try await Hammer.run(
            place,
            run: "a",
            until: 3_000,
            environment: ["LD_PRELOAD": shim, "FUDA_FAULT": "space", "FUDA_AFTER": "400", "FUDA_COUNT": "30"]
        )
        let fault = try #require(run.lines.firstIndex(of: "fault"))
        let refused = try #require(run.lines.firstIndex(of: "failed full"))
        #expect(fault < refused)
        #expect(run.lines[refused...].contains { $0.hasPrefix("held") })
        try await check(place, run, "full disk of the records")
    }

    @Test("storage that fails to keep what it was given: nothing is acknowledged from then on")
    func failedSync() async throws {
        let place = try Engine.sqlite.place()
        let shim = try Self.shim(beside: place)
        let run = try await Hammer.run(
            place,
            run: "a",
            until: 100_000,
            environment: ["LD_PRELOAD": shim, "FUDA_FAULT": "sync", "FUDA_AFTER": "60"]
        )
        let fault = try #require(run.lines.firstIndex(of: "fault"))
        // Twelve callers, each of whom may have been answered before and come to speak after.
        let after = run.lines[fault...].filter { !$0.hasPrefix("failed") && $0 != "fault" }
        #expect(after.count <= 12)
        #expect(run.lines.contains("failed outcomeUnknown"))
        #expect(run.lines.filter { $0 == "failed storageFailed" }.count == 12)
        try await check(place, run, "failing storage")
    }

    /// What the records say after a run against what was acknowledged during it.
    private func check(_ place: Place, _ run: Hammer, _ name: String) async throws {
        var (checked, losses) = (0, 0)
        func expect(_ isSo: Bool, _ what: @autoclosure () -> String) {
            checked += 1
            if !isSo { losses += 1 }
            #expect(isSo, "\(what())")
        }
        let planned = run.serials("planned")
        losses += planned.count - Set(planned).count
        #expect(Set(planned).count == planned.count, "a number was acknowledged twice")
        let ledger = try await place.ledger("hammer")
        let (verifier, state) = try await AuditTests.examine(ledger)
        #expect(verifier.faults.isEmpty && state.impossible.isEmpty)
        #expect(try await ledger.read { try $0.differences(from: state) } == [])
        let held = Set(run.serials("held"))
        for serial in planned {
            expect(state.certificates[CertificateReference(.auth, serial)] != nil, "\(serial) is missing")
        }
        for serial in run.serials("valid") {
            let found = state.certificates[CertificateReference(.auth, serial)]?.state
            expect(found == .held || (found == .valid && !held.contains(serial)), "\(serial) is not valid")
        }
        for serial in held {
            expect(state.certificates[CertificateReference(.auth, serial)]?.state == .held, "\(serial) is not held")
        }
        Soak.tell(name, checked: checked, losses: losses)
        // Numbers run on without one left out: a number is spent in the transaction that plans with it.
        let last = try await ledger.read { try $0.lastSerial(.auth) }
        #expect(state.certificates.count == Int(last))
        await ledger.close()
    }

    /// Compiles the storage that fails; it goes with the place.
    private static func shim(beside place: Place) throws -> String {
        let source = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Shims/storage.c").path
        let library = place.address + "-storage.so"
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin"
        let built = try ForeignProgram.run(
            "clang",
            ["-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"],
            environment: ["PATH": path]
        )
        guard built.status == 0 else { throw Unbuilt(notes: built.notes) }
        return library
    }

    struct Unbuilt: Error {
        let notes: String
    }
}
