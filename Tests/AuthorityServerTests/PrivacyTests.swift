import ForeignTools
import Foundation
import Testing

extension AuthorityServed {
    @Suite struct `Neither the server nor the log tells` {
        private let scene: Scene
        init() throws { scene = try Scene.current }

        /// What persona files say of persons, and their secrets, in the forms in which they could be written.
        private static func words() throws -> [String: [UInt8]] {
            var words: [String: [UInt8]] = [:]
            for name in ["adult", "foreign", "android"] {
                let file = URL(filePath: RunningAuthority.repository + "/Personas/\(name).json")
                let persona = try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any]
                let holder = try #require(persona?["holder"] as? [String: Any])
                for field in ["name", "address", "individualNumber", "residentRegisterCode", "birth"] {
                    guard let text = holder[field] as? String, !text.isEmpty else { continue }
                    words["\(name).\(field)"] = Array(text.utf8)
                    words["\(name).\(field) in Base64"] = Array(Data(text.utf8).base64EncodedString().utf8.dropLast(4))
                    if field == "birth" { words["\(name).birth, compact"] = Array(text.replacing("-", with: "").utf8) }
                    let family = text.split(separator: "\u{3000}").first.map { Array($0.utf8) } ?? []
                    if field == "name" { words["\(name).family name"] = family }
                }
                let secrets = persona?["secrets"] as? [String: String] ?? [:]
                // Four digits can stand in any number; the password cannot.
                words["\(name).password"] = secrets["sign"].map { Array($0.utf8) }
            }
            return words
        }

        private static func found(_ words: [String: [UInt8]], in text: [UInt8]) -> [String] {
            words.filter { Data(text).firstRange(of: Data($0.value)) != nil }.keys.sorted()
        }

        @Test func `who the holders are, or what they keep secret`() throws {
            let words = try Self.words()
            #expect(words.count > 20 && words.values.allSatisfy { $0.count > 3 })
            let records = Records(scene.authority)
            let log = try records.bytes("SELECT hex(body) FROM log")
            #expect(log.count > 20)
            let said = try scene.authority.said()
            #expect(said.contains("started"), "\(said)")
            #expect(Self.found(words, in: Array(said.utf8)) == [])
            #expect(Self.found(words, in: log.flatMap { $0 }) == [])
            try scene.authority.report("authority", "audit", "--data", "D", "-o", "log.jsonl")
            let written = try scene.authority.read("log.jsonl")
            #expect(written.count > 1000 && Self.found(words, in: written) == [])
            let actors = try records.column("SELECT DISTINCT actor FROM log")
            #expect(actors.allSatisfy { $0.wholeMatch(of: /uid-[0-9]+|service|schedule|anybody/) != nil }, "\(actors)")
            // The same search finds the persons where they have to be: in signature certificates, and nowhere else.
            let bodies = try records.bytes("SELECT hex(certificate) FROM certificate_bodies WHERE authority = 'sign'")
            let inCertificates = Self.found(words, in: bodies.flatMap { $0 })
            #expect(inCertificates.contains("adult.name") && inCertificates.contains("foreign.address"))
            #expect(!inCertificates.contains { $0.contains("individualNumber") || $0.contains("RegisterCode") })
            let others = try records.bytes("SELECT hex(certificate) FROM certificate_bodies WHERE authority = 'auth'")
            #expect(Self.found(words, in: others.flatMap { $0 }) == [])
        }

        @Test func `secrets, in whatever it writes and serves`() throws {
            let passphrase = try scene.authority.read("D/keys/passphrase").filter { $0 != 0x0A }
            #expect(passphrase.count > 15)
            let base = try scene.authority.endpoint("health").replacing("/health", with: "")
            var texts = [Array(try scene.authority.said().utf8)]
            for path in ["/metrics", "/ready", "/crl/sign/manifest.json"] {
                texts.append(try Web.ask(base + path).body)
            }
            texts += try Records(scene.authority).bytes("SELECT hex(body) FROM log")
            for text in texts { #expect(Data(text).firstRange(of: Data(passphrase)) == nil) }
            // What holds secrets is its owner's alone.
            let manager = FileManager.default
            for name in try manager.contentsOfDirectory(atPath: scene.authority.path("D/keys")) {
                let facts = try manager.attributesOfItem(atPath: scene.authority.path("D/keys/" + name))
                #expect((facts[.posixPermissions] as? Int).map { $0 & 0o077 } == 0, "\(name)")
            }
        }
    }
}
