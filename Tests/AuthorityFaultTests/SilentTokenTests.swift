import AuthorityAssembly
import CertificateProfiles
import EventLog
import Foundation
import Problems
import Testing

extension Faults {
    @Suite struct `A token that does not answer` {
        /// More orders at a time than a key has sessions, and than a machine has processors.
        private static let orders = 40

        @Test func `keeps neither holds nor answers waiting, and nobody for ever; when it answers, issuing goes on`()
            throws
        {
            let token = try RemoteToken(try TokenOfAuthority())
            let authority = try RunningAuthority(keysIn: { token.uri($0) }, environment: token.environment)
            let address = try authority.start(environment: token.environment)
            let certificates = try (0..<4).map { _ in try address.certificate() }
            let client = try OCSPClient(.auth, address)
            #expect(try client.ask(certificates[0].serial, nonce: nil).word == .good)

            #expect(token.freeze())
            let outcomes = Notes<[Result<CertificateReference, any Error>]>([])
            let publishing = Notes<[Result<Void, any Error>]>([])
            let issuers = Threads.start(
                (0..<Self.orders).map { number in
                    {
                        let outcome = Result { try address.issue("silent-\(number)").reference }
                        outcomes.change { $0.append(outcome) }
                    }
                }
            )
            let publishers = Threads.start(
                CertificateAuthority.allCases.map { authority in
                    {
                        let outcome = Result { _ = try address.order(.publish(authority, partitions: nil)) }
                        publishing.change { $0.append(outcome) }
                    }
                }
            )
            try address.hold(certificates[1])
            #expect(try client.ask(certificates[1].serial).word == .revoked)
            // Signed and from memory, until the last of those who wait has been answered.
            let areAnswered = try eventually {
                let words = [
                    try client.ask(certificates[0].serial).word,
                    try client.ask(certificates[0].serial, nonce: nil).word,
                ]
                #expect(words == [.good, .good])
                return outcomes.now.count == Self.orders && publishing.now.count == 2
            }
            #expect(areAnswered)
            issuers.wait()
            publishers.wait()
            for outcome in outcomes.now { Self.expectRefusal(outcome) }
            for outcome in publishing.now { Self.expectRefusal(outcome) }
            try address.hold(certificates[2])
            #expect(try client.ask(certificates[2].serial).word == .revoked)

            // Neither an end nor a start waits for it.
            #expect(authority.stop() == 0, "\(authority.log)")
            let again = try authority.start(environment: token.environment)
            #expect(try again.word(certificates[0]) == .good)
            try again.hold(certificates[3])
            #expect(try again.word(certificates[3]) == .revoked)
            Self.expectRefusal(Result { try again.issue().reference })

            token.thaw()
            var issued: CertificateReference?
            let goesOn = eventually {
                issued = try? again.certificate()
                return issued != nil
            }
            #expect(goesOn, "without a restart of the server")
            #expect(try again.word(try #require(issued)) == .good)
            _ = try again.order(.publish(.auth, partitions: nil))
            // Numbers were spent on those who were refused, and none of them is good.
            for serial in certificates[3].serial + 1..<(try #require(issued)).serial {
                let reference = CertificateReference(.auth, serial)
                #expect(try again.state(reference) == .abandoned && again.word(reference) == .revoked, "\(serial)")
            }
        }

        private static func expectRefusal<Value>(_ outcome: Result<Value, any Error>) {
            guard case .failure(let problem as Problem) = outcome else {
                Issue.record("\(outcome)")
                return
            }
            #expect(problem.code.contains("key"), "\(problem.code)")
        }
    }
}
