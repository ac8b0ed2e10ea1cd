import Foundation
import Problems
import Testing

@testable import AuthorityAssembly

@Suite struct `docs/authority/configuration.md` {
    /// The rows of the table: key and default as they are written.
    private static func rows() throws -> [(key: String, value: String)] {
        let file = URL(filePath: RunningAuthority.repository + "/docs/authority/configuration.md")
        return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").compactMap { line in
            line.prefixMatch(of: /\| `([A-Za-z]+)` \| (?:`([^`]*)`|none) \| .+ \|/).map {
                (String($0.1), $0.2.map(String.init) ?? "null")
            }
        }
    }

    @Test func `has every key that there is, and no other, in the order of the code`() throws {
        #expect(try Self.rows().map(\.key) == AuthorityConfiguration.CodingKeys.allCases.map(\.rawValue))
    }

    @Test func `has the defaults of the code`() throws {
        let encoded = try JSONEncoder().encode(AuthorityConfiguration(parsing: Array("{}".utf8)))
        let defaults = try #require(try JSONSerialization.jsonObject(with: encoded) as? [String: NSObject])
        for (key, value) in try Self.rows() {
            let written = try JSONSerialization.jsonObject(with: Data(value.utf8), options: .fragmentsAllowed)
            #expect((written as? NSObject) == (defaults[key] ?? NSNull()), "\(key)")
        }
    }

    @Test func `describes a file that is taken as it stands`() throws {
        let lines = try Self.rows().map { "\"\($0.key)\": \($0.value)" }
        let text = "{" + lines.joined(separator: ", ") + "}"
        #expect(try AuthorityConfiguration(parsing: Array(text.utf8)) == AuthorityConfiguration())
    }

    @Test func `refuses each key when it is mistyped`() throws {
        for key in AuthorityConfiguration.CodingKeys.allCases.map(\.rawValue) {
            #expect(throws: ConfigurationError.unknownKey(key + "s")) {
                try AuthorityConfiguration(parsing: Array("{\"\(key)s\": null}".utf8))
            }
        }
    }

    @Test func `names a key that is gone, and it is refused with the reason`() throws {
        for value in ["null", "\"http://ocsp-sign.jpki-sim.test\""] {
            let error = try #require(throws: ConfigurationError.self) {
                try AuthorityConfiguration(parsing: Array("{\"signResponder\": \(value)}".utf8))
            }
            #expect(error == .signResponder)
            #expect(error.problem.whatHappened.en.contains("signature certificates do not say where OCSP is answered"))
        }
        let page = try String(
            contentsOfFile: RunningAuthority.repository + "/docs/authority/configuration.md",
            encoding: .utf8
        )
        #expect(page.contains("`signResponder`, a key of earlier versions"))
    }
}
