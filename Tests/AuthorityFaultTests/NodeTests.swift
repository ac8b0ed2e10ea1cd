import CertificateProfiles
import EventLog
import ForeignTools
import Foundation
import PKIX
import Testing

extension Faults {
    @Suite struct `Two nodes over one PostgreSQL` {
        static let holds = Faults.rounds(10)

        /// The same for all tests, which run one after the other: making the keys takes longer than all of them.
        private static let made: Result<(server: PostgresServer, folders: [RunningAuthority]), any Error> = Result {
            let server = try PostgresServer()
            let database = "postgres:" + (try server.database())
            let first = try RunningAuthority { programs, folder in
                try programs.demand("fuda-issue", ["authority", "init", "--data", folder, "--database", database])
            }
            // The same authority on another machine: the same keys and configuration, and a name of its own.
            let second = try RunningAuthority { _, folder in
                try FileManager.default.copyItem(atPath: first.folder, toPath: folder)
                let file = URL(filePath: folder + "/authority.json")
                let text = try String(contentsOf: file, encoding: .utf8)
                try text.replacing("\"n1\"", with: "\"n2\"").write(to: file, atomically: true, encoding: .utf8)
            }
            return (server, [first, second])
        }

        private let server: PostgresServer
        private let nodes: [RunningAuthority]

        init() throws { (server, nodes) = try Self.made.get() }

        @Test func `say revoked from the acknowledgement on, both of them`() throws {
            let addresses = try nodes.map { try $0.start() }
            defer { for node in nodes { node.kill() } }
            let clients = try addresses.map { try OCSPClient(.auth, $0) }
            var latencies = Latencies()
            for number in 0..<Self.holds {
                let certificate = try addresses[number % 2].certificate()
                for client in clients {
                    #expect(try eventually { try client.ask(certificate.serial, nonce: nil).word == .good })
                }
                let ordered = ContinuousClock.now
                try addresses[number % 2].hold(certificate)
                latencies.add(.now - ordered)
                for client in clients {
                    #expect(try client.ask(certificate.serial, nonce: nil).word == .revoked)
                    #expect(try client.ask(certificate.serial).word == .revoked)
                }
            }
            tell("two nodes: \(Self.holds) holds, order to acknowledgement \(latencies.text)")
        }

        @Test func `do not wait for one that stands still, and that one says nothing from before`() throws {
            let addresses = try nodes.map { try $0.start() }
            defer { for node in nodes { node.kill() } }
            var latencies = Latencies()
            for _ in 0..<Faults.rounds(2) {
                let certificate = try addresses[0].certificate()
                let clients = try (0..<8).map { _ in try OCSPClient(.auth, addresses[1]) }
                for client in clients {
                    #expect(try eventually { try client.ask(certificate.serial, nonce: nil).word == .good })
                }
                #expect(nodes[1].freeze())
                let ordered = ContinuousClock.now
                try addresses[0].hold(certificate)
                latencies.add(.now - ordered)
                #expect(try addresses[0].word(certificate) == .revoked)
                let nonces = try clients.enumerated().map { number, client in
                    let nonce = number % 2 == 0 ? OCSPClient.nonce() : nil
                    try client.send(certificate.serial, nonce: nonce)
                    return nonce
                }
                nodes[1].thaw()
                for (client, nonce) in zip(clients, nonces) {
                    let word = try client.receive(nonce: nonce).word
                    #expect(word == .refused(.tryLater) || word == .revoked, "\(word)")
                }
                var words: Set<OCSPClient.Word> = []
                let isTold = try eventually {
                    words.insert(try clients[0].ask(certificate.serial, nonce: nil).word)
                    return words.contains(.revoked)
                }
                #expect(isTold && !words.contains(.good), "\(words)")
            }
            tell("two nodes: one stopped, order to acknowledgement \(latencies.text)")
        }

        @Test func `go on as one when the other is killed, and as two when it is back`() throws {
            let addresses = try nodes.map { try $0.start() }
            defer { for node in nodes { node.kill() } }
            let certificates = try (0..<2).map { _ in try addresses[0].certificate() }
            nodes[1].kill()
            try addresses[0].hold(certificates[0])
            #expect(try addresses[0].word(certificates[0]) == .revoked)
            let back = try nodes[1].start()
            #expect(try back.word(certificates[0]) == .revoked)
            #expect(try back.word(certificates[1]) == .good)
            try back.hold(certificates[1])
            for address in [addresses[0], back] { #expect(try address.word(certificates[1]) == .revoked) }
        }

        @Test func `fall silent when the database goes, lose nothing, and answer again when it is back`() throws {
            let addresses = try nodes.map { try $0.start() }
            defer { for node in nodes { node.kill() } }
            let certificates = try (0..<2).map { _ in try addresses[0].certificate() }
            try addresses[0].hold(certificates[0])
            try server.stop("immediate")
            for address in addresses {
                let client = try OCSPClient(.auth, address)
                #expect(try eventually { try client.ask(certificates[1].serial).word == .refused(.tryLater) })
                #expect(try client.ask(certificates[1].serial, nonce: nil).word == .refused(.tryLater))
                #expect(throws: (any Error).self) { try address.hold(certificates[1]) }
            }
            try server.start()
            for address in addresses {
                #expect(eventually { (try? address.word(certificates[0])) == .revoked })
                #expect(eventually { (try? address.word(certificates[1])) == .good })
            }
            #expect(eventually { (try? addresses[1].hold(certificates[1])) != nil })
            for address in addresses { #expect(try address.word(certificates[1]) == .revoked) }
        }
    }
}
