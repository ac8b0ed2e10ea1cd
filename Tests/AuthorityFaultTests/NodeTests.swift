import AuthorityAssembly
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
            let second = try RunningAuthority { programs, folder in
                try programs.demand(
                    "fuda-issue",
                    ["authority", "join", "--data", folder, "--from", first.folder, "--node", "n2"]
                )
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

        @Test func `share the authorities' keys, and nothing that has to be a node's own`() throws {
            func names(_ node: RunningAuthority) throws -> Set<String> {
                Set(try FileManager.default.contentsOfDirectory(atPath: node.folder + "/keys"))
            }
            let shared = ["sign-ca-1", "auth-ca-1", "audit", "passphrase"]
            for name in shared.map({ "/keys/" + $0 }) + ["/audit.pem", "/sign-ca.der", "/auth-ca.der", "/cv-root.txt"] {
                #expect(
                    FileManager.default.contentsEqual(atPath: nodes[0].folder + name, andPath: nodes[1].folder + name),
                    "\(name)"
                )
            }
            #expect(try names(nodes[1]).isSuperset(of: shared + ["cards.sealed"]))
            for name in try names(nodes[1]) {
                let attributes = try FileManager.default.attributesOfItem(atPath: nodes[1].folder + "/keys/" + name)
                #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600, "\(name)")
            }
            let addresses = try nodes.map { try $0.start() }
            defer { for node in nodes { node.kill() } }
            for name in ["sign-ocsp-1", "auth-ocsp-1"] {
                let keys = try nodes.map { try Data(contentsOf: URL(filePath: $0.folder + "/keys/" + name)) }
                #expect(keys[0] != keys[1], "each responder has its own key")
            }
            // Cards of both nodes, whose numbers must not be the same.
            let programs = try AuthorityPrograms()
            var cards: Set<String> = []
            for (number, node) in nodes.enumerated() {
                let card = "\(programs.folder)/\(number).card"
                try programs.demand(
                    "fuda-issue",
                    ["authority", "issue", "--data", node.folder, "--persona", "android", "-o", card]
                )
                let serial = try Self.serial(card)
                for address in addresses {
                    guard case .status(let lines) = try address.order(.status(.card(serial))) else {
                        Issue.record("no status")
                        continue
                    }
                    #expect(lines.count == 2 && lines.allSatisfy { $0.state == CertificateState.valid })
                }
                cards.insert(serial)
            }
            #expect(cards.count == 2)
        }

        /// The head of a card file is plain, and its serial 15 digits that begin with 8.
        private static func serial(_ card: String) throws -> String {
            let bytes = try Data(contentsOf: URL(filePath: card)).prefix(512)
            let text = String(decoding: bytes, as: UTF8.self)
            return try #require(text.firstMatch(of: /8[0-9]{14}/).map { String($0.output) })
        }

        @Test func `both issue under a new generation as soon as both have its key`() throws {
            let addresses = try nodes.map { try $0.start() }
            defer { for node in nodes { node.kill() } }
            let before = try addresses[1].certificate()
            let programs = try AuthorityPrograms()
            try programs.demand(
                "fuda-issue",
                ["authority", "generation", "--data", nodes[0].folder, "--authority", "auth"]
            )
            let paths = nodes.map { $0.folder + "/auth-ca.der" }
            #expect(eventually { FileManager.default.contentsEqual(atPath: paths[0], andPath: paths[1]) })
            // The old one does not step in.
            let new = try nodes.map { try AuthorityAddress($0.folder) }
            #expect(throws: (any Error).self) { try new[1].certificate() }
            let key = "/keys/auth-ca-2"
            try FileManager.default.copyItem(atPath: nodes[0].folder + key, toPath: nodes[1].folder + key)
            var issued: CertificateReference?
            #expect(
                eventually {
                    issued = try? new[1].certificate()
                    return issued != nil
                }
            )
            let certificates = [try new[0].certificate(), try #require(issued)]
            for address in new {
                for certificate in certificates {
                    #expect(try eventually { try address.word(certificate) == .good })
                }
            }
            for address in addresses { #expect(try address.word(before) == .good, "by its own generation's responder") }
            try new[1].hold(certificates[0])
            for address in new { #expect(try address.word(certificates[0]) == .revoked) }
        }

        @Test func `are not joined by one of the same name, in a folder that is taken, or from where there is none`()
            throws
        {
            let programs = try AuthorityPrograms()
            let sqlite = try RunningAuthority()
            let new = programs.folder + "/new"
            for (data, from, node, status, code) in [
                (new, nodes[0].folder, "n2", Int32(7), "[node-there]"), (new, nodes[0].folder, "n1", 7, "[node-there]"),
                (nodes[1].folder, nodes[0].folder, "n3", 7, "[authority-there]"),
                (new, sqlite.folder, "n3", 7, "[join-needs-postgres]"),
                (new, programs.folder, "n3", 14, "[authority-missing]"),
                (new, nodes[0].folder, "n 3", 2, "[node-name]"),
            ] {
                let answer = try programs.run(
                    "fuda-issue",
                    ["authority", "join", "--data", data, "--from", from, "--node", node]
                )
                #expect(answer.status == status && answer.notes.contains(code), "\(code): \(answer)")
                #expect(!FileManager.default.fileExists(atPath: new))
            }
            // What stands in the way in the folder is left as it is, and the name stays free.
            try FileManager.default.createDirectory(atPath: new + "/keys", withIntermediateDirectories: true)
            try Data("mine".utf8).write(to: URL(filePath: new + "/audit.pem"))
            let arguments = ["authority", "join", "--data", new, "--from", nodes[0].folder, "--node", "n4"]
            let refused = try programs.run("fuda-issue", arguments)
            #expect(refused.status == 14 && refused.notes.contains("[card-file-exists]"), "\(refused)")
            #expect(try FileManager.default.contentsOfDirectory(atPath: new) == ["audit.pem"])
            try FileManager.default.removeItem(atPath: new)
            try programs.demand("fuda-issue", arguments)
        }

        @Test func `start at the same moment, again and again, and are two`() throws {
            for round in 0..<Faults.rounds(3) {
                let started = Notes<[Int: Result<AuthorityAddress, any Error>]>([:])
                Threads.all(
                    nodes.enumerated().map { number, node in
                        {
                            let result = Result { try node.start() }
                            started.change { $0[number] = result }
                        }
                    }
                )
                defer { for node in nodes { node.kill() } }
                let addresses = try (0..<2).map { try #require(started.now[$0], "round \(round)").get() }
                let certificates = try addresses.map { try $0.certificate() }
                #expect(certificates[0].serial != certificates[1].serial)
                for (number, certificate) in certificates.enumerated() {
                    #expect(try eventually { try addresses[1 - number].word(certificate) == .good }, "round \(round)")
                    try addresses[1 - number].hold(certificate)
                    for address in addresses { #expect(try address.word(certificate) == .revoked, "round \(round)") }
                }
            }
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
