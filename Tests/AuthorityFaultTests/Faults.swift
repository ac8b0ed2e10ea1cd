import ForeignTools
import Foundation
import Testing

/// Real servers under faults, one after the other: each has the machine to itself as far as this suite goes.
@Suite(.serialized) enum Faults {
    /// A server for all tests that leave it as it was.
    static func running() throws -> AuthorityAddress { try shared.get().address }

    private static let shared: Result<(authority: RunningAuthority, address: AuthorityAddress), any Error> = Result {
        let authority = try RunningAuthority()
        let address = try authority.start()
        atexit { (try? Faults.shared.get())?.authority.kill() }
        return (authority, address)
    }

    /// How often a test that can be repeated is.
    static func rounds(_ few: Int) -> Int { Soak.rounds(few) }
}

/// A line for whoever runs the tests: figures that are told and not judged.
func tell(_ line: String) { Soak.say("fault: \(line)") }
