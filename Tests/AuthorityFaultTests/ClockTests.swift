import AuthorityAssembly
import CertificateProfiles
import EventLog
import ForeignTools
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
            #expect(try address.stampedTime() != nil)

            try clock.set(by: seconds)
            #expect(try eventually { try client.ask(certificates[0].serial).word == .refused(.tryLater) })
            // What is in memory is no exception.
            #expect(try client.ask(certificates[0].serial, nonce: nil).word == .refused(.tryLater))
            for _ in 0..<3 { #expect(try address.stamp() == .refused(.timeNotAvailable)) }
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
            let stamped = try #require(try address.stampedTime())
            #expect(abs(stamped - Int64(time(nil))) < 60)
            guard case .published = try address.order(.publish(.auth, partitions: nil)) else {
                Issue.record("no list")
                return
            }
        }

        @Test func `that is far ahead at the start signs nothing, and leaves no record from the future`() throws {
            let authority = try RunningAuthority()
            let clock = try FakeClock(authority.folder)
            var address = try authority.start(environment: clock.environment)
            let certificates = try (0..<3).map { _ in try address.certificate() }
            authority.stop()

            try clock.set(by: 40 * 86_400)
            address = try authority.start(environment: clock.environment, awaitingReady: false)
            #expect(try eventually { try address.word(certificates[0]) == .refused(.tryLater) })
            for order in [try AuthorityAddress.issueOrder("ahead"), .publish(.auth, partitions: nil)] {
                let problem = try #require(throws: Problem.self) { try address.order(order) }
                #expect(problem.code == "clock-ahead")
                #expect(problem.outcome == .refusedForSafety)
            }
            #expect(try address.get("/ready").status == 503)
            try address.hold(certificates[1])
            #expect(try address.state(certificates[1]) == .held)
            // Started once more, it believes the clock no sooner.
            authority.kill()
            address = try authority.start(environment: clock.environment, awaitingReady: false)
            #expect(throws: Problem.self) { try address.issue() }
            authority.stop()

            try clock.set(by: 0)
            address = try authority.start(environment: clock.environment)
            #expect(try address.word(certificates[0]) == .good)
            #expect(try address.word(certificates[1]) == .revoked)
            #expect(try address.word(try address.certificate()) == .good)
        }

        @Test func `that is far ahead since the authority was away is believed when an operator says so`() throws {
            let authority = try RunningAuthority()
            let clock = try FakeClock(authority.folder)
            let certificate = try authority.start(environment: clock.environment).certificate()
            authority.stop()
            try clock.set(by: 40 * 86_400)
            let programs = try AuthorityPrograms()
            let command = ["authority", "clock", "--data", authority.folder, "--trust"]
            // Through the server, which may be killed at once; and, the next time, without one.
            var address = try authority.start(environment: clock.environment, awaitingReady: false)
            try programs.demand("fuda-issue", command)
            #expect(try address.word(certificate) == .good)
            authority.kill()
            address = try authority.start(environment: clock.environment)
            #expect(try address.word(certificate) == .good)
            authority.stop()
            try clock.set(by: 80 * 86_400)
            try programs.demand("fuda-issue", command, environment: clock.environment)
            address = try authority.start(environment: clock.environment)
            #expect(eventually { (try? address.word(certificate)) == .good })
        }

        @Test func `that is ahead by less than a holiday is believed, and by anything where the configuration says so`()
            throws
        {
            for (days, gap) in [(20, nil), (400, 0)] as [(Int, Int?)] {
                let authority = try RunningAuthority()
                if let gap {
                    let file = authority.folder + "/authority.json"
                    var keys = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: file)))
                    var all = try #require(keys as? [String: Any])
                    all["clockGap"] = gap
                    keys = all
                    try JSONSerialization.data(withJSONObject: keys).write(to: URL(filePath: file))
                }
                let clock = try FakeClock(authority.folder)
                try clock.set(by: days * 86_400)
                let address = try authority.start(environment: clock.environment)
                #expect(eventually { (try? address.order(.publish(.auth, partitions: nil))) != nil })
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

        @Test func `that goes on brings new certificates of services in time, and none without need`() throws {
            let authority = try RunningAuthority()
            let clock = try FakeClock(authority.folder)
            let day = 86_400
            func certificates(_ kind: CertificateKind) throws -> Int {
                let found = try ForeignProgram.run(
                    "sqlite3",
                    [
                        "-readonly", authority.folder + "/authority.sqlite",
                        "SELECT count(*) FROM certificates WHERE kind = '\(kind.rawValue)'",
                    ]
                )
                return try #require(Int(found.text.trimmingCharacters(in: .newlines)), "\(found.notes)")
            }
            // Days since the beginning; certificates of responders and of time stamping that there are then. The
            // authority ends after ten years less a day: near that end nothing that would end no later is made.
            let expected = [
                (0, 1, 1), (39, 1, 1), (41, 2, 1), (366, 3, 2), (3_400, 4, 3), (3_600, 5, 3), (3_648, 5, 3),
            ]
            // Steps that no machine makes, and nobody is asked about.
            var configuration = AuthorityConfiguration()
            configuration.clockGap = 0
            try JSONEncoder().encode(configuration).write(to: URL(filePath: authority.folder + "/authority.json"))
            for (days, responders, stamping) in expected {
                try clock.set(by: days * day)
                let address = try authority.start(environment: clock.environment)
                #expect(try certificates(.authResponder) == responders, "day \(days)")
                #expect(try certificates(.timeStamping) == stamping, "day \(days)")
                let stamped = try #require(try address.stampedTime(), "day \(days)")
                #expect(abs(stamped - Int64(time(nil)) - Int64(days * day)) < 60)
                #expect(authority.stop() == 0)
            }
        }
    }
}
