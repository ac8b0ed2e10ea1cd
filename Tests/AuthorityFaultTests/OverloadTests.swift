import CertificateProfiles
import EventLog
import Foundation
import PKIX
import Testing

extension Faults {
    @Suite struct `More than it can do` {
        /// More than wait for their signature at a time, on any machine that tests run on.
        private static let connections = 1_200

        @Test func `is answered with tryLater at once, and a hold goes through meanwhile`() throws {
            let address = try Faults.running()
            let certificate = try address.certificate()
            let before = try address.figure("fuda_ocsp_shed_total")
            let clients = try (0..<Self.connections).map { _ in try OCSPClient(.auth, address) }
            var words: [OCSPClient.Word: Int] = [:]
            let hold = Notes<Result<ContinuousClock.Instant, any Error>?>(nil)
            var wasShed = false
            var holder: DispatchGroup?
            var (accepted, shed) = (Latencies(), Latencies())
            // A rush of questions that each need a signature, again if the first was not enough.
            for _ in 0..<10 where !wasShed {
                let nonces = clients.map { _ in OCSPClient.nonce() }
                var sent: [ContinuousClock.Instant] = []
                for (client, nonce) in zip(clients, nonces) {
                    sent.append(.now)
                    try client.send(certificate.serial, nonce: nonce)
                }
                if holder == nil {
                    holder = Threads.start([
                        {
                            let result = Result {
                                try address.hold(certificate)
                                return ContinuousClock.now
                            }
                            hold.change { $0 = result }
                        }
                    ])
                }
                // In the order in which answers come.
                try Readable.each(clients.map(\.connection.descriptor)) { place in
                    let word = try clients[place].receive(nonce: nonces[place]).word
                    words[word, default: 0] += 1
                    if word == .refused(.tryLater) {
                        shed.add(.now - sent[place])
                    } else {
                        accepted.add(.now - sent[place])
                    }
                }
                wasShed = words[.refused(.tryLater), default: 0] > 0
            }
            holder?.wait()
            #expect(wasShed)
            #expect(Set(words.keys).isSubset(of: [.good, .revoked, .refused(.tryLater)]))
            #expect(words[.good, default: 0] + words[.revoked, default: 0] > 0, "\(words)")
            _ = try #require(hold.now).get()
            // Everybody is told of it, and of nothing else, as soon as there is room again.
            for client in clients.prefix(50) {
                #expect(try client.ask(certificate.serial).word == .revoked)
            }
            #expect(try address.figure("fuda_ocsp_shed_total") - before == words[.refused(.tryLater)])
            #expect(try address.figure("fuda_ocsp_signing") == 0)
            tell(
                "overload: \(clients.count) at once, \(words[.refused(.tryLater), default: 0]) shed; accepted \(accepted.text), shed \(shed.text)"
            )
        }

        @Test func `is refused at once where it is about time stamps, and neither holds nor answers wait`() throws {
            let address = try Faults.running()
            let certificate = try address.certificate()
            let before = try address.figure("fuda_tsa_shed_total")
            let stop = Notes(false)
            let statuses = Notes<[Int: Int]>([:])
            // More than wait for their stamp at a time, and fewer than there may be connections.
            let work = Threads.start(
                (0..<100).map { _ in
                    {
                        guard let connection = try? HTTPConnection(port: address.port) else { return }
                        while !stop.now {
                            guard (try? connection.send(AuthorityAddress.stampRequest)) != nil,
                                let answer = try? connection.receive()
                            else { return }
                            statuses.change { $0[answer.status, default: 0] += 1 }
                        }
                    }
                }
            )
            #expect(eventually { statuses.now[503] != nil && statuses.now[200] != nil })
            let client = try OCSPClient(.auth, address)
            #expect(try client.ask(certificate.serial).word == .good)
            try address.hold(certificate)
            // What is stamped meanwhile keeps nobody from learning of it.
            #expect(try client.ask(certificate.serial).word == .revoked)
            stop.change { $0 = true }
            work.wait()
            let counts = statuses.now
            #expect(Set(counts.keys) == [200, 503], "\(counts)")
            #expect(try address.figure("fuda_tsa_shed_total") - before == counts[503])
            #expect(try address.stampedTime() != nil)
            tell("stamps: \(counts[200, default: 0]) granted, \(counts[503, default: 0]) shed")
        }

        @Test func `waits in a line of its own, so that a hold does not wait with it`() throws {
            let address = try Faults.running()
            let certificate = try address.certificate()
            // Somebody who has connected and says nothing, and orders that take their time.
            let silent = try (0..<3).map { _ in try SilentClient(address.folder + "/control.sock") }
            let issued = Notes(0)
            let work = Threads.start(
                (0..<8).map { number in
                    { if (try? address.issue("waiting-\(number)")) != nil { issued.change { $0 += 1 } } }
                }
            )
            try address.hold(certificate)
            // The silent are hung up on in the end: whoever had waited for them would find them gone.
            for client in silent { #expect(client.isConnected) }
            work.wait()
            #expect(issued.now == 8)
        }
    }

    @Suite struct `Connections` {
        @Test func `that are idle, and such that send a byte now and then, are in nobody's way`() throws {
            let address = try Faults.running()
            let certificate = try address.certificate()
            let idle = try (0..<1_000).map { _ in try HTTPConnection(port: address.statusPort) }
            let slow = try (0..<20).map { _ in try HTTPConnection(port: address.statusPort) }
            let question = OCSPClient.post(
                "/ocsp/auth",
                try address.issuer(.auth).question([certificate.serial])
            )
            let client = try OCSPClient(.auth, address)
            // The slow finish their question over as many answers as it has bytes, and get theirs in the end.
            for byte in question {
                for connection in slow { try connection.send([byte]) }
                #expect(try client.ask(certificate.serial, nonce: nil).word == .good)
            }
            for connection in slow {
                let answer = try #require(try connection.receive())
                #expect(try OCSPClient.reply(answer.body, nonce: nil).word == .good)
            }
            let held = try address.certificate()
            try address.hold(held)
            #expect(try client.ask(held.serial).word == .revoked)
            withExtendedLifetime(idle) {}
        }

        @Test func `beyond the process's file descriptors are turned away, and a hold goes through`() throws {
            let authority = try RunningAuthority()
            let address = try authority.start(wrapping: ["/usr/bin/prlimit", "--nofile=512:512"])
            let certificate = try address.certificate()
            var kept: [HTTPConnection] = []
            for _ in 0..<1_000 {
                let connection = try HTTPConnection(port: address.statusPort)
                kept.append(connection)
            }
            try address.hold(certificate)
            #expect(try address.get("/health").status == 200)
            kept.removeAll()
            #expect(eventually { (try? address.word(certificate)) == .revoked })
        }
    }
}
