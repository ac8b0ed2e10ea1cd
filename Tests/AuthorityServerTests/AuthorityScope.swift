import Foundation
import Testing

/// One authority for all tests of a suite: made before the first of them, ended after the last.
struct AuthorityScope: SuiteTrait, TestScoping {
    @TaskLocal static var current: Scene?

    let isRecursive = false
    let prepare: @Sendable (RunningAuthority) throws -> Scene

    func provideScope(for test: Test, testCase: Test.Case?, performing function: () async throws -> Void) async throws {
        let authority = try RunningAuthority()
        defer { authority.end() }
        let scene = try prepare(authority)
        try await Self.$current.withValue(scene) { try await function() }
    }
}

extension Trait where Self == AuthorityScope {
    static func authority(_ prepare: @escaping @Sendable (RunningAuthority) throws -> Scene) -> Self {
        AuthorityScope(prepare: prepare)
    }
}

/// An authority, and the certificates that a suite asks about.
struct Scene: Sendable {
    let authority: RunningAuthority
    /// By a name of the suite's own: serial numbers by kinds of certificate.
    var serials: [String: [String: Int]] = [:]
    /// nginx, where a suite has it before its server.
    var front: TLSFront?
    let begun = Date()

    /// That of the suite that runs.
    static var current: Scene {
        get throws {
            guard let scene = AuthorityScope.current else { throw RunningAuthority.Failed(description: "no scene") }
            return scene
        }
    }

    func serial(_ name: String, _ kind: String = "auth") throws -> Int {
        guard let serial = serials[name]?[kind] else {
            throw RunningAuthority.Failed(description: "no \(kind) certificate of \(name)")
        }
        return serial
    }

    /// The authority's own certificate in DER.
    func anchor(_ authority: String) throws -> [UInt8] { try self.authority.read("D/\(authority)-ca.der") }
}
