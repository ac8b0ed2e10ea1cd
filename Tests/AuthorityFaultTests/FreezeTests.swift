import CertificateProfiles
import EventLog
import ForeignTools
import Foundation
import PKIX
import Testing

extension Faults {
    @Suite struct `A node` {
        /// 1 s, and some more.
        private static let beyondLease = Duration.milliseconds(1_500)

        @Test func `that cannot look at its records says so within its lease, and answers again when it can`() throws {
            let authority = try RunningAuthority()
            let address = try authority.start()
            let certificate = try address.certificate()
            let client = try OCSPClient(.auth, address)
            #expect(try client.ask(certificate.serial, nonce: nil).word == .good)
            let lock = try RecordsLock(authority.folder)
            let locked = ContinuousClock.now
            // Until its lease ends it may answer; from then on it must not, from memory or otherwise.
            #expect(try eventually { try client.ask(certificate.serial).word == .refused(.tryLater) })
            tell("lease: records out of reach, tryLater after \(ContinuousClock.now - locked)")
            for _ in 0..<20 {
                #expect(try client.ask(certificate.serial).word == .refused(.tryLater))
                #expect(try client.ask(certificate.serial, nonce: nil).word == .refused(.tryLater))
            }
            #expect(try address.get("/ready").status == 503)
            lock.release()
            #expect(try eventually { try client.ask(certificate.serial).word == .good })
            #expect(try client.ask(certificate.serial, nonce: nil).word == .good)
        }

        @Test func `that cannot write a look-up down keeps that one waiting, and answers all others`() throws {
            let authority = try RunningAuthority()
            let address = try authority.start()
            let certificate = try address.certificate()
            let client = try OCSPClient(.auth, address)
            #expect(try client.ask(certificate.serial).word == .good)
            // Saying how far it has read is writing, too; from here on there is nothing to say.
            let isRead = "SELECT (SELECT MAX(sequence) FROM log) = (SELECT MAX(sequence) FROM node_progress)"
            let records = authority.folder + "/authority.sqlite"
            #expect(try eventually { try ForeignProgram.run("sqlite3", ["-readonly", records, isRead]).text == "1\n" })
            let lock = try RecordsLock(writingIn: authority.folder)
            let statuses = Notes<[Int]>([])
            // More than may wait at a time.
            let path = "/link/successor?issuer=auth&serial=\(certificate.serial)"
            let lookUps = Threads.start(
                (0..<80).map { _ in
                    {
                        let status = (try? address.get(path).status) ?? 0
                        statuses.change { $0.append(status) }
                    }
                }
            )
            #expect(eventually { statuses.now.count >= 48 })
            #expect(statuses.now.allSatisfy { $0 == 503 }, "those for whom there is no room: \(statuses.now)")
            let begun = ContinuousClock.now
            var words: Set<OCSPClient.Word> = []
            while ContinuousClock.now - begun < Self.beyondLease {
                words.insert(try client.ask(certificate.serial).word)
                #expect(try address.get("/health").status == 200)
            }
            #expect(words == [.good], "\(words)")
            lock.release()
            lookUps.wait()
            #expect(statuses.now.count == 80 && Set(statuses.now).isSubset(of: [404, 503]), "\(statuses.now)")
            #expect(try client.ask(certificate.serial).word == .good)
        }

        @Test func `that was stopped longer than its lease says nothing from before`() throws {
            let authority = try RunningAuthority()
            let address = try authority.start()
            let certificate = try address.certificate()
            let clients = try (0..<12).map { _ in try OCSPClient(.auth, address) }
            for client in clients { #expect(try client.ask(certificate.serial, nonce: nil).word == .good) }
            // It cannot renew its lease when it goes on, so whatever it said would be from before.
            let lock = try RecordsLock(authority.folder)
            #expect(authority.freeze())
            let frozen = ContinuousClock.now
            let nonces = try clients.enumerated().map { number, client in
                let nonce = number % 2 == 0 ? OCSPClient.nonce() : nil
                try client.send(certificate.serial, nonce: nonce)
                return nonce
            }
            #expect(eventually { ContinuousClock.now - frozen > Self.beyondLease })
            authority.thaw()
            for (client, nonce) in zip(clients, nonces) {
                #expect(try client.receive(nonce: nonce).word == .refused(.tryLater))
            }
            lock.release()
            #expect(try eventually { try clients[0].ask(certificate.serial).word == .good })
        }

        @Test func `that runs already is not started a second time`() throws {
            let authority = try RunningAuthority()
            let address = try authority.start()
            let certificate = try address.certificate()
            let programs = try AuthorityPrograms()
            let (status, notes) = try programs.run(
                "fuda-server",
                ["authority", "--data", authority.folder, "--listen", "127.0.0.1:0"]
            )
            #expect(status == 7)
            #expect(notes.contains("Another process is node n1"), "\(notes)")
            // The one that runs is none the worse for it.
            #expect(try AuthorityAddress(authority.folder).word(certificate) == .good)
        }

        @Test func `started twice at once runs once`() throws {
            for _ in 0..<Faults.rounds(2) {
                let authority = try RunningAuthority()
                let programs = try AuthorityPrograms()
                let processes = try (0..<2).map { number in
                    try programs.start(
                        "fuda-server",
                        ["authority", "--data", authority.folder, "--listen", "127.0.0.1:0"],
                        notes: programs.folder + "/notes-\(number)"
                    )
                }
                defer {
                    for process in processes where process.isRunning {
                        kill(process.processIdentifier, SIGKILL)
                        process.waitUntilExit()
                    }
                }
                #expect(eventually { processes.contains { !$0.isRunning } })
                let ended = processes.filter { !$0.isRunning }
                #expect(ended.map(\.terminationStatus) == [7])
                #expect(eventually { (try? AuthorityAddress(authority.folder).isReady) == true })
                #expect(processes.count(where: \.isRunning) == 1)
            }
        }
    }
}
