import AuthorityAssembly
import CertificateProfiles
import Crypto
import EventLog
import ForeignTools
import Foundation
import PKIX
import Problems
import Testing

extension Faults {
    @Suite struct `A server that is killed` {
        /// Rounds of work, `kill -9` in its midst, and a look at everything that was acknowledged.
        static let rounds = Faults.rounds(5)

        @Test func `has lost nothing that it acknowledged, and repeated nothing, however often it is killed`() throws {
            let authority = try RunningAuthority()
            var address = try authority.start()
            let known = Acknowledged()
            for round in 0..<Self.rounds {
                let load = Load(address, known, round: round)
                // The moment of the kill is one of the load's own: that of its so many-th acknowledgement.
                let wanted = known.count + Int.random(in: 12...40)
                let clients = load.start()
                #expect(eventually { known.count >= wanted }, "round \(round)")
                authority.kill()
                load.end()
                clients.wait()
                #expect(load.refusals.now.isEmpty, "round \(round): \(load.refusals.now)")
                address = try authority.start()
                try known.check(address, round: round)
                Soak.progress("kill", round + 1, of: Self.rounds)
            }
            known.tell("kill")
            #expect(known.issued.count >= Self.rounds && known.lists > 0 && !known.held.isEmpty)
            tell(
                "kill: \(Self.rounds) rounds, \(known.issued.count) issued, \(known.held.count) held, \(known.lists) lists"
            )
        }
    }
}

/// What clients were told.
final class Acknowledged: Sendable {
    struct Issued {
        let der: [UInt8]
        var isReleased = false
    }

    private struct State {
        var issued: [CertificateReference: Issued] = [:]
        /// Requests that were not answered, by their identifiers.
        var unanswered: Set<String> = []
        /// Those that somebody asked to hold, acknowledged or not.
        var asked: Set<CertificateReference> = []
        var held: Set<CertificateReference> = []
        /// The highest number of each list that was acknowledged or seen, by its file.
        var numbers: [String: UInt64] = [:]
        var lists = 0
        var repeated: [CertificateReference] = []
        var count = 0
        var greatest: UInt32 = 0
        var checked = 0
        var losses = 0
    }

    private let state = Notes(State())

    var count: Int { state.now.count }
    var issued: [CertificateReference: Issued] { state.now.issued }
    var held: Set<CertificateReference> { state.now.held }
    var lists: Int { state.now.lists }

    /// Says how much was looked for and how much was not as it had been acknowledged.
    func tell(_ name: String) {
        let state = state.now
        Soak.tell(name, checked: state.checked, losses: state.losses + state.repeated.count)
    }

    /// Counts a statement about what was acknowledged; one that is not so is an issue.
    private func expect(
        _ isSo: Bool,
        _ what: @autoclosure () -> String,
        at location: SourceLocation = #_sourceLocation
    ) {
        state.change { state in
            state.checked += 1
            if !isSo { state.losses += 1 }
        }
        #expect(isSo, "\(what())", sourceLocation: location)
    }

    func asked(_ identifier: String) { state.change { $0.unanswered.insert(identifier) } }

    func issued(_ identifier: String, _ reference: CertificateReference, _ der: [UInt8]) {
        state.change { state in
            state.unanswered.remove(identifier)
            if state.issued.updateValue(Issued(der: der), forKey: reference) != nil { state.repeated.append(reference) }
            state.greatest = max(state.greatest, reference.serial)
            state.count += 1
        }
    }

    func released(_ reference: CertificateReference) {
        state.change { state in
            state.issued[reference]?.isReleased = true
            state.count += 1
        }
    }

    func held(_ reference: CertificateReference) {
        state.change { state in
            state.held.insert(reference)
            state.count += 1
        }
    }

    func published(_ lists: [ListPublished]) {
        state.change { state in
            for list in lists {
                let file = "\(list.authority.rawValue)/\(ListFolder.file(list))"
                state.numbers[file] = max(state.numbers[file, default: 0], list.number)
                state.lists += 1
            }
            state.count += 1
        }
    }

    /// One that was handed over and that nobody has asked to hold.
    func takeGood() -> CertificateReference? {
        state.change { state in
            let good = state.issued.first {
                $0.value.isReleased && !state.held.contains($0.key) && !state.asked.contains($0.key)
            }
            if let good { state.asked.insert(good.key) }
            return good?.key
        }
    }

    // MARK: - Afterwards

    /// Holds what a server that was started again says against everything acknowledged before.
    func check(_ address: AuthorityAddress, round: Int) throws {
        let state = self.state.now
        #expect(state.repeated.isEmpty, "numbers used twice: \(state.repeated)")
        let responder = try OCSPClient(.auth, address)
        for (reference, issue) in state.issued {
            let now = try address.state(reference)
            let word = try responder.ask(reference.serial).word
            if state.held.contains(reference) {
                expect(
                    now == .held && word == .revoked,
                    "round \(round): hold of \(reference.serial): \(String(describing: now))"
                )
            } else if state.asked.contains(reference) {
                // Asked for and not acknowledged: either is true, and both agree.
                expect(now == .held && word == .revoked || now == .valid && word == .good, "\(reference.serial)")
            } else if issue.isReleased {
                expect(
                    now == .valid && word == .good,
                    "round \(round): \(reference.serial): \(String(describing: now))"
                )
            } else {
                expect(
                    now == .valid && word == .good || now == .issuedInactive && word == .unknown,
                    "\(reference.serial)"
                )
            }
        }
        try checkUnanswered(state.unanswered, address)
        try checkOthers(address, responder)
        for authority in CertificateAuthority.allCases { try checkLists(authority, address, round) }
    }

    /// Asked again under the same identifier: the certificate of then, or a refusal; never a second one.
    private func checkUnanswered(_ identifiers: Set<String>, _ address: AuthorityAddress) throws {
        for identifier in identifiers {
            do {
                let again = try address.issue(identifier)
                issued(identifier, again.reference, again.der)
            } catch let problem as Problem {
                #expect(problem.code == "request-taken", "\(problem.code)")
                _ = state.change { $0.unanswered.remove(identifier) }
            }
        }
        #expect(state.now.repeated.isEmpty)
    }

    /// Every number up to the highest that was told: none is left planned, and none that nobody was told of is good.
    private func checkOthers(_ address: AuthorityAddress, _ responder: OCSPClient) throws {
        let state = self.state.now
        for serial in 2..<state.greatest where state.issued[CertificateReference(.auth, serial)] == nil {
            let reference = CertificateReference(.auth, serial)
            let now = try address.state(reference)
            let word = try responder.ask(serial).word
            switch now {
            case .abandoned: expect(word == .revoked, "abandoned \(serial)")
            case .issuedInactive: expect(word == .unknown, "inactive \(serial)")
            // The responder's own, and those whose answer was lost with the process.
            case .valid: expect(word == .good, "\(serial)")
            default: expect(false, "number \(serial) is \(String(describing: now)) after a restart")
            }
        }
    }

    /// Files and manifest say the same, the authority signed it, and no number is lower than one that was seen.
    private func checkLists(_ authority: CertificateAuthority, _ address: AuthorityAddress, _ round: Int) throws {
        let published = try PublishedLists(address, authority)
        for (file, line) in published.lines {
            let bytes = try published.bytes(file)
            let list = try CertificateList(parsing: bytes)
            expect(list.number == line.number, "round \(round): \(file)")
            let hash = SHA256.hash(data: bytes).map { String(format: "%02x", $0) }.joined()
            expect(hash == line.sha256, "round \(round): \(file) is not what the manifest says")
            let name = "\(authority.rawValue)/\(file)"
            let seen = state.now.numbers[name, default: 0]
            expect(line.number >= seen, "round \(round): \(name) fell from \(seen) to \(line.number)")
            state.change { $0.numbers[name] = max(seen, line.number) }
        }
        expect(try published.files() == Set(published.lines.keys), "round \(round): lists beside the manifest")
        expect(try published.isSigned(), "round \(round): the manifest's signature")
    }
}
