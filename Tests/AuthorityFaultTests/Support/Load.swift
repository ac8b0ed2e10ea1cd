import AuthorityAssembly
import CertificateProfiles
import EventLog
import Foundation
import Problems

/// Clients that issue, hold and publish without a pause, and write down what they are told.
///
/// The first failure ends a client: the server has been killed, or will not take more.
final class Load: Sendable {
    private let address: AuthorityAddress
    private let known: Acknowledged
    private let round: Int
    private let isEnded = Notes(false)
    /// What the server refused; a server that has ended refuses nothing.
    let refusals = Notes<[String]>([])

    init(_ address: AuthorityAddress, _ known: Acknowledged, round: Int) {
        self.address = address
        self.known = known
        self.round = round
    }

    func end() { isEnded.change { $0 = true } }

    func start() -> DispatchGroup {
        Threads.start([
            { self.repeating { try self.issue("a\($0)") } },
            { self.repeating { try self.issue("b\($0)") } },
            { self.repeating { _ in try self.hold() } },
            { self.repeating { _ in try self.publish() } },
        ])
    }

    private func repeating(_ body: (Int) throws -> Void) {
        var number = 0
        while !isEnded.now {
            do {
                try body(number)
            } catch {
                if let problem = error as? Problem { refusals.change { $0.append(problem.code) } }
                return
            }
            number += 1
        }
    }

    private func issue(_ name: String) throws {
        let identifier = "round-\(round)-\(name)"
        known.asked(identifier)
        let issued = try address.issue(identifier)
        known.issued(identifier, issued.reference, issued.der)
        // Some cards are never handed over.
        guard issued.reference.serial % 5 != 0 else { return }
        try address.release(issued.reference)
        known.released(issued.reference)
    }

    private func hold() throws {
        guard let reference = known.takeGood() else {
            usleep(1_000)
            return
        }
        try address.hold(reference)
        known.held(reference)
    }

    private func publish() throws {
        guard case .published(let lists) = try address.order(.publish(.auth, partitions: nil)) else {
            throw AuthorityAddress.Unfit(what: "answer to publish")
        }
        known.published(lists)
    }
}
