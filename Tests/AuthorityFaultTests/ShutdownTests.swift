import AuthorityAssembly
import CertificateProfiles
import EventLog
import Foundation
import Problems
import Testing

extension Faults {
    @Suite struct `A server that is told to stop` {
        @Test func `answers every order that it took, and keeps what it acknowledged`() throws {
            for round in 0..<Faults.rounds(2) {
                let authority = try RunningAuthority()
                let address = try authority.start()
                let known = Acknowledged()
                let cutOff = Notes<[String]>([])
                let clients = Threads.start(
                    (0..<6).map { client in
                        {
                            for number in 0..<1_000 {
                                let identifier = "stop-\(client)-\(number)"
                                known.asked(identifier)
                                do {
                                    let issued = try address.issue(identifier)
                                    known.issued(identifier, issued.reference, issued.der)
                                } catch {
                                    cutOff.change { $0.append(identifier) }
                                    return
                                }
                            }
                        }
                    }
                )
                #expect(eventually { known.count >= 20 }, "round \(round)")
                #expect(authority.stop() == 0, "\(authority.log)")
                clients.wait()
                for name in ["endpoints.json", "control.sock"] {
                    #expect(!FileManager.default.fileExists(atPath: authority.folder + "/" + name), "\(name)")
                }
                // Whoever was not answered was not taken: nothing was done for them.
                let again = try authority.start()
                for identifier in cutOff.now { #expect(try Self.isUnknown(identifier, known, again)) }
                try known.check(again, round: round)
                known.tell("stop, round \(round + 1)")
            }
        }

        /// Whether a request that is asked again now is a new one: it gets a number higher than all before it.
        private static func isUnknown(
            _ identifier: String,
            _ known: Acknowledged,
            _ address: AuthorityAddress
        ) throws -> Bool {
            let greatest = known.issued.keys.map(\.serial).max() ?? 0
            guard let issued = try? address.issue(identifier) else { return false }
            known.issued(identifier, issued.reference, issued.der)
            return issued.reference.serial > greatest
        }

        @Test func `ends though somebody is connected and says nothing`() throws {
            let authority = try RunningAuthority()
            let address = try authority.start()
            let silent = try SilentClient(authority.folder + "/control.sock")
            let idle = try (0..<20).map { _ in try HTTPConnection(port: address.statusPort) }
            let page = try HTTPConnection(port: address.port)
            #expect(try address.get("/health").status == 200)
            #expect(authority.stop() == 0)
            withExtendedLifetime((silent, idle, page)) {}
        }
    }
}
