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

    private func findings(_ finding: (CertificateCheck) -> Finding) -> [Finding] {
        CertificateCheck.ofHolder.map(finding)
    }
}
