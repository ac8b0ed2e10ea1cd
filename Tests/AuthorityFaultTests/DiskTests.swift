import AuthorityAssembly
import CertificateProfiles
import EventLog
import ForeignTools
import Foundation
import Problems
import Testing

extension Faults {
    @Suite struct `A disk` {
        @Test func `that takes no more ends what is recorded and not what is answered`() throws {
            let authority = try RunningAuthority()
            let known = Acknowledged()
            let address = try authority.start()
            let certificates = try (0..<3).map { _ in try address.certificate() }
            try Self.limit(authority, to: "16384")
            // Orders until the records have no room to grow.
            var refusal: Problem?
            for number in 0..<200 where refusal == nil {
                let identifier = "full-\(number)"
                known.asked(identifier)
                do {
                    let issued = try address.issue(identifier)
                    known.issued(identifier, issued.reference, issued.der)
                } catch let problem as Problem { refusal = problem }
            }
            #expect(try #require(refusal).code.hasPrefix("records-"), "\(String(describing: refusal))")
            let hold = try #require(throws: Problem.self) { try address.hold(certificates[0]) }
            #expect(hold.code.hasPrefix("records-"))
            // A hold that was refused is not in force, and everything is still answered, from memory and signed.
            let client = try OCSPClient(.auth, address)
            for _ in 0..<20 {
                #expect(try client.ask(certificates[0].serial).word == .good)
                #expect(try client.ask(certificates[1].serial, nonce: nil).word == .good)
            }
            #expect(authority.isRunning)
            authority.stop()
            let again = try authority.start()
            try known.check(again, round: 0)
            known.tell("limited file")
            try again.hold(certificates[0])
            #expect(try again.word(certificates[0]) == .revoked)
            #expect(try again.word(try again.certificate()) == .good)
        }

        @Test(.enabled(if: SmallDisk.isPossible, "a file system of its own can be mounted by root only"))
        func `that is full refuses what is recorded, and goes on when there is room again`() throws {
            let disk = try SmallDisk(megabytes: 32)
            let authority = try RunningAuthority(in: disk.path)
            let known = Acknowledged()
            let address = try authority.start()
            let certificates = try (0..<3).map { _ in try address.certificate() }
            let client = try OCSPClient(.auth, address)
            for round in 0..<Faults.rounds(2) {
                try disk.fill()
                // Records and lists may have some room in files that are there already.
                var refusal: Problem?
                for number in 0..<2_000 where refusal == nil {
                    let identifier = "full-\(round)-\(number)"
                    known.asked(identifier)
                    do {
                        let issued = try address.issue(identifier)
                        known.issued(identifier, issued.reference, issued.der)
                    } catch let problem as Problem { refusal = problem }
                }
                #expect(try #require(refusal).code.hasPrefix("records-"), "\(String(describing: refusal))")
                let hold = try #require(throws: Problem.self) { try address.hold(certificates[0]) }
                #expect(hold.code.hasPrefix("records-"), "\(hold.code)")
                #expect(throws: Problem.self) { try address.order(.publish(.auth, partitions: nil)) }
                #expect(try client.ask(certificates[0].serial).word == .good)
                #expect(try client.ask(certificates[1].serial, nonce: nil).word == .good)

                try disk.makeRoom()
                let identifier = "room-\(round)"
                known.asked(identifier)
                let issued = try address.issue(identifier)
                known.issued(identifier, issued.reference, issued.der)
                try address.release(issued.reference)
                known.released(issued.reference)
                if let reference = known.takeGood() {
                    try address.hold(reference)
                    known.held(reference)
                }
                try known.check(address, round: round)
            }
            guard case .published(let lists) = try address.order(.publish(.auth, partitions: nil)) else {
                Issue.record("no list")
                return
            }
            known.published(lists)
            // Full at the moment of a crash, too.
            try disk.fill()
            authority.kill()
            try disk.makeRoom()
            let again = try authority.start()
            try known.check(again, round: -1)
            known.tell("full disk")
            try again.hold(certificates[0])
            #expect(try again.word(certificates[0]) == .revoked)
        }

        /// The greatest size of a file that the process may write from now on, in bytes.
        static func limit(_ authority: RunningAuthority, to size: String) throws {
            let answer = try ForeignProgram.run(
                "prlimit",
                ["--pid", "\(authority.processIdentifier)", "--fsize=\(size):unlimited"]
            )
            guard answer.status == 0 else { throw AuthorityPrograms.Failed(what: "prlimit", notes: answer.notes) }
        }
    }
}
