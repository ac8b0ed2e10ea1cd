import CertificateProfiles
import EventLog
import Foundation
import Testing

extension Faults {
    @Suite struct `A hold` {
        static let holds = Faults.rounds(30)

        /// One question about the certificate that is being held, and when it was asked and answered.
        private struct Asked {
            let sent: ContinuousClock.Instant
            let received: ContinuousClock.Instant
            let word: OCSPClient.Word
            let producedAt: Int64
        }

        @Test func `is in force for every answer produced after its acknowledgement, under load`() throws {
            let address = try Faults.running()
            let others = try (0..<4).map { _ in try address.certificate() }
            let isOver = Notes(false)
            // Load: questions about others, from memory and signed one by one.
            let failures = Notes<[String]>([])
            let load = Threads.start(
                (0..<4).map { number in
                    {
                        do {
                            let client = try OCSPClient(.auth, address)
                            while !isOver.now {
                                let nonce = number % 2 == 0 ? OCSPClient.nonce() : nil
                                let word = try client.ask(others[number].serial, nonce: nonce).word
                                if word != .good { failures.change { $0.append("\(word)") } }
                            }
                        } catch { failures.change { $0.append("\(error)") } }
                    }
                }
            )
            defer {
                isOver.change { $0 = true }
                load.wait()
            }
            var latencies = Latencies()
            for _ in 0..<Self.holds {
                let target = try address.certificate()
                latencies.add(try Self.hold(target, address))
            }
            isOver.change { $0 = true }
            load.wait()
            #expect(failures.now.isEmpty, "\(failures.now.prefix(3))")
            tell("hold: \(Self.holds) under load, order to acknowledgement \(latencies.text)")
        }

        /// Holds a certificate while others ask about it all the time; how long the order took comes back.
        private static func hold(_ target: CertificateReference, _ address: AuthorityAddress) throws -> Duration {
            let isOver = Notes(false)
            let asked = Notes<[Asked]>([])
            let failures = Notes<[String]>([])
            let pollers = Threads.start(
                [true, false].map { hasNonce in
                    {
                        do {
                            let client = try OCSPClient(.auth, address)
                            while !isOver.now {
                                let sent = ContinuousClock.now
                                let nonce = hasNonce ? OCSPClient.nonce() : nil
                                let reply = try client.ask(target.serial, nonce: nonce)
                                asked.change {
                                    $0.append(
                                        Asked(
                                            sent: sent,
                                            received: .now,
                                            word: reply.word,
                                            producedAt: reply.producedAt
                                        )
                                    )
                                }
                            }
                        } catch { failures.change { $0.append("\(error)") } }
                    }
                }
            )
            // Both have seen it good, so that there is an answer in memory to be dropped.
            #expect(eventually { asked.now.count { $0.word == .good } > 4 })
            let ordered = ContinuousClock.now
            try address.hold(target)
            let acknowledged = ContinuousClock.now
            let second = Int64(time(nil))
            #expect(try OCSPClient(.auth, address).ask(target.serial, nonce: nil).word == .revoked)
            let after = asked.now.count
            #expect(eventually { asked.now.count > after + 4 })
            isOver.change { $0 = true }
            pollers.wait()
            #expect(failures.now.isEmpty, "\(failures.now.prefix(3))")
            for one in asked.now {
                if one.sent >= acknowledged {
                    #expect(one.word == .revoked, "asked after the acknowledgement")
                } else if one.received >= acknowledged, one.word == .good {
                    // On its way when the acknowledgement came: it was made before.
                    #expect(one.producedAt <= second)
                }
            }
            return acknowledged - ordered
        }
    }
}
