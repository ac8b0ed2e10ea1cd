import AuthorityTesting
import CertificateProfiles
import EventLog
import Issuance
import Revocation
import Testing

/// Following the log, and starting from a snapshot of it.
@Suite struct StatusStateTests {
    @Test func `a certificate is unknown until it is handed over, and stays held once held`() throws {
        var authority = try SmallAuthority()
        let (reference, _) = try authority.issueToHolder(release: false)
        #expect(try state(authority).status(of: reference) == .inactive)
        try authority.release(reference)
        #expect(try state(authority).status(of: reference) == .good)
        try authority.revoke(reference, .certificateHold)
        guard case .revoked(let revocation) = try state(authority).status(of: reference) else {
            Issue.record("not revoked")
            return
        }
        #expect(revocation.reason == .certificateHold)
        #expect(revocation.partition == "13101")
    }

    @Test func `a missing, altered or exchanged entry stops the follower, and changes nothing`() throws {
        var authority = try SmallAuthority()
        let (reference, _) = try authority.issueToHolder()
        let entries = authority.log.entries
        for left in entries.indices.dropLast() {
            var state = StatusState()
            for (place, entry) in entries.enumerated() where place < left { try state.apply(entry) }
            #expect(throws: StatusLogError.gap(writer: "n1", after: UInt64(left))) {
                try state.apply(entries[left + 1])
            }
            #expect(state.heads["n1"]?.sequence ?? 0 == UInt64(left))
        }
        let victim = entries[entries.count - 1]
        let altered = LogEntry(
            writer: victim.writer,
            sequence: victim.sequence,
            instant: victim.instant,
            actor: victim.actor,
            body: try AuthorityEvent.certificateReleased(CertificateReference(.auth, reference.serial)).encoded(),
            previous: victim.previous,
            hash: victim.hash
        )
        var state = StatusState()
        for entry in entries.dropLast() { try state.apply(entry) }
        #expect(throws: StatusLogError.broken(writer: "n1", sequence: victim.sequence)) { try state.apply(altered) }
        #expect(state.status(of: reference) == .inactive)
        // Entries that come twice are passed over.
        for entry in entries { try state.apply(entry) }
        #expect(state.status(of: reference) == .good)
    }

    @Test func `a number belongs to the generation that issued it, links and responders of old ones too`() throws {
        var authority = try SmallAuthority()
        let (old, _) = try authority.issueToHolder()
        try authority.begin(TestKey.secondRSA)
        let (new, _) = try authority.issueToHolder()
        let first = authority.issuers[0]
        let (link, _) = try authority.issue(first.linkRequest(to: authority.issuers[1], at: authority.now), by: first)
        let state = try state(authority)
        #expect(state.generation(of: CertificateReference(.sign, 1)) == 1)
        #expect(state.generation(of: old) == 1)
        #expect(state.generation(of: new) == 2)
        #expect(state.generation(of: link) == 1)
        #expect(state.generation(of: CertificateReference(.auth, 1)) == nil)
    }

    @Test func `a snapshot gives the state back, and goes on from there`() throws {
        var authority = try SmallAuthority()
        let (first, _) = try authority.issueToHolder()
        try authority.revoke(first, .affiliationChanged)
        let (second, _) = try authority.issueToHolder(municipalityCode: "13221", municipality: "Kiyose-shi")
        let before = authority.log.entries
        let snapshot = StatusSnapshot.encoded(try state(authority))
        try authority.revoke(second, .certificateHold)
        var again = try StatusSnapshot.decoded(snapshot)
        #expect(again.status(of: first) == (try state(authority)).status(of: first))
        #expect(again.status(of: second) == .good)
        #expect(again.heads["n1"]?.sequence == UInt64(before.count))
        for entry in authority.log.entries { try again.apply(entry) }
        #expect(again.status(of: second) == (try state(authority)).status(of: second))
        #expect(
            again.municipalities[.sign]?["13221"] == .municipality(prefecture: "Tokyo-to", municipality: "Kiyose-shi")
        )
        #expect(again.generation(of: second) == 1)
    }

    @Test func `a snapshot with any byte changed, or cut anywhere, is refused`() throws {
        var authority = try SmallAuthority()
        let (first, _) = try authority.issueToHolder()
        try authority.revoke(first, .affiliationChanged)
        let snapshot = StatusSnapshot.encoded(try state(authority))
        for place in stride(from: 0, to: snapshot.count, by: 61) {
            var broken = snapshot
            broken[place] ^= 0x10
            #expect(throws: StatusSnapshotError.self) { try StatusSnapshot.decoded(broken) }
            #expect(throws: StatusSnapshotError.self) { try StatusSnapshot.decoded(Array(snapshot[..<place])) }
        }
    }

    private func state(_ authority: SmallAuthority) throws -> StatusState {
        var state = StatusState()
        for entry in authority.log.entries { try state.apply(entry) }
        return state
    }
}
