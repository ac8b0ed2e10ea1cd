import AuthorityTesting
import CertificateProfiles
import EventLog
import ForeignTools
import PKIX
import Revocation
import Testing

@Suite struct OCSPResponderTests {
    @Test(arguments: CertificateAuthority.allCases)
    func `openssl reads good, revoked, held and unknown as they are`(name: CertificateAuthority) throws {
        var test = try TestResponder(name)
        let (good, _) = try test.authority.issueToHolder()
        let (moved, _) = try test.authority.issueToHolder()
        let (held, _) = try test.authority.issueToHolder()
        let (inactive, _) = try test.authority.issueToHolder(release: false)
        try test.authority.revoke(moved, .affiliationChanged)
        try test.authority.revoke(held, .certificateHold)
        try test.follow()
        for (serial, status) in [
            (good.serial, "good"), (moved.serial, "revoked"), (held.serial, "revoked"), (inactive.serial, "unknown"),
            (999_999, "unknown"), (0, "unknown"),
        ] {
            for hash in ["-sha1", "-sha256"] {
                let request = try test.request(["\(serial)"], [hash, "-no_nonce"])
                let reply = test.responder.answer(request, for: name)
                let answer = try test.judge(reply.bytes, ["\(serial)"], hash)
                #expect(answer.text.contains("\(serial): \(status)"), "\(answer.text)")
            }
        }
        let reply = test.responder.answer(try test.request(["\(held.serial)"]), for: name)
        #expect(try test.judge(reply.bytes, ["\(held.serial)"]).text.contains("Reason: certificateHold"))
    }

    @Test func `several certificates in one request get an answer each, under one signature`() throws {
        var test = try TestResponder()
        let (first, _) = try test.authority.issueToHolder()
        let (second, _) = try test.authority.issueToHolder()
        try test.authority.revoke(second, .superseded)
        try test.follow()
        let serials = ["\(first.serial)", "\(second.serial)", "77777"]
        let request = try test.request(serials)
        let text = try test.judge(test.responder.answer(request, for: .sign).bytes, serials).text
        #expect(text.contains("\(first.serial): good"))
        #expect(text.contains("\(second.serial): revoked"))
        #expect(text.contains("77777: unknown"))
    }

    @Test func `a nonce comes back, and is never answered from memory`() throws {
        var test = try TestResponder()
        let (good, _) = try test.authority.issueToHolder()
        try test.follow()
        for _ in 0..<2 {
            let request = try test.request(["\(good.serial)"], ["-nonce"])
            let nonce = try OCSPRequest(parsing: request).nonce
            guard case .answer(let bytes, _, _, let isCacheable) = test.responder.answer(request, for: .sign),
                case .answered(let basic) = try OCSPResponse(parsing: bytes)
            else {
                Issue.record("no answer")
                return
            }
            #expect(!isCacheable)
            #expect(nonce != nil && basic.nonce == nonce)
        }
    }

    @Test func `an answer without nonce is signed once, until it ages or the status changes`() throws {
        let key = CountingKey(TestKey.p384)
        var test = try TestResponder(signing: key)
        let (good, _) = try test.authority.issueToHolder()
        let (other, _) = try test.authority.issueToHolder()
        try test.follow()
        let request = try test.request(["\(good.serial)"])
        let first = test.responder.answer(request, for: .sign)
        #expect(test.responder.answer(request, for: .sign) == first)
        #expect(key.count == 1)
        try test.authority.revoke(other, .superseded)
        try test.follow()
        #expect(test.responder.answer(request, for: .sign) == first)
        #expect(key.count == 1)
        test.clock.pass(milliseconds: 30_000)
        test.lease()
        #expect(test.responder.answer(request, for: .sign) != first)
        #expect(key.count == 2)
        try test.authority.revoke(good, .certificateHold)
        try test.follow()
        let after = test.responder.answer(request, for: .sign)
        #expect(key.count == 3)
        #expect(try test.judge(after.bytes, ["\(good.serial)"]).text.contains(": revoked"))
    }

    @Test func `no answer lives longer than sixty seconds`() throws {
        var test = try TestResponder()
        let (good, _) = try test.authority.issueToHolder()
        try test.follow()
        guard
            case .answer(_, let thisUpdate, let nextUpdate, true) = test.responder.answer(
                try test.request(["\(good.serial)"]),
                for: .sign
            )
        else {
            Issue.record("no answer")
            return
        }
        #expect(thisUpdate == test.clock.seconds)
        #expect(nextUpdate - thisUpdate <= 60)
    }

    // MARK: - When it must be silent

    @Test func `without a lease it says tryLater, also from memory`() throws {
        var test = try TestResponder()
        let (good, _) = try test.authority.issueToHolder()
        try test.follow()
        let request = try test.request(["\(good.serial)"])
        guard case .answer = test.responder.answer(request, for: .sign) else {
            Issue.record("no answer")
            return
        }
        test.clock.pass(milliseconds: 999)
        guard case .answer = test.responder.answer(request, for: .sign) else {
            Issue.record("no answer within the lease")
            return
        }
        test.clock.pass(milliseconds: 1)
        #expect(test.responder.answer(request, for: .sign) == .refusal(.tryLater))
        #expect(test.responder.readiness == .leaseRanOut)
    }

    @Test func `a lease that runs out while it signs makes the signature worthless`() throws {
        var test = try TestResponder()
        let (good, _) = try test.authority.issueToHolder()
        try test.follow()
        let clock = test.clock
        try test.use(SlowKey(TestKey.p384) { clock.pass(milliseconds: 1000) })
        #expect(test.responder.answer(try test.request(["\(good.serial)"]), for: .sign) == .refusal(.tryLater))
    }

    @Test func `a hold that comes while it signs good is in the answer`() throws {
        var test = try TestResponder()
        let (good, _) = try test.authority.issueToHolder()
        try test.follow()
        var later = test.authority
        try later.revoke(good, .certificateHold)
        let entries = Array(later.log.entries.suffix(1))
        let responder = test.responder
        try test.use(SlowKey(TestKey.p384) { try? responder.follow(entries) })
        let reply = test.responder.answer(try test.request(["\(good.serial)"]), for: .sign)
        #expect(try test.judge(reply.bytes, ["\(good.serial)"]).text.contains(": revoked"))
    }

    @Test(arguments: [-3, 3, -86_400, 86_400] as [Int64])
    func `a clock that was set makes it silent until somebody says that it is right`(jump: Int64) throws {
        var test = try TestResponder()
        let (good, _) = try test.authority.issueToHolder()
        try test.follow()
        let request = try test.request(["\(good.serial)"])
        test.clock.set(by: jump)
        #expect(test.responder.answer(request, for: .sign) == .refusal(.tryLater))
        test.responder.trustClock()
        // Behind the last record it stays silent whatever is said.
        let reply = test.responder.answer(request, for: .sign)
        if jump < 0 { #expect(reply == .refusal(.tryLater)) } else { #expect(reply != .refusal(.tryLater)) }
    }

    @Test
    func `before it has a signer, after its signer's certificate ended, and when the key fails, it says tryLater`()
        throws
    {
        var test = try TestResponder()
        let (good, _) = try test.authority.issueToHolder()
        try test.follow()
        let request = try test.request(["\(good.serial)"])
        try test.use(BrokenKey(TestKey.p384))
        #expect(test.responder.answer(request, for: .sign) == .refusal(.tryLater))
        test.responder.use([])
        #expect(test.responder.answer(request, for: .sign) == .refusal(.tryLater))
        try test.use(TestKey.p384)
        test.clock.pass(milliseconds: 91 * 86_400_000)
        test.lease()
        #expect(test.responder.answer(request, for: .sign) == .refusal(.tryLater))
    }

    // MARK: - What it does not answer

    @Test func `another authority's certificates are not its business`() throws {
        var test = try TestResponder(.sign)
        let (good, _) = try test.authority.issueToHolder()
        try test.follow()
        let foreign = try TestResponder(.auth).request(["\(good.serial)"])
        #expect(test.responder.answer(foreign, for: .sign) == .refusal(.unauthorized))
        #expect(
            test.responder.answer(try test.request(["\(good.serial)"]), for: .auth) == .refusal(.unauthorized)
        )
    }

    @Test func `a number of one generation is unknown under the key of another`() throws {
        var test = try TestResponder()
        let (old, _) = try test.authority.issueToHolder()
        try test.authority.begin(TestKey.secondRSA)
        try test.follow()
        let second = try TestResponder.certify(&test.authority, TestKey.p384)
        try test.follow()
        test.responder.use([
            try ResponderSigner(
                authority: .sign,
                generation: 2,
                certificate: second,
                key: TestKey.p384
            )
        ])
        // The request names the second generation's key, the number is of the first.
        let request = try test.request(["\(old.serial)"])
        let text = try test.judge(test.responder.answer(request, for: .sign).bytes, ["\(old.serial)"]).text
        #expect(text.contains(": unknown"))
    }

    @Test func `what is no request is called malformed`() throws {
        let test = try TestResponder()
        let good = try test.request(["5"])
        var broken: [[UInt8]] = [[], [0x30], [0x30, 0x80], Array("GET / HTTP/1.1".utf8), good + [0], good.dropLast()]
        broken.append(Array(repeating: 0x30, count: 70_000))
        broken.append(good.flatMap { [$0, $0] })
        for bytes in broken {
            #expect(test.responder.answer(bytes, for: .sign) == .refusal(.malformedRequest))
        }
        #expect(OCSPReply.refusal(.malformedRequest).bytes == [0x30, 0x03, 0x0A, 0x01, 0x01])
    }
}
