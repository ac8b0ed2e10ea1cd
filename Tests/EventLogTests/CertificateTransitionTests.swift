import CertificateProfiles
import EventLog
import Testing

@Suite("Life of certificates")
struct CertificateTransitionTests {
    /// The same facts in another form: where each trigger leads a signature certificate, with each reason.
    static let expected: [String: CertificateState] = [
        "none plan -": .planned,
        "planned issue -": .issuedInactive,
        "planned abandon -": .abandoned,
        "issued-inactive release -": .valid,
        "issued-inactive revoke 0": .revoked,
        "valid revoke 1": .revoked, "valid revoke 2": .revoked, "valid revoke 3": .revoked,
        "valid revoke 4": .revoked, "valid revoke 5": .revoked, "valid revoke 6": .held,
        "held make-final -": .revoked,
    ]

    @Test(
        "every trigger from every state with every reason leads where the rules say, or nowhere",
        arguments: [nil] + CertificateState.allCases.map(Optional.some),
        CertificateTrigger.allCases
    )
    func matrix(state: CertificateState?, trigger: CertificateTrigger) {
        for reason in [nil] + RevocationReason.allCases.map(Optional.some) {
            let name =
                "\(state?.rawValue ?? "none") \(trigger.rawValue) \(reason.map { "\($0.rawValue)" } ?? "-")"
            let line = try? CertificateTransition.allowing(trigger, reason: reason, from: state, kind: .sign)
            #expect(line?.to == Self.expected[name], "\(name)")
        }
    }

    @Test("there is no way back from a hold, and none from the end")
    func noWayBack() {
        for line in CertificateTransition.all {
            #expect(line.from != .revoked && line.from != .abandoned)
            if line.from == .held { #expect(line.to == .revoked) }
        }
    }

    @Test("a change of what the certificate says ends signature certificates only", arguments: CertificateKind.allCases)
    func affiliation(kind: CertificateKind) throws {
        if kind == .sign || kind == .mobileSign {
            let line = try CertificateTransition.allowing(
                .revoke,
                reason: .affiliationChanged,
                from: .valid,
                kind: kind
            )
            #expect(line.rule == "K7")
        } else {
            #expect(throws: TransitionRefusal.kind(kind, rules: ["K7"])) {
                try CertificateTransition.allowing(.revoke, reason: .affiliationChanged, from: .valid, kind: kind)
            }
        }
    }

    @Test(
        "authorities' own certificates begin good and are never suspended",
        arguments: [CertificateKind.signCA, .authCA]
    )
    func authorities(kind: CertificateKind) throws {
        #expect(try CertificateTransition.allowing(.begin, from: nil, kind: kind).to == .valid)
        #expect(throws: TransitionRefusal.kind(kind, rules: ["K4"])) {
            try CertificateTransition.allowing(.revoke, reason: .certificateHold, from: .valid, kind: kind)
        }
    }

    @Test("a refusal names the rule against it")
    func refusals() {
        #expect(throws: TransitionRefusal.holdIsFinalised(.keyCompromise)) {
            try CertificateTransition.allowing(.revoke, reason: .keyCompromise, from: .held, kind: .auth)
        }
        #expect(throws: TransitionRefusal.final(.revoked, .release)) {
            try CertificateTransition.allowing(.release, from: .revoked, kind: .auth)
        }
        #expect(throws: TransitionRefusal.reason(.superseded, from: .issuedInactive, rules: ["K3"])) {
            try CertificateTransition.allowing(.revoke, reason: .superseded, from: .issuedInactive, kind: .auth)
        }
        #expect(TransitionRefusal.holdIsFinalised(nil).rules == ["K10"])
    }
}
