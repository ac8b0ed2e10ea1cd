import AuthorityTesting
import CertificateProfiles
import CivilCalendar
import EventLog
import ForeignTools
import Issuance
import PKIX
import Revocation
import Testing

@Suite struct RevocationListTests {
    @Test func `a certificate is on the list of its municipality and on that of all, with its reason`() throws {
        let (authority, held, moved) = try twoRevoked()
        let state = try state(authority)
        var entries = ListEntries()
        try entries.prepare(
            ["13101", "13221", ListPartition.all, ListPartition.authorities],
            from: state.table(of: .sign),
            endingFrom: authority.now
        )
        let issuer = try issuer(authority)
        let chiyoda = try list(issuer, "13101", state, entries, authority.now)
        let kiyose = try list(issuer, "13221", state, entries, authority.now)
        let all = try list(issuer, ListPartition.all, state, entries, authority.now)
        let authorities = try list(issuer, ListPartition.authorities, state, entries, authority.now)
        #expect(try serials(chiyoda, authority) == ["\(held.serial)"])
        #expect(try serials(kiyose, authority) == ["\(moved.serial)"])
        #expect(try serials(all, authority) == ["\(held.serial)", "\(moved.serial)"])
        #expect(try serials(authorities, authority) == [])
        let text = try text(chiyoda)
        #expect(text.contains("Certificate Hold"))
        #expect(text.contains("X509v3 Issuing Distribution Point: critical"))
        #expect(text.contains("CN = Chiyoda-ku CRLDP"))
        #expect(chiyoda.event.entries == 1)
    }

    @Test func `openssl refuses a revoked certificate by the list of its own municipality, and accepts another`() throws
    {
        var (authority, _, _) = try twoRevoked()
        let (good, goodDER) = try authority.issueToHolder()
        let (bad, badDER) = try authority.issueToHolder()
        try authority.revoke(bad, .keyCompromise)
        let state = try state(authority)
        var entries = ListEntries()
        try entries.prepare(["13101"], from: state.table(of: .sign), endingFrom: authority.now)
        let list = try list(try issuer(authority), "13101", state, entries, authority.now)
        #expect(good.serial != bad.serial)
        for (der, isGood) in [(goodDER, true), (badDER, false)] {
            let answer = try OpenSSLProgram.run(
                [
                    "verify", "-attime", "\(authority.now + 60)", "-crl_check", "-extended_crl", "-CAfile", "ca",
                    "-CRLfile", "crl", "ee",
                ],
                files: [
                    "ca": OpenSSLProgram.pem(authority.issuer.certificate), "ee": OpenSSLProgram.pem(der),
                    "crl": OpenSSLProgram.crlPEM(list.der),
                ]
            )
            #expect((answer.status == 0) == isGood, "\(answer.text)")
        }
    }

    @Test func `openssl finds a hold in the delta that the full list does not have yet`() throws {
        var (authority, _, _) = try twoRevoked()
        let (late, lateDER) = try authority.issueToHolder()
        var entries = ListEntries()
        let before = try state(authority)
        try entries.prepare([ListPartition.all], from: before.table(of: .sign), endingFrom: authority.now)
        let issuer = try issuer(authority)
        let base = try list(issuer, ListPartition.all, before, entries, authority.now)
        authority.now += 3600
        try authority.revoke(late, .certificateHold)
        let delta = try issuer.deltaList(
            base: 1,
            baseThisUpdate: base.event.thisUpdate,
            from: try state(authority).table(of: .sign),
            number: 2,
            thisUpdate: authority.now,
            nextUpdate: authority.now + 3600
        )
        #expect(delta.event.base == 1)
        // The two that were on the base already came at its very instant, so they may be told again.
        #expect(try serials(delta, authority).contains("\(late.serial)"))
        for (options, isGood) in [(["-crl_check"], true), (["-crl_check", "-use_deltas"], false)] {
            let answer = try OpenSSLProgram.run(
                ["verify", "-attime", "\(authority.now + 60)", "-extended_crl"] + options
                    + ["-CAfile", "ca", "-CRLfile", "crl", "ee"],
                files: [
                    "ca": OpenSSLProgram.pem(authority.issuer.certificate), "ee": OpenSSLProgram.pem(lateDER),
                    "crl": OpenSSLProgram.crlPEM(base.der) + OpenSSLProgram.crlPEM(delta.der),
                ]
            )
            #expect((answer.status == 0) == isGood, "\(options) \(answer.text)")
        }
    }

    @Test func `a partition in which nothing changed is not written again, one that changed is`() throws {
        var (authority, _, _) = try twoRevoked()
        var entries = ListEntries()
        let wanted = ["13101", "13221", ListPartition.all]
        let table = try state(authority).table(of: .sign)
        #expect(try entries.prepare(wanted, from: table, endingFrom: authority.now) == wanted)
        #expect(try entries.prepare(wanted, from: table, endingFrom: authority.now + 86_400) == [])
        let (more, _) = try authority.issueToHolder()
        try authority.revoke(more, .superseded)
        let later = try state(authority).table(of: .sign)
        #expect(try entries.prepare(wanted, from: later, endingFrom: authority.now) == ["13101", ListPartition.all])
        #expect(entries.count(of: "13101") == 2)
    }

    @Test func `a certificate leaves its list after its end, and not before`() throws {
        let (authority, held, _) = try twoRevoked()
        let table = try state(authority).table(of: .sign)
        let end = SmallAuthority.end.endInJapan
        var entries = ListEntries()
        try entries.prepare(["13101"], from: table, endingFrom: end)
        #expect(entries.count(of: "13101") == 1)
        // Lists reckon in days of UTC, in which the certificate's last day is this one.
        #expect(try entries.prepare(["13101"], from: table, endingFrom: end + 86_400) == ["13101"])
        #expect(entries.count(of: "13101") == 0)
        #expect(held.serial > 0)
    }

    @Test func `certificates about authorities are on their own list alone`() throws {
        var authority = try SmallAuthority()
        try authority.begin(TestKey.secondRSA)
        let first = authority.issuers[0]
        let (link, _) = try authority.issue(first.linkRequest(to: authority.issuer, at: authority.now), by: first)
        try authority.revoke(link, .cACompromise)
        let state = try state(authority)
        var entries = ListEntries()
        try entries.prepare(
            [ListPartition.all, ListPartition.authorities],
            from: state.table(of: .sign),
            endingFrom: authority.now
        )
        #expect(entries.count(of: ListPartition.all) == 0)
        #expect(entries.count(of: ListPartition.authorities) == 1)
        let list = try list(try issuer(authority), ListPartition.authorities, state, entries, authority.now)
        #expect(try text(list).contains("Only CA Certificates"))
        #expect(try text(list).contains("CA Compromise"))
    }

    // MARK: - Material

    private func twoRevoked() throws -> (SmallAuthority, CertificateReference, CertificateReference) {
        var authority = try SmallAuthority()
        let (held, _) = try authority.issueToHolder()
        let (moved, _) = try authority.issueToHolder(municipalityCode: "13221", municipality: "Kiyose-shi")
        try authority.revoke(held, .certificateHold)
        try authority.revoke(moved, .affiliationChanged)
        return (authority, held, moved)
    }

    private func state(_ authority: SmallAuthority) throws -> StatusState {
        var state = StatusState()
        for entry in authority.log.entries { try state.apply(entry) }
        return state
    }

    private func issuer(_ authority: SmallAuthority) throws -> RevocationListIssuer {
        try RevocationListIssuer(
            .sign,
            generation: authority.issuer.generation,
            certificate: authority.issuer.certificate,
            key: authority.issuers.count == 1 ? TestKey.rsa : TestKey.secondRSA
        )
    }

    private func list(
        _ issuer: RevocationListIssuer,
        _ partition: String,
        _ state: StatusState,
        _ entries: ListEntries,
        _ now: Int64
    ) throws -> SignedRevocationList {
        let name: RevocationListName? =
            switch partition {
            case ListPartition.all: nil
            case ListPartition.authorities: .authorities
            default: try #require(state.municipalities[.sign]?[partition])
            }
        return try issuer.fullList(
            partition,
            named: name,
            entries,
            number: 1,
            thisUpdate: now,
            nextUpdate: now + 48 * 3600
        )
    }

    private func text(_ list: SignedRevocationList) throws -> String {
        try OpenSSLProgram.run(["crl", "-noout", "-text", "-inform", "DER", "-in", "l"], files: ["l": list.der]).text
    }

    /// Serial numbers as openssl reads them, after it found the signature to be right.
    private func serials(_ list: SignedRevocationList, _ authority: SmallAuthority) throws -> [String] {
        let answer = try OpenSSLProgram.run(
            ["crl", "-noout", "-text", "-inform", "DER", "-in", "l", "-CAfile", "ca"],
            files: ["l": list.der, "ca": OpenSSLProgram.pem(authority.issuer.certificate)]
        )
        #expect(answer.status == 0)
        return answer.text.split(separator: "\n").filter { $0.contains("Serial Number:") }.compactMap {
            UInt32($0.split(separator: " ").last ?? "", radix: 16).map { "\($0)" }
        }
    }
}
