import Problems
import Testing

@testable import Validation

@Suite struct ConclusionTests {
    @Test(arguments: CertificateCheck.ofHolder)
    func `one failure makes a certificate invalid, unless it is of validity alone`(check: CertificateCheck) {
        let expected: CertificateConclusion = check == .validity ? .expiredOrNotYetValid : .invalid
        #expect(CertificateConclusion(findings { $0 == check ? $0.failed(.unread) : $0.confirmed }) == expected)
        #expect(
            CertificateConclusion(findings { $0 == check ? $0.failed(.unread) : $0.notChecked(.unread) }) == expected
        )
    }

    @Test(arguments: CertificateCheck.ofHolder)
    func `one check that was not made leaves a certificate undecided`(check: CertificateCheck) {
        #expect(CertificateConclusion(findings { $0 == check ? $0.notChecked(.unread) : $0.confirmed }) == .undecided)
    }

    @Test func `a certificate is valid when everything is confirmed`() {
        #expect(CertificateConclusion(findings(\.confirmed)) == .valid)
        #expect(CertificateConclusion.valid.outcome == .done)
    }

    @Test func `a revoked certificate is revoked, also after its end, and invalid where anything else is wrong`() {
        let ended: Set<CertificateCheck> = [.validity, .revocation]
        #expect(
            CertificateConclusion(findings { $0 == .revocation ? $0.failed(.unread) : $0.confirmed }, isRevoked: true)
                == .revoked
        )
        #expect(
            CertificateConclusion(findings { ended.contains($0) ? $0.failed(.unread) : $0.confirmed }, isRevoked: true)
                == .revoked
        )
        for other in CertificateCheck.ofHolder where !ended.contains(other) {
            let failed = ended.union([other])
            let all = findings { failed.contains($0) ? $0.failed(.unread) : $0.confirmed }
            #expect(CertificateConclusion(all, isRevoked: true) == .invalid)
        }
        #expect(CertificateConclusion.revoked.outcome == .revokedOrExpired)
    }

    private func findings(_ finding: (CertificateCheck) -> Finding) -> [Finding] {
        CertificateCheck.ofHolder.map(finding)
    }
}
