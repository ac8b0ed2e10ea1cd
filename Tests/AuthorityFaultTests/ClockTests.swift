import AuthorityAssembly
import CertificateProfiles
import EventLog
import Foundation
import PKIX
import Problems
import Testing

extension Faults {
    @Suite struct `A clock` {
        @Test(arguments: [-3_600, 86_400])
        func `that is set by more than it may stops everything that is signed, and no hold`(seconds: Int) throws {
            let authority = try RunningAuthority()
            let clock = try FakeClock(authority.folder)
            let address = try authority.start(environment: clock.environment)
            let certificates = try (0..<3).map { _ in try address.certificate() }
            let client = try OCSPClient(.auth, address)
            #expect(try client.ask(certificates[0].serial, nonce: nil).word == .good)

            try clock.set(by: seconds)
            #expect(try eventually { try client.ask(certificates[0].serial).word == .refused(.tryLater) })
            // What is in memory is no exception.
            #expect(try client.ask(certificates[0].serial, nonce: nil).word == .refused(.tryLater))
            let codes = ["clock-jumped", "clock-behind"]
            for order in [try AuthorityAddress.issueOrder("jump"), .publish(.auth, partitions: nil)] {
                let problem = try #require(throws: Problem.self) { try address.order(order) }
                #expect(codes.contains(problem.code), "\(problem.code)")
                #expect(problem.outcome == .refusedForSafety)
            }
            try address.hold(certificates[0])
            #expect(try address.state(certificates[0]) == .held)
            #expect(try address.get("/ready").status == 503)

            try clock.set(by: 0)
            #expect(try eventually { try client.ask(certificates[0].serial).word == .revoked })
            #expect(try client.ask(certificates[1].serial, nonce: nil).word == .good)
            let issued = try address.certificate()
            #expect(try client.ask(issued.serial).word == .good)
            guard case .published = try address.order(.publish(.auth, partitions: nil)) else {
                Issue.record("no list")
                return
            }
        }

        @Test func `that was set on purpose is believed when an operator says so`() throws {
            let authority = try RunningAuthority()
            let clock = try FakeClock(authority.folder)
            let address = try authority.start(environment: clock.environment)
            let certificate = try address.certificate()
            try clock.set(by: 90)
            #expect(try eventually { try address.word(certificate) == .refused(.tryLater) })
            let programs = try AuthorityPrograms()
            try programs.demand("fuda-issue", ["authority", "clock", "--data", authority.folder, "--trust"])
            #expect(try address.word(certificate) == .good)
            let trusted = try Self.trusted(address)
            #expect(trusted.map(\.actor) == ["uid-\(getuid())"])
            let difference = trusted.map { $0.event.after - $0.event.before }.first ?? 0
            #expect((88_000...92_000).contains(difference), "\(difference)")
            #expect(try address.word(try address.certificate()) == .good)
            // Back behind what is recorded now: nobody's word helps.
            try clock.set(by: 0)
            #expect(try eventually { try address.word(certificate) == .refused(.tryLater) })
            try programs.demand("fuda-issue", ["authority", "clock", "--data", authority.folder, "--trust"])
            #expect(try address.word(certificate) == .refused(.tryLater))
            #expect(try Self.trusted(address).count == 2)
        }

        /// What the log says of clocks that were believed on somebody's word, in its order.
        private static func trusted(_ address: AuthorityAddress) throws -> [(actor: String, event: ClockTrusted)] {
            let file = address.folder + "/\(UUID().uuidString).jsonl"
            guard case .audited(let audit) = try address.order(.audit(file)) else { return [] }
            #expect(audit.differences == [])
            return try Data(contentsOf: URL(filePath: file)).split(separator: 0x0A).compactMap { line in
                guard case .entry(let entry) = try LogFileLine(decoding: Array(line)),
                    case .clockTrusted(let event) = try AuthorityEvent(decoding: entry.body)
                else { return nil }
                return (entry.actor, event)
            }
        }
    }
}
